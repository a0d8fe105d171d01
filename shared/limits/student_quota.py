"""The tokens of one student per day, counted in one counter per student and day."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from shared.limits.counters import Counters, CountersUnreachable
from shared.limits.quota_days import daily_counter, day_of, end_of_day
from shared.limits.token_budget import REFUSAL_PAUSE, QuotaReservation
from shared.lru_cache import LruCache

MAX_STUDENTS = 10_000


class StudentTokenQuota:
    """`counters` is called when a count is needed. The last 10,000 refused students are known."""

    kind = "student_tokens"

    def __init__(self, per_day: int, counters: Callable[[], Counters]) -> None:
        self._per_day = per_day
        self._counters = counters
        self._refused_until: LruCache[datetime] = LruCache(MAX_STUDENTS)

    def reserve(self, uid: str, tokens: int, *, at: datetime) -> QuotaReservation | None:
        """See TokenQuota. Adds to the student's counter, and takes back what exceeds the quota."""
        refused_until = self._refused_until.get(uid)
        if refused_until is not None and at < refused_until:
            return None
        day = day_of(at)
        counters, counter = self._counters(), daily_counter(self.kind, day, uid)

        def refund(unused: int) -> None:
            # While the counters are unreachable, the reservation stays counted until the day ends.
            with suppress(CountersUnreachable):
                if unused:
                    counters.add(counter, -unused)

        reservation = QuotaReservation(tokens, refund)
        if counters.add(counter, tokens) <= self._per_day:
            return reservation
        reservation.settle(0)
        self._refused_until.put(uid, min(at + REFUSAL_PAUSE, end_of_day(day)))
        return None

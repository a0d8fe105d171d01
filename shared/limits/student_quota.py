"""One student's tokens of a day, in a counter of their own."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from shared.limits.counters import Counters, CountersUnreachable
from shared.limits.quota_days import counter_of_day, day_of, midnight_after
from shared.limits.token_budget import Refund
from shared.lru_cache import LruCache

# A student whose budget is spent is not counted again for so long, however often they ask.
PAUSE = timedelta(minutes=1)
MOST_REMEMBERED = 10_000


class StudentTokenQuota:
    kind = "student_tokens"

    def __init__(self, per_day: int, counters: Callable[[], Counters]) -> None:
        self._per_day = per_day
        self._counters = counters
        self._refused_until: LruCache[datetime] = LruCache(MOST_REMEMBERED)

    def take(self, uid: str, tokens: int, *, at: datetime) -> Refund | None:
        refused_until = self._refused_until.get(uid)
        if refused_until is not None and at < refused_until:
            return None
        day = day_of(at)
        counters, spent = self._counters(), counter_of_day(self.kind, day, uid)

        def give_back(unused: int) -> None:
            # Out of reach: what was taken stays taken until the day ends.
            with suppress(CountersUnreachable):
                if unused:
                    counters.add(spent, -unused)

        if counters.add(spent, tokens) <= self._per_day:
            return give_back
        give_back(tokens)
        self._refused_until.put(uid, min(at + PAUSE, midnight_after(day)))
        return None

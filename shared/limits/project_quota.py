"""All students' tokens of a day, leased by each process a piece at a time.

One document that every call of the model writes would be a hot spot. So a process leases tokens
from it and spends them by itself. What is leased is counted as spent, so the budget holds whatever
becomes of the process; of one that ends, what it had not spent is lost until the day ends.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from threading import Lock

from shared.limits.counters import Counters, CountersUnreachable
from shared.limits.quota_days import counter_of_day, day_of, midnight_after
from shared.limits.token_budget import Refund

# A lease is at most this part of the day's budget, or what one call needs.
SHARES = 200
# When nothing is left to lease, nobody asks again for so long.
PAUSE = timedelta(minutes=1)
# How long a thread waits while others are leasing.
WAIT_SECONDS = 1.0
# The share of a day's budget at which somebody should know, told once a day.
NEARLY_SPENT = 0.8

logger = logging.getLogger("practice.limits")


class ProjectTokenQuota:
    """Leases begin small and double, so that a process never holds much more than it has used."""

    kind = "project_tokens"

    def __init__(self, per_day: int, counters: Callable[[], Counters]) -> None:
        self._per_day = per_day
        self._counters = counters
        self._day = date.min
        self._left = 0
        self._next_lease = 0
        self._refused_until = datetime.min.replace(tzinfo=UTC)
        self._lock = Lock()
        self._leasing = Lock()

    def take(self, uid: str, tokens: int, *, at: datetime) -> Refund | None:
        """From the lease; when that is too small, from a new one besides."""
        if (give_back := self._from_lease(tokens, day_of(at))) is not None:
            return give_back
        if not self._leasing.acquire(timeout=WAIT_SECONDS):
            raise CountersUnreachable
        try:
            # While this thread was waiting, another may have leased enough for both.
            if (give_back := self._from_lease(tokens, day_of(at))) is not None:
                return give_back
            if at < self._refused_until:
                return None
            return self._from_new_lease(tokens, at)
        finally:
            self._leasing.release()

    def _from_lease(self, tokens: int, day: date) -> Refund | None:
        with self._lock:
            # Two threads may meet around midnight: a day never comes back.
            if day > self._day:
                self._day, self._left, self._next_lease = day, 0, 0
            if self._left < tokens:
                return None
            self._left -= tokens
            day = self._day
        return lambda unused: self._put(unused, day)

    def _put(self, tokens: int, day: date) -> None:
        """Into the lease of that day; what is left of another day is nobody's."""
        with self._lock:
            if day == self._day:
                self._left += tokens

    def _from_new_lease(self, tokens: int, at: datetime) -> Refund | None:
        with self._lock:
            # Out of the others' reach, so that what is left and what is leased are enough.
            day, held, self._left = self._day, self._left, 0
            needed = tokens - held
            wanted = max(needed, min(self._next_lease, self._per_day // SHARES))
            self._next_lease = 2 * wanted
        try:
            held += self._lease(needed, wanted, day)
            if held < tokens:
                self._refused_until = min(at + PAUSE, midnight_after(day))
                return None
            held -= tokens
        finally:
            self._put(held, day)
        return lambda unused: self._put(unused, day)

    def _lease(self, needed: int, wanted: int, day: date) -> int:
        """Tokens leased: as many as wanted, or as there are. Fewer than needed: none."""
        counters, leased = self._counters(), counter_of_day(self.kind, day, "all")
        total = counters.add(leased, wanted)
        if total - wanted < NEARLY_SPENT * self._per_day <= total:
            logger.warning("project tokens nearly spent", extra={"fields": {"tokens": total}})
        excess = total - self._per_day
        if excess <= 0:
            return wanted
        granted = wanted - excess if wanted - excess >= needed else 0
        with suppress(CountersUnreachable):  # then it stays counted, and nobody has it
            counters.add(leased, granted - wanted)
        return granted

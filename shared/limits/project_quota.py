"""The tokens of all students per day, leased by each process in portions.

A single document that every call of the model writes would be a hot spot. So a process leases
tokens from the project's counter and spends the lease without further writes. Leased tokens count
as spent, so the quota holds even if a process crashes; what it had leased and not spent is lost
until the day ends.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import partial
from threading import Lock

from shared.limits.counters import Counters, CountersUnreachable
from shared.limits.quota_days import daily_counter, day_of, end_of_day
from shared.limits.token_budget import REFUSAL_PAUSE, QuotaReservation

# A lease is at most this fraction of the quota (1/200), or the tokens that one call needs.
LEASES_PER_DAY = 200
# How long a thread waits for another thread's lease.
LEASE_WAIT_SECONDS = 1.0
# The share of the quota at which a warning is logged, once per day.
NEARLY_SPENT_SHARE = 0.8

logger = logging.getLogger("practice.limits")


class ProjectTokenQuota:
    """Leases start small and double, so a process never holds much more than it has used."""

    kind = "project_tokens"

    def __init__(self, per_day: int, counters: Callable[[], Counters]) -> None:
        self._per_day = per_day
        self._counters = counters
        self._day = date.min
        self._available = 0
        self._next_lease = 0
        self._refused_until = datetime.min.replace(tzinfo=UTC)
        self._lock = Lock()
        self._leasing = Lock()

    def reserve(self, uid: str, tokens: int, *, at: datetime) -> QuotaReservation | None:
        """See TokenQuota. Takes the tokens from the current lease, else adds a new lease to it."""
        if (reservation := self._reserve_leased(tokens, day_of(at))) is not None:
            return reservation
        if not self._leasing.acquire(timeout=LEASE_WAIT_SECONDS):
            raise CountersUnreachable
        try:
            # While this thread was waiting, another may have leased enough for both.
            if (reservation := self._reserve_leased(tokens, day_of(at))) is not None:
                return reservation
            if at < self._refused_until:
                return None
            return self._reserve_from_new_lease(tokens, at)
        finally:
            self._leasing.release()

    def _reserve_leased(self, tokens: int, day: date) -> QuotaReservation | None:
        with self._lock:
            # Threads may disagree on the day around midnight: a day that has ended stays ended.
            if day > self._day:
                self._day, self._available, self._next_lease = day, 0, 0
            if self._available < tokens:
                return None
            self._available -= tokens
            return QuotaReservation(tokens, partial(self._return_tokens, self._day))

    def _return_tokens(self, day: date, tokens: int) -> None:
        """Adds tokens to the lease of that day. Tokens of a day that has ended are dropped."""
        with self._lock:
            if day == self._day:
                self._available += tokens

    def _reserve_from_new_lease(self, tokens: int, at: datetime) -> QuotaReservation | None:
        with self._lock:
            # Held apart from other threads, so that what is left and the new lease suffice.
            day, held, self._available = self._day, self._available, 0
            needed = tokens - held
            wanted = max(needed, min(self._next_lease, self._per_day // LEASES_PER_DAY))
            self._next_lease = 2 * wanted
        try:
            held += self._lease(needed, wanted, day)
            if held < tokens:
                self._refused_until = min(at + REFUSAL_PAUSE, end_of_day(day))
                return None
            held -= tokens
        finally:
            self._return_tokens(day, held)
        return QuotaReservation(tokens, partial(self._return_tokens, day))

    def _lease(self, needed: int, wanted: int, day: date) -> int:
        """The number of tokens leased: `wanted`, or what is left of the quota; 0 if that is less
        than `needed`. Raises CountersUnreachable.
        """
        counters, counter = self._counters(), daily_counter(self.kind, day, "all")
        total = counters.add(counter, wanted)
        if total - wanted < NEARLY_SPENT_SHARE * self._per_day <= total:
            logger.warning("project tokens nearly spent", extra={"fields": {"tokens": total}})
        excess = total - self._per_day
        if excess <= 0:
            return wanted
        granted = wanted - excess if wanted - excess >= needed else 0
        with suppress(CountersUnreachable):  # the excess stays counted, and no process can spend it
            counters.add(counter, granted - wanted)
        return granted

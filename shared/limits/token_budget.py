"""What may be spent on the model in a day (UTC), by one student and by all together.

A call's tokens are reserved before it is made, as many as it can cost at most, and settled after
it. Who can't reserve makes no call: money is guarded even when the counts are out of reach.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from shared.limits.counters import CountersUnreachable

logger = logging.getLogger("practice.limits")

# Gives tokens back to where they were taken from; a negative number takes more.
Refund = Callable[[int], None]


class TokenQuota(Protocol):
    """Something that tokens are taken from. `kind` says which limit it is."""

    kind: str

    def take(self, uid: str, tokens: int, *, at: datetime) -> Refund | None:
        """None where there are not so many left today. Raises CountersUnreachable."""


class QuotaReservation:
    def __init__(self, tokens: int, taken: Sequence[Refund]) -> None:
        self._tokens = tokens
        self._taken = taken

    def settle(self, tokens: int) -> None:
        """What it did cost, more than was reserved included. To be called once."""
        for give_back in self._taken:
            give_back(self._tokens - tokens)


class TokenBudget:
    """One per process, for all threads."""

    def __init__(self, purses: Sequence[TokenQuota]) -> None:
        self._purses = purses

    def reserve(self, uid: str, tokens: int, *, at: datetime) -> QuotaReservation | None:
        """None where a budget is spent, or where nobody can tell."""
        taken: list[Refund] = []
        refused_by = "unreachable"
        try:
            for purse in self._purses:
                refused_by = purse.kind
                give_back = purse.take(uid, tokens, at=at)
                if give_back is None:
                    break
                taken.append(give_back)
            else:
                return QuotaReservation(tokens, taken)
        except CountersUnreachable:
            refused_by = "unreachable"
        for give_back in taken:
            give_back(tokens)
        logger.warning("limit reached: %s", refused_by, extra={"fields": {"limit": refused_by}})
        return None

"""The tokens that may be spent on the model per day (UTC), by one student and by all together.

Before a call of the model, the most it can cost is reserved; after it, the reservation is settled
with the actual cost. Without a reservation no call is made, so the budget holds even while the
counters are unreachable.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from shared.limits.counters import CountersUnreachable

# After a refusal a quota refuses the same again without counting, for this long.
REFUSAL_PAUSE = timedelta(minutes=1)

logger = logging.getLogger("practice.limits")


@dataclass(frozen=True)
class QuotaReservation:
    """Tokens reserved in one quota. `refund` returns tokens to it; a negative number takes more."""

    tokens: int
    refund: Callable[[int], None]

    def settle(self, spent: int) -> None:
        """Replaces the reservation by the tokens spent. Call it once."""
        self.refund(self.tokens - spent)


class TokenQuota(Protocol):
    """A number of tokens per day. `kind` names the limit in counters and logs."""

    kind: str

    def reserve(self, uid: str, tokens: int, *, at: datetime) -> QuotaReservation | None:
        """None if fewer tokens are left on the UTC day of `at`. Raises CountersUnreachable."""


@dataclass(frozen=True)
class BudgetReservation:
    """Tokens reserved in every quota of a budget."""

    reservations: Sequence[QuotaReservation]

    def settle(self, spent: int) -> None:
        """Charges the tokens spent, which may exceed the reservation. Call it once."""
        for reservation in self.reservations:
            reservation.settle(spent)


class TokenBudget:
    """All quotas of a process, which its threads share."""

    def __init__(self, quotas: Sequence[TokenQuota]) -> None:
        self._quotas = quotas

    def reserve(self, uid: str, tokens: int, *, at: datetime) -> BudgetReservation | None:
        """Reserves the tokens in every quota, or in none.

        None if a quota has too few left, or if the counters are unreachable.
        """
        reservations: list[QuotaReservation] = []
        try:
            refused_by = self._reserve_all(reservations, uid, tokens, at)
        except CountersUnreachable:
            refused_by = "unreachable"
        budget_reservation = BudgetReservation(reservations)
        if refused_by is None:
            return budget_reservation
        budget_reservation.settle(0)
        logger.warning("limit reached: %s", refused_by, extra={"fields": {"limit": refused_by}})
        return None

    def _reserve_all(
        self, reservations: list[QuotaReservation], uid: str, tokens: int, at: datetime
    ) -> str | None:
        """Appends a reservation of each quota; the kind of the first that refuses, or None."""
        for quota in self._quotas:
            reservation = quota.reserve(uid, tokens, at=at)
            if reservation is None:
                return quota.kind
            reservations.append(reservation)
        return None

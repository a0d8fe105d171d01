"""What a turn asks of whoever guards the money, and what it asks when nobody does."""

from collections.abc import Callable
from typing import Protocol


class TokenReservation(Protocol):
    """Tokens set aside for one call. Never settled, all of them count as spent."""

    def settle(self, tokens: int) -> None:
        """What the call did cost."""


# Sets aside the most that a call can cost. None: it must not be made.
ReserveTokens = Callable[[int], TokenReservation | None]


class _Unguarded:
    def settle(self, tokens: int) -> None:
        pass


def unlimited(_tokens: int) -> TokenReservation:
    """For those without a budget."""
    return _Unguarded()

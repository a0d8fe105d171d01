"""What the limits need of whoever counts for all instances: in Firestore, or in this process."""

import hashlib
from datetime import datetime
from typing import NamedTuple, Protocol


class Counter(NamedTuple):
    """A number that starts at 0 and that nobody asks for after `expire_at`.

    The id tells nothing of whom it is about.
    """

    kind: str
    id: str
    expire_at: datetime


class CountersUnreachable(Exception):
    """Nobody knows whether it was added. So it is never added again, nor taken off."""


class Counters(Protocol):
    def add(self, counter: Counter, amount: int) -> int:
        """The total after adding, which may be of a negative amount.

        Takes a second at most. Raises CountersUnreachable.
        """


def counter(kind: str, period: str, who: str, *, expire_at: datetime) -> Counter:
    """One count for each kind, period and person. The first two hold no space."""
    digest = hashlib.sha256(f"{kind} {period} {who}".encode()).hexdigest()
    return Counter(kind, digest[:40], expire_at)

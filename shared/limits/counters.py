"""The port through which the limits count: in Firestore for all instances, or in this process."""

import hashlib
from datetime import datetime
from typing import NamedTuple, Protocol


class Counter(NamedTuple):
    """The key of one total, which starts at 0 and is not read after `expire_at`.

    `kind` is the limit that counts. `id` is a hash of kind, period and subject (40 hexadecimal
    digits), so that a stored total does not reveal its subject.
    """

    kind: str
    id: str
    expire_at: datetime


class CountersUnreachable(Exception):
    """The addition may or may not have taken effect, so it must not be repeated or reverted."""


class Counters(Protocol):
    def add(self, counter: Counter, amount: int) -> int:
        """The total after adding `amount`, which may be negative.

        Takes one second at most. Raises CountersUnreachable.
        """


def counter_for(kind: str, period: str, subject: str, *, expire_at: datetime) -> Counter:
    """The counter of one kind, period and subject (a user id, or "all").

    `kind` and `period` must not contain a space, which separates the parts.
    """
    digest = hashlib.sha256(f"{kind} {period} {subject}".encode()).hexdigest()
    return Counter(kind, digest[:40], expire_at)

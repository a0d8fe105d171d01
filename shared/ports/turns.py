"""Turns of strict work as their use case reads and stores them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, Self

from shared.domain.classes.assignment import Assignment
from shared.domain.gradebook.live import Live
from shared.domain.gradebook.turns import CommittedTurn
from shared.domain.practice.client_view import StoredFields
from shared.domain.sessions.session import Session


@dataclass(frozen=True)
class TurnChange:
    """A turn with the session and the state after it."""

    turn: CommittedTurn
    session: Session
    state: StoredFields
    live: Live | None


class TurnRecords(Protocol):
    """What is stored of a session, its state and one of its turns, as of one moment.

    A change is stored under the condition that it is still so. Methods raise Unavailable.
    """

    @property
    def session(self) -> Session | None: ...

    @property
    def assignment(self) -> Assignment | None: ...

    @property
    def state(self) -> Mapping[str, Any] | None:
        """The sealed state; None where the session has ended."""

    @property
    def turn(self) -> CommittedTurn | None: ...

    def reserve(self, turn: CommittedTurn) -> Self | None:
        """Commits an answer before it is graded: the records with it, or None where another request
        was faster.
        """

    def commit(self, change: TurnChange) -> bool:
        """Commits the turn. False where another request was faster, and nothing was stored."""


class TurnRepository(Protocol):
    def read(self, session_id: str, seq: int | None) -> TurnRecords:
        """The session, and the turn that is committed for the seq, if there is one.

        Raises Unavailable.
        """

"""Turns of strict work: a document for each seq, which only one request can create."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

from shared.domain.classes.assignment import Assignment
from shared.domain.gradebook.turns import CommittedTurn
from shared.domain.practice.client_view import StoredSession
from shared.domain.sessions.session import Session
from shared.firestore.database import Database
from shared.firestore.documents import (
    Document,
    class_assignment_of,
    class_assignment_path,
    fields_of,
    live_path,
    session_of,
    session_path,
    state_fields,
    state_path,
    turn_of,
    turn_path,
)
from shared.firestore.retry import CONFLICTS, Deadline, retry_until_settled
from shared.firestore.unconfirmed_commit import Documents
from shared.firestore.writes import Create, Put, Replace, Update, Write
from shared.ports.turns import TurnChange, TurnRecords


class FirestoreTurnRepository:
    """Implements shared.ports.turns.TurnRepository."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, session_id: str, seq: int | None) -> TurnRecords:
        return retry_until_settled(
            lambda deadline: _Records.read(self._database, session_id, seq, deadline)
        )


class _Records:
    """Implements shared.ports.turns.TurnRecords."""

    def __init__(
        self,
        database: Database,
        session_id: str,
        seq: int | None,
        documents: Documents,
        assignment: Assignment | None,
    ) -> None:
        self._database = database
        self._session_id = session_id
        self._documents = documents
        self.session: Session | None = session_of(documents[session_path(session_id)])
        self.assignment = assignment
        state = documents[state_path(session_id)].fields or {}
        self.state: Mapping[str, Any] | None = state.get("stored_session")
        stored = None if seq is None else documents[turn_path(session_id, seq)]
        self.turn: CommittedTurn | None = turn_of(stored) if stored else None

    @classmethod
    def read(cls, database: Database, session_id: str, seq: int | None, deadline: Deadline) -> Self:
        paths = [session_path(session_id), state_path(session_id)]
        turns = [] if seq is None else [turn_path(session_id, seq)]
        documents = database.read([*paths, *turns], deadline)
        session = session_of(documents[paths[0]])
        assignment = None
        if session and session.class_id and session.assignment_id:
            path = class_assignment_path(session.class_id, session.assignment_id)
            assignment = class_assignment_of(database.read([path], deadline)[path])
        return cls(database, session_id, seq, documents, assignment)

    def reserve(self, turn: CommittedTurn) -> Self | None:
        stored = self._settle([self._turn_write(turn)], turn)
        if stored is None:
            return None
        # The turn of a seq is there before the session goes on, so what was read of it still holds.
        # If not, the commit that follows fails.
        documents = {**self._documents, stored.path: stored}
        return type(self)(self._database, self._session_id, turn.seq, documents, self.assignment)

    def commit(self, change: TurnChange) -> bool:
        path, state = session_path(self._session_id), state_path(self._session_id)
        writes: list[Write] = [
            self._turn_write(change.turn),
            Update(self._documents[path], fields_of(change.session)),
            Put(state, state_fields(StoredSession.model_validate(change.state))),
        ]
        if change.live:
            live = live_path(change.live.class_id, change.live.student_id)
            writes.append(Put(live, fields_of(change.live)))
        return self._settle(writes, change.turn) is not None

    def _turn_write(self, turn: CommittedTurn) -> Write:
        read, fields = self._documents[turn_path(self._session_id, turn.seq)], fields_of(turn)
        return Create(read.path, fields) if read.fields is None else Replace(read, fields)

    def _settle(self, writes: Sequence[Write], turn: CommittedTurn) -> Document | None:
        """The turn as the writes, of which its own is the first, have stored it; None where they
        did not take effect. Each carries a condition, so they may be repeated: where an attempt
        whose response got lost took effect, the next one fails, and the turn tells.
        """
        path = turn_path(self._session_id, turn.seq)

        def step(deadline: Deadline) -> Document | None:
            try:
                updated_at, *_ = self._database.commit(writes, deadline)
            except CONFLICTS:
                read = self._database.read([path], deadline)[path]
                stored = turn_of(read)
                is_own = stored is not None and (stored.request, stored.reply) == (
                    turn.request,
                    turn.reply,
                )
                return read if is_own else None
            return Document(path, fields_of(turn), updated_at)

        return retry_until_settled(step)

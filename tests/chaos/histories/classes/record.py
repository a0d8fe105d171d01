"""Record of a history with classes: what other histories have, and reads under the rules."""

import json
from dataclasses import dataclass, field

from tests.chaos.histories.record import Exchange, History, Json, Stored


@dataclass(frozen=True)
class Read:
    """A read under the rules, of a document that `uid` may not read."""

    uid: str
    path: str
    status: int


@dataclass
class ClassHistory(History):
    """`max_students` is the maximum with which the first class was made."""

    max_students: int = 0
    reads: list[Read] = field(default_factory=list)

    def add_read(self, uid: str, path: str, status: int) -> None:
        with self.lock:
            self.reads.append(Read(uid, path, status))


def given_of(turn: Json) -> Json:
    """What was committed, from a turn's document."""
    given: Json = json.loads(turn["given"])
    return given


def classes_of(history: History) -> dict[str, Json]:
    return {class_id: stored.fields for class_id, stored in history.documents_in("classes").items()}


def work_of(history: History) -> dict[str, Stored]:
    """The sessions of assignments, by id."""
    found = history.documents_in("practice_sessions")
    return {id_: stored for id_, stored in found.items() if stored.fields["assignment_id"]}


def turns_of(history: History, session_id: str) -> dict[int, Stored]:
    """The committed turns of strict work, by seq."""
    found = history.documents_in(f"practice_sessions/{session_id}/turns")
    return {int(seq): stored for seq, stored in found.items()}


def voided_of(history: History, session: Json) -> list[str]:
    """The questions that are out of the assignment of a session."""
    path = f"classes/{session['class_id']}/assignments/{session['assignment_id']}"
    found: list[str] = history.documents[path].fields.get("voided", [])
    return found


def name(exchange: Exchange) -> str:
    return f"{exchange.function} of client {exchange.client}, step {exchange.step}"

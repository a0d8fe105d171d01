"""What the clients of a history with classes know from the replies. Thread-safe."""

import threading
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from tests.chaos.histories.plan import Json
from tests.chaos.histories.record import Exchange

T = TypeVar("T")


@dataclass(frozen=True)
class Pending:
    """The question that a strict session asks for a seq."""

    seq: int
    question: Json


@dataclass
class Known:
    """`codes` are the join codes of each class, newest last. `sessions` are by class, assignment
    and uid, `ended` those that were handed in; `cells` have the newest revision of a grade.
    """

    classes: list[str] = field(default_factory=list)
    codes: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    assignments: list[Json] = field(default_factory=list)
    sessions: dict[tuple[str, str], Json] = field(default_factory=dict)
    pending: dict[str, Pending | None] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    cells: defaultdict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def record(self, exchange: Exchange) -> None:
        """Learns from a successful reply."""
        reply = exchange.reply
        if not exchange.is_success or exchange.replayed:
            return
        with self._lock:
            if exchange.function in ("create_class", "update_class"):
                self._learn_class(reply["class"]["class_id"], reply["join"]["code"])
            elif exchange.function == "create_assignment":
                _add(self.assignments, reply["assignment"])
            elif exchange.function == "start_session":
                session = reply["session"]
                self.sessions[session["assignment_id"], exchange.uid] = session
            elif exchange.function == "complete_session":
                self.ended.add(reply["session"]["session_id"])
            elif exchange.function == "override_grade":
                place = exchange.body["assignment_id"], exchange.body["student_id"]
                self.cells[place] = max(self.cells[place], reply["cell"]["revision"])
            elif exchange.function == "assignment_turn":
                self._learn_turn(reply)

    def _learn_class(self, class_id: str, code: str) -> None:
        _add(self.classes, class_id)
        _add(self.codes[class_id], code)

    def _learn_turn(self, reply: Json) -> None:
        session_id, before = reply["session_id"], self.pending.get(reply["session_id"])
        if before is not None and before.seq > reply["seq"]:
            return
        question = _question(reply)
        self.pending[session_id] = Pending(reply["seq"], question) if question else None

    def revision(self, assignment_id: str, uid: str) -> int:
        with self._lock:
            return self.cells[assignment_id, uid]

    def session(self, assignment_id: str, uid: str) -> Json | None:
        with self._lock:
            return self.sessions.get((assignment_id, uid))

    def sessions_of(self, uid: str) -> list[Json]:
        with self._lock:
            return [session for (_, of), session in self.sessions.items() if of == uid]

    def others_sessions(self, uid: str) -> list[Json]:
        with self._lock:
            return [session for (_, of), session in self.sessions.items() if of != uid]


def _add(known: list[T], value: T) -> None:
    if value not in known:
        known.append(value)


def _question(reply: Json) -> Json | None:
    """The question that is pending after a turn; None when all are answered."""
    calls = [call for m in reply["messages"] if m["type"] == "ai" for call in m["tool_calls"]]
    asked = [call["args"]["question"] for call in calls if call["name"] == "question_presentation"]
    return asked[-1] if asked and not reply["done"] else None


def choose(known: Sequence[T], at: float) -> T | None:
    """`at` in 0-1; the newest are more likely. None where nothing is known."""
    return known[int((1 - at * at) * len(known) - 1e-9)] if known else None

"""Turns of strict work: each is committed before anything is said about it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import JsonValue
from pydantic_core import from_json

from shared.domain.classes.assignment import Feedback
from shared.domain.common.errors import (
    AnswerCommitted,
    FieldError,
    InvalidArgument,
    RevisionMismatch,
    SessionNotFound,
    Unavailable,
    echoed,
)
from shared.domain.common.fields import Instant, ValueObject
from shared.domain.common.json_object import is_same_json
from shared.domain.practice.state import Practice
from shared.domain.sessions.session import Session

# A grading by a model that takes longer has died with its process.
GRADING_TAKES = timedelta(seconds=120)
RETRY_SECONDS = 3


class CommittedTurn(ValueObject):
    """The answer or the request for a hint that was committed for a `seq`.

    `given` and `reply` are JSON texts, because documents take no arrays in arrays. `reply` is None
    while a model is grading: the answer is settled by then. `request` is random in each request: it
    shows whose commit took effect.
    """

    schema_version: Literal[1] = 1
    seq: int
    request: str
    given: str
    reply: str | None
    at: Instant

    @property
    def question_id(self) -> str | None:
        """The question that was answered; None where a hint was asked for."""
        question_id: str | None = from_json(self.given).get("question_id")
        return question_id

    def is_of(self, given: Mapping[str, JsonValue]) -> bool:
        """Whether this input was committed, however long it took."""
        return is_same_json(_without_duration(from_json(self.given)), _without_duration(given))


def require_same_turn(
    turn: CommittedTurn, given: Mapping[str, JsonValue], *, at: datetime
) -> Mapping[str, Any] | None:
    """The reply that was committed for this input; None where the grading of what was committed
    died, and is to be repeated.

    Raises AnswerCommitted for another input, and Unavailable while the input is being graded.
    """
    reply: Mapping[str, Any] | None = None if turn.reply is None else from_json(turn.reply)
    if reply is None and at - turn.at >= GRADING_TAKES:
        return None
    if not turn.is_of(given):
        refusal = AnswerCommitted()
        refusal.committed = reply
        raise refusal
    if reply is None:
        being_graded = Unavailable("The answer is stored, and being graded.")
        being_graded.retry_after_seconds = RETRY_SECONDS
        raise being_graded
    return reply


def require_seq(practice: Practice, seq: int | None) -> int:
    """The seq that an input is for. Raises InvalidArgument, or RevisionMismatch for another one."""
    if seq is None:
        message = "is needed with an answer or a hint: send that of the last reply"
        raise InvalidArgument(errors=[FieldError("seq", message)])
    if seq != practice.seq:
        raise RevisionMismatch(
            f"The session is at seq {practice.seq}, not {echoed(seq)}: "
            "call assignment_turn without input to go on."
        )
    return seq


def require_strict(session: Session) -> Session:
    """Raises SessionNotFound for a session whose answers practice_turn takes."""
    if not session.is_strict:
        raise SessionNotFound(
            "The session is of no assignment with the policy strict: use practice_turn."
        )
    return session


def advance(session: Session, practice: Practice, *, at: datetime) -> Session:
    """The session after a turn, with no more of its answers than its student may know.

    Items, skills and what they are worth are stored when the work is handed in.
    """
    totals = practice.totals
    changed = {
        "items_completed": totals.questions_answered + totals.ungraded,
        "total_questions": totals.questions_answered,
        "revision": session.revision + 1,
        "last_activity_at": max(at, session.last_activity_at),
    }
    if session.assignment and session.assignment.feedback is Feedback.IMMEDIATE:
        changed["questions_correct"] = totals.questions_correct
    return session.model_copy(update=changed)


def _without_duration(given: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    return {name: value for name, value in given.items() if name != "duration_ms"}

"""assignment_turn: POST → 200 {session_id, seq, done, messages, state, usage}."""

from typing import Annotated, Any

from pydantic import Field

from shared.contract.command import Command
from shared.contract.examples import SESSION_ID
from shared.contract.operation import Operation, Tag
from shared.contract.turn_input import Input
from shared.domain.common.errors import (
    AnswerCommitted,
    AssignmentClosed,
    RateLimited,
    RevisionMismatch,
    SessionNotActive,
    SessionNotFound,
)
from shared.domain.common.fields import Id, ValueObject, WholeNumber
from shared.domain.practice.client_view import ShownFields
from shared.environment import Use
from shared.tutor.ports import Usage
from shared.tutor.tool_calls import Message

# Far beyond any session's; a greater number makes no path of a document.
MAX_SEQ = 999_999

Seq = Annotated[WholeNumber, Field(ge=0, le=MAX_SEQ)]


class AssignmentTurn(Command):
    """Without `input`, or with `continue`, the pending question is presented again.

    `seq` is that of the last reply; an answer and a hint need it. One of them is taken for each
    seq: the same one again has the same reply, another one is refused.
    """

    session_id: Id
    seq: Seq | None = None
    input: Input | None = None


class AssignmentTurnReply(ValueObject):
    """The `seq` to send next, the presentations to show, the session as it is to be shown after
    the turn, and the cost of the model's calls. With `done` all questions are answered:
    complete_session hands the work in.
    """

    session_id: Id
    seq: int
    done: bool
    messages: list[Message]
    state: ShownFields
    usage: Usage

    @property
    def kept(self) -> dict[str, Any]:
        """What a client keeps of a run. Nothing of it tells a key."""
        return {name: getattr(self, name) for name in ("session_id", "seq", "done", "state")}


EXAMPLE: dict[str, Any] = {
    "session_id": SESSION_ID,
    "seq": 1,
    "input": {"type": "answer", "question_id": "fifth", "answer": 7},
}
TURN_REFUSALS = (
    SessionNotFound,
    SessionNotActive,
    AssignmentClosed,
    AnswerCommitted,
    RevisionMismatch,
    RateLimited,
)

OPERATION = Operation(
    function="assignment_turn",
    request=AssignmentTurn,
    replies={200: AssignmentTurnReply},
    tag=Tag.CLASSES,
    place=9,
    summary="Take one turn of an assignment with the policy strict",
    description="The answer is stored before the reply tells anything of it. The session and its "
    "state are read from the database, so nothing that the client holds can be set back.",
    refusals=TURN_REFUSALS,
    honours_idempotency_key=False,
    uses=frozenset({Use.DATABASE, Use.SEALS, Use.TUTOR, Use.LIMITS}),
    example=EXAMPLE,
)

"""practice_turn: POST → 200 {session_context, messages, usage}. Runs: runs.py."""

from typing import Annotated, Any, Self

from pydantic import (
    ConfigDict,
    model_validator,
)

from functions.practice_turn.source_data import SourceData
from shared.contract.command import Command
from shared.contract.examples import TEMPLATE_DATA
from shared.contract.operation import Link, Operation, Tag
from shared.contract.sent_session import SealedSession
from shared.contract.turn_input import Input
from shared.domain.common.closed_model import ClosedModel
from shared.domain.common.errors import RateLimited, SessionContextTampered, StrictSession
from shared.domain.common.fields import ValueObject
from shared.domain.common.json_schema import DescribedAs, Schema
from shared.domain.practice.client_view import StoredFields
from shared.environment import Use
from shared.tutor.ports import Usage
from shared.tutor.tool_calls import Message

ONE_CONTEXT: Schema = {
    "if": {"properties": {"stored_session": {"type": "null"}}},
    "then": {
        "required": ["source_data"],
        "properties": {"source_data": {"type": "object"}},
        "additionalProperties": True,
    },
    "else": {"properties": {"source_data": {"type": "null"}}, "additionalProperties": True},
}


class SessionContext(ClosedModel):
    """Either the session, from the last reply or as stored, or the template to begin with."""

    model_config = ConfigDict(json_schema_extra=ONE_CONTEXT)

    stored_session: SealedSession | None = None
    source_data: Annotated[dict[str, Any], DescribedAs(SourceData)] | None = None

    @model_validator(mode="after")
    def _require_one_context(self) -> Self:
        if (self.stored_session is None) == (self.source_data is None):
            raise ValueError("send either stored_session or source_data")
        return self


class PracticeTurn(Command):
    """Without `input`, or with `continue`, the pending question is presented again."""

    session_context: SessionContext
    input: Input | None = None


class SessionContextReply(ValueObject):
    stored_session: StoredFields


class PracticeTurnReply(ValueObject):
    """The session to resume, the presentations to show, and the cost of the model's calls."""

    session_context: SessionContextReply
    messages: list[Message]
    usage: Usage

    @property
    def kept(self) -> dict[str, Any]:
        """What a client keeps of a run."""
        return {"session_context": self.session_context}


# A template without a seal, so it contains its answer keys.
EXAMPLE_TEMPLATE: dict[str, Any] = {"name": "Daily scales", "template_data": TEMPLATE_DATA}
EXAMPLE: dict[str, Any] = {"session_context": {"source_data": EXAMPLE_TEMPLATE}}
CONTEXT = "$response.body#/session_context"
TURN_REFUSALS = (SessionContextTampered, StrictSession, RateLimited)

OPERATION = Operation(
    function="practice_turn",
    request=PracticeTurn,
    replies={200: PracticeTurnReply},
    tag=Tag.PRACTICE,
    summary="Take one turn of infinite practice",
    description="Stores and reads no practice data. The client keeps the session of the reply; "
    "start_session, update_progress and complete_session store it.",
    refusals=TURN_REFUSALS,
    honours_idempotency_key=False,
    uses=frozenset({Use.SEALS, Use.TUTOR, Use.LIMITS}),
    links=(
        Link(
            "practice_turn",
            {"session_context": {"stored_session": f"{CONTEXT}/stored_session"}},
        ),
    ),
    example=EXAMPLE,
)

"""practice_turn: POST → 200 {session_context, messages, usage}. Runs: runs.py."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from shared.contract.command import Command
from shared.domain.common.fields import NodeId
from shared.tutor.ports import Usage
from shared.tutor.tool_calls import Message


class Part(BaseModel):
    """A part of a command, as strict as the whole."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class AnswerInput(Part):
    type: Literal["answer"]
    question_id: NodeId
    answer: JsonValue


class HintInput(Part):
    type: Literal["hint"]


class ContinueInput(Part):
    type: Literal["continue"]


class SessionContext(Part):
    """Either the session as it was handed out or stored, or a template to begin with."""

    stored_session: dict[str, JsonValue] | None = None
    source_data: dict[str, JsonValue] | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.stored_session is None) == (self.source_data is None):
            raise ValueError("send either stored_session or source_data")
        return self


Input = Annotated[AnswerInput | HintInput | ContinueInput, Field(discriminator="type")]


class PracticeTurn(Command):
    """Without input, or with `continue`, what is pending is presented again."""

    session_context: SessionContext
    input: Input | None = None


class SessionContextReply(BaseModel):
    stored_session: dict[str, Any]


class PracticeTurnReply(BaseModel):
    session_context: SessionContextReply
    messages: list[Message]
    usage: Usage

"""practice_turn: POST → 200 {session_context, messages, usage}. Runs: runs.py."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from shared.contract.command import Command
from shared.contract.operation import Operation, Tag
from shared.domain.common.errors import RateLimited, SessionContextTampered
from shared.domain.common.fields import NodeId
from shared.environment import Use
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


# A template that a client made up: it has no seal, so the answer keys are in it.
EXAMPLE_TEMPLATE: dict[str, Any] = {
    "name": "Daily scales",
    "template_data": {
        "sections": [
            {
                "name": "Warm-up",
                "duration_minutes": 10,
                "exercises": [
                    {"id": "c-major", "name": "C major", "description": "Two octaves"},
                    {
                        "id": "intervals",
                        "name": "Intervals",
                        "skill": "Intervals",
                        "questions": [
                            {
                                "question_id": "fifth",
                                "kind": "numeric",
                                "prompt": "How many semitones are in a perfect fifth?",
                                "hints": ["C to G, counted on the piano's keys"],
                                "answer": 7,
                                "explanation": "C to G: seven keys up.",
                            },
                            {
                                "question_id": "tritone",
                                "kind": "multiple_choice",
                                "prompt": "Which two notes are a tritone apart?",
                                "choices": [
                                    {"id": "a", "text": "C and F"},
                                    {"id": "b", "text": "C and F sharp"},
                                ],
                                "answer": "b",
                            },
                        ],
                    },
                ],
            }
        ],
        "total_duration_minutes": 10,
        "tags": ["scales"],
    },
}
EXAMPLE: dict[str, Any] = {"session_context": {"source_data": EXAMPLE_TEMPLATE}}
TURN_REFUSALS = (SessionContextTampered, RateLimited)

OPERATION = Operation(
    function="practice_turn",
    request=PracticeTurn,
    replies={200: PracticeTurnReply},
    tag=Tag.PRACTICE,
    summary="Take one turn of practice that never ends",
    description="Stores nothing and reads nothing: what it answers is for the client to keep, and "
    "for start_session, update_progress and complete_session to store.",
    refusals=TURN_REFUSALS,
    honours_idempotency_key=False,
    uses=frozenset({Use.SEALS, Use.TUTOR}),
    example=EXAMPLE,
)

"""What a turn answers, as types: the messages of its tool calls, waited for or streamed."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, Field, JsonValue, RootModel

from functions.practice_turn.contract import PracticeTurnReply
from openapi.shapes import Shape
from shared.domain.common.fields import Id, NodeId
from shared.domain.practice.client_view import PracticeProgress, ShownQuestion, StoredSession
from shared.domain.practice.state import Concept
from shared.tutor.ports import Usage


class Told(Shape):
    """What every tool call says: whose session and block it is of, and how far practice is."""

    session_id: Id
    block_id: Id | None
    progress: PracticeProgress


class ConceptArgs(Told):
    """`full_session_payload` comes with the first concept of a session: it is to be stored."""

    concept: Concept
    full_session_payload: StoredSession | None = Field(
        default=None, exclude_if=lambda payload: payload is None
    )


class QuestionArgs(Told):
    question: ShownQuestion


class FeedbackArgs(Told):
    """`correct`, `score` and `correct_answer` are null where the answer could not be graded."""

    question_id: NodeId
    correct: bool | None
    score: Annotated[float, Field(ge=0, le=1)] | None
    feedback: str
    correct_answer: str | int | float | list[str] | None
    new_mastery_score: Annotated[float, Field(ge=0, le=1)]
    block_complete: bool


class HintArgs(Told):
    """`hint` is null when none is left."""

    question_id: NodeId | None
    hint: str | None
    hints_left: Annotated[int, Field(ge=0)]


class Call(Shape):
    id: str
    type: Literal["tool_call"]


class ConceptPresentation(Call):
    name: Literal["concept_presentation"]
    args: ConceptArgs


class QuestionPresentation(Call):
    """The one call that is left pending: its result is the student's answer."""

    name: Literal["question_presentation"]
    args: QuestionArgs


class FeedbackPresentation(Call):
    name: Literal["feedback_presentation"]
    args: FeedbackArgs


class HintPresentation(Call):
    name: Literal["hint_presentation"]
    args: HintArgs


ToolCall = Annotated[
    ConceptPresentation | QuestionPresentation | FeedbackPresentation | HintPresentation,
    Field(discriminator="name"),
]


class AiMessage(Shape):
    """One tool call: something to show."""

    type: Literal["ai"]
    id: str
    content: Literal[""]
    tool_calls: Annotated[list[ToolCall], Field(min_length=1, max_length=1)]


class ToolMessage(Shape):
    """Settles a call that asks for no answer."""

    type: Literal["tool"]
    id: str
    tool_call_id: str
    name: str
    content: Literal["presented"]
    status: Literal["success"]


ShownMessage = Annotated[AiMessage | ToolMessage, Field(discriminator="type")]


class TurnContext(Shape):
    stored_session: StoredSession


class Turn(Shape):
    """What a turn answers: the session to go on with, what to show, and what the model cost."""

    session_context: TurnContext
    messages: list[ShownMessage]
    usage: Usage


class Messages(Shape):
    messages: list[ShownMessage]


class Metadata(Shape):
    """Sent before any work begins."""

    run_id: str
    attempt: Literal[1]


class Custom(Shape):
    """What takes time."""

    event: Literal["generating_block", "grading"]


class Values(Shape):
    """The session to go on with. `messages` only for runs whose `stream_mode` has `values`."""

    session_context: TurnContext
    usage: Usage
    messages: list[dict[str, JsonValue]] = Field(default=[], exclude_if=lambda said: not said)


class End(Shape):
    run_id: str
    status: Literal["success"]


class Error(Shape):
    """A reason of the problems' and its detail. The session that the client holds stays good."""

    error: str
    message: str


class Updates(RootModel[dict[str, Messages]]):
    """By node: what it has said, as soon as it has said it."""


# By the event's name, in the order of a run: what its data is.
EVENTS: Mapping[str, type[BaseModel]] = {
    "metadata": Metadata,
    "custom": Custom,
    "updates": Updates,
    "values": Values,
    "end": End,
    "error": Error,
}

# The contract's models whose messages are free JSON to the functions, and their shapes here.
SHOWN_AS: Mapping[type[BaseModel], type[BaseModel]] = {PracticeTurnReply: Turn}

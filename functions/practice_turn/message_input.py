"""The student's input as messages, for clients that send nothing else.

The pending question is a tool call, so its result is the answer: `{"answer": …}`, or a native
input. A client that lets its user type a message instead settles the call as cancelled; then the
user's text is the answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter
from pydantic_core import from_json

from functions.practice_turn.contract import AnswerInput, Input
from shared.domain.common.errors import FieldError, InvalidArgument
from shared.domain.practice.state import Practice
from shared.domain.questions.question import Question
from shared.tutor.tool_calls import question_call_id

TYPE_OF_ROLE = {"user": "human", "assistant": "ai"}
NOT_AN_INPUT = 'must be {"answer": …}, {"type": "hint"} or {"type": "continue"}, as JSON'


class ClientMessage(BaseModel):
    """A message as a client sends it; its other fields are kept."""

    model_config = ConfigDict(strict=True, extra="allow", frozen=True)

    type: str | None = None
    role: str | None = None
    content: JsonValue = None
    tool_call_id: str | None = None
    tool_calls: list[dict[str, JsonValue]] | None = None

    @property
    def author(self) -> str:
        """`human`, `ai` or `tool`, from either of the fields that may say so."""
        name = self.type or self.role or ""
        return TYPE_OF_ROLE.get(name, name)

    @property
    def text(self) -> str:
        """The text of the content, which is a text or a list of parts."""
        parts = self.content if isinstance(self.content, list) else [self.content]
        texts = [part.get("text") if isinstance(part, dict) else part for part in parts]
        return "\n".join(text for text in texts if isinstance(text, str)).strip()


@dataclass(frozen=True)
class ParsedInput:
    """`position` is the index of the message that contains the input."""

    input: Input
    position: int


def parse_messages(practice: Practice, messages: Sequence[ClientMessage]) -> ParsedInput | None:
    """The input in the messages after the last AI message, None where there is none.

    Raises InvalidArgument for an answer to the call of another question, and for a result that is
    not an input.
    """
    question = practice.pending
    if question is None:
        return None
    calls = [i for i, message in enumerate(messages) if message.author == "ai"]
    since = calls[-1] + 1 if calls else 0
    recent = list(enumerate(messages))[since:]
    results = [(i, message) for i, message in recent if message.author == "tool"]
    texts = [(i, message) for i, message in recent if message.author == "human" and message.text]
    if results:
        position, result = _find_result(practice, results)
        value = _json(result.text)
        if not (isinstance(value, dict) and value.get("cancelled") is True):
            return ParsedInput(_from_result(question, value, result.text, position), position)
    elif pending_call_id(practice, messages) is None:
        return None  # a text of a user who may not even see the question
    if not texts:
        return None
    position, message = texts[-1]
    return ParsedInput(_from_text(question, message.text), position)


def pending_call_id(practice: Practice, messages: Sequence[ClientMessage]) -> str | None:
    """The id of the pending question's call, if it is in these messages and has no result there."""
    settled = {message.tool_call_id for message in messages}
    for message in reversed(messages):
        for call in message.tool_calls or []:
            id_ = call.get("id")
            if isinstance(id_, str) and _is_pending_call(practice, id_):
                return None if id_ in settled else id_
    return None


def _is_pending_call(practice: Practice, id_: str) -> bool:
    """Whether the id is that of the pending question's call, or of a later presentation of it."""
    first = question_call_id(practice)
    return id_ == first or id_.startswith(f"{first}-")


def _find_result(
    practice: Practice, results: list[tuple[int, ClientMessage]]
) -> tuple[int, ClientMessage]:
    for position, message in reversed(results):
        if _is_pending_call(practice, message.tool_call_id or ""):
            return position, message
    path = f"input.messages.{results[-1][0]}.tool_call_id"
    raise InvalidArgument(
        errors=[FieldError(path, "is not the call of the question that waits for an answer")]
    )


def _json(text: str) -> Any:
    try:
        return from_json(text, allow_inf_nan=False)
    except ValueError:
        return None


def _from_result(question: Question, value: Any, text: str, position: int) -> Input:
    """The input in a tool result: `value` is its text as JSON, None where it is not JSON."""
    if isinstance(value, list):
        return _answer(question, value)
    if not isinstance(value, dict):
        return _from_text(question, value if isinstance(value, str) else text)
    completed = {"question_id": question.question_id, "type": "answer", **value}
    try:
        return _inputs().validate_python(completed if completed["type"] == "answer" else value)
    except ValueError as invalid:
        path = f"input.messages.{position}.content"
        raise InvalidArgument(errors=[FieldError(path, NOT_AN_INPUT)]) from invalid


@cache
def _inputs() -> TypeAdapter[Input]:
    return TypeAdapter(Input)


def _from_text(question: Question, text: str) -> Input:
    return _answer(question, question.answer_from_text(text))


def _answer(question: Question, answer: JsonValue) -> AnswerInput:
    return AnswerInput(type="answer", question_id=question.question_id, answer=answer)

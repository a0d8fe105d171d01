"""What a student says in messages, for clients that know nothing else.

The tool call left pending is the question, so its result is the answer: `{"answer": …}`, or a
native input. A client that lets its user write instead settles the call as cancelled; then the
user's words are the answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter
from pydantic_core import from_json

from functions.practice_turn.contract import AnswerInput, Input
from shared.domain.common.errors import FieldError, InvalidArgument
from shared.domain.practice.state import Practice
from shared.domain.questions.question import Question, QuestionKind
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
    def by(self) -> str:
        name = self.type or self.role or ""
        return TYPE_OF_ROLE.get(name, name)

    @property
    def text(self) -> str:
        """The text of either form of content: one, or a list of parts."""
        parts = self.content if isinstance(self.content, list) else [self.content]
        texts = [part.get("text") if isinstance(part, dict) else part for part in parts]
        return "\n".join(text for text in texts if isinstance(text, str)).strip()


@dataclass(frozen=True)
class ParsedInput:
    """`position` is that of the message which says it."""

    input: Input
    position: int


def parse_messages(practice: Practice, messages: Sequence[ClientMessage]) -> ParsedInput | None:
    """What the messages after the tutor's last one say to the question that is pending.

    None where they say nothing to it. Raises InvalidArgument for an answer to another question's
    call, and for a result that is no answer.
    """
    question = practice.pending
    if question is None:
        return None
    calls = [i for i, message in enumerate(messages) if message.by == "ai"]
    since = calls[-1] + 1 if calls else 0
    recent = list(enumerate(messages))[since:]
    results = [(i, message) for i, message in recent if message.by == "tool"]
    words = [(i, message) for i, message in recent if message.by == "human" and message.text]
    if results:
        position, result = _result_of_call(practice, results)
        given = _json(result.text)
        if not (isinstance(given, dict) and given.get("cancelled") is True):
            return ParsedInput(_as_result(question, given, result.text, position), position)
    elif pending_call_id(practice, messages) is None:
        return None  # words to somebody who may not even see the question
    if not words:
        return None
    position, message = words[-1]
    return ParsedInput(_in_words(question, message.text), position)


def pending_call_id(practice: Practice, messages: Sequence[ClientMessage]) -> str | None:
    """The id of the pending question's call, where these messages show it and no result of it."""
    settled = {message.tool_call_id for message in messages}
    for message in reversed(messages):
        for call in message.tool_calls or []:
            id_ = call.get("id")
            if isinstance(id_, str) and _is_call(practice, id_):
                return None if id_ in settled else id_
    return None


def _is_call(practice: Practice, id_: str) -> bool:
    """Whether it is that of the pending question: its own, or that of a later presentation."""
    first = question_call_id(practice)
    return id_ == first or id_.startswith(f"{first}-")


def _result_of_call(
    practice: Practice, results: list[tuple[int, ClientMessage]]
) -> tuple[int, ClientMessage]:
    for position, message in reversed(results):
        if _is_call(practice, message.tool_call_id or ""):
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


def _as_result(question: Question, given: Any, text: str, position: int) -> Input:
    if isinstance(given, list):
        return _answer(question, given)
    if not isinstance(given, dict):
        return _in_words(question, given if isinstance(given, str) else text)
    whole = {"question_id": question.question_id, "type": "answer", **given}
    if whole["type"] != "answer":
        whole = given
    try:
        parsed: Input = TypeAdapter[Input](Input).validate_python(whole)
    except ValueError as invalid:
        path = f"input.messages.{position}.content"
        raise InvalidArgument(errors=[FieldError(path, NOT_AN_INPUT)]) from invalid
    return parsed


def _in_words(question: Question, text: str) -> Input:
    """A choice may be named by its id or, from 1 on, by its number."""
    match question.kind:
        case QuestionKind.MULTIPLE_CHOICE:
            return _answer(question, _choice(question, text))
        case QuestionKind.MULTI_SELECT:
            return _answer(question, [_choice(question, part) for part in text.split(",")])
        case _:
            return _answer(question, text)


def _choice(question: Question, text: str) -> str:
    named, ids = text.strip(), question.choice_ids
    if named not in ids and named.isdecimal() and 1 <= int(named) <= len(ids):
        return ids[int(named) - 1]
    return named


def _answer(question: Question, answer: JsonValue) -> AnswerInput:
    return AnswerInput(type="answer", question_id=question.question_id, answer=answer)

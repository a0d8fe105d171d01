"""The student's input as messages, for clients that send nothing else.

The pending question is a tool call, so its result is the answer: `{"answer": …}`, or a native
input. A client that lets its user type a message instead settles the call as cancelled; then the
user's text is the answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import JsonValue, TypeAdapter
from pydantic_core import from_json

from shared.contract.client_message import ClientMessage
from shared.contract.turn_input import AnswerInput, Input
from shared.domain.common.errors import FieldError, InvalidArgument
from shared.domain.practice.state import Practice
from shared.domain.questions.question import Question
from shared.tutor.tool_calls import question_call_id

NOT_AN_INPUT = 'must be {"answer": …}, {"type": "hint"} or {"type": "continue"}, as JSON'


@dataclass(frozen=True)
class ParsedInput:
    """`position` is the index of the message that contains the input."""

    input: Input
    position: int


def parse_messages(practice: Practice, messages: Sequence[ClientMessage]) -> ParsedInput | None:
    """The input in the messages after the last AI message, None where there is none.

    The latest counts: a client that sends its whole list repeats an answer that was refused. Raises
    InvalidArgument for an answer to the call of another question, and for a result that is not an
    input.
    """
    if practice.pending is None:
        return None
    # A choice that is named by its number is the one that the student sees there.
    question = practice.as_shown(practice.pending)
    indexed = list(enumerate(messages))
    since = max((i for i, message in indexed if message.author == "ai"), default=-1)
    texts = [i for i, m in indexed if i > since and m.author == "human" and m.text]
    latest = texts[-1] if texts else since
    results = [
        (i, message)
        for i, message in indexed
        if i > latest and message.author == "tool" and not _is_cancelled(message)
    ]
    if results:
        position, result = _find_result(practice, results)
        return ParsedInput(_from_result(question, result.text, position), position)
    if not texts or not _is_shown(practice, messages):
        return None
    return ParsedInput(_from_text(question, messages[latest].text), latest)


def without_lost_turn(
    practice: Practice, messages: Sequence[ClientMessage]
) -> Sequence[ClientMessage]:
    """The messages before those of a turn that the state does not have.

    A client that aborts a stream may have got presentations of the turn, but not its state. Then
    they come after the pending question and its answer, and the turn is taken again.
    """
    about = [i for i, message in enumerate(messages) if _is_shown(practice, [message])]
    for i in range(about[-1] + 1 if about else len(messages), len(messages)):
        if any(_is_of_session(practice, call) for call in messages[i].tool_calls or []):
            return messages[:i]
    return messages


def _is_of_session(practice: Practice, call: Mapping[str, Any]) -> bool:
    return str(call.get("id")).startswith(f"{practice.session_id}-")


def _is_cancelled(result: ClientMessage) -> bool:
    value = _json(result.text)
    return isinstance(value, dict) and value.get("cancelled") is True


def _is_shown(practice: Practice, messages: Sequence[ClientMessage]) -> bool:
    """Whether the pending question's call, or a result of it, is in these messages.

    A user who has not seen the question can't have written its answer.
    """
    calls = [call for message in messages for call in message.tool_calls or []]
    ids = [*(message.tool_call_id for message in messages), *(call.get("id") for call in calls)]
    return any(isinstance(id_, str) and _is_pending_call(practice, id_) for id_ in ids)


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


def _from_result(question: Question, text: str, position: int) -> Input:
    """The input in the text of a tool result, which is JSON or the bare answer."""
    value = _json(text)
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

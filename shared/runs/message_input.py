"""The student's input as messages, for clients that send nothing else.

The pending question is a tool call, so its result is the answer: `{"answer": …}`, or a native
input. A client that lets its user type a message instead settles the call as cancelled; then the
user's text is the answer.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import JsonValue, TypeAdapter
from pydantic_core import from_json

from shared.contract.client_message import ClientMessage
from shared.contract.turn_input import AnswerInput, Input
from shared.domain.common.errors import FieldError, InvalidArgument
from shared.domain.questions.question import Question
from shared.tutor.tool_calls import AiMessage, Message, ToolMessage, ai_message

NOT_AN_INPUT = 'must be {"answer": …}, {"type": "hint"} or {"type": "continue"}, as JSON'
NOT_THE_CALL = "is not the call of the question that waits for an answer"
PRESENTED = ToolMessage.model_fields["content"].default

# Whether an id is that of the call of the question that is asked.
IsAsked = Callable[[str], bool]


@dataclass(frozen=True)
class MessageInput:
    """The message that has the input. `position` is its index among those of the run."""

    position: int
    text: str
    is_result: bool

    def parse(self, question: Question) -> Input:
        """The input, for the question as it is shown. Raises InvalidArgument, with the path of a
        turn's input.
        """
        if not self.is_result:
            return _answer(question.question_id, question.answer_from_text(self.text))
        value = _json(self.text)
        if isinstance(value, dict):
            return _from_object(value, question.question_id)
        if isinstance(value, list):
            return _answer(question.question_id, value)
        text = value if isinstance(value, str) else self.text
        return _answer(question.question_id, question.answer_from_text(text))

    def parse_as_written(self, question_id: str) -> Input:
        """The input where the question is not known: a text is taken as it is."""
        value = _json(self.text) if self.is_result else None
        if isinstance(value, dict):
            return _from_object(value, question_id)
        return _answer(question_id, self.text if value is None else value)


def find_input(messages: Sequence[ClientMessage], is_asked: IsAsked) -> MessageInput | None:
    """The input in the messages after the last AI message, None where there is none.

    The latest counts: a client that sends its whole list repeats an answer that was refused. Raises
    InvalidArgument for a result of no call of the question.
    """
    indexed = list(enumerate(messages))
    since = max((i for i, message in indexed if message.author == "ai"), default=-1)
    texts = [i for i, m in indexed if i > since and m.author == "human" and m.text]
    latest = texts[-1] if texts else since
    results = [(i, m) for i, m in indexed if i > latest and _is_result(m, is_asked)]
    if results:
        position, result = _find_result(results, is_asked)
        return MessageInput(position, result.text, is_result=True)
    # A user who has not seen the question can't have written its answer.
    if not texts or not any(map(is_asked, call_ids(messages))):
        return None
    return MessageInput(latest, messages[latest].text, is_result=False)


def call_ids(messages: Sequence[ClientMessage]) -> Iterator[str]:
    """The ids of the calls, and of those that results settle, in the order of the messages."""
    for message in messages:
        calls = [call.get("id") for call in message.tool_calls or []]
        yield from (id_ for id_ in (*calls, message.tool_call_id) if isinstance(id_, str))


def located_in_run(invalid: InvalidArgument, found: MessageInput | None) -> InvalidArgument:
    """The refusal of a turn with paths in a run, whose input is the turn; what is said of the
    student's input is said of the message that has it.
    """

    def path(of_turn: str) -> str:
        if found and of_turn.split(".", maxsplit=1)[0] == "input":
            return f"input.messages.{found.position}.content"
        return f"input.{of_turn}"

    return InvalidArgument(errors=[FieldError(path(e.path), e.message) for e in invalid.errors])


def with_new_call_id(
    messages: list[Message], sent: Sequence[ClientMessage], *, suffix: str
) -> list[Message]:
    """The messages, with a new id for the call of a question that is presented again.

    The turn is the same then, and so would be the id. A client that keeps a list of messages may
    have settled the call of that id, with an answer that was refused, and would never ask again.
    """
    if not messages or not sent:
        return messages
    *before, last = messages
    if not isinstance(last, AiMessage):
        return messages
    (call,) = last.tool_calls
    call_id = _open_call_id(call.id, sent) or f"{call.id}-{suffix}"
    return [*before, ai_message(call.model_copy(update={"id": call_id}))]


def _open_call_id(first: str, messages: Sequence[ClientMessage]) -> str | None:
    """The id of the latest presentation of a call, if it is in these messages and not settled."""
    settled = {message.tool_call_id for message in messages}
    for message in reversed(messages):
        for call in message.tool_calls or []:
            id_ = call.get("id")
            if isinstance(id_, str) and (id_ == first or id_.startswith(f"{first}-")):
                return None if id_ in settled else id_
    return None


def _is_result(message: ClientMessage, is_asked: IsAsked) -> bool:
    """Whether a message may have an input: a call may be cancelled, and some settle themselves."""
    if message.author != "tool":
        return False
    if message.text == PRESENTED and not is_asked(message.tool_call_id or ""):
        return False
    value = _json(message.text)
    return not (isinstance(value, dict) and value.get("cancelled") is True)


def _find_result(
    results: list[tuple[int, ClientMessage]], is_asked: IsAsked
) -> tuple[int, ClientMessage]:
    for position, message in reversed(results):
        if is_asked(message.tool_call_id or ""):
            return position, message
    path = f"input.messages.{results[-1][0]}.tool_call_id"
    raise InvalidArgument(errors=[FieldError(path, NOT_THE_CALL)])


def _json(text: str) -> Any:
    try:
        return from_json(text, allow_inf_nan=False)
    except ValueError:
        return None


def _from_object(value: dict[str, Any], question_id: str) -> Input:
    completed = {"question_id": question_id, "type": "answer", **value}
    try:
        return _inputs().validate_python(completed if completed["type"] == "answer" else value)
    except ValueError as invalid:
        raise InvalidArgument(errors=[FieldError("input", NOT_AN_INPUT)]) from invalid


@cache
def _inputs() -> TypeAdapter[Input]:
    return TypeAdapter(Input)


def _answer(question_id: str, answer: JsonValue) -> AnswerInput:
    return AnswerInput(type="answer", question_id=question_id, answer=answer)

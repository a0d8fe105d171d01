"""The student's input in a run's messages.

An answer in messages is the result of a question's call, and is for the seq in which the question
was asked. So a client needs nothing but its messages to send it, and to send it again.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from functions.assignment_turn.contract import MAX_SEQ
from shared.contract.client_message import ClientMessage
from shared.contract.turn_input import Input
from shared.domain.gradebook.turns import CommittedTurn
from shared.domain.questions.question import Question
from shared.runs.message_input import MessageInput, call_ids, find_input
from shared.tutor.tool_calls import asked_seq

# Stands for a question that nothing names: no answer to it was committed.
UNKNOWN_QUESTION = "unknown"


class SentInput(NamedTuple):
    """An input in messages. Implements GivenInput."""

    seq: int
    message: MessageInput

    def read(
        self, question: Callable[[], Question | None], committed: CommittedTurn | None
    ) -> Input:
        asked = question()
        if asked is not None:
            return self.message.parse(asked)
        known = committed.question_id if committed else None
        return self.message.parse_as_written(known or UNKNOWN_QUESTION)


def find_sent_input(session_id: str, messages: Sequence[ClientMessage]) -> SentInput | None:
    """The input for the question that the messages show last, None where there is none.

    Where they end with feedback, a hint or a concept, their student has not seen the next question,
    so it is presented. Raises InvalidArgument for a result of no call of the question.
    """
    messages = _without_lost_reply(session_id, messages)
    calls = [id_ for id_ in call_ids(messages) if _is_of(session_id, id_)]
    seq = _seq(session_id, calls[-1]) if calls else None
    if seq is None:
        find_input(messages, lambda _: False)
        return None
    message = find_input(messages, lambda call_id: _seq(session_id, call_id) == seq)
    return SentInput(seq, message) if message else None


def _without_lost_reply(
    session_id: str, messages: Sequence[ClientMessage]
) -> Sequence[ClientMessage]:
    """The messages before a presentation that did not arrive as a whole: its result is missing.

    So the answer before it is sent again, and has its reply again.
    """
    settled = {message.tool_call_id for message in messages}
    for position, message in enumerate(messages):
        ids = {id_ for id_ in call_ids([message]) if _is_of(session_id, id_)} - settled
        if any(_seq(session_id, id_) is None for id_ in ids):
            return messages[:position]
    return messages


def _is_of(session_id: str, call_id: str) -> bool:
    return call_id.startswith(f"{session_id}-")


def _seq(session_id: str, call_id: str) -> int | None:
    seq = asked_seq(session_id, call_id)
    return seq if seq is not None and seq <= MAX_SEQ else None

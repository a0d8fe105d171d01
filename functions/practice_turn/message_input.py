"""The student's input in a run's messages, for the question that is pending in its session."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.contract.client_message import ClientMessage
from shared.domain.practice.state import Practice
from shared.runs.message_input import MessageInput, call_ids, find_input
from shared.tutor.tool_calls import asked_seq


def find_pending_input(
    practice: Practice, messages: Sequence[ClientMessage]
) -> MessageInput | None:
    """The input for the pending question. Raises InvalidArgument for a result of another call."""
    if practice.pending is None:
        return None
    return find_input(messages, lambda call_id: _is_pending_call(practice, call_id))


def without_lost_turn(
    practice: Practice, messages: Sequence[ClientMessage]
) -> Sequence[ClientMessage]:
    """The messages before those of a turn that the state does not have.

    A client that aborts a stream may have got presentations of the turn, but not its state. Then
    they come after the pending question and its answer, and the turn is taken again.
    """
    about = [i for i, message in enumerate(messages) if _is_about_pending(practice, message)]
    for i in range(about[-1] + 1 if about else len(messages), len(messages)):
        if any(_is_of_session(practice, call) for call in messages[i].tool_calls or []):
            return messages[:i]
    return messages


def _is_about_pending(practice: Practice, message: ClientMessage) -> bool:
    return any(_is_pending_call(practice, call_id) for call_id in call_ids([message]))


def _is_of_session(practice: Practice, call: Mapping[str, Any]) -> bool:
    return str(call.get("id")).startswith(f"{practice.session_id}-")


def _is_pending_call(practice: Practice, call_id: str) -> bool:
    """Whether the id is that of the pending question's call, or of a later presentation of it."""
    return asked_seq(practice.session_id, call_id) == practice.seq

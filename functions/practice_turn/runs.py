"""A turn in the shape of a stateless LangGraph run, for LangGraph's own clients.

A run is a turn: its input holds the session_context and the student's input, native or as messages.
A thread is only an id, for clients that need one.
"""

from dataclasses import dataclass

from pydantic import JsonValue

from functions.practice_turn.contract import PracticeTurnReply
from functions.practice_turn.handler import Dependencies, build_reply
from functions.practice_turn.message_input import pending_call_id
from functions.practice_turn.runs_contract import (
    CreateThread,
    NodeMessages,
    Run,
    RunEnd,
    RunMetadata,
    RunStep,
    RunUpdates,
    RunValues,
    ThreadReply,
)
from functions.practice_turn.started_turn import StartedTurn, start_turn, take_turn
from shared.ports.calls import Call, EmitEvent, Reply, StreamingReply
from shared.tutor.graph import run_turn
from shared.tutor.state import LongStep, Turn
from shared.tutor.tool_calls import AiMessage, Message, ai_message, question_call_id


def create_thread(
    command: CreateThread, call: Call, dependencies: Dependencies
) -> Reply[ThreadReply]:
    """Stores nothing: the session travels with the runs."""
    return Reply(
        ThreadReply(
            thread_id=command.thread_id or dependencies.new_uuid(),
            created_at=call.received_at,
            updated_at=call.received_at,
            metadata=command.metadata or {},
        )
    )


def wait(command: Run, call: Call, dependencies: Dependencies) -> Reply[PracticeTurnReply]:
    started = start_turn(command.input, call, dependencies)
    reply = build_reply(run_turn(started.turn, started.context), started.context)
    messages = _with_new_call_ids(reply.messages, started)
    return Reply(reply.model_copy(update={"messages": messages}))


def stream(command: Run, call: Call, dependencies: Dependencies) -> StreamingReply:
    started = start_turn(command.input, call, dependencies)
    return StreamingReply(lambda emit: take_turn(started, _RunEvents(command, started, emit)))


@dataclass(frozen=True)
class _RunEvents:
    """Emits the messages of each node, and at the end the sealed session."""

    command: Run
    started: StartedTurn
    emit: EmitEvent

    def start(self) -> None:
        self.emit("metadata", RunMetadata(run_id=self.started.run_id))

    def announce(self, step: LongStep) -> None:
        if self.command.wants("custom"):
            self.emit("custom", RunStep(event=step))

    def show(self, node: str, messages: list[Message]) -> None:
        if messages and self.command.wants("updates"):
            shown = NodeMessages(messages=_with_new_call_ids(messages, self.started))
            self.emit("updates", RunUpdates({node: shown}))

    def finish(self, turn: Turn) -> None:
        self.emit("values", self._values(turn))
        self.emit("end", RunEnd(run_id=self.started.run_id))

    def _values(self, turn: Turn) -> RunValues:
        """The state after the run, with messages only where the client asks for them."""
        reply = build_reply(turn, self.started.context)
        messages: list[dict[str, JsonValue]] = []
        if self.command.wants("values"):
            # The state of a run without memory: the client's messages, then the run's.
            new = _with_new_call_ids(reply.messages, self.started)
            ids = {message.id for message in new}
            sent = [m.model_dump(exclude_unset=True) for m in self.started.given.messages]
            messages = [message for message in sent if message.get("id") not in ids]
            messages += [message.model_dump(mode="json") for message in new]
        return RunValues(
            session_context=reply.session_context, usage=reply.usage, messages=messages
        )


def _with_new_call_ids(messages: list[Message], started: StartedTurn) -> list[Message]:
    """The messages, with a new id for the call of a question that is presented again.

    The turn is the same then, and so would be the id. A client that keeps a list of messages may
    have settled the call of that id, with an answer that was refused, and would never ask again.
    """
    practice, sent = started.turn["practice"], started.given.messages
    if started.turn["do"] != "present" or practice.pending is None or not sent:
        return messages
    call_id = pending_call_id(practice, sent) or f"{question_call_id(practice)}-{started.run_id}"
    *before, last = messages
    if not isinstance(last, AiMessage):
        return messages
    (call,) = last.tool_calls
    return [*before, ai_message(call.model_copy(update={"id": call_id}))]

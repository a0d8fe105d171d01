"""A turn in the shape of a stateless LangGraph run, streamed or waited for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from pydantic import JsonValue

from shared.ports.calls import Call, EmitEvent, Reply, StreamingReply
from shared.runs.message_input import with_new_call_id
from shared.runs.run_contract import (
    CreateThread,
    NodeMessages,
    RunEnd,
    RunMetadata,
    RunState,
    RunStep,
    RunUpdates,
    ThreadReply,
    TurnRun,
)
from shared.runs.turn_events import StartedRun, TurnReply
from shared.tutor.state import LongStep
from shared.tutor.tool_calls import Message


class MakesIds(Protocol):
    """The dependencies of a function that makes ids of runs and threads."""

    @property
    def new_uuid(self) -> Callable[[], str]: ...


def create_thread(command: CreateThread, call: Call, dependencies: MakesIds) -> Reply[ThreadReply]:
    """Stores nothing: what a turn needs travels with the runs."""
    return Reply(
        ThreadReply(
            thread_id=command.thread_id or dependencies.new_uuid(),
            created_at=call.received_at,
            updated_at=call.received_at,
            metadata=command.metadata or {},
        )
    )


def stream_run(command: TurnRun, started: StartedRun, values: type[RunState]) -> StreamingReply:
    """The reply of a run that is not waited for. `values` is the state that its client keeps."""
    return StreamingReply(lambda emit: started.take(RunEvents(command, started, values, emit)))


def messages_of_run(messages: list[Message], started: StartedRun) -> list[Message]:
    """The messages as the client of the run takes them."""
    if not started.presents_again:
        return messages
    return with_new_call_id(messages, started.sent, suffix=started.run_id)


@dataclass(frozen=True)
class RunEvents:
    """Implements shared.runs.turn_events.TurnEvents for LangGraph's clients."""

    command: TurnRun
    started: StartedRun
    values: type[RunState]
    emit: EmitEvent

    def start(self) -> None:
        self.emit("metadata", RunMetadata(run_id=self.started.run_id))

    def announce(self, step: LongStep) -> None:
        if self.command.wants("custom"):
            self.emit("custom", RunStep(event=step))

    def show(self, node: str, messages: list[Message]) -> None:
        if messages and self.command.wants("updates"):
            shown = NodeMessages(messages=messages_of_run(messages, self.started))
            self.emit("updates", RunUpdates({node: shown}))

    def keep(self, reply: TurnReply) -> None:
        """The state after the run, with messages only where the client asks for them."""
        messages: list[dict[str, JsonValue]] = []
        if self.command.wants("values"):
            # The state of a run without memory: the client's messages, then the run's.
            new = messages_of_run(reply.messages, self.started)
            ids = {message.id for message in new}
            sent = [m.model_dump(exclude_unset=True) for m in self.started.sent]
            messages = [message for message in sent if message.get("id") not in ids]
            messages += [message.model_dump(mode="json") for message in new]
        self.emit("values", self.values(**reply.kept, usage=reply.usage, messages=messages))

    def end(self) -> None:
        self.emit("end", RunEnd(run_id=self.started.run_id))

"""A turn in the shape of a stateless LangGraph run, for LangGraph's own clients.

A run is a turn: its input holds the session_context and the student's input, native or as messages.
A thread is only an id, for clients that need one.
"""

from dataclasses import dataclass, replace

from pydantic import JsonValue

from functions.practice_turn.contract import PracticeTurnReply
from functions.practice_turn.handler import (
    Dependencies,
    build_reply,
    choose_action,
    open_turn,
    turn_context,
)
from functions.practice_turn.message_input import parse_messages, pending_call_id
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
from shared.domain.common.errors import FieldError, InvalidArgument
from shared.ports.calls import Call, EmitEvent, Reply, StreamingReply
from shared.tutor.graph import run_turn, stream_turn
from shared.tutor.state import Turn, TurnContext, merge_changes
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
    run = _start(command, call, dependencies)
    reply = build_reply(run_turn(run.turn, run.context), run.context)
    messages = _with_new_call_ids(reply.messages, run)
    return Reply(reply.model_copy(update={"messages": messages}))


def stream(command: Run, call: Call, dependencies: Dependencies) -> StreamingReply:
    run = _start(command, call, dependencies)

    def work(emit: EmitEvent) -> None:
        """Emits the messages of each node, and at the end the sealed session."""
        emit("metadata", RunMetadata(run_id=run.run_id))
        context, turn = run.context, run.turn
        if command.wants("custom"):
            context = replace(context, announce=lambda step: emit("custom", RunStep(event=step)))
        for node, changes in stream_turn(turn, context):
            shown = len(turn.get("messages", []))
            turn = merge_changes(turn, changes)
            added = turn.get("messages", [])[shown:]
            if added and command.wants("updates"):
                messages = NodeMessages(messages=_with_new_call_ids(added, run))
                emit("updates", RunUpdates({node: messages}))
        emit("values", _values(turn, run))
        emit("end", RunEnd(run_id=run.run_id))

    return StreamingReply(work)


@dataclass(frozen=True)
class _StartedRun:
    """`turn` is the turn before its first node."""

    command: Run
    run_id: str
    turn: Turn
    context: TurnContext


def _start(command: Run, call: Call, dependencies: Dependencies) -> _StartedRun:
    given, context = command.input, turn_context(call, dependencies)
    try:
        turn = open_turn(given.session_context, call, dependencies, context.tutor)
    except InvalidArgument as invalid:
        raise _located_in_run(invalid) from invalid
    parsed = None if given.input else parse_messages(turn["practice"], given.messages)
    try:
        action = choose_action(
            turn["practice"], parsed.input if parsed else given.input, dependencies
        )
    except InvalidArgument as invalid:
        path = f"input.messages.{parsed.position}.content" if parsed else None
        raise _located_in_run(invalid, path=path) from invalid
    return _StartedRun(command, dependencies.new_uuid(), {**turn, **action}, context)


def _located_in_run(invalid: InvalidArgument, *, path: str | None = None) -> InvalidArgument:
    """The refusal of a turn with paths in a run, whose input is the turn; or with this one."""
    return InvalidArgument(
        errors=[FieldError(path or f"input.{e.path}", e.message) for e in invalid.errors]
    )


def _values(turn: Turn, run: _StartedRun) -> RunValues:
    """The state after the run, with messages only where the client asks for them."""
    reply = build_reply(turn, run.context)
    messages: list[dict[str, JsonValue]] = []
    if run.command.wants("values"):
        # The state of a run without memory: the client's messages, then the run's.
        new = _with_new_call_ids(reply.messages, run)
        ids = {message.id for message in new}
        sent = [message.model_dump(exclude_unset=True) for message in run.command.input.messages]
        messages = [message for message in sent if message.get("id") not in ids]
        messages += [message.model_dump(mode="json") for message in new]
    return RunValues(session_context=reply.session_context, usage=reply.usage, messages=messages)


def _with_new_call_ids(messages: list[Message], run: _StartedRun) -> list[Message]:
    """The messages, with a new id for the call of a question that is presented again.

    The turn is the same then, and so would be the id. A client that keeps a list of messages may
    have settled the call of that id, with an answer that was refused, and would never ask again.
    """
    practice, sent = run.turn["practice"], run.command.input.messages
    if run.turn["do"] != "present" or practice.pending is None or not sent:
        return messages
    call_id = pending_call_id(practice, sent) or f"{question_call_id(practice)}-{run.run_id}"
    *before, last = messages
    if not isinstance(last, AiMessage):
        return messages
    (call,) = last.tool_calls
    return [*before, ai_message(call.model_copy(update={"id": call_id}))]

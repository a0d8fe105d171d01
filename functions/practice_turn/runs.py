"""A turn in the shape of a stateless LangGraph run, so that LangGraph's own clients can take it.

A run is a turn: its input has the session_context and what the student says, natively or in
messages. A thread is an id and nothing else, for clients that must have one.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from pydantic import JsonValue

from functions.practice_turn.contract import PracticeTurnReply
from functions.practice_turn.handler import (
    Dependencies,
    answer,
    asked,
    opened,
    run,
    steps,
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
from shared.tutor.state import Turn, TurnContext
from shared.tutor.tool_calls import AiMessage, Message, ai_message, question_call_id


@dataclass(frozen=True)
class RunDependencies:
    turn: Dependencies
    new_run_id: Callable[[], str]


@dataclass(frozen=True)
class ThreadDependencies:
    new_thread_id: Callable[[], str]


def create_thread(
    command: CreateThread, call: Call, dependencies: ThreadDependencies
) -> Reply[ThreadReply]:
    """Nothing is kept of it: the session travels with the runs."""
    return Reply(
        ThreadReply(
            thread_id=command.thread_id or dependencies.new_thread_id(),
            created_at=call.received_at,
            updated_at=call.received_at,
            metadata=command.metadata or {},
        )
    )


def wait(command: Run, call: Call, dependencies: RunDependencies) -> Reply[PracticeTurnReply]:
    turn, collaborators = _begun(command, call, dependencies.turn)
    done = run(turn, collaborators)
    said = _with_new_call_ids(done["messages"], command, turn, dependencies.new_run_id())
    return Reply(answer({**done, "messages": said}, collaborators))


def stream(command: Run, call: Call, dependencies: RunDependencies) -> StreamingReply:
    turn, collaborators = _begun(command, call, dependencies.turn)
    run_id = dependencies.new_run_id()

    def work(emit: EmitEvent) -> None:
        """Emits the messages of each node, and at the end the sealed session."""
        emit("metadata", RunMetadata(run_id=run_id))
        watched = replace(collaborators, announce=lambda step: emit("custom", RunStep(event=step)))
        state = turn
        for node, change in steps(turn, watched):
            before = len(state.get("messages", []))
            state = {**state, **change}
            if added := state.get("messages", [])[before:]:
                messages = _with_new_call_ids(added, command, turn, run_id)
                emit("updates", RunUpdates({node: NodeMessages(messages=messages)}))
        emit("values", _values(state, collaborators, command, turn, run_id))
        emit("end", RunEnd(run_id=run_id))

    return StreamingReply(work)


def _begun(command: Run, call: Call, dependencies: Dependencies) -> tuple[Turn, TurnContext]:
    given, collaborators = command.input, turn_context(call, dependencies)
    turn = opened(given.session_context, call, dependencies, collaborators.tutor)
    practice = turn["practice"]
    said = None if given.input else parse_messages(practice, given.messages)
    try:
        turn = {**turn, **asked(practice, said.input if said else given.input)}
    except InvalidArgument as invalid:
        # The paths of a turn begin with `input.`; here all of the turn is the run's input.
        paths = [
            f"input.messages.{said.position}.content" if said else f"input.{error.path}"
            for error in invalid.errors
        ]
        moved = [FieldError(p, e.message) for p, e in zip(paths, invalid.errors, strict=True)]
        raise InvalidArgument(errors=moved) from invalid
    return turn, collaborators


def _values(
    done: Turn, collaborators: TurnContext, command: Run, turn: Turn, run_id: str
) -> RunValues:
    """The run's last state, with messages only where the client asks for values."""
    reply = answer(done, collaborators)
    messages: list[dict[str, JsonValue]] = []
    if command.wants_values:
        # The state of a run without memory: the client's messages, then the run's.
        new = _with_new_call_ids(reply.messages, command, turn, run_id)
        ids = {message.id for message in new}
        sent = [m.model_dump(exclude_unset=True) for m in command.input.messages]
        messages = [m for m in sent if m.get("id") not in ids]
        messages += [message.model_dump(mode="json") for message in new]
    return RunValues(session_context=reply.session_context, usage=reply.usage, messages=messages)


def _with_new_call_ids(
    messages: list[Message], command: Run, turn: Turn, run_id: str
) -> list[Message]:
    """The messages, with a new id for the call of a question that is presented again.

    The turn is the same then, and so would be the id. A client that keeps a list of messages may
    have settled the call of that id, with an answer that was refused, and would never ask again.
    """
    practice, sent = turn["practice"], command.input.messages
    if turn["do"] != "present" or practice.block is None or not sent:
        return messages
    call_id = pending_call_id(practice, sent) or f"{question_call_id(practice)}-{run_id}"
    return [
        ai_message(call.model_copy(update={"id": call_id}))
        for message in messages
        if isinstance(message, AiMessage)
        for call in message.tool_calls
    ]

"""A turn as a run of an AG-UI agent, for AG-UI's own clients.

The run is that of runs.py in other words: the session is in the client's state, messages and
`resume` are the messages of the run, and its events are told in the protocol's types.
"""

from dataclasses import dataclass

from functions.practice_turn.agui_contract import AgUiRun
from functions.practice_turn.contract import SessionContext
from functions.practice_turn.handler import Dependencies, build_reply
from functions.practice_turn.runs_contract import RunInput
from functions.practice_turn.started_turn import StartedTurn, start_turn, take_turn
from shared.agui.events import RunError
from shared.agui.run_events import RunEvents
from shared.domain.common.errors import FieldError, InvalidArgument
from shared.ports.calls import Call, EmitEvent, StreamingReply
from shared.tutor.state import LongStep, Turn
from shared.tutor.tool_calls import Message

NO_CONTEXT = "Field required, here or in forwardedProps"


def stream(command: AgUiRun, call: Call, dependencies: Dependencies) -> StreamingReply:
    place, context = _session_context(command)
    native = command.forwarded_props.input if command.forwarded_props else None
    given = RunInput.model_construct(session_context=context, input=native, messages=command.chat())
    try:
        started = start_turn(given, call, dependencies)
    except InvalidArgument as invalid:
        raise _located_in_request(invalid, command, place) from invalid

    def work(emit: EmitEvent) -> None:
        events = RunEvents(emit, command, suffix=started.run_id)
        take_turn(started, _TurnEvents(started, events))

    return StreamingReply(work, describe_error=RunError.of)


@dataclass(frozen=True)
class _TurnEvents:
    started: StartedTurn
    events: RunEvents

    def start(self) -> None:
        self.events.start()

    def announce(self, step: LongStep) -> None:
        self.events.begin_step(step)

    def show(self, node: str, messages: list[Message]) -> None:
        self.events.end_step()
        self.events.show(messages)

    def finish(self, turn: Turn) -> None:
        reply = build_reply(turn, self.started.context)
        self.events.finish(reply.session_context, reply.usage)


def _session_context(command: AgUiRun) -> tuple[str, SessionContext]:
    """The session and where the request has it. Raises InvalidArgument if it has none."""
    holders = {"state": command.state, "forwardedProps": command.forwarded_props}
    for place, holder in holders.items():
        if holder is not None and holder.session_context is not None:
            return place, holder.session_context
    raise InvalidArgument(errors=[FieldError("state.session_context", NO_CONTEXT)])


def _located_in_request(invalid: InvalidArgument, command: AgUiRun, place: str) -> InvalidArgument:
    """The refusal of a run, whose paths begin with `input`, with paths in the request."""
    return InvalidArgument(
        errors=[
            FieldError(_path(e.path.split(".")[1:], command, place), e.message)
            for e in invalid.errors
        ]
    )


def _path(path: list[str], command: AgUiRun, place: str) -> str:
    match path:
        case ["messages", position, *field]:
            return command.path_in_chat(int(position), field)
        case ["session_context", *_]:
            return ".".join([place, *path])
        case _:
            return ".".join(["forwardedProps", *path])

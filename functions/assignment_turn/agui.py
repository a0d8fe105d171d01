"""A turn of strict work as a run of an AG-UI agent, for AG-UI's own clients."""

from functions.assignment_turn.agui_contract import AssignmentAgUiRun
from functions.assignment_turn.handler import Dependencies
from functions.assignment_turn.runs_contract import AssignmentRunInput
from functions.assignment_turn.started_turn import start_turn
from shared.agui.run_events import stream_run
from shared.agui.run_input import find_in_state
from shared.ports.calls import Call, StreamingReply


def stream(command: AssignmentAgUiRun, call: Call, dependencies: Dependencies) -> StreamingReply:
    place, state = find_in_state(command, "session_id")
    native = command.forwarded_props.input if command.forwarded_props else None
    given = AssignmentRunInput.model_construct(
        session_id=state.session_id, seq=state.seq, input=native, messages=command.chat()
    )
    return stream_run(command, place, lambda: start_turn(given, call, dependencies))

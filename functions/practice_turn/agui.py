"""A turn as a run of an AG-UI agent, for AG-UI's own clients.

The run is that of runs.py in other words: the session is in the client's state, messages and
`resume` are the messages of the run, and its events are told in the protocol's types.
"""

from functions.practice_turn.agui_contract import AgUiRun
from functions.practice_turn.handler import Dependencies
from functions.practice_turn.runs_contract import RunInput
from functions.practice_turn.started_turn import start_turn
from shared.agui.run_events import stream_run
from shared.agui.run_input import find_in_state
from shared.ports.calls import Call, StreamingReply


def stream(command: AgUiRun, call: Call, dependencies: Dependencies) -> StreamingReply:
    place, state = find_in_state(command, "session_context")
    native = command.forwarded_props.input if command.forwarded_props else None
    given = RunInput.model_construct(
        session_context=state.session_context, input=native, messages=command.chat()
    )
    return stream_run(command, place, lambda: start_turn(given, call, dependencies))

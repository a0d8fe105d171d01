"""A turn of strict work in the shape of a stateless LangGraph run, for LangGraph's own clients.

A run is a turn: its input holds the session's id and the student's input, native or as messages.
"""

from functions.assignment_turn.contract import AssignmentTurnReply
from functions.assignment_turn.handler import Dependencies
from functions.assignment_turn.runs_contract import AssignmentRun, AssignmentRunValues
from functions.assignment_turn.started_turn import start_turn
from shared.ports.calls import Call, Reply, StreamingReply
from shared.runs.run_events import messages_of_run, stream_run


def wait(
    command: AssignmentRun, call: Call, dependencies: Dependencies
) -> Reply[AssignmentTurnReply]:
    started = start_turn(command.input, call, dependencies)
    reply = started.turn.answer()
    messages = messages_of_run(reply.messages, started)
    return Reply(reply.model_copy(update={"messages": messages}))


def stream(command: AssignmentRun, call: Call, dependencies: Dependencies) -> StreamingReply:
    started = start_turn(command.input, call, dependencies)
    return stream_run(command, started, AssignmentRunValues)

"""A turn in the shape of a stateless LangGraph run, for LangGraph's own clients.

A run is a turn: its input holds the session_context and the student's input, native or as messages.
A thread is only an id, for clients that need one.
"""

from functions.practice_turn.contract import PracticeTurnReply
from functions.practice_turn.handler import Dependencies, build_reply
from functions.practice_turn.runs_contract import Run, RunValues
from functions.practice_turn.started_turn import start_turn
from shared.ports.calls import Call, Reply, StreamingReply
from shared.runs.run_events import messages_of_run, stream_run
from shared.tutor.graph import run_turn


def wait(command: Run, call: Call, dependencies: Dependencies) -> Reply[PracticeTurnReply]:
    started = start_turn(command.input, call, dependencies)
    reply = build_reply(run_turn(started.turn, started.context), started.context)
    messages = messages_of_run(reply.messages, started)
    return Reply(reply.model_copy(update={"messages": messages}))


def stream(command: Run, call: Call, dependencies: Dependencies) -> StreamingReply:
    return stream_run(command, start_turn(command.input, call, dependencies), RunValues)

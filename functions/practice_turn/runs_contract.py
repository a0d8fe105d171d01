"""practice_turn for LangGraph's clients: each run carries the session."""

from typing import Any

from functions.practice_turn.contract import (
    EXAMPLE,
    TURN_REFUSALS,
    PracticeTurnReply,
    SessionContext,
    SessionContextReply,
)
from shared.contract.operation import EventStream
from shared.runs.operations import RunOperations
from shared.runs.run_contract import RunState, TurnRun, TurnRunInput


class RunInput(TurnRunInput):
    """Validated as strictly as PracticeTurn. `usage`, a part of a run's state, is ignored."""

    session_context: SessionContext


class Run(TurnRun):
    """Without `stream_mode` a stream has `updates` and `custom`, and `values` without messages."""

    assistant_id: str = "practice_turn"
    input: RunInput


class RunValues(RunState):
    """The session to resume. `messages`, the client's and the run's, with `stream_mode` values."""

    session_context: SessionContextReply


EXAMPLE_RUN: dict[str, Any] = {
    "assistant_id": "practice_turn",
    "input": EXAMPLE,
    "stream_mode": ["updates", "custom"],
}

_RUNS = RunOperations(
    function="practice_turn",
    request=Run,
    reply=PracticeTurnReply,
    stream=EventStream,
    refusals=TURN_REFUSALS,
    example=EXAMPLE_RUN,
    carried="the session",
)
RUNS_WAIT = _RUNS.runs_wait()
RUNS_STREAM = _RUNS.runs_stream()
THREADS = _RUNS.threads()
THREAD_RUNS_WAIT = _RUNS.thread_runs_wait()
THREAD_RUNS_STREAM = _RUNS.thread_runs_stream()

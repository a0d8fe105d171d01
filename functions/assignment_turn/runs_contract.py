"""assignment_turn for LangGraph's clients: each run carries the session's id."""

from typing import Any

from functions.assignment_turn.contract import (
    EXAMPLE,
    TURN_REFUSALS,
    AssignmentTurnReply,
    Seq,
)
from shared.contract.operation import EventStream
from shared.domain.common.fields import Id
from shared.domain.common.json_object import ParsedJson
from shared.domain.practice.client_view import ShownFields
from shared.runs.operations import RunOperations
from shared.runs.run_contract import RunState, TurnRun, TurnRunInput


class AssignmentRunInput(TurnRunInput):
    """Validated as strictly as AssignmentTurn. `seq` is needed with a native `input`. `done`,
    `state` and `usage`, parts of a run's state, are ignored.
    """

    session_id: Id
    seq: Seq | None = None
    done: ParsedJson = None
    state: ParsedJson = None


class AssignmentRun(TurnRun):
    """Without `stream_mode` a stream has `updates` and `custom`, and `values` without messages."""

    assistant_id: str = "assignment_turn"
    input: AssignmentRunInput


class AssignmentRunValues(RunState):
    """What goes on: the `seq` to send next, and the session as it is to be shown. `messages`, the
    client's and the run's, with `stream_mode` values.
    """

    session_id: Id
    seq: int
    done: bool
    state: ShownFields


class AssignmentEventStream(EventStream):
    """A reply of server-sent events, whose state is an AssignmentRunValues."""


EXAMPLE_RUN: dict[str, Any] = {
    "assistant_id": "assignment_turn",
    "input": EXAMPLE,
    "stream_mode": ["updates", "custom"],
}

_RUNS = RunOperations(
    function="assignment_turn",
    request=AssignmentRun,
    reply=AssignmentTurnReply,
    stream=AssignmentEventStream,
    refusals=TURN_REFUSALS,
    example=EXAMPLE_RUN,
    carried="the session's id",
    place=100,
)
RUNS_WAIT = _RUNS.runs_wait()
RUNS_STREAM = _RUNS.runs_stream()
THREADS = _RUNS.threads()
THREAD_RUNS_WAIT = _RUNS.thread_runs_wait()
THREAD_RUNS_STREAM = _RUNS.thread_runs_stream()

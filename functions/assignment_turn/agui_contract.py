"""assignment_turn for AG-UI's clients: a run is a turn, whose session's id is in the state."""

from typing import Any

from pydantic import ConfigDict

from functions.assignment_turn.contract import EXAMPLE, TURN_REFUSALS, Seq
from shared.agui.events import AgUiEventStream
from shared.agui.run_input import OPEN, WHEN_TOO_LARGE, RunAgentInput, requires_in_state
from shared.contract.operation import Operation, Tag
from shared.contract.turn_input import Input
from shared.domain.common.closed_model import ClosedModel
from shared.domain.common.fields import Id
from shared.runs.run_contract import THREAD_ID


class AssignmentAgUiState(ClosedModel):
    """The client's state. Its other keys are the app's own, or what a run told it to show."""

    model_config = ConfigDict(extra="ignore")

    session_id: Id | None = None
    seq: Seq | None = None


class AssignmentForwardedProps(AssignmentAgUiState):
    """What an app sends beside the state. `session_id` and `seq` count where the state has no
    `session_id`. A native `input` needs a `seq`.
    """

    input: Input | None = None


class AssignmentAgUiRun(RunAgentInput):
    """The session's id is in `state` or in `forwardedProps`."""

    model_config = ConfigDict(
        **OPEN,
        json_schema_extra=requires_in_state("session_id", {"type": "string"}),
    )

    state: AssignmentAgUiState | None = None
    forwarded_props: AssignmentForwardedProps | None = None


EXAMPLE_AGUI_RUN: dict[str, Any] = {
    "threadId": THREAD_ID.example,
    "runId": "6c1f6c0e-8b0f-4f0e-9d53-5f0c2f8e5d0e",
    "state": {"session_id": EXAMPLE["session_id"], "seq": EXAMPLE["seq"]},
    "messages": [],
    "forwardedProps": {"input": EXAMPLE["input"]},
}

AGUI = Operation(
    operation_id="assignment_turn_agui",
    function="assignment_turn",
    path="/agui",
    request=AssignmentAgUiRun,
    replies={200: AgUiEventStream},
    tag=Tag.AGUI,
    place=100,
    summary="Take a turn of strict work as an AG-UI agent",
    refusals=TURN_REFUSALS,
    honours_idempotency_key=False,
    example=EXAMPLE_AGUI_RUN,
    when_too_large=WHEN_TOO_LARGE,
)

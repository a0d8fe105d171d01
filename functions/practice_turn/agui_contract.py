"""practice_turn for AG-UI's clients: a run is a turn, whose session is in the client's state."""

from typing import Any

from pydantic import ConfigDict

from functions.practice_turn.contract import EXAMPLE, TURN_REFUSALS, SessionContext
from shared.agui.events import AgUiEventStream
from shared.agui.run_input import OPEN, WHEN_TOO_LARGE, RunAgentInput, requires_in_state
from shared.contract.operation import Operation, Tag
from shared.contract.turn_input import Input
from shared.domain.common.closed_model import ClosedModel
from shared.runs.run_contract import THREAD_ID


class AgUiState(ClosedModel):
    """The client's state. Its other keys are the app's own."""

    model_config = ConfigDict(extra="ignore")

    session_context: SessionContext | None = None


class ForwardedProps(AgUiState):
    """What an app sends beside the state. `session_context` counts where the state has none."""

    input: Input | None = None


class AgUiRun(RunAgentInput):
    """The session is in `state` or in `forwardedProps`."""

    model_config = ConfigDict(
        **OPEN,
        json_schema_extra=requires_in_state("session_context", {"type": "object"}),
    )

    state: AgUiState | None = None
    forwarded_props: ForwardedProps | None = None


EXAMPLE_AGUI_RUN: dict[str, Any] = {
    "threadId": THREAD_ID.example,
    "runId": "6c1f6c0e-8b0f-4f0e-9d53-5f0c2f8e5d0e",
    "state": EXAMPLE,
    "messages": [],
}

AGUI = Operation(
    operation_id="practice_turn_agui",
    function="practice_turn",
    path="/agui",
    request=AgUiRun,
    replies={200: AgUiEventStream},
    tag=Tag.AGUI,
    summary="Take a turn as an AG-UI agent",
    refusals=TURN_REFUSALS,
    honours_idempotency_key=False,
    example=EXAMPLE_AGUI_RUN,
    when_too_large=WHEN_TOO_LARGE,
)

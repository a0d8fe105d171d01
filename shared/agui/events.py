"""The events of a run that this back end sends, of the many that AG-UI has.

They are plain JSON in the protocol's form (https://docs.ag-ui.com/concepts/events).
"""

from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, RootModel
from pydantic.alias_generators import to_camel

from shared.contract.operation import EventStream
from shared.domain.common.errors import Refusal
from shared.domain.common.fields import ValueObject

PROTOCOL_VERSION = "1.0"


class AgUiValue(ValueObject):
    """A value whose names are in camel case."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True)


class RunStarted(AgUiValue):
    """Sent before any work begins, with the ids that the client sent."""

    type: Literal["RUN_STARTED"] = "RUN_STARTED"
    thread_id: str
    run_id: str
    protocol_version: str = PROTOCOL_VERSION


class StepStarted(AgUiValue):
    """Sent before work that takes long."""

    type: Literal["STEP_STARTED"] = "STEP_STARTED"
    step_name: str


class StepFinished(AgUiValue):
    type: Literal["STEP_FINISHED"] = "STEP_FINISHED"
    step_name: str


class ToolCallStart(AgUiValue):
    """A presentation. Each is the only call of its message."""

    type: Literal["TOOL_CALL_START"] = "TOOL_CALL_START"
    tool_call_id: str
    tool_call_name: str
    parent_message_id: str


class ToolCallArgs(AgUiValue):
    """`delta` is the whole JSON of the presentation's arguments."""

    type: Literal["TOOL_CALL_ARGS"] = "TOOL_CALL_ARGS"
    tool_call_id: str
    delta: str


class ToolCallEnd(AgUiValue):
    type: Literal["TOOL_CALL_END"] = "TOOL_CALL_END"
    tool_call_id: str


class ToolCallResult(AgUiValue):
    """Settles a call that asks for no answer."""

    type: Literal["TOOL_CALL_RESULT"] = "TOOL_CALL_RESULT"
    message_id: str
    tool_call_id: str
    content: str
    role: Literal["tool"] = "tool"


class Addition(AgUiValue):
    """An operation of JSON Patch (RFC 6902): it adds the value or replaces it."""

    op: Literal["add"] = "add"
    path: str
    value: Any


class StateDelta(AgUiValue):
    """What the client keeps, as keys of its state, whose other keys stay."""

    type: Literal["STATE_DELTA"] = "STATE_DELTA"
    delta: list[Addition]


class TokenUsage(AgUiValue):
    """The tokens of the run's calls of the model."""

    input_tokens: int
    output_tokens: int


class RunSuccess(AgUiValue):
    """Without `pendingToolCallIds`, which clients before 1.0 refuse: a client finds by itself that
    the question's call has no result.
    """

    type: Literal["success"] = "success"


class RunFinished(AgUiValue):
    """The last event of a run. `usage` is absent where no model was called."""

    type: Literal["RUN_FINISHED"] = "RUN_FINISHED"
    thread_id: str
    run_id: str
    outcome: RunSuccess = RunSuccess()
    usage: list[TokenUsage] = Field(default=[], exclude_if=lambda usage: not usage)


class RunError(AgUiValue):
    """The last event of a run that failed: a refusal's reason and detail.

    The session in the client's state stays valid.
    """

    type: Literal["RUN_ERROR"] = "RUN_ERROR"
    code: str
    message: str

    @classmethod
    def of(cls, refusal: Refusal) -> Self:
        return cls(code=refusal.reason, message=refusal.detail)


class AgUiEventData(RootModel[Any]):
    """The data of one server-sent event. The events have no other name than their type."""

    model_config = ConfigDict(defer_build=True)

    root: Annotated[
        RunStarted
        | StepStarted
        | StepFinished
        | ToolCallStart
        | ToolCallArgs
        | ToolCallEnd
        | ToolCallResult
        | StateDelta
        | RunFinished
        | RunError,
        Field(discriminator="type"),
    ]


class AgUiEventStream(EventStream):
    """A reply of server-sent events, whose data is an AgUiEventData."""

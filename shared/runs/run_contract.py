"""Runs as LangGraph's clients send them, and their events: a thread is only an id.

Nothing is stored under a thread: each run carries what its turn needs.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, PlainValidator, RootModel

from shared.contract.client_message import ClientMessage
from shared.contract.command import Command
from shared.contract.operation import PathParameter
from shared.contract.refusals import ErrorEvent
from shared.contract.turn_input import Input
from shared.domain.common.closed_model import ClosedModel
from shared.domain.common.entries import Entries, at_most
from shared.domain.common.fields import Instant, ValueObject
from shared.domain.common.json_object import ParsedJson
from shared.domain.common.json_schema import Check
from shared.tutor.ports import Usage
from shared.tutor.state import LongStep
from shared.tutor.tool_calls import Message

# Beyond what fits into a body of real messages: some 200 bytes each.
MAX_MESSAGES = 5_000
MAX_STREAM_MODES = 20

THREAD_ID = PathParameter(
    name="thread_id",
    description="Any id, such as /threads returns. Nothing is stored under it.",
    example="0f6f1c9f-2d3a-4c0e-8f7c-9a4f0f6f1c9f",
)


class LangGraphRequest(Command):
    """A request of LangGraph's clients. Unknown fields are ignored: the SDKs send many of them."""

    model_config = ConfigDict(extra="ignore")


class TurnRunInput(ClosedModel):
    """The student's input in a run. `usage`, a part of a run's state, is ignored."""

    input: Input | None = None
    messages: Annotated[Entries[ClientMessage], at_most(MAX_MESSAGES)] = []
    usage: ParsedJson = None


# The stream modes that yield something.
STREAM_MODES = ("updates", "custom", "values")


def _parse_stream_mode(sent: Any) -> list[str] | None:
    """Clients ask for more modes than they need, so one that yields something is enough."""
    if sent is None:
        return None
    modes = sent if isinstance(sent, list) else [sent]
    if len(modes) > MAX_STREAM_MODES or not all(isinstance(mode, str) for mode in modes):
        raise ValueError(f"must be a stream mode, or a list of at most {MAX_STREAM_MODES}")
    if not set(modes) & set(STREAM_MODES):
        names = ", ".join(repr(mode[:40]) for mode in modes[:5]) or "an empty list"
        raise ValueError(f"{names} yields nothing here: send {', '.join(STREAM_MODES)}")
    return modes


_ONE_THAT_YIELDS = {"enum": list(STREAM_MODES)}
StreamModes = Annotated[
    list[str] | None,
    Check(
        PlainValidator(_parse_stream_mode),
        anyOf=[
            {"type": "string", **_ONE_THAT_YIELDS},
            {
                "type": "array",
                "items": {"type": "string"},
                "contains": _ONE_THAT_YIELDS,
                "maxItems": MAX_STREAM_MODES,
            },
            {"type": "null"},
        ],
    ),
]


class TurnRun(LangGraphRequest):
    """Without `stream_mode` a stream has `updates` and `custom`, and `values` without messages.

    An operation says what the run's `input` is.
    """

    assistant_id: str = ""
    input: Any
    stream_mode: StreamModes = None

    def wants(self, mode: str) -> bool:
        return mode in (("updates", "custom") if self.stream_mode is None else self.stream_mode)


class CreateThread(LangGraphRequest):
    thread_id: str | None = None
    metadata: dict[str, ParsedJson] | None = None


class ThreadReply(ValueObject):
    thread_id: str
    created_at: Instant
    updated_at: Instant
    metadata: dict[str, ParsedJson]
    status: Literal["idle"] = "idle"
    values: dict[str, JsonValue] | None = None
    interrupts: dict[str, JsonValue] = {}


class RunMetadata(ValueObject):
    """Sent before any work begins."""

    run_id: str
    attempt: Literal[1] = 1


class RunStep(ValueObject):
    """Sent before work that takes long."""

    event: LongStep


class NodeMessages(ValueObject):
    messages: list[Message]


class RunUpdates(RootModel[Any]):
    """The messages of a node, by its name, sent as soon as the node has ended."""

    # RootModel[dict[str, NodeMessages]] would be built at import, even for native turns alone.
    model_config = ConfigDict(defer_build=True)

    root: dict[str, NodeMessages]


class RunState(ValueObject):
    """The state after a run, to which a function adds the fields that its client keeps.

    `messages`, the client's and the run's, are there with `stream_mode` values.
    """

    usage: Usage
    messages: list[dict[str, ParsedJson]] = Field(
        default=[], exclude_if=lambda messages: not messages
    )


class RunEnd(ValueObject):
    run_id: str
    status: Literal["success"] = "success"


def events_of_runs(values: type[RunState]) -> Mapping[str, type[BaseModel]]:
    """The data of a run's events by their names, in the order of a run."""
    return {
        "metadata": RunMetadata,
        "custom": RunStep,
        "updates": RunUpdates,
        "values": values,
        "end": RunEnd,
        "error": ErrorEvent,
    }

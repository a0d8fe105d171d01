"""The input of a run, as AG-UI's clients send it with every run."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import ConfigDict
from pydantic.alias_generators import to_camel
from pydantic_core import to_json

from shared.contract.client_message import ClientMessage
from shared.contract.command import Command
from shared.domain.common.closed_model import ClosedModel
from shared.domain.common.entries import Entries, at_most
from shared.domain.common.errors import FieldError, InvalidArgument
from shared.domain.common.json_object import ParsedJson
from shared.domain.common.json_schema import Schema

# Beyond what fits into a body of real messages: some 200 bytes each.
MAX_MESSAGES = 5_000
MAX_RESUMED = 100
# Clients send many fields that a turn has no use for, such as `tools`.
OPEN = ConfigDict(extra="ignore", alias_generator=to_camel)
WHEN_TOO_LARGE = (
    "Leave out earlier messages: a run needs the last question's call and what came after it."
)
NOT_THERE = "Field required, here or in forwardedProps"


class AgUiMessage(ClientMessage):
    """A message of the client's list. Other fields, such as `name`, are ignored."""

    model_config = ConfigDict(**OPEN, defer_build=True)


class ResumeEntry(ClosedModel):
    """The answer to an interrupt, for clients that take a pending call for one."""

    model_config = OPEN

    interrupt_id: str
    status: Literal["resolved", "cancelled"] = "resolved"
    payload: ParsedJson = None

    def as_result(self) -> ClientMessage:
        """The result of the call of that id."""
        if self.status == "cancelled":
            content = '{"cancelled": true}'
        else:
            content = "" if self.payload is None else to_json(self.payload).decode()
        return ClientMessage.model_construct(
            role="tool", tool_call_id=self.interrupt_id, content=content
        )


class RunAgentInput(Command):
    """A run of a thread. Nothing is stored under either id; the events repeat them.

    An operation says what it reads of `state` and `forwardedProps`.
    """

    model_config = OPEN

    thread_id: str
    run_id: str
    state: Any = None
    forwarded_props: Any = None
    messages: Annotated[Entries[AgUiMessage], at_most(MAX_MESSAGES)] = []
    resume: Annotated[Entries[ResumeEntry], at_most(MAX_RESUMED)] | None = None

    def chat(self) -> list[ClientMessage]:
        """The messages, and then the results that `resume` has."""
        return [*self.messages, *(entry.as_result() for entry in self.resume or [])]

    def path_in_chat(self, position: int, field: Sequence[str]) -> str:
        """The path in the request of a field of the chat's message at this position."""
        resumed = position - len(self.messages)
        if resumed < 0:
            return ".".join(["messages", str(position), *map(to_camel, field)])
        name = "interruptId" if field[0] == "tool_call_id" else "payload"
        return f"resume.{resumed}.{name}"

    def call_ids(self) -> set[str]:
        """The ids of the calls that the client has, as far as its messages show them."""
        ids = {message.tool_call_id for message in self.chat()}
        calls = [call for message in self.messages for call in message.tool_calls or []]
        return {id_ for id_ in (*ids, *(call.get("id") for call in calls)) if isinstance(id_, str)}


def find_in_state(run: RunAgentInput, field: str) -> tuple[str, Any]:
    """The name and the value of the state if it has the field, else of the forwarded properties.

    Raises InvalidArgument.
    """
    for name, value in (("state", run.state), ("forwardedProps", run.forwarded_props)):
        if value is not None and getattr(value, field) is not None:
            return name, value
    raise InvalidArgument(errors=[FieldError(f"state.{field}", NOT_THERE)])


def requires_in_state(field: str, schema: Schema) -> Schema:
    """The condition that a run has the field where find_in_state looks for it, for a schema."""

    def has(place: str) -> Schema:
        value: Schema = {
            "type": "object",
            "properties": {field: schema},
            "required": [field],
            "additionalProperties": True,
        }
        return {"properties": {place: value}, "required": [place], "additionalProperties": True}

    then: Schema = {"additionalProperties": True}
    return {"if": has("state"), "then": then, "else": has("forwardedProps")}


def located_in_request(invalid: InvalidArgument, run: RunAgentInput, place: str) -> InvalidArgument:
    """The refusal of a run, whose paths begin with `input`, with paths in the request: `place` has
    the run's state.
    """

    def path(of_run: list[str]) -> str:
        match of_run:
            case ["messages", position, *field]:
                return run.path_in_chat(int(position), field)
            case ["input", *_]:
                return ".".join(["forwardedProps", *of_run])
            case _:
                return ".".join([place, *of_run])

    return InvalidArgument(
        errors=[FieldError(path(e.path.split(".")[1:]), e.message) for e in invalid.errors]
    )

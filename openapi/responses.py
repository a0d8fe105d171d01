"""The responses of an operation: replies, refusals and the headers of both."""

import json
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from http import HTTPStatus
from itertools import groupby
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from functions.assignment_turn.runs_contract import AssignmentEventStream
from shared.agui.events import AgUiEventStream
from shared.contract.command import Command
from shared.contract.operation import EventStream, Link, Operation, main_operation
from shared.contract.refusals import STATUS_OF, Problem
from shared.domain.common.errors import FieldError, InvalidArgument, Refusal
from shared.domain.common.json_schema import Schema
from shared.endpoint.problems import PROBLEM_JSON
from shared.endpoint.server_sent_events import EVENT_STREAM

REPLIES_FILE = Path(__file__).with_name("replies.json")
EXAMPLE_REQUEST_ID = "5f0c2f8e5d0e4f7c9a4f0f6f1c9f2d3a"
EXAMPLE_ERROR = FieldError("template_data.sections.0.name", "Field required")

# The component of one event, by the reply that is a stream of them.
EVENTS_OF: Mapping[type[BaseModel] | None, str] = {
    EventStream: "Event",
    AssignmentEventStream: "AssignmentEvent",
    AgUiEventStream: "AgUiEvent",
}

HEADERS: Mapping[str, Schema] = {
    "X-Request-Id": {
        "description": "The request's X-Request-Id if it is valid, else a new id. Quote it when "
        "you report a problem.",
        "required": True,
        "schema": {"type": "string"},
    },
    "Access-Control-Allow-Origin": {
        "description": "The origin that may read the response, or `*`; absent for other origins.",
        "schema": {"type": "string"},
    },
    "Access-Control-Expose-Headers": {
        "description": "The headers that scripts of another origin may read.",
        "required": True,
        "schema": {"type": "string"},
    },
    "Idempotent-Replayed": {
        "description": "Present when this repeats the first reply to this Idempotency-Key.",
        "schema": {"const": "true"},
    },
    "Retry-After": {
        "description": "The number of seconds after which to try again.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    },
    "WWW-Authenticate": {
        "description": "The way to authenticate.",
        "required": True,
        "schema": {"const": "Bearer"},
    },
    "Allow": {
        "description": "The methods of this path.",
        "required": True,
        "schema": {"type": "string"},
    },
}
HEADERS_OF_EVERY_RESPONSE = (
    "X-Request-Id",
    "Access-Control-Allow-Origin",
    "Access-Control-Expose-Headers",
)
HEADERS_OF_STATUS: Mapping[int, tuple[str, ...]] = {
    401: ("WWW-Authenticate",),
    405: ("Allow",),
    429: ("Retry-After",),
    503: ("Retry-After",),
}


def responses(operation: Operation[Command], refs: Mapping[Any, Schema]) -> dict[str, Schema]:
    """By status, as text, in ascending order. A status of one refusal has a shared one."""
    by_status = {
        str(status): _reply(operation, status, model, refs)
        for status, model in operation.replies.items()
    }
    for status, refusals in _refusals_by_status(operation):
        alone = {"$ref": f"#/components/responses/{refusals[0].reason}"}
        by_status[str(status.value)] = alone if len(refusals) == 1 else _refusal(refusals)
    return dict(sorted(by_status.items()))


def shared_responses(operations: Iterable[Operation[Command]]) -> dict[str, Schema]:
    """By reason, the responses to refusals that are alone of their status in some operation."""
    alone = {
        refusals[0].reason: refusals
        for operation in operations
        for _, refusals in _refusals_by_status(operation)
        if len(refusals) == 1
    }
    return {reason: _refusal(refusals) for reason, refusals in sorted(alone.items())}


def _refusals_by_status(
    operation: Operation[Command],
) -> Iterator[tuple[HTTPStatus, list[type[Refusal]]]]:
    def status(refusal: type[Refusal]) -> HTTPStatus:
        return STATUS_OF[refusal.reason]

    ordered = sorted(operation.all_refusals, key=lambda refusal: (status(refusal), refusal.reason))
    return ((key, list(refusals)) for key, refusals in groupby(ordered, key=status))


def _reply(
    operation: Operation[Command],
    status: int,
    model: type[BaseModel] | None,
    refs: Mapping[Any, Schema],
) -> dict[str, Any]:
    replayed = ("Idempotent-Replayed",) if operation.honours_idempotency_key else ()
    reply: dict[str, Any] = {
        "description": HTTPStatus(status).phrase,
        "headers": _header_refs((*HEADERS_OF_EVERY_RESPONSE, *replayed)),
    }
    if model in EVENTS_OF:
        schema = {"$ref": f"#/components/schemas/{EVENTS_OF[model]}"}
        reply["content"] = {EVENT_STREAM: {"schema": schema}}
    elif model is not None:
        content = {"schema": refs[model]}
        if example := _example(operation, status, model):
            content["example"] = example
        reply["content"] = {"application/json": content}
    if operation.links and model is not None:
        reply["links"] = {link.operation_id: _link(link, model) for link in operation.links}
    return reply


@cache
def recorded_replies() -> Mapping[str, Any]:
    """By operation and status, such as "start_session 201". local/record_replies.py writes them."""
    replies: Mapping[str, Any] = json.loads(REPLIES_FILE.read_text(encoding="utf-8"))
    return replies


def _example(operation: Operation[Command], status: int, model: type[BaseModel]) -> Any:
    """The operation's recorded reply, else its declared one, else its function's recorded one.

    A reply whose fields all occur in recorded replies needs none of these.
    """
    recorded = recorded_replies()
    return (
        recorded.get(f"{operation.operation_id} {status}")
        or operation.reply_example
        or recorded.get(f"{operation.function} {status}")
        or _composed_reply(model)
    )


def _composed_reply(model: type[BaseModel]) -> dict[str, Any] | None:
    """A reply made of recorded fields, each from the first reply that has it, or None."""
    fields, names = ChainMap(*recorded_replies().values()), _fields_by_json_name(model)
    return {name: fields[name] for name in names} if fields.keys() >= names.keys() else None


def _fields_by_json_name(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _link(link: Link, reply: type[BaseModel]) -> Schema:
    target = main_operation(link.operation_id)
    # A body is given as text: generators refuse an object, which OpenAPI would allow too.
    fields: Schema = (
        {"requestBody": _text_of(link.fields, reply)}
        if target.has_body
        else {"parameters": {f"query.{name}": value for name, value in link.fields.items()}}
    )
    return {"operationId": link.operation_id, **fields}


def _text_of(fields: Any, reply: type[BaseModel]) -> str:
    """The fields as JSON once its expressions, which are in braces, are replaced by their values.

    A value that is a text is inserted without quotation marks, and any other as JSON.
    """
    if isinstance(fields, Mapping):
        members = (f"{json.dumps(name)}: {_text_of(v, reply)}" for name, v in fields.items())
        return f"{{{', '.join(members)}}}"
    return f'"{{{fields}}}"' if _is_of_text(fields, reply) else f"{{{fields}}}"


def _is_of_text(expression: str, reply: type[BaseModel]) -> bool:
    found: Any = reply
    for name in expression.removeprefix("$response.body#/").split("/"):
        found = _fields_by_json_name(found)[name].annotation
    return found is str


def event(events: Mapping[str, Schema]) -> Schema:
    """One event of a stream. `events` maps the name of each event to the schema of its data."""
    return {
        "description": "One server-sent event of a stream. Comments between events keep the "
        "connection open. The last event is `end` or `error`.",
        "oneOf": [
            {
                "type": "object",
                "properties": {"event": {"const": name}, "data": _json_text(schema)},
                "required": ["event", "data"],
            }
            for name, schema in events.items()
        ],
    }


def unnamed_event(data: Schema) -> Schema:
    """One event of a stream whose events have their type in their data."""
    return {
        "description": "One server-sent event of an AG-UI run. Comments between events keep the "
        "connection open. The last event is `RUN_FINISHED` or `RUN_ERROR`.",
        "type": "object",
        "properties": {"data": _json_text(data)},
        "required": ["data"],
    }


def _json_text(schema: Schema) -> Schema:
    return {"type": "string", "contentMediaType": "application/json", "contentSchema": schema}


def _refusal(refusals: list[type[Refusal]]) -> Schema:
    """The response to refusals that share one status."""
    reasons = [refusal.reason for refusal in refusals]
    status = STATUS_OF[reasons[0]]
    narrowed = {"status": {"const": status.value}, "reason": {"enum": reasons}}
    # A condition, because tools that generate code leave those out: every refusal has one type.
    schema = {
        "allOf": [{"$ref": "#/components/schemas/Problem"}],
        "if": {"type": "object"},
        "then": {"properties": narrowed, "additionalProperties": True},
    }
    examples = {refusal.reason: {"value": _problem(refusal)} for refusal in refusals}
    return {
        "description": "\n".join(f"`{r.reason}`: {r.default_detail}" for r in refusals),
        "headers": _header_refs((*HEADERS_OF_EVERY_RESPONSE, *HEADERS_OF_STATUS.get(status, ()))),
        "content": {PROBLEM_JSON: {"schema": schema, "examples": examples}},
    }


def _problem(refusal: type[Refusal]) -> dict[str, Any]:
    """The JSON of a refusal, made by the code that the functions use."""
    errors = [EXAMPLE_ERROR] if refusal is InvalidArgument else []
    made = refusal(errors=errors) if errors else refusal()
    return Problem.of(made, request_id=EXAMPLE_REQUEST_ID).model_dump(mode="json")


def _header_refs(names: Iterable[str]) -> Schema:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}

"""Answers as the document has them: replies, refusals and the headers of both."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from openapi.examples import replies
from openapi.links import links_from
from openapi.messages import EVENTS, Turn
from openapi.operations import EventStream, Operation
from openapi.rules import Schema
from shared.contract.refusals import STATUS_OF
from shared.domain.common.errors import FieldError, InvalidArgument, Refusal, all_refusals
from shared.endpoint.problems import PROBLEM_JSON, problem_response
from shared.endpoint.server_sent_events import EVENT_STREAM

REFUSALS: Mapping[str, type[Refusal]] = {refusal.reason: refusal for refusal in all_refusals()}
REQUEST_ID = "5f0c2f8e5d0e4f7c9a4f0f6f1c9f2d3a"
EXAMPLE_ERROR = FieldError("template_data.sections.0.name", "Field required")

HEADERS: Mapping[str, Schema] = {
    "X-Request-Id": {
        "description": "The request's own id where it sent a usable one, else a new one. Quote it "
        "when you report a problem.",
        "required": True,
        "schema": {"type": "string"},
    },
    "Access-Control-Allow-Origin": {
        "description": "The origin that may read the answer, or `*`; absent for other origins.",
        "schema": {"type": "string"},
    },
    "Access-Control-Expose-Headers": {
        "description": "The headers that scripts of another origin may read.",
        "required": True,
        "schema": {"type": "string"},
    },
    "Idempotent-Replayed": {
        "description": "There when this is the first reply to this Idempotency-Key, again.",
        "schema": {"const": "true"},
    },
    "Retry-After": {
        "description": "After how many seconds to try again.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    },
    "WWW-Authenticate": {
        "description": "How to say who calls.",
        "required": True,
        "schema": {"const": "Bearer"},
    },
    "Allow": {
        "description": "The methods that are answered here.",
        "required": True,
        "schema": {"type": "string"},
    },
}
EVERY_ANSWER = ("X-Request-Id", "Access-Control-Allow-Origin", "Access-Control-Expose-Headers")
OF_STATUS: Mapping[int, tuple[str, ...]] = {
    401: ("WWW-Authenticate",),
    405: ("Allow",),
    429: ("Retry-After",),
    503: ("Retry-After",),
}

PROBLEM: Schema = {
    "description": "A refusal (RFC 9457). Switch on `reason`; `detail` is for people. A refusal "
    "changes nothing.",
    "type": "object",
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "reason": {"type": "string", "enum": sorted(STATUS_OF)},
        "request_id": {"type": "string"},
        "errors": {
            "description": "Every invalid field at once, up to 100 of them.",
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"path": {"type": "string"}, "message": {"type": "string"}},
                "required": ["path", "message"],
            },
            "maxItems": 100,
        },
    },
    "required": ["type", "title", "status", "detail", "reason", "request_id"],
}


def responses(operation: Operation, refs: Mapping[Any, Schema]) -> dict[str, Schema]:
    """By status, as text, in ascending order."""
    told = {
        str(status): _reply(operation, status, model, refs)
        for status, model in operation.replies.items()
    }
    by_status: dict[HTTPStatus, list[str]] = {}
    for reason in operation.reasons:
        by_status.setdefault(STATUS_OF[reason], []).append(reason)
    for status, reasons in by_status.items():
        alone = {"$ref": f"#/components/responses/{reasons[0]}"}
        told[str(status.value)] = alone if len(reasons) == 1 else _refusal(status, reasons)
    return dict(sorted(told.items()))


def shared_responses(operations: Iterable[Operation]) -> dict[str, Schema]:
    """The refusals that are the only one of their status somewhere, by reason."""
    named: set[str] = set()
    for operation in operations:
        for response in responses(operation, defaultdict(dict)).values():
            named.add(str(response.get("$ref", "")).rpartition("/")[2])
    return {reason: _refusal(STATUS_OF[reason], [reason]) for reason in sorted(named - {""})}


def _reply(
    operation: Operation, status: int, model: Any, refs: Mapping[Any, Schema]
) -> dict[str, Any]:
    headers = (*EVERY_ANSWER, "Idempotent-Replayed") if operation.stores else EVERY_ANSWER
    told: dict[str, Any] = {"description": HTTPStatus(status).phrase, "headers": _refs(headers)}
    if model is EventStream:
        told["content"] = {EVENT_STREAM: {"schema": {"$ref": "#/components/schemas/Event"}}}
    elif model is not None:
        told["content"] = {"application/json": {"schema": refs[model]}}
        # A run that was waited for answers as a turn does.
        name = "practice_turn" if model is Turn else operation.id
        if example := replies().get(f"{name} {status}"):
            told["content"]["application/json"]["example"] = example
    if links := links_from(operation.id, status):
        told["links"] = links
    return told


def event(refs: Mapping[Any, Schema]) -> Schema:
    """One event of a stream: its name, and what its data holds."""
    return {
        "description": "One server-sent event; the stream is one after another. Comments in "
        "between keep the connection. The last event is `end` or `error`.",
        "oneOf": [
            {
                "type": "object",
                "properties": {
                    "event": {"const": name},
                    "data": {
                        "type": "string",
                        "contentMediaType": "application/json",
                        "contentSchema": refs[model],
                    },
                },
                "required": ["event", "data"],
            }
            for name, model in EVENTS.items()
        ],
    }


def _refusal(status: HTTPStatus, reasons: Iterable[str]) -> Schema:
    """The problem narrowed to the reasons that this operation has for this status."""
    named = sorted(reasons)
    narrowed = {
        "type": "object",
        "properties": {"status": {"const": status.value}, "reason": {"enum": named}},
    }
    schema = {"allOf": [{"$ref": "#/components/schemas/Problem"}, narrowed]}
    examples = {reason: {"value": _example(reason)} for reason in named}
    return {
        "description": "\n".join(f"`{name}`: {REFUSALS[name].default_detail}" for name in named),
        "headers": _refs((*EVERY_ANSWER, *OF_STATUS.get(status, ()))),
        "content": {PROBLEM_JSON: {"schema": schema, "examples": examples}},
    }


def _example(reason: str) -> Any:
    """What the functions themselves make of it."""
    refusal = REFUSALS[reason]
    made = refusal(errors=[EXAMPLE_ERROR]) if refusal is InvalidArgument else refusal()
    return problem_response(made, request_id=REQUEST_ID).get_json()


def _refs(names: Iterable[str]) -> Schema:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}

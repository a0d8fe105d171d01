"""The OpenAPI document of all functions, generated from their contracts."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openapi.examples import EXAMPLES, THREAD_ID
from openapi.messages import EVENTS
from openapi.operations import OPERATIONS, TAGS, EventStream, Operation
from openapi.public import with_shapes
from openapi.responses import HEADERS, PROBLEM, event, responses, shared_responses
from openapi.rules import Schema
from openapi.schemas import components
from shared.endpoint import cors
from shared.endpoint.endpoint import MAX_IDEMPOTENCY_KEY_LENGTH

ROOT = Path(__file__).resolve().parent.parent
FILE: Path = ROOT / "docs" / "openapi.json"

DESCRIPTION = """\
Functions write, clients read Firestore themselves, under security rules. In production each
function has a URL of its own; on the local stack all share one port.

JSON is taken literally: `"8"` is no number, and unknown fields are refused by name. Instants in
replies are RFC 3339 in UTC. Fields may be added to replies. Every refusal is a problem (RFC 9457)
with a stable `reason`. After a 503, or when no reply came at all, send the same request again: with
an `Idempotency-Key` it takes effect once.

What the fields mean, and every read of Firestore: docs/api.md.
"""

SERVERS = [
    {"url": "/", "description": "Where this document was found: the local stack."},
    {
        "url": "https://{region}-{project}.cloudfunctions.net",
        "description": "The deployed functions.",
        "variables": {
            "region": {"default": "europe-west1", "description": "Where they are deployed."},
            "project": {"default": "project", "description": "The Google Cloud project."},
        },
    },
]

SECURITY = {
    "user": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A Firebase ID token.",
    },
    "scheduler": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The OIDC token of the scheduler's service account.",
    },
}

PARAMETERS: dict[str, Schema] = {
    "Idempotency-Key": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "The same key with the same request gives the first reply again, for 48 "
        "hours; with another request it is an IDEMPOTENCY_KEY_REUSED. Printable characters.",
        "schema": {
            "type": "string",
            "minLength": 1,
            "maxLength": MAX_IDEMPOTENCY_KEY_LENGTH,
            "pattern": "^[!-~]([ -~]*[!-~])?$",
        },
    },
    "X-Request-Id": {
        "name": "X-Request-Id",
        "in": "header",
        "description": "Comes back with the answer: up to 128 letters, digits and `._:/+=-`. "
        "Any other is passed over.",
        "schema": {"type": "string"},
    },
    "Traceparent": {
        "name": "Traceparent",
        "in": "header",
        "description": "W3C trace context, for the logs. A malformed one is passed over.",
        "schema": {"type": "string"},
    },
    "X-Firebase-AppCheck": {
        "name": "X-Firebase-AppCheck",
        "in": "header",
        "description": "A Firebase App Check token, where the project asks for one.",
        "schema": {"type": "string"},
    },
}


def document() -> dict[str, Any]:
    """The whole of it. The same contracts give the same document, in the same order."""
    requests = {o.command: None for o in OPERATIONS if o.has_body}
    replies = {
        m: None for o in OPERATIONS for m in o.replies.values() if m not in (None, EventStream)
    }
    told = [*(reply for reply in replies if reply is not None), *EVENTS.values()]
    refs, schemas = components(requests, told)
    schemas = with_shapes({**schemas, "Problem": PROBLEM, "Event": event(refs)})
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation, refs)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Practice back end",
            "version": _version(),
            "description": DESCRIPTION,
        },
        "servers": SERVERS,
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "responses": shared_responses(OPERATIONS),
            "headers": HEADERS,
            "parameters": {name: PARAMETERS[name] for name in _header_names()},
            "securitySchemes": SECURITY,
        },
    }


def text() -> str:
    """As it is committed: two spaces, and a line end at the end."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


def _version() -> str:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return str(project["version"])


def _header_names() -> Iterator[str]:
    """Those that a web client may send: no others are needed."""
    sent = {name.strip() for name in cors.REQUEST_HEADERS.split(",")}
    return (name for name in PARAMETERS if name in sent)


def _operation(operation: Operation, refs: dict[Any, Schema]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": operation.description,
        "security": [{operation.security: []}],
        "parameters": list(_parameters(operation)),
    }
    if operation.has_body:
        content = {"schema": refs[operation.command], "example": EXAMPLES[operation.id]}
        told["requestBody"] = {"required": True, "content": {"application/json": content}}
    told["responses"] = responses(operation, refs)
    return {name: word for name, word in told.items() if word not in ("", [])}


def _parameters(operation: Operation) -> Iterator[Schema]:
    for name in operation.path_parameters:
        yield {
            "name": name,
            "in": "path",
            "required": True,
            "description": "Any id, such as /threads gives. Nothing is kept under it.",
            "schema": {"type": "string", "pattern": "^[^/]+$"},
            "example": THREAD_ID,
        }
    if not operation.has_body:
        yield from _query(operation)
    passed_over = {
        "Idempotency-Key": not operation.stores,
        "X-Firebase-AppCheck": operation.security != "user",
    }
    for name in _header_names():
        if not passed_over.get(name):
            yield {"$ref": f"#/components/parameters/{name}"}


def _query(operation: Operation) -> Iterator[Schema]:
    """A command without a body travels in the query, field by field."""
    refs, schemas = components([operation.command], [])
    schema = schemas[refs[operation.command]["$ref"].rpartition("/")[2]]
    for name, field in schema["properties"].items():
        yield {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", []),
            "schema": field,
            "example": EXAMPLES[operation.id][name],
        }

"""The OpenAPI document of all functions, generated from their contracts."""

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from functions.assignment_turn.runs_contract import AssignmentRunValues
from functions.practice_turn.runs_contract import RunValues
from openapi.question_schemas import with_public_questions
from openapi.responses import EVENTS_OF, HEADERS, event, responses, shared_responses, unnamed_event
from openapi.schemas import components, reply_schema
from shared.agui.events import AgUiEventData
from shared.contract.command import Command
from shared.contract.operation import Operation, Security, Tag, all_operations
from shared.contract.refusals import Problem
from shared.domain.common.json_schema import Schema, without_null
from shared.domain.gradebook.live import Live
from shared.domain.gradebook.rows import GradeChange, Row
from shared.domain.gradebook.voiding import QuestionChange
from shared.domain.sessions.items import LoggedItem
from shared.domain.students.skills import Skill
from shared.domain.students.student import Student
from shared.endpoint import cors
from shared.endpoint.endpoint import MAX_IDEMPOTENCY_KEY_LENGTH
from shared.ports.calls import IDEMPOTENCY_RETENTION
from shared.runs.run_contract import RunState, events_of_runs

ROOT = Path(__file__).resolve().parent.parent

DESCRIPTION = """\
Functions write; clients read Firestore directly, under security rules. In production each function
has its own URL; on the local stack all share one port.

JSON types are strict: `"8"` is not a number, and unknown fields are refused by name. Instants in
replies are RFC 3339 in UTC. Later versions may add fields to replies. Every refusal is a problem
(RFC 9457) with a stable `reason`. After a 503, or without any reply, send the same request again:
with an `Idempotency-Key` it takes effect once.

The meaning of the fields, and every read of Firestore: docs/api.md.
"""

DOCUMENTS_DESCRIPTION = """\
Documents that clients read from Firestore and that no function replies: an entry of a session's
log, a student's totals, and a student's skill. Sessions and templates are those of openapi.json.
In Firestore an instant is a timestamp, and the id of a document is in its path. A document that an
older version wrote may lack fields that were added since.
"""
# The state after a run, by the component of the events of a stream.
VALUES_OF_RUNS: Mapping[str, type[RunState]] = {
    "Event": RunValues,
    "AssignmentEvent": AssignmentRunValues,
}
READ_ONLY = (LoggedItem, Student, Skill, Row, GradeChange, QuestionChange, Live)

SERVERS = [
    {"url": "/", "description": "The server of this document: the local stack."},
    {
        "url": "https://{region}-{project}.cloudfunctions.net",
        "description": "The deployed functions.",
        "variables": {
            "region": {"default": "europe-west1", "description": "The region of the functions."},
            "project": {"default": "project", "description": "The Google Cloud project."},
        },
    },
]

BEARER = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
SECURITY = {
    Security.USER.value: {**BEARER, "description": "A Firebase ID token."},
    Security.SCHEDULER.value: {
        **BEARER,
        "description": "The OIDC token of the scheduler's service account.",
    },
}

PARAMETERS: Mapping[str, Schema] = {
    "Idempotency-Key": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": f"For {IDEMPOTENCY_RETENTION.days} days the same key with the same "
        "request returns the first reply; "
        "with another request it is refused with IDEMPOTENCY_KEY_REUSED. Printable characters.",
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
        "description": "Returned with the response: up to 128 letters, digits and `._:/+=-`. "
        "A malformed one is ignored.",
        "schema": {"type": "string"},
    },
    "Traceparent": {
        "name": "Traceparent",
        "in": "header",
        "description": "W3C trace context, for the logs. A malformed one is ignored.",
        "schema": {"type": "string"},
    },
    "X-Firebase-AppCheck": {
        "name": "X-Firebase-AppCheck",
        "in": "header",
        "description": "A Firebase App Check token, where the project requires one.",
        "schema": {"type": "string"},
    },
}


def document(operations: Sequence[Operation[Command]]) -> dict[str, Any]:
    """The document of these operations. Equal contracts give equal text, order included."""
    refs, schemas = _schemas(operations)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        described = _operation(operation, refs, schemas)
        paths.setdefault(operation.url_path, {})[operation.method.lower()] = described
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Practice back end",
            "version": _version(),
            "description": DESCRIPTION,
            "contact": {"name": "The maintainers of this back end"},
            "license": {
                "name": "All rights reserved",
                "identifier": "LicenseRef-All-Rights-Reserved",
            },
        },
        "servers": SERVERS,
        "tags": [{"name": tag.value, "description": tag.description} for tag in Tag],
        "paths": paths,
        "components": {
            "schemas": {n: schemas[n] for n in sorted(schemas.keys() - _queries(operations, refs))},
            "responses": shared_responses(operations),
            "headers": HEADERS,
            "parameters": {name: PARAMETERS[name] for name in _header_names()},
            "securitySchemes": SECURITY,
        },
    }


def text() -> str:
    """The committed text: the document of all operations, indented by two spaces."""
    return _json(document(all_operations()))


def documents_text() -> str:
    """The committed schemas of the documents that clients read and no function replies."""
    _, schemas = components([], READ_ONLY)
    used = {name: schema for name, schema in schemas.items() if not name.startswith("Free")}
    return _json(
        {
            "openapi": "3.1.0",
            "info": {
                "title": "Documents of the practice back end",
                "version": _version(),
                "description": DOCUMENTS_DESCRIPTION,
            },
            "paths": {},
            "components": {"schemas": used},
        }
    )


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _schemas(
    operations: Sequence[Operation[Command]],
) -> tuple[dict[Any, Schema], dict[str, Schema]]:
    """References by model, and all components by name."""
    requests = dict.fromkeys(o.request for o in operations)
    models = [m for o in operations for m in o.replies.values() if m not in EVENTS_OF]
    replies = dict.fromkeys(model for model in models if model)
    of_runs = {name: events_of_runs(values) for name, values in VALUES_OF_RUNS.items()}
    events = dict.fromkeys(model for models in of_runs.values() for model in models.values())
    refs, schemas = components(requests, [*replies, *events, AgUiEventData])
    made = {
        "Problem": reply_schema(Problem),
        **{
            name: event({event_name: refs[model] for event_name, model in models.items()})
            for name, models in of_runs.items()
        },
        "AgUiEvent": unnamed_event(refs[AgUiEventData]),
    }
    return refs, {**with_public_questions(schemas), **made}


def _queries(operations: Sequence[Operation[Command]], refs: Mapping[Any, Schema]) -> set[str]:
    """The names of requests that are sent as queries: described as parameters, not components."""
    bodies = {o.request for o in operations if o.has_body}
    return {_name(refs[o.request]) for o in operations if o.request not in bodies}


def _name(ref: Schema) -> str:
    name: str = ref["$ref"].rpartition("/")[2]
    return name


def _version() -> str:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return str(project["version"])


def _header_names() -> Iterator[str]:
    """The headers that a web client may send."""
    sent = {name.strip() for name in cors.REQUEST_HEADERS.split(",")}
    return (name for name in PARAMETERS if name in sent)


def _operation(
    operation: Operation[Command], refs: Mapping[Any, Schema], schemas: Mapping[str, Schema]
) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.operation_id,
        "tags": [operation.tag.value],
        "summary": operation.summary,
        "description": operation.description or f"{operation.summary}.",
        "security": [{operation.security.value: []}],
    }
    parameters = [*_path_parameters(operation), *_header_parameters(operation)]
    if operation.has_body:
        content = {"schema": refs[operation.request], "example": operation.example}
        described["requestBody"] = {"required": True, "content": {"application/json": content}}
    else:
        schema = schemas[_name(refs[operation.request])]
        parameters = [*_query_parameters(schema, operation.example), *parameters]
    described |= {"parameters": parameters, "responses": responses(operation, refs)}
    return {name: value for name, value in described.items() if value not in ("", [])}


def _path_parameters(operation: Operation[Command]) -> Iterator[Schema]:
    for parameter in operation.path_parameters:
        yield {
            "name": parameter.name,
            "in": "path",
            "required": True,
            "description": parameter.description,
            "schema": {"type": "string", "pattern": "^[^/]+$"},
            "example": parameter.example,
        }


def _query_parameters(request: Schema, example: Mapping[str, Any]) -> Iterator[Schema]:
    """The fields of a request without a body. A list is sent as one parameter for each entry."""
    for name, field in request["properties"].items():
        yield {
            "name": name,
            "in": "query",
            "required": name in request.get("required", []),
            "schema": without_null(field) if "anyOf" in field else field,
            **({"example": example[name]} if name in example else {}),
        }


def _header_parameters(operation: Operation[Command]) -> Iterator[Schema]:
    ignored = {
        "Idempotency-Key": not operation.honours_idempotency_key,
        "X-Firebase-AppCheck": operation.security is not Security.USER,
    }
    for name in _header_names():
        if not ignored.get(name):
            yield {"$ref": f"#/components/parameters/{name}"}

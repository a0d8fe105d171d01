"""From a request to a validated command, or to a refusal that names every invalid field."""

import hashlib
import json
from typing import Any, Generic, NamedTuple, TypeVar

import jiter
from flask import Request
from pydantic import JsonValue, ValidationError

from shared.contract.command import Command
from shared.contract.operation import Operation
from shared.contract.refusals import InvalidJson, PayloadTooLarge
from shared.domain.common.entries import ErrorBudget
from shared.domain.common.errors import InvalidArgument, echoed
from shared.domain.common.validation import Violation, field_errors, violations_of
from shared.endpoint.query import query_values
from shared.endpoint.request_body import read_json_body

C = TypeVar("C", bound=Command)
# Pydantic's message for a missing field.
FIELD_REQUIRED = "Field required"


class ParsedRequest(NamedTuple, Generic[C]):
    """`values` are the request's fields as JSON."""

    command: C
    values: JsonValue

    def hash(self) -> str:
        """SHA-256, in hex, of the fields: the same for the same request sent again."""
        canonical = json.dumps(self.values, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def parse_request(request: Request, operation: Operation[C]) -> ParsedRequest[C]:
    """The command in a request: in its JSON body or, for methods without one, in its query.

    Raises PayloadTooLarge, UnsupportedMediaType, InvalidJson or InvalidArgument.
    """
    model = operation.request
    values = (
        parse_json(_read_body(request, operation))
        if operation.has_body
        else query_values(request.args, model)
    )
    try:
        return ParsedRequest(model.model_validate(values, context=ErrorBudget()), values)
    except ValidationError as error:
        violations = violations_of(error)
        if not operation.has_body:
            violations = [_in_query(violation) for violation in violations]
        raise InvalidArgument(errors=field_errors(violations)) from error


def _read_body(request: Request, operation: Operation[C]) -> bytes:
    try:
        return read_json_body(request)
    except PayloadTooLarge as refusal:
        detail = f"{refusal.detail} {operation.when_too_large}".strip()
        raise PayloadTooLarge(detail) from refusal


def _in_query(violation: Violation) -> Violation:
    """The violation; where a field is missing, which may have come in a body, with its place."""
    location, message = violation
    if message != FIELD_REQUIRED:
        return violation
    return location, f"is required in the query string: ?{location[0]}=…"


def parse_json(body: bytes) -> Any:
    """The value of a JSON text. Raises InvalidJson, for NaN and duplicate keys too.

    The parser is pydantic's. It also bounds the depth, where the standard library's would overflow
    the stack.
    """
    try:
        return jiter.from_json(body, allow_inf_nan=False, catch_duplicate_keys=True)
    except ValueError as error:
        raise InvalidJson(f"The body is not valid JSON: {echoed(error)}.") from error

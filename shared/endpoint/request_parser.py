"""From a request to a validated command, or to a refusal that names every invalid field."""

import hashlib
import json
from typing import Generic, NamedTuple, TypeVar

import jiter
from flask import Request
from pydantic import JsonValue, ValidationError

from shared.contract.command import Command
from shared.contract.operation import Operation
from shared.contract.refusals import InvalidJson
from shared.domain.common.errors import FieldError, InvalidArgument
from shared.endpoint.query import query_values
from shared.endpoint.request_body import read_json_body

MAX_LISTED_STEP_LENGTH = 100

C = TypeVar("C", bound=Command)


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
    try:
        if not operation.has_body:
            query = query_values(request.args, model)
            return ParsedRequest(model.model_validate(query), query)
        body = read_json_body(request)
        # The parser behind pydantic, asked for what pydantic lets pass: NaN and duplicate keys.
        # It also bounds the depth, where the standard library would overflow the stack.
        parsed = jiter.from_json(body, allow_inf_nan=False, catch_duplicate_keys=True)
        return ParsedRequest(model.model_validate_json(body), parsed)
    except ValidationError as invalid:
        raise InvalidArgument(errors=_listed(invalid)) from invalid
    except ValueError as error:
        raise InvalidJson(f"The body is not valid JSON: {error}.") from error


def _listed(invalid: ValidationError) -> list[FieldError]:
    return [
        FieldError(
            path=".".join(str(step)[:MAX_LISTED_STEP_LENGTH] for step in error["loc"]),
            message=error["msg"].removeprefix("Value error, "),
        )
        for error in invalid.errors(include_url=False, include_input=False, include_context=False)
    ]

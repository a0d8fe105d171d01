"""From a request's bytes to a validated command, or to a refusal that names every fault."""

import hashlib
import json
from contextlib import suppress
from io import BytesIO
from typing import Generic, NamedTuple, TypeVar

import jiter
from flask import Request
from pydantic import JsonValue, ValidationError

from shared.contract.command import Command
from shared.contract.refusals import InvalidJson, PayloadTooLarge, UnsupportedMediaType
from shared.domain.common.errors import FieldError, InvalidArgument

MAX_BODY_BYTES = 1024 * 1024
MAX_DRAINED_BYTES = 32 * 1024 * 1024
CHUNK_BYTES = 64 * 1024
MAX_LISTED_STEP_LENGTH = 100

C = TypeVar("C", bound=Command)


class ParsedRequest(NamedTuple, Generic[C]):
    """`parsed` is what the request says, as JSON."""

    command: C
    parsed: JsonValue

    def hash(self) -> str:
        """What tells it from other requests."""
        canonical = json.dumps(self.parsed, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def parse_request(request: Request, kind: type[C]) -> ParsedRequest[C]:
    """The command in a request.

    A DELETE carries its command in the query, all others in a JSON body. Raises PayloadTooLarge,
    UnsupportedMediaType, InvalidJson or InvalidArgument.
    """
    try:
        if kind.method == "DELETE":
            query: dict[str, JsonValue] = {
                key: values[0] if len(values) == 1 else list(values)
                for key, values in request.args.lists()
            }
            return ParsedRequest(kind.model_validate(query), query)
        body = _read(request)
        # The parser behind pydantic, asked for what pydantic lets pass: NaN and duplicate keys.
        # It also bounds the depth, where the standard library would overflow the stack.
        parsed = jiter.from_json(body, allow_inf_nan=False, catch_duplicate_keys=True)
        return ParsedRequest(kind.model_validate_json(body), parsed)
    except ValidationError as invalid:
        raise InvalidArgument(errors=_listed(invalid)) from invalid
    except ValueError as error:
        raise InvalidJson(f"The body is not valid JSON: {error}.") from error


def _read(request: Request) -> bytes:
    declared = request.content_length
    body = b"" if declared is not None and declared > MAX_BODY_BYTES else _capped(request)
    if (declared or 0) > MAX_BODY_BYTES or len(body) > MAX_BODY_BYTES:
        raise PayloadTooLarge
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    if not body.strip():
        raise InvalidJson("The body is empty; send a JSON object.")
    return body


def _capped(request: Request) -> bytes:
    parts: list[bytes] = []
    size = 0
    try:
        while size <= MAX_BODY_BYTES and (part := request.stream.read(CHUNK_BYTES)):
            parts.append(part)
            size += len(part)
    except Exception as error:  # each web server has its own
        raise InvalidJson("The body breaks off or is framed wrongly.") from error
    return b"".join(parts)


def drain_body(request: Request) -> None:
    """Reads what is left of the body without keeping it.

    A client that is still sending when the connection closes never sees the answer. The framework
    reads the rest for this reason too, but whole into memory; here it is left with nothing.
    """
    drained = 0
    with suppress(Exception):  # the answer stands, whatever is wrong with the rest
        while drained < MAX_DRAINED_BYTES and (part := request.stream.read(CHUNK_BYTES)):
            drained += len(part)
    request.stream = BytesIO()


def _listed(invalid: ValidationError) -> list[FieldError]:
    return [
        FieldError(
            path=".".join(str(step)[:MAX_LISTED_STEP_LENGTH] for step in error["loc"]),
            message=error["msg"].removeprefix("Value error, "),
        )
        for error in invalid.errors(include_url=False, include_input=False, include_context=False)
    ]

"""The bytes of a request's body: read up to a bound, and drained when they are not wanted."""

from contextlib import suppress
from io import BytesIO

from flask import Request

from shared.contract.refusals import InvalidJson, PayloadTooLarge, UnsupportedMediaType

MAX_BODY_BYTES = 1024 * 1024
MAX_DRAINED_BYTES = 32 * 1024 * 1024
CHUNK_BYTES = 64 * 1024


def read_json_body(request: Request) -> bytes:
    """Raises PayloadTooLarge, UnsupportedMediaType, or InvalidJson for an empty or broken body."""
    declared = request.content_length
    body = b"" if declared is not None and declared > MAX_BODY_BYTES else _read_capped(request)
    if (declared or 0) > MAX_BODY_BYTES or len(body) > MAX_BODY_BYTES:
        raise PayloadTooLarge
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    if not body.strip():
        raise InvalidJson("The body is empty; send a JSON object.")
    return body


def _read_capped(request: Request) -> bytes:
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
    """Reads the rest of the body without keeping it.

    A client that is still sending when the connection closes never sees the response. The framework
    reads the rest for this reason too, but whole into memory; here it is left with nothing.
    """
    drained = 0
    with suppress(Exception):  # the response stands, even if the rest is malformed
        while drained < MAX_DRAINED_BYTES and (part := request.stream.read(CHUNK_BYTES)):
            drained += len(part)
    request.stream = BytesIO()

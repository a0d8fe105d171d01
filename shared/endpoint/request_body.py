"""The bytes of a request's body: read up to a bound, and drained when they are not wanted.

A client that sends slowly holds a thread. So nothing is awaited from a client whose token is not
valid, and a deadline applies to all others. Both need the connection's socket, which gunicorn, the
web server of functions-framework, passes on.
"""

import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from io import BytesIO
from typing import IO, TYPE_CHECKING, cast

from flask import Request, Response

from shared.contract.refusals import InvalidJson, PayloadTooLarge, UnsupportedMediaType
from shared.endpoint.reading_deadline import ReadingDeadline, end_reading

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

MAX_BODY_BYTES = 1024 * 1024
MAX_DRAINED_BYTES = 32 * 1024 * 1024
MAX_ARRIVED_BYTES = 64 * 1024
CHUNK_BYTES = 64 * 1024
# For 1 MiB, 52 KB a second.
DEADLINE = ReadingDeadline(seconds=20.0)


def read_json_body(request: Request) -> bytes:
    """Raises PayloadTooLarge, UnsupportedMediaType, or InvalidJson for an empty or broken body, or
    one that takes longer than DEADLINE.
    """
    declared = request.content_length
    body = b"" if declared is not None and declared > MAX_BODY_BYTES else _read_capped(request)
    if (declared or 0) > MAX_BODY_BYTES or len(body) > MAX_BODY_BYTES:
        raise PayloadTooLarge
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    if not body.strip():
        raise InvalidJson("The body is empty; send a JSON object.")
    return body


def body_size(request: Request) -> int:
    """The bytes of the body, at most MAX_BODY_BYTES, as declared by Content-Length.

    Without one the body is read, and can be read again. Raises InvalidJson as read_json_body does.
    """
    declared = request.content_length
    if declared is None:
        body = _read_capped(request)
        request.stream = _Unread(body, request.stream)
        declared = len(body)
    return min(declared, MAX_BODY_BYTES)


class _Unread(BytesIO):
    """A stream of which the beginning was read and put back."""

    def __init__(self, beginning: bytes, rest: IO[bytes]) -> None:
        super().__init__(beginning)
        self._rest = rest

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(size) or self._rest.read(-1 if size is None else size)


def _read_capped(request: Request) -> bytes:
    parts: list[bytes] = []
    size = 0
    try:
        while size <= MAX_BODY_BYTES and (part := request.stream.read(CHUNK_BYTES)):
            parts.append(part)
            size += len(part)
    except Exception as error:  # each web server has its own
        raise _incomplete() from error
    if size < min(request.content_length or 0, MAX_BODY_BYTES):
        raise _incomplete()  # gunicorn ends such a body without an exception
    return b"".join(parts)


def _incomplete() -> InvalidJson:
    return InvalidJson(
        "The body breaks off, is framed wrongly or takes longer than "
        f"{DEADLINE.seconds:.0f} seconds."
    )


@contextmanager
def reading_body(request: Request) -> Iterator[None]:
    """Bounds the time in which an authenticated caller's body is read, and drains the rest of it.

    A client that is still sending when the connection closes never sees the response. The framework
    would read the rest for this reason too, but all of it into memory. After this it finds nothing.
    """
    connection = _connection(request)
    with DEADLINE.applied_to(connection) if connection else nullcontext():
        try:
            yield
        finally:
            with suppress(Exception):  # the response stands, even if the rest is malformed
                _drain(request, MAX_DRAINED_BYTES)
            request.stream = BytesIO()


class LastResponse(Response):
    """A response after which the server closes the connection, and says so in `Connection`.

    Gunicorn ignores that header in an application's response, and decides by its own.
    """

    @classmethod
    def of(cls, response: Response) -> "LastResponse":
        """The same response, streamed or not."""
        return cast("LastResponse", cls.force_type(response))

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        server_response = getattr(start_response, "__self__", None)
        if close := getattr(server_response, "force_close", None):
            close()
        return super().__call__(environ, start_response)


def abandon_body(request: Request) -> bool:
    """Takes what has arrived of an unread body, and waits for nothing.

    False if there is more of it: the connection can take no other request.
    """
    connection = _connection(request)
    complete = False
    with suppress(Exception):  # a part that has not arrived raises an exception
        if connection:
            connection.settimeout(0)
        complete = _drain(request, MAX_ARRIVED_BYTES)
    request.stream = BytesIO()
    if connection:
        connection.settimeout(None)
        if not complete:
            end_reading(connection)
    return complete


def _drain(request: Request, most: int) -> bool:
    """Whether the body has ended."""
    drained = 0
    while drained < most and (part := request.stream.read(CHUNK_BYTES)):
        drained += len(part)
    return drained < most


def _connection(request: Request) -> socket.socket | None:
    connection = request.environ.get("gunicorn.socket")
    return connection if isinstance(connection, socket.socket) else None

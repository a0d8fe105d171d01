"""The steps around every use case, in this order.

Preflight, method, tokens, limit, body size, media type, JSON, fields; then the use case; then its
reply or refusal, with CORS, request id and one log line in any case.
"""

import logging
import time
from collections.abc import Callable, Sequence
from contextvars import copy_context
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from flask import Request, Response

from shared.contract.command import Command
from shared.contract.operation import Operation
from shared.contract.refusals import InternalError, MethodNotAllowed
from shared.domain.common.errors import FieldError, InvalidArgument, Refusal
from shared.endpoint import cors
from shared.endpoint.logs import correlate, logger
from shared.endpoint.problems import NOT_TO_BE_SNIFFED, problem_response
from shared.endpoint.request_body import LastResponse, abandon_body, body_size, reading_body
from shared.endpoint.request_parser import parse_request
from shared.endpoint.server_sent_events import EVENT_STREAM, event_stream_frames
from shared.ports.calls import Call, Caller, IdempotencyContext, Reply, StoredReply, StreamingReply
from shared.traces import spans

MAX_IDEMPOTENCY_KEY_LENGTH = 255

C = TypeVar("C", bound=Command)
D = TypeVar("D")
AnyReply = Reply[Any] | StoredReply | StreamingReply
Handle = Callable[[C, Call, D], AnyReply]
# Called when the size is needed: without a Content-Length the body must be read for it.
BodySize = Callable[[], int]
Admit = Callable[[Caller, BodySize], None]


class Endpoint:
    """The HTTP side of functions whose callers are authenticated the same way.

    `authenticate` takes the Authorization header; `check_app`, if any, takes X-Firebase-AppCheck.
    Both raise Unauthenticated.
    """

    def __init__(
        self,
        *,
        authenticate: Callable[[str | None], Caller],
        allowed_origins: Sequence[str],
        check_app: Callable[[str | None], None] | None = None,
    ) -> None:
        self._authenticate = authenticate
        self._check_app = check_app
        self._allowed_origins = allowed_origins

    def serve(
        self,
        request: Request,
        operation: Operation[C],
        handle: Handle[C, D],
        dependencies: Callable[[], D],
        *,
        admit: Admit | None = None,
    ) -> Response:
        """The response to one request for the operation.

        `dependencies` is called only after the request was found valid: a preflight needs no
        database, and an exception while building one is answered like any other. `admit` may refuse
        a caller before the body is read; it is given the body's size, 1 MiB at most.
        """

        def answer(request_id: str) -> Response:
            if cors.is_preflight(request):
                return cors.preflight(operation.method)
            try:
                command, call = self._accept(request, operation, admit)
                return _response(handle(command, call, dependencies()))
            except Refusal as refusal:
                response = problem_response(refusal, request_id=request_id)
            except Exception:
                logger.exception("unhandled exception")
                response = problem_response(InternalError(), request_id=request_id)
            if response.status_code == 405:
                response.headers["Allow"] = f"{operation.method}, OPTIONS"
            return response

        return self._respond(request, operation.function, answer)

    def refuse(self, request: Request, refusal: Refusal, *, function: str) -> Response:
        """The response to a request that matches no operation. The caller is not authenticated."""
        return self._respond(
            request, function, lambda request_id: problem_response(refusal, request_id=request_id)
        )

    def _accept(
        self, request: Request, operation: Operation[C], admit: Admit | None
    ) -> tuple[C, Call]:
        """The command and its call. Raises a refusal for a request that is not valid."""
        if request.method != operation.method:
            raise MethodNotAllowed(f"Use {operation.method}.")
        caller = self._authenticate(request.headers.get("Authorization"))
        if self._check_app is not None:
            self._check_app(request.headers.get("X-Firebase-AppCheck"))
        with reading_body(request):
            if admit is not None:
                admit(caller, partial(body_size, request))
            sent_key = _idempotency_key(request)
            parsed = parse_request(request, operation)
        key = sent_key if operation.honours_idempotency_key else None
        received_at = datetime.now(UTC)
        idempotency = IdempotencyContext(
            uid=caller.uid,
            function=operation.function,
            key=key,
            request_hash=parsed.hash() if key else "",
            at=received_at,
        )
        return parsed.command, Call(caller, idempotency, received_at)

    def _respond(
        self, request: Request, function: str, answer: Callable[[str], Response]
    ) -> Response:
        """The response of `answer`, which takes the request id; correlated, logged and traced."""
        started = time.monotonic()
        correlation = correlate(request, function=function)
        with spans.request(function, request.method, request.headers.get) as span:
            response = answer(correlation.request_id)
            if not abandon_body(request):
                response = LastResponse.of(response)
            response.headers["X-Request-Id"] = correlation.request_id
            cors.allow_origin(request, response, self._allowed_origins)
            log = partial(_log, request, response, started=started, span=span)
            if response.is_streamed:
                # It ends, or its client disconnects, after this function has returned.
                response.call_on_close(partial(copy_context().run, log))
            else:
                log()
            return response


def _idempotency_key(request: Request) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not (1 <= len(key) <= MAX_IDEMPOTENCY_KEY_LENGTH and key.isprintable()):
        message = f"must be 1 to {MAX_IDEMPOTENCY_KEY_LENGTH} printable characters"
        raise InvalidArgument(errors=[FieldError("Idempotency-Key", message)])
    return key


def _response(reply: AnyReply) -> Response:
    if isinstance(reply, StreamingReply):
        # A proxy must not hold events back to send them together.
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return Response(event_stream_frames(reply), content_type=EVENT_STREAM, headers=headers)
    response = Response(
        reply.json,
        status=reply.status,
        content_type="application/json",
        headers=NOT_TO_BE_SNIFFED,
    )
    if reply.json is None:
        del response.headers["Content-Type"]
    if isinstance(reply, StoredReply) and reply.replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return response


def _log(request: Request, response: Response, *, started: float, span: spans.Span) -> None:
    status = response.status_code
    fields = {
        "method": request.method,
        "status": status,
        "latency_ms": round((time.monotonic() - started) * 1000, 1),
    }
    # A 503 is an outage elsewhere, which a retry may outlast; any other 5xx is our mistake.
    level = logging.INFO if status < 500 else logging.WARNING if status == 503 else logging.ERROR
    logger.log(level, "%s %d", request.method, status, extra={"fields": fields})
    outcome: dict[str, str | int] = {
        "http.response.status_code": status,
        "request_id": response.headers["X-Request-Id"],
    }
    span.end({**outcome, "error.type": str(status)} if status >= 500 else outcome)

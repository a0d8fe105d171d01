"""What every function does around its use case, in this order.

Preflight, method, tokens, limit, body size, media type, JSON, fields; then the use case; then its
reply or refusal, with CORS, request id and one log line whatever happened.
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
from shared.contract.refusals import InternalError, MethodNotAllowed
from shared.domain.common.errors import FieldError, InvalidArgument, Refusal
from shared.endpoint import cors
from shared.endpoint.logs import Correlation, correlate, logger
from shared.endpoint.problems import problem_response
from shared.endpoint.request_body import drain_body, parse_request
from shared.endpoint.server_sent_events import EVENT_STREAM, event_stream_frames
from shared.ports.calls import Caller, IdempotencyContext, Reply, StreamingReply
from shared.traces import spans

MAX_IDEMPOTENCY_KEY_LENGTH = 255

C = TypeVar("C", bound=Command)
Handle = Callable[..., Reply | StreamingReply]
Admit = Callable[[Caller], None]


class Endpoint:
    """`authenticate` takes the Authorization header, `check_app` X-Firebase-AppCheck where apps are
    to be checked. Both raise Unauthenticated.
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
        command: type[C],
        handle: Handle,
        *,
        admit: Admit | None = None,
        **collaborators: Callable[[], Any],
    ) -> Response:
        """The answer to one request.

        Calls `handle(command, caller=…, once=…, …)` with what the collaborators make, once the
        request is found valid: a preflight needs no database, and a fault in making one is answered
        like any other. `admit` may refuse a caller before the request is even read.
        """
        started = time.monotonic()
        correlation = correlate(request, function=command.function())
        with spans.request(command.function(), request.method, request.headers.get) as span:
            response = self._answer(
                request, command, handle, correlation, collaborators, admit=admit
            )
            return self._sent(request, response, correlation, started=started, span=span)

    def refuse(self, request: Request, refusal: Refusal, *, function: str) -> Response:
        """The answer to a request that no command is for, whoever sends it."""
        started = time.monotonic()
        correlation = correlate(request, function=function)
        with spans.request(function, request.method, request.headers.get) as span:
            response = problem_response(refusal, request_id=correlation.request_id)
            return self._sent(request, response, correlation, started=started, span=span)

    def _sent(
        self,
        request: Request,
        response: Response,
        correlation: Correlation,
        *,
        started: float,
        span: spans.Span,
    ) -> Response:
        drain_body(request)
        response.headers["X-Request-Id"] = correlation.request_id
        cors.allow_origin(request, response, self._allowed_origins)
        log = partial(_log, request, response, started=started, span=span)
        if response.is_streamed:
            # Told to its end, or given up by the client, after this function has returned.
            response.call_on_close(partial(copy_context().run, log))
        else:
            log()
        return response

    def _answer(
        self,
        request: Request,
        command: type[C],
        handle: Handle,
        correlation: Correlation,
        collaborators: dict[str, Callable[[], Any]],
        *,
        admit: Admit | None,
    ) -> Response:
        if cors.is_preflight(request):
            return cors.preflight(command.method)
        try:
            if request.method != command.method:
                raise MethodNotAllowed(f"Use {command.method}.")
            caller = self._authenticate(request.headers.get("Authorization"))
            if self._check_app is not None:
                self._check_app(request.headers.get("X-Firebase-AppCheck"))
            if admit is not None:
                admit(caller)
            key = _idempotency_key(request)
            body = parse_request(request, command)
            once = IdempotencyContext(
                uid=caller.uid,
                function=command.function(),
                key=key,
                request_hash=body.hash() if key else "",
                at=datetime.now(UTC),
            )
            made = {name: make() for name, make in collaborators.items()}
            return _response(handle(body.command, caller=caller, once=once, **made))
        except Refusal as refusal:
            response = problem_response(refusal, request_id=correlation.request_id)
        except Exception:
            logger.exception("unexpected")
            response = problem_response(InternalError(), request_id=correlation.request_id)
        if response.status_code == 405:
            response.headers["Allow"] = f"{command.method}, OPTIONS"
        return response


def _idempotency_key(request: Request) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not (1 <= len(key) <= MAX_IDEMPOTENCY_KEY_LENGTH and key.isprintable()):
        message = f"must be 1 to {MAX_IDEMPOTENCY_KEY_LENGTH} printable characters"
        raise InvalidArgument(errors=[FieldError("Idempotency-Key", message)])
    return key


def _response(reply: Reply | StreamingReply) -> Response:
    if isinstance(reply, StreamingReply):
        # No proxy may keep events back to send them together.
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return Response(event_stream_frames(reply.work), content_type=EVENT_STREAM, headers=headers)
    response = Response(reply.json, status=reply.status, content_type="application/json")
    if reply.json is None:
        del response.headers["Content-Type"]
    if reply.replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return response


def _log(request: Request, response: Response, *, started: float, span: spans.Span) -> None:
    status = response.status_code
    fields = {
        "method": request.method,
        "status": status,
        "latency_ms": round((time.monotonic() - started) * 1000, 1),
    }
    # A 503 is somebody else's outage, which a retry may outlast; any other 5xx is our mistake.
    level = logging.INFO if status < 500 else logging.WARNING if status == 503 else logging.ERROR
    logger.log(level, "%s %d", request.method, status, extra={"fields": fields})
    outcome: dict[str, str | int] = {
        "http.response.status_code": status,
        "request_id": response.headers["X-Request-Id"],
    }
    span.end({**outcome, "error.type": str(status)} if status >= 500 else outcome)

"""A span for every call to Firestore, with its outcome."""

from collections.abc import Callable
from typing import Any

import grpc

from shared.traces import spans


class TracingInterceptor(grpc.UnaryUnaryClientInterceptor, grpc.UnaryStreamClientInterceptor):
    """A span ends with its call, for a query when the last document has arrived."""

    def intercept_unary_unary(
        self, continuation: Callable[[Any, Any], Any], details: Any, request: Any
    ) -> Any:
        return _traced(continuation, details, request)

    def intercept_unary_stream(
        self, continuation: Callable[[Any, Any], Any], details: Any, request: Any
    ) -> Any:
        return _traced(continuation, details, request)


def _traced(continuation: Callable[[Any, Any], Any], details: Any, request: Any) -> Any:
    method = details.method
    service, _, name = (method.decode() if isinstance(method, bytes) else method)[1:].partition("/")
    span = spans.span(
        f"Firestore {name}", {"rpc.system": "grpc", "rpc.service": service, "rpc.method": name}
    )
    call = continuation(details, request)
    call.add_done_callback(lambda done: span.end(_outcome(done.code())))
    return call


def _outcome(code: grpc.StatusCode) -> dict[str, str | int | float | bool]:
    outcome: dict[str, str | int | float | bool] = {"rpc.grpc.status_code": code.value[0]}
    return outcome if code is grpc.StatusCode.OK else {**outcome, "error.type": code.name}

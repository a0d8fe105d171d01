"""A client's interceptor that records which documents are written, and when."""

from datetime import datetime
from threading import Lock
from typing import Any

import grpc

from shared.firestore.protobuf_values import decode_instant
from testkit.faults.plans import COMMIT


class CommitTimes(grpc.UnaryUnaryClientInterceptor):
    """The documents that each successful commit wrote."""

    def __init__(self) -> None:
        self.written: list[tuple[str, datetime]] = []
        self._lock = Lock()

    def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
        call = continuation(details, request)
        if details.method.endswith(f"/{COMMIT}") and call.code() is grpc.StatusCode.OK:
            at = decode_instant(call.result().commit_time)
            names = [write.update.name or write.delete for write in request.writes]
            with self._lock:
                self.written += [(name.partition("/documents/")[2], at) for name in names]
        return call

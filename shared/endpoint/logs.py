"""Structured logs as Cloud Logging reads them, correlated with the request and its trace.

Neither bodies nor tokens nor user ids are logged. Of an unexpected exception only its type and the
places it passed are, for its message may quote a document.
"""

import json
import logging
import re
import sys
import traceback
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

from flask import Request

logger = logging.getLogger("practice")

REQUEST_ID = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}")
TRACE_ID = r"(?!0{32})([0-9a-f]{32})"
TRACEPARENT = re.compile(rf"[0-9a-f]{{2}}-{TRACE_ID}-([0-9a-f]{{16}})-[0-9a-f]{{2}}")
CLOUD_TRACE = re.compile(rf"{TRACE_ID}(?:/([0-9]{{1,20}}))?(?:;o=[0-9])?")


@dataclass(frozen=True)
class Correlation:
    """What ties the log lines of one request together, and to its trace."""

    request_id: str
    function: str
    trace: str | None = None
    span_id: str | None = None


_current: ContextVar[Correlation | None] = ContextVar("correlation", default=None)


def correlate(request: Request, *, function: str) -> Correlation:
    """Starts a request's correlation: the caller's request id where usable, else a new one."""
    given = request.headers.get("X-Request-Id", "")
    request_id = given if REQUEST_ID.fullmatch(given) else token_hex(16)
    trace, span_id = _trace_of(request)
    correlation = Correlation(request_id, function, trace, span_id)
    _current.set(correlation)
    return correlation


def _trace_of(request: Request) -> tuple[str | None, str | None]:
    if match := TRACEPARENT.fullmatch(request.headers.get("Traceparent", "")):
        return match[1], match[2]
    if match := CLOUD_TRACE.fullmatch(request.headers.get("X-Cloud-Trace-Context", "")):
        return match[1], f"{int(match[2]) % 2**64:016x}" if match[2] else None
    return None, None


class JsonFormatter(logging.Formatter):
    """One JSON object a line, with the special fields of Cloud Logging."""

    def __init__(self, project_id: str) -> None:
        super().__init__()
        self._project_id = project_id

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "severity": record.levelname,
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if (correlation := _current.get()) is not None:
            entry["request_id"] = correlation.request_id
            entry["function"] = correlation.function
            if correlation.trace:
                entry["logging.googleapis.com/trace"] = (
                    f"projects/{self._project_id}/traces/{correlation.trace}"
                )
            if correlation.span_id:
                entry["logging.googleapis.com/spanId"] = correlation.span_id
        entry.update(getattr(record, "fields", {}))
        if record.exc_info and record.exc_info[0] is not None:
            entry["exception"] = record.exc_info[0].__qualname__
            entry["stack"] = "".join(traceback.format_tb(record.exc_info[2]))
        return json.dumps(entry, ensure_ascii=False)


def configure(*, project_id: str, level: str) -> None:
    """Gives our loggers a JSON handler of their own; the framework sets the root logger."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter(project_id))
    logger.handlers = [handler]
    logger.setLevel(level)
    logger.propagate = False

"""Structured logs as Cloud Logging reads them, correlated with the request and its trace.

Neither bodies nor tokens nor user ids are logged. An unhandled exception is logged by its type and
stack alone, because its message may quote a document.
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

from shared.traces.trace_context import TraceContext, trace_context

logger = logging.getLogger("practice")

REQUEST_ID_PATTERN = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}")


@dataclass(frozen=True)
class Correlation:
    """The fields that the log lines of one request share."""

    request_id: str
    function: str
    trace: TraceContext | None = None


_current: ContextVar[Correlation | None] = ContextVar("correlation", default=None)


def correlate(request: Request, *, function: str) -> Correlation:
    """Starts a request's correlation: the caller's request id where it is valid, else a new one."""
    given = request.headers.get("X-Request-Id", "")
    request_id = given if REQUEST_ID_PATTERN.fullmatch(given) else token_hex(16)
    correlation = Correlation(request_id, function, trace_context(request.headers.get))
    _current.set(correlation)
    return correlation


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
            if trace := correlation.trace:
                name = f"projects/{self._project_id}/traces/{trace.trace_id}"
                entry["logging.googleapis.com/trace"] = name
                if trace.span_id:
                    entry["logging.googleapis.com/spanId"] = trace.span_id
        entry.update(getattr(record, "fields", {}))
        if record.exc_info and record.exc_info[0] is not None:
            entry["exception"] = record.exc_info[0].__qualname__
            entry["stack"] = "".join(traceback.format_tb(record.exc_info[2]))
        return json.dumps(entry, ensure_ascii=False)


def configure(*, project_id: str, level: str) -> None:
    """Sets a JSON handler for our loggers; the framework configures the root logger."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter(project_id))
    logger.handlers = [handler]
    logger.setLevel(level)
    logger.propagate = False

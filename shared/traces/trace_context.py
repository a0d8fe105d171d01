"""The trace that a request belongs to, from the W3C's header or from Google's.

https://www.w3.org/TR/trace-context/#traceparent-header
https://cloud.google.com/trace/docs/trace-context#legacy-http-header
"""

import re
from typing import NamedTuple

from shared.traces.spans import Header

_TRACE_ID = r"(?!0{32})([0-9a-f]{32})"
_TRACEPARENT = re.compile(
    rf"(?!ff)[0-9a-f]{{2}}-{_TRACE_ID}-(?!0{{16}})([0-9a-f]{{16}})-([0-9a-f]{{2}})"
)
_CLOUD_TRACE = re.compile(rf"{_TRACE_ID}(?:/([0-9]{{1,20}}))?(?:;o=([0-9]))?")


class TraceContext(NamedTuple):
    """`trace_id` has 32 hex digits; `span_id`, of the caller's span, has 16 or is None."""

    trace_id: str
    span_id: str | None
    sampled: bool

    @property
    def traceparent(self) -> str | None:
        """The W3C's header; None without a span."""
        if self.span_id is None:
            return None
        return f"00-{self.trace_id}-{self.span_id}-{'01' if self.sampled else '00'}"


def trace_context(header: Header) -> TraceContext | None:
    """The caller's trace context, None where neither header is valid."""
    if match := _TRACEPARENT.fullmatch(header("Traceparent") or ""):
        return TraceContext(match[1], match[2], sampled=bool(int(match[3], 16) & 1))
    if match := _CLOUD_TRACE.fullmatch(header("X-Cloud-Trace-Context") or ""):
        span_id = f"{int(match[2]) % 2**64:016x}" if match[2] else None
        return TraceContext(match[1], span_id, sampled=match[3] == "1")
    return None

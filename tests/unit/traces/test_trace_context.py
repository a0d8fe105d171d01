"""Trace headers: valid ones are read, others ignored."""

import pytest

from shared.traces.trace_context import TraceContext, trace_context

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Traceparent": f"00-{TRACE}-{SPAN}-01"}, TraceContext(TRACE, SPAN, sampled=True)),
        ({"Traceparent": f"00-{TRACE}-{SPAN}-00"}, TraceContext(TRACE, SPAN, sampled=False)),
        ({"Traceparent": f"cc-{TRACE}-{SPAN}-03"}, TraceContext(TRACE, SPAN, sampled=True)),
        (
            {"X-Cloud-Trace-Context": f"{TRACE}/10;o=1"},
            TraceContext(TRACE, "000000000000000a", sampled=True),
        ),
        (
            {"X-Cloud-Trace-Context": f"{TRACE}/{2**64 + 1}"},
            TraceContext(TRACE, "0000000000000001", sampled=False),
        ),
        ({"X-Cloud-Trace-Context": TRACE}, TraceContext(TRACE, None, sampled=False)),
        (
            {"Traceparent": "nonsense", "X-Cloud-Trace-Context": f"{TRACE}/10"},
            TraceContext(TRACE, "000000000000000a", sampled=False),
        ),
        ({}, None),
        ({"Traceparent": f"ff-{TRACE}-{SPAN}-01"}, None),
        ({"Traceparent": f"00-{'0' * 32}-{SPAN}-01"}, None),
        ({"Traceparent": f"00-{TRACE}-{'0' * 16}-01"}, None),
        ({"X-Cloud-Trace-Context": f"{TRACE}/1 "}, None),
    ],
)
def test_a_request_belongs_to_its_callers_trace(
    headers: dict[str, str], expected: TraceContext | None
) -> None:
    assert trace_context(headers.get) == expected


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        (TraceContext(TRACE, SPAN, sampled=True), f"00-{TRACE}-{SPAN}-01"),
        (TraceContext(TRACE, SPAN, sampled=False), f"00-{TRACE}-{SPAN}-00"),
        (TraceContext(TRACE, None, sampled=True), None),
    ],
)
def test_a_trace_context_is_passed_on_in_the_w3c_format(
    context: TraceContext, expected: str | None
) -> None:
    assert context.traceparent == expected

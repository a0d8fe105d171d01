"""Spans recorded by OpenTelemetry and sent by OTLP over HTTP. Imported only where traces are on.

The provider is ours alone and not the global one, so that no library that knows OpenTelemetry
sends anything of its own. Sampling and headers are the SDK's standard variables:
OTEL_TRACES_SAMPLER, OTEL_EXPORTER_OTLP_HEADERS and the like.
"""

import re
from types import TracebackType
from typing import Self

from opentelemetry import context, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from shared.traces.spans import Attributes, Header

SERVICE = "practice-backend"
EXPORT_SECONDS = 5  # of the ten that an instance has between SIGTERM and its end
CLOUD_TRACE = re.compile(r"([0-9a-f]{32})/([0-9]{1,20})(?:;o=([0-9]))?")


class OpenTelemetry:
    """Starts a thread: make it after the web server has forked. It flushes at exit."""

    def __init__(self, *, endpoint: str) -> None:
        exporter = OTLPSpanExporter(
            endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=EXPORT_SECONDS
        )
        self._provider = TracerProvider(resource=Resource.create({SERVICE_NAME: SERVICE}))
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("practice")
        self._propagator = TraceContextTextMapPropagator()

    def span(self, name: str, attributes: Attributes) -> "Part":
        return Part(self._tracer.start_span(name, attributes=attributes, kind=SpanKind.CLIENT))

    def request(self, function: str, method: str, header: Header) -> "Whole":
        started = self._tracer.start_span(
            f"{method} {function}",
            context=self._propagator.extract(_trace_context(header)),
            kind=SpanKind.SERVER,
            attributes={"faas.name": function, "http.request.method": method},
        )
        return Whole(started)

    def shutdown(self) -> None:
        """Sends what is left."""
        self._provider.shutdown()


class _Recorded:
    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def __enter__(self) -> Self:
        self._token = context.attach(trace.set_span_in_context(self._span))
        return self

    def note(self, attributes: Attributes) -> None:
        self._span.set_attributes(attributes)

    def end(self, attributes: Attributes | None = None) -> None:
        """An `error.type` among the attributes makes it a failed one."""
        self._span.set_attributes(attributes or {})
        if "error.type" in (attributes or {}):
            self._span.set_status(StatusCode.ERROR)
        self._span.end()


class Part(_Recorded):
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        context.detach(self._token)
        # The type alone: a message may quote a document.
        self.end({"error.type": kind.__name__} if kind else None)


class Whole(_Recorded):
    """A request's, which outlives its context."""

    def __exit__(self, *_: object) -> None:
        context.detach(self._token)


def _trace_context(header: Header) -> dict[str, str]:
    """The caller's trace as W3C writes it, from either header."""
    if given := header("Traceparent"):
        return {"traceparent": given}
    if match := CLOUD_TRACE.fullmatch(header("X-Cloud-Trace-Context") or ""):
        span_id, sampled = int(match[2]) % 2**64, match[3] == "1"
        return {"traceparent": f"00-{match[1]}-{span_id:016x}-{'01' if sampled else '00'}"}
    return {}

"""Spans recorded by OpenTelemetry and sent by OTLP over HTTP. Imported only where traces are on.

The provider is ours alone and not the global one, so that no library that knows OpenTelemetry
sends spans of its own. Sampling and headers are the SDK's standard variables:
OTEL_TRACES_SAMPLER, OTEL_EXPORTER_OTLP_HEADERS and the like.
"""

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
from shared.traces.trace_context import trace_context

SERVICE = "practice-backend"
EXPORT_SECONDS = 5  # of the ten that an instance has between SIGTERM and its end


class OpenTelemetry:
    """A recorder. It starts a thread: create it after the web server has forked. It flushes at
    exit.
    """

    def __init__(self, *, endpoint: str) -> None:
        exporter = OTLPSpanExporter(
            endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=EXPORT_SECONDS
        )
        self._provider = TracerProvider(resource=Resource.create({SERVICE_NAME: SERVICE}))
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("practice")
        self._propagator = TraceContextTextMapPropagator()

    def span(self, name: str, attributes: Attributes) -> "CallSpan":
        return CallSpan(self._tracer.start_span(name, attributes=attributes, kind=SpanKind.CLIENT))

    def request(self, function: str, method: str, header: Header) -> "RequestSpan":
        caller = trace_context(header)
        traceparent = caller.traceparent if caller else None
        started = self._tracer.start_span(
            f"{method} {function}",
            context=self._propagator.extract({"traceparent": traceparent} if traceparent else {}),
            kind=SpanKind.SERVER,
            attributes={"faas.name": function, "http.request.method": method},
        )
        return RequestSpan(started)

    def shutdown(self) -> None:
        """Sends the spans that are left."""
        self._provider.shutdown()


class _RecordedSpan:
    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def __enter__(self) -> Self:
        self._token = context.attach(trace.set_span_in_context(self._span))
        return self

    def note(self, attributes: Attributes) -> None:
        self._span.set_attributes(attributes)

    def end(self, attributes: Attributes | None = None) -> None:
        """An `error.type` among the attributes marks the span as failed."""
        self._span.set_attributes(attributes or {})
        if "error.type" in (attributes or {}):
            self._span.set_status(StatusCode.ERROR)
        self._span.end()


class CallSpan(_RecordedSpan):
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        context.detach(self._token)
        # The type alone: a message may quote a document.
        self.end({"error.type": kind.__name__} if kind else None)


class RequestSpan(_RecordedSpan):
    """Leaving its context does not end it; `end` does."""

    def __exit__(self, *_: object) -> None:
        context.detach(self._token)

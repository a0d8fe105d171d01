"""Traces sent to a collector by OTLP over HTTP: their content, and the data they never have."""

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from queue import Queue
from secrets import token_hex
from threading import Thread
from typing import Any, NamedTuple

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from local.api import User
from local.emulator import Emulator
from local.examples import theory_template
from local.processes import ROOT, stop
from local.stack import Stack, free_port, start_functions
from testkit.http_server import QuietHandler, serving
from testkit.model_server import ModelServer, fails, replies_with, serving_model

PROJECT_ID = "demo-traces"
TRACE = "0af7651916cd43dd8448eb211c80319c"
CALLER = "b7ad6b7169203331"
WAIT_SECONDS = 20
NO_PERIODIC_EXPORT_MS = str(10 * 60 * 1000)


class ReceivedSpan(NamedTuple):
    """A span as the collector received it."""

    name: str
    trace: str
    span: str
    parent: str
    failed: bool
    of: Mapping[str, Any]


class Collector:
    def __init__(self, url: str) -> None:
        self.url = url
        self.raw: list[bytes] = []
        self._received: Queue[ReceivedSpan] = Queue()
        self._seen: list[ReceivedSpan] = []

    def take(self, body: bytes) -> None:
        self.raw.append(body)
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            for scope in resource.scope_spans:
                for span in scope.spans:
                    self._received.put(_received(span))

    def until(self, name: str, trace: str) -> list[ReceivedSpan]:
        """The spans of a trace, once the span of that name, which ends last, has arrived."""
        while not any(t.name == name and t.trace == trace for t in self._seen):
            self._seen.append(self._received.get(timeout=WAIT_SECONDS))
        return [span for span in self._seen if span.trace == trace]

    def all(self) -> list[ReceivedSpan]:
        while not self._received.empty():
            self._seen.append(self._received.get())
        return self._seen


def _received(span: Any) -> ReceivedSpan:
    of = {a.key: getattr(a.value, a.value.WhichOneof("value")) for a in span.attributes}
    ids = (span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex())
    return ReceivedSpan(span.name, *ids, failed=span.status.code == 2, of=of)


@contextmanager
def collecting() -> Iterator[Collector]:
    class Handler(QuietHandler):
        def do_POST(self) -> None:
            body = self.read_body()
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            if self.path == "/v1/traces":
                here.take(body)
            self.reply(200, content_type="application/x-protobuf")

    with serving(Handler) as url:
        here = Collector(url)
        yield here


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    with collecting() as running:
        yield running


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with serving_model() as running:
        yield running


@pytest.fixture(scope="module")
def traced(emulator: Emulator, collector: Collector, model: ModelServer) -> Iterator[Stack]:
    environment = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
        "OTEL_BSP_SCHEDULE_DELAY": "50",
        "OPENAI_API_KEY": "sk-secret-key",
        "OPENAI_BASE_URL": model.url,
        "PRACTICE_MODEL": "some-model",
        "SOLVE_DRAFTS": "false",
    }
    with start_functions(
        emulator, port=free_port(), project_id=PROJECT_ID, quiet=True, environment=environment
    ) as stack:
        yield stack


@pytest.fixture
def ann(traced: Stack) -> User:
    return User(traced, f"ann-{token_hex(6)}", teacher=True)


def continuing(trace: str, *, sampled: bool = True) -> dict[str, str]:
    return {"traceparent": f"00-{trace}-{CALLER}-{'01' if sampled else '00'}"}


def test_a_request_continues_its_callers_trace_down_to_every_call_of_the_store(
    ann: User, collector: Collector
) -> None:
    trace = token_hex(16)
    body = {"name": "Scales", "template_data": {"sections": []}}
    created = ann.call(
        "create_template", body, headers={**continuing(trace), "Idempotency-Key": trace}
    )
    assert created.status_code == 201
    spans = collector.until("POST create_template", trace)
    by_id = {span.span: span for span in spans}
    (request,) = [span for span in spans if span.name == "POST create_template"]
    assert request.parent == CALLER
    assert not request.failed
    assert request.of == {
        "faas.name": "create_template",
        "http.request.method": "POST",
        "http.response.status_code": 201,
        "request_id": created.headers["X-Request-Id"],
    }
    calls = {span.name: span for span in spans if span.name.startswith("Firestore ")}
    assert set(calls) == {"Firestore BatchGetDocuments", "Firestore Commit"}
    for call in calls.values():
        assert call.of["rpc.service"] == "google.firestore.v1.Firestore"
        assert call.of["rpc.grpc.status_code"] == 0
        attempt = by_id[call.parent]
        assert (attempt.name, attempt.of) == ("store attempt", {"attempt": 1})
        assert attempt.parent == request.span


def updates_at_once(ann: User, session_id: str) -> list[str]:
    """Several updates of one session together; their traces."""
    traces = [token_hex(16) for _ in range(8)]

    def update(trace: str) -> None:
        item = {"session_id": session_id, "items": [{"node_id": trace}]}
        ann.call("update_progress", item, headers=continuing(trace))

    at_once = [Thread(target=update, args=(trace,)) for trace in traces]
    for thread in at_once:
        thread.start()
    for thread in at_once:
        thread.join()
    return traces


def test_a_lost_race_is_recorded_as_a_failed_attempt(ann: User, collector: Collector) -> None:
    made = ann.call("start_session", {"session_data": {}})
    session_id = made.json()["session"]["session_id"]
    for _ in range(10):  # until some of them meet
        traces = updates_at_once(ann, session_id)
        spans = [span for t in traces for span in collector.until("POST update_progress", t)]
        lost = [span for span in spans if span.name == "store attempt" and span.failed]
        if lost:
            break
    assert lost
    assert {span.of["error.type"] for span in lost} <= {"FailedPrecondition", "Aborted"}
    failed_calls = [span for span in spans if span.name == "Firestore Commit" and span.failed]
    assert {span.of["error.type"] for span in failed_calls} <= {"FAILED_PRECONDITION", "ABORTED"}
    assert len(failed_calls) == len(lost)
    assert max(span.of["attempt"] for span in spans if "attempt" in span.of) > 1


def test_cloud_traces_own_header_is_continued_too(ann: User, collector: Collector) -> None:
    trace = token_hex(16)
    given = {"X-Cloud-Trace-Context": f"{trace}/{int(CALLER, 16)};o=1"}
    ann.call("delete_template", {"template_id": "none"}, headers=given)
    (request,) = [
        span
        for span in collector.until("DELETE delete_template", trace)
        if span.name == "DELETE delete_template"
    ]
    assert request.parent == CALLER
    assert request.of["http.response.status_code"] == 404
    assert not request.failed, "a refusal is no failure of ours"


def test_a_trace_that_the_caller_does_not_sample_is_not_sent(
    ann: User, collector: Collector
) -> None:
    quiet, loud = token_hex(16), token_hex(16)
    for trace in (quiet, loud):
        headers = continuing(trace, sampled=trace == loud)
        ann.call("delete_template", {"template_id": "none"}, headers=headers)
    collector.until("DELETE delete_template", loud)
    assert quiet not in {span.trace for span in collector.all()}


def test_a_span_of_a_model_call_has_tokens_and_outcome_and_no_text(
    ann: User, collector: Collector, model: ModelServer
) -> None:
    model.plays(replies_with("no block at all"), fails(400))
    trace = token_hex(16)
    body = {"session_context": {"source_data": theory_template()}}
    assert ann.call("practice_turn", body, headers=continuing(trace)).status_code == 200
    spans = collector.until("POST practice_turn", trace)
    (request,) = [span for span in spans if span.name == "POST practice_turn"]
    written, refused = [span for span in spans if span.name == "chat"]
    assert written.parent == refused.parent == request.span
    assert written.of == {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "some-model",
        "gen_ai.usage.input_tokens": 100,
        "gen_ai.usage.output_tokens": 20,
        "outcome": "written",
    }
    assert refused.failed
    assert refused.of["outcome"] == "status_400"


@pytest.mark.parametrize(
    ("path", "last"), [("runs/stream", b"event: end"), ("agui", b"RUN_FINISHED")]
)
def test_a_streams_span_ends_with_the_stream(
    ann: User, collector: Collector, path: str, last: bytes
) -> None:
    trace = token_hex(16)
    context = {"session_context": {"source_data": theory_template()}}
    # Each path ignores what the other one reads.
    body = {"input": context, "threadId": "t", "runId": "r", "state": context}
    streamed = ann.call(f"practice_turn/{path}", body, headers=continuing(trace))
    assert last in streamed.content
    spans = collector.until("POST practice_turn", trace)
    (request,) = [span for span in spans if span.name == "POST practice_turn"]
    assert request.of["http.response.status_code"] == 200
    assert "chat" in {span.name for span in spans if span.parent == request.span}


def test_nothing_personal_is_sent(traced: Stack, collector: Collector, model: ModelServer) -> None:
    mark = f"mark{token_hex(8)}"
    model.plays(replies_with({"wrong": mark}))
    user = User(traced, f"uid-{mark}", teacher=True)
    trace = token_hex(16)
    template = {**theory_template(), "name": f"name-{mark}", "student_ids": [mark]}
    bodies: dict[str, Any] = {
        "create_template": template,
        "start_session": {"name": f"name-{mark}", "session_data": {"notes": mark}},
        "update_progress": {"session_id": mark, "session_data": {"notes": mark}},
        "practice_turn": {"session_context": {"source_data": template}},
    }
    for function, body in bodies.items():
        user.call(function, body, headers=continuing(trace))
    for function in bodies:
        collector.until(f"POST {function}", trace)
    sent = b"".join(collector.raw)
    assert trace.encode() not in sent, "ids are bytes"
    assert bytes.fromhex(trace) in sent
    for secret in (mark, "sk-secret-key", *user.token.split(".")):
        assert not secret or secret.encode() not in sent


def test_unsent_spans_are_sent_when_the_process_ends(emulator: Emulator) -> None:
    trace = token_hex(16)
    with collecting() as collector:
        environment = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
            "OTEL_BSP_SCHEDULE_DELAY": NO_PERIODIC_EXPORT_MS,
        }
        with start_functions(
            emulator, port=free_port(), project_id=PROJECT_ID, quiet=True, environment=environment
        ) as stack:
            ann = User(stack, "ann")
            ann.call("delete_template", {"template_id": "none"}, headers=continuing(trace))
            assert collector.raw == []
            stop(stack.server)
        assert {span.name for span in collector.until("DELETE delete_template", trace)} >= {
            "DELETE delete_template",
            "Firestore BatchGetDocuments",
        }


def test_an_unreachable_collector_does_not_affect_replies(emulator: Emulator) -> None:
    environment = {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{free_port()}"}
    with start_functions(
        emulator, port=free_port(), project_id=PROJECT_ID, quiet=True, environment=environment
    ) as stack:
        refused = User(stack, "ann").call("delete_template", {"template_id": "none"})
        assert refused.status_code == 404


# Serves one request without a server, and prints the modules it loaded.
OFF = """
import json, os, sys, threading
os.environ["FUNCTION_TARGET"] = sys.argv[1]
import functions_framework
app = functions_framework.create_app(sys.argv[1], "main.py")
answered = app.test_client().open("/", method=sys.argv[2], json={})
print(json.dumps({
    "status": answered.status_code,
    "otel": sorted(m for m in sys.modules if m.startswith("opentelemetry.")),
    "ours": "shared.traces.otel" in sys.modules,
    "threads": [thread.name for thread in threading.enumerate()],
}))
"""
# LangChain loads the SDK itself if it is installed; only this project loads the exporter.
SENDING = ("opentelemetry.exporter", "opentelemetry.proto")


@pytest.mark.parametrize("on", [False, True])
@pytest.mark.parametrize("name", ["create_template", "practice_turn", "cleanup_stale_sessions"])
def test_the_sdk_is_not_loaded_when_tracing_is_off(name: str, on: bool) -> None:
    environment = {"PATH": "/usr/bin:/bin", "GOOGLE_CLOUD_PROJECT": PROJECT_ID}
    if on:
        environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = f"http://127.0.0.1:{free_port()}"
        environment["OTEL_TRACES_SAMPLER"] = "always_off"
    ran = subprocess.run(
        [sys.executable, "-c", OFF, name, "POST"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    found = json.loads(ran.stdout.splitlines()[-1])
    assert found["status"] == 401
    assert found["ours"] is on
    assert any(module.startswith(SENDING) for module in found["otel"]) is on
    assert any("Batch" in name for name in found["threads"]) is on

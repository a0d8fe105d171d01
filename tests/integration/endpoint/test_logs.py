"""Request ids and log lines identify a request and not a person."""

import json
import re
from secrets import token_hex

import pytest
import requests

from shared.contract.operation import function_names, main_operation
from tests.support.edge import PROJECT_ID, TIMEOUT_SECONDS, Edge, Post
from tests.support.key_server import Signer, claims_of_scheduler

TRACE = "0af7651916cd43dd8448eb211c80319c"
SPAN = "b7ad6b7169203331"
TRACE_FIELD = "logging.googleapis.com/trace"
SPAN_FIELD = "logging.googleapis.com/spanId"
OWN_ID = re.compile("[0-9a-f]{32}")


@pytest.mark.parametrize(
    "request_id",
    ["a", "b7ad6b71-6920-3331", "req_1:2/3+4=.5", "x" * 128, "A.B-C"],
)
def test_a_valid_request_id_is_returned_and_logged(edge: Edge, post: Post, request_id: str) -> None:
    answered = post(headers={"X-Request-Id": request_id})
    assert answered.headers["X-Request-Id"] == request_id
    assert answered.json()["request_id"] == request_id
    assert len(edge.log_of(request_id)) == 1


@pytest.mark.parametrize(
    "request_id",
    [
        "",
        "x" * 129,
        "x" * 4_000,
        "two words",
        "tab\tbed",
        '"quoted"',
        "<script>",
        "a,b",
        "${jndi}",
        "é".encode("latin-1"),
        b"\x85",
        "٣".encode(),
    ],
)
def test_any_other_request_id_is_replaced(edge: Edge, post: Post, request_id: str | bytes) -> None:
    answered = post(headers={"X-Request-Id": request_id})
    assert OWN_ID.fullmatch(answered.headers["X-Request-Id"])
    assert len(edge.log_of(answered.headers["X-Request-Id"])) == 1


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD"])
@pytest.mark.parametrize("path", ["/create_template", "/delete_template", "/no_such", "/healthz"])
def test_every_response_has_a_request_id(edge: Edge, method: str, path: str) -> None:
    url = f"{edge.url}{path}"
    own = requests.request(method, url, timeout=TIMEOUT_SECONDS)
    assert OWN_ID.fullmatch(own.headers["X-Request-Id"])
    given = requests.request(method, url, headers={"X-Request-Id": "mine"}, timeout=TIMEOUT_SECONDS)
    assert given.headers["X-Request-Id"] == "mine"


def test_a_success_has_the_request_id_too(post: Post) -> None:
    created = post(
        b'{"name": "Scales", "template_data": {"sections": []}}', headers={"X-Request-Id": "mine"}
    )
    assert created.status_code == 201
    assert created.headers["X-Request-Id"] == "mine"


@pytest.mark.parametrize(
    ("method", "status"), [("POST", 401), ("OPTIONS", 204), ("GET", 405), ("BREW", 405)]
)
def test_a_request_makes_one_log_line(edge: Edge, method: str, status: int) -> None:
    answered = requests.request(method, f"{edge.url}/create_template", timeout=TIMEOUT_SECONDS)
    (line,) = edge.log_of(answered.headers["X-Request-Id"])
    assert line["severity"] == "INFO"
    assert line["function"] == "create_template"
    assert line["method"] == method
    assert line["status"] == status == answered.status_code
    assert 0 <= line["latency_ms"] < 10_000
    assert line["time"].endswith("+00:00")
    assert line["message"] == f"{method} {status}"
    assert TRACE_FIELD not in line


@pytest.mark.parametrize(
    ("headers", "span"),
    [
        ({"traceparent": f"00-{TRACE}-{SPAN}-01"}, SPAN),
        ({"traceparent": f"00-{TRACE}-{SPAN}-00"}, SPAN),
        ({"X-Cloud-Trace-Context": f"{TRACE}/{int(SPAN, 16)};o=1"}, SPAN),
        ({"X-Cloud-Trace-Context": f"{TRACE}/10"}, "000000000000000a"),
        ({"X-Cloud-Trace-Context": TRACE}, None),
        (
            {
                "traceparent": f"00-{TRACE}-{SPAN}-01",
                "X-Cloud-Trace-Context": f"{'f' * 32}/1;o=1",
            },
            SPAN,
        ),
        ({"traceparent": "nonsense", "X-Cloud-Trace-Context": f"{TRACE}/10"}, "000000000000000a"),
    ],
)
def test_a_log_line_belongs_to_the_requests_trace(
    edge: Edge, post: Post, headers: dict[str, str], span: str | None
) -> None:
    answered = post(headers=headers)
    (line,) = edge.log_of(answered.headers["X-Request-Id"])
    assert line[TRACE_FIELD] == f"projects/{PROJECT_ID}/traces/{TRACE}"
    assert line.get(SPAN_FIELD) == span


@pytest.mark.parametrize(
    "headers",
    [
        {"traceparent": f"00-{TRACE}-{SPAN}"},
        {"traceparent": f"00-{'0' * 32}-{SPAN}-01"},
        {"traceparent": f"00-{TRACE.upper()}-{SPAN}-01"},
        {"traceparent": f"00-{TRACE}-{SPAN}-01-" + "x" * 4_000},
        {"X-Cloud-Trace-Context": f"{TRACE}/{'1' * 5_000}"},
        {"X-Cloud-Trace-Context": f"{TRACE}/-1"},
        {"X-Cloud-Trace-Context": f"{'0' * 32}/1"},
        {"X-Cloud-Trace-Context": "../../other-project/traces/1"},
    ],
)
def test_an_invalid_trace_header_is_ignored(
    edge: Edge, post: Post, headers: dict[str, str]
) -> None:
    answered = post(headers=headers)
    assert answered.status_code == 422
    (line,) = edge.log_of(answered.headers["X-Request-Id"])
    assert TRACE_FIELD not in line
    assert SPAN_FIELD not in line


def test_nothing_personal_is_printed(edge: Edge) -> None:
    mark = f"mark{token_hex(8)}"
    tokens = [
        edge.token(f"uid-{mark}"),
        edge.token(f"uid-{mark}", role="teacher", email=f"{mark}@example.com"),
        edge.token(f"uid/{mark}"),
        edge.token(f"uid-{mark}", aud=mark),
        edge.stranger.sign(edge.claims(f"uid-{mark}")),
        edge.stranger.sign(edge.claims(f"uid-{mark}"), kid=f"kid-{mark}"),
        Signer(f"kid-{mark}").sign(claims_of_scheduler(project_id=PROJECT_ID, email=mark)),
        edge.google.sign(claims_of_scheduler(project_id=PROJECT_ID, email=mark)),
        f"{mark}.{mark}.{mark}",
    ]
    bodies: list[object] = [
        {"name": f"name-{mark}", "template_data": {"sections": [], "free": mark}},
        {"name": f"name-{mark}", "template_data": {"sections": []}, "student_ids": [mark]},
        {"name": [mark], mark: mark},
        {"template_id": mark, "version": 1, "name": mark},
        {"session_id": mark, "notes": mark},
        {"session_id": mark, "session_data": {"notes": mark}},
        {"session_data": {"sections": [{"name": mark}]}, "name": mark},
        f"{{{mark}",
        f'{{"{mark}": NaN, "{mark}": 1}}',
    ]
    statuses = set()
    for name in (
        "create_template",
        "update_template",
        "delete_template",
        "start_session",
        "update_progress",
        "complete_session",
        "cleanup_stale_sessions",
        f"no_such_{mark}",
    ):
        for token in tokens:
            for body in bodies:
                answered = requests.request(
                    main_operation(name).method if name in function_names() else "POST",
                    f"{edge.url}/{name}",
                    params={"template_id": mark, "q": mark} if name == "delete_template" else None,
                    data=body if isinstance(body, str) else json.dumps(body),
                    headers={
                        "Authorization": f"Bearer {token}",
                        "Content-Type": "application/json",
                        "Idempotency-Key": f"{mark}-{token_hex(4)}",
                        "X-Request-Id": "marked",
                        "Origin": f"https://{mark}.example",
                        "User-Agent": mark,
                    },
                    timeout=TIMEOUT_SECONDS,
                )
                statuses.add(answered.status_code)
    assert statuses == {201, 400, 401, 403, 404, 422}
    printed = edge.printed()
    assert '"request_id": "marked"' in printed
    assert mark not in printed
    assert not any(part in printed for token in tokens for part in token.split(".") if part)


def test_everything_printed_is_a_log_line(edge: Edge, post: Post) -> None:
    post(b"{")
    post(headers={"Authorization": "Bearer garbage"})
    for text in edge.printed().splitlines():
        line = json.loads(text)
        assert line["severity"] in {"INFO", "WARNING"}
        assert line["function"]
        assert line["request_id"]

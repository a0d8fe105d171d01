"""Cross-origin access of web clients: https://fetch.spec.whatwg.org/#http-cors-protocol."""

import pytest
import requests

from local.stack import Stack
from shared.contract.operation import function_names, main_operation
from tests.support.edge import APP_ORIGIN, TIMEOUT_SECONDS, Edge

EXPOSED = {"X-Request-Id", "Retry-After", "Idempotent-Replayed"}
SENT = {
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "Traceparent",
    "X-Firebase-AppCheck",
    "X-Request-Id",
}
SCHEDULED = "cleanup_stale_sessions"
FOR_USERS = [name for name in function_names() if name != SCHEDULED]
ANYWHERE = [
    *(f"/{name}" for name in FOR_USERS),
    "/create_template/below",
    "/no_such",
    "/",
    "/healthz",
]


def names(header: str) -> set[str]:
    return {name.strip() for name in header.split(",")}


def ask(url: str, *, origin: str | None, method: str = "POST") -> requests.Response:
    return requests.request(
        method, url, headers={"Origin": origin} if origin else {}, timeout=TIMEOUT_SECONDS
    )


@pytest.mark.parametrize("name", FOR_USERS)
def test_a_preflight_names_what_a_client_may_send(edge: Edge, name: str) -> None:
    answered = requests.options(
        f"{edge.url}/{name}",
        headers={
            "Origin": APP_ORIGIN,
            "Access-Control-Request-Method": main_operation(name).method,
            "Access-Control-Request-Headers": "authorization, content-type, idempotency-key",
        },
        timeout=TIMEOUT_SECONDS,
    )
    assert answered.status_code == 204
    assert answered.content == b""
    assert answered.headers["Access-Control-Allow-Origin"] == APP_ORIGIN
    assert main_operation(name).method in names(answered.headers["Access-Control-Allow-Methods"])
    assert names(answered.headers["Access-Control-Allow-Headers"]) == SENT
    assert int(answered.headers["Access-Control-Max-Age"]) > 0
    assert answered.headers["X-Request-Id"]


@pytest.mark.parametrize("path", ANYWHERE)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS"])
def test_an_allowed_origin_may_read_every_answer(edge: Edge, path: str, method: str) -> None:
    answered = ask(f"{edge.url}{path}", origin=APP_ORIGIN, method=method)
    assert answered.headers["Access-Control-Allow-Origin"] == APP_ORIGIN
    assert names(answered.headers["Access-Control-Expose-Headers"]) == EXPOSED
    # The web app's page comes compressed to whoever takes it so.
    compressed = {"Accept-Encoding"} if (method, path) == ("GET", "/") else set()
    assert names(answered.headers["Vary"]) == {"Origin", *compressed}
    assert "Access-Control-Allow-Credentials" not in answered.headers


def test_an_allowed_origin_may_read_a_success_and_every_kind_of_refusal(edge: Edge) -> None:
    statuses = set()
    for body in (
        b'{"name": "Scales", "template_data": {"sections": []}}',
        b"{",
        b"{}",
        b" " * 2**21,
    ):
        for token in (edge.token(), "garbage"):
            for media_type in ("application/json", "text/plain"):
                answered = requests.post(
                    f"{edge.url}/create_template",
                    data=body,
                    headers={
                        "Origin": APP_ORIGIN,
                        "Authorization": f"Bearer {token}",
                        "Content-Type": media_type,
                    },
                    timeout=TIMEOUT_SECONDS,
                )
                assert answered.headers["Access-Control-Allow-Origin"] == APP_ORIGIN
                statuses.add(answered.status_code)
    assert statuses == {201, 400, 401, 413, 415, 422}


@pytest.mark.parametrize("path", ANYWHERE)
@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "https://evil.example",
        "https://app.example.evil.example",
        "http://app.example",
        "https://app.example:8443",
        "https://APP.example",
        f"{APP_ORIGIN}, https://evil.example",
    ],
)
def test_no_other_origin_may_read_anything(edge: Edge, path: str, origin: str | None) -> None:
    for method in ("OPTIONS", "POST"):
        answered = ask(f"{edge.url}{path}", origin=origin, method=method)
        assert "Access-Control-Allow-Origin" not in answered.headers
        # Without this, a cache would return this response to an allowed origin.
        assert answered.headers["Vary"] == "Origin"


def test_every_origin_on_the_list_is_allowed(edge: Edge) -> None:
    answered = ask(f"{edge.url}/create_template", origin="https://teachers.example")
    assert answered.headers["Access-Control-Allow-Origin"] == "https://teachers.example"


@pytest.mark.parametrize("path", ANYWHERE)
@pytest.mark.parametrize("origin", [None, "https://anybody.example", "null"])
def test_a_star_allows_every_origin(stack: Stack, path: str, origin: str | None) -> None:
    for method in ("OPTIONS", "POST"):
        answered = ask(f"{stack.url}{path}", origin=origin, method=method)
        assert answered.headers["Access-Control-Allow-Origin"] == "*"
        assert names(answered.headers["Access-Control-Expose-Headers"]) == EXPOSED


def test_no_origin_may_read_the_schedulers_replies(stack: Stack, edge: Edge) -> None:
    for url in (stack.url, edge.url):
        for method in ("OPTIONS", "POST"):
            answered = ask(f"{url}/{SCHEDULED}", origin=APP_ORIGIN, method=method)
            assert "Access-Control-Allow-Origin" not in answered.headers

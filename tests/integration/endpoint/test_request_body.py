"""Request bodies: the accepted ones, the refused ones, and delivery of the refusal."""

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPResponse

import pytest
import requests
from flask import Request

from local.server import DEFAULT_THREADS
from shared.contract.refusals import InvalidJson
from shared.endpoint import request_body
from shared.endpoint.reading_deadline import ReadingDeadline
from tests.support.edge import TIMEOUT_SECONDS, Edge, Post, assert_problem

MIB = 1024 * 1024
DEEP = 5_000


def template(*, name: str = '"Scales"', extra: str = "") -> bytes:
    """A template, valid if its arguments are; `extra` is put into its free JSON."""
    data = '{"sections": []' + (f", {extra}" if extra else "") + "}"
    return f'{{"name": {name}, "template_data": {data}}}'.encode()


def in_chunks(size: int) -> Iterator[bytes]:
    for _ in range(size // 65_536):
        yield b" " * 65_536


def exchange(edge: Edge, request: bytes) -> tuple[str, str]:
    """Head and body of the response to bytes that a client library would not send."""
    port = int(edge.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_SECONDS) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while received := connection.recv(65_536):
            answer += received
    head, _, body = answer.decode().partition("\r\n\r\n")
    return head, body


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        (b"", "empty"),
        (b" \r\n\t ", "empty"),
        (b'{"name": ', "column"),
        (b'{"name": "Scales",}', "column"),
        (b"{'name': 'Scales'}", "column"),
        (b"{} {}", "trailing"),
        (b"name=Scales", "column"),
        (template(extra='"x": NaN'), "column"),
        (template(extra='"x": Infinity'), "column"),
        (template(extra='"x": -Infinity'), "column"),
        (template(extra='"x": ' + "9" * DEEP), "number"),
        (b'{"name": "a", "name": "b", "template_data": {"sections": []}}', "duplicate"),
        (template(extra='"x": {"a": 1, "a": 2}'), "duplicate"),
        (template(extra='"x": [{"a": 1, "\\u0061": 2}]'), "duplicate"),
        (template(extra='"x": ' + "[" * DEEP + "]" * DEEP), "recursion"),
        (template(extra='"x": ' + '{"a":' * DEEP + "1" + "}" * DEEP), "recursion"),
        (b"[" * DEEP, "recursion"),
        (template(name='"\\ud800"'), "hex"),
        (template(extra='"\\udfff": 1'), "column"),
        (template(name='"@"').replace(b"@", b"\xed\xa0\x80"), "unicode"),
        (template(name='"é"').decode().encode("latin-1"), "unicode"),
        (template().decode().encode("utf-16"), "column"),
        (b"\xef\xbb\xbf" + template(), "column"),
        (template(name='"a\nb"'), "control"),
    ],
    ids=[
        "empty",
        "white space",
        "broken off",
        "trailing comma",
        "single quotes",
        "two objects",
        "a form",
        "NaN",
        "Infinity",
        "-Infinity",
        "a number of 5,000 digits",
        "duplicate keys",
        "nested duplicate keys",
        "duplicate keys, one escaped",
        "5,000 lists deep",
        "5,000 objects deep",
        "5,000 open brackets",
        "a lone surrogate",
        "a lone surrogate for a key",
        "a lone surrogate in bytes",
        "Latin-1",
        "UTF-16",
        "a byte order mark",
        "a raw line break in a string",
    ],
)
def test_invalid_json_is_refused_with_its_position(post: Post, body: bytes, hint: str) -> None:
    problem = assert_problem(post(body), 400, "INVALID_JSON")
    assert hint in problem["detail"].lower()
    assert "errors" not in problem


@pytest.mark.parametrize("body", [b"[]", b'"name"', b"12", b"null", b"true", b"[{}]"])
def test_json_that_is_not_an_object_is_an_invalid_argument(post: Post, body: bytes) -> None:
    problem = assert_problem(post(body), 422, "INVALID_ARGUMENT")
    assert [error["path"] for error in problem["errors"]] == [""]


@pytest.mark.parametrize(
    ("extra", "path"),
    [
        ('"x": 1e400', "template_data.x"),
        ('"x": [{"y": -1e400}]', "template_data.x.0.y"),
        ('"x": 9007199254740993', "template_data.x"),
        ('"x": ' + '{"a":' * 11 + "1" + "}" * 11, "template_data.x" + ".a" * 9),
    ],
)
def test_numbers_and_depths_that_cannot_be_stored_are_named(
    post: Post, extra: str, path: str
) -> None:
    problem = assert_problem(post(template(extra=extra)), 422, "INVALID_ARGUMENT")
    assert [error["path"] for error in problem["errors"]] == [path]


@pytest.mark.parametrize(
    "media_type",
    [
        "",
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/merge-patch+json",
        "application/json, text/plain",
        "application",
        "; charset=utf-8",
    ],
)
def test_another_media_type_is_refused(post: Post, media_type: str) -> None:
    refused = post(template(), headers={"Content-Type": media_type})
    assert_problem(refused, 415, "UNSUPPORTED_MEDIA_TYPE")


def test_a_missing_media_type_is_refused(edge: Edge) -> None:
    refused = requests.post(
        f"{edge.url}/create_template",
        data=template(),
        headers={"Authorization": f"Bearer {edge.token()}"},
        timeout=TIMEOUT_SECONDS,
    )
    assert "Content-Type" not in refused.request.headers
    assert_problem(refused, 415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize(
    "media_type",
    [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        'application/json;charset="UTF-8"',
    ],
)
def test_json_is_accepted_with_any_media_type_parameters(post: Post, media_type: str) -> None:
    assert post(template(), headers={"Content-Type": media_type}).status_code == 201


@pytest.mark.parametrize("chunked", [False, True], ids=["Content-Length", "chunked"])
@pytest.mark.parametrize("mebibytes", [2, 12, 40])
def test_a_body_too_large_is_refused_and_the_client_reads_the_refusal(
    post: Post, mebibytes: int, chunked: bool
) -> None:
    size = mebibytes * MIB
    refused = post(in_chunks(size) if chunked else b" " * size)
    assert_problem(refused, 413, "PAYLOAD_TOO_LARGE")


def test_the_largest_body_allowed_is_read(post: Post) -> None:
    body = template() + b" " * (MIB - len(template()))
    assert post(body).status_code == 201
    assert_problem(post(body + b" "), 413, "PAYLOAD_TOO_LARGE")
    assert post(iter([body])).status_code == 201
    assert_problem(post(iter([body, b" "])), 413, "PAYLOAD_TOO_LARGE")


@pytest.mark.parametrize("connection", ["keep-alive", "close"])
@pytest.mark.parametrize("chunked", [False, True], ids=["Content-Length", "chunked"])
def test_a_refusal_before_the_body_reaches_a_client_that_has_sent_it(
    post: Post, connection: str, chunked: bool
) -> None:
    refused = post(
        iter([template()]) if chunked else template(),
        headers={"Authorization": "Bearer garbage", "Connection": connection},
    )
    assert_problem(refused, 401, "UNAUTHENTICATED")


@pytest.mark.parametrize(
    "framing", [b"Content-Length: 1000000", b"Transfer-Encoding: chunked"], ids=["length", "chunks"]
)
def test_a_slow_body_without_a_token_holds_no_thread(edge: Edge, framing: bytes) -> None:
    """More slow clients than the server has threads, and all others are answered meanwhile."""
    port = int(edge.url.rpartition(":")[2])
    head = b"POST /create_template HTTP/1.1\r\nHost: localhost\r\n%b\r\n\r\n5\r\n" % framing
    with ExitStack() as connections:
        slow = [
            connections.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
            for _ in range(2 * int(DEFAULT_THREADS))
        ]
        for connection in slow:
            connection.sendall(head)
        for connection in slow:
            assert connection.recv(65_536).startswith(b"HTTP/1.1 401")
        assert requests.get(f"{edge.url}/healthz", timeout=TIMEOUT_SECONDS).ok
        for connection in slow:
            while connection.recv(65_536):
                pass


def test_the_body_of_a_signed_in_client_has_a_deadline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(request_body, "DEADLINE", ReadingDeadline(seconds=0.3))
    here, there = socket.socketpair()
    with here, there, here.makefile("rb", buffering=0) as sent:
        there.sendall(b'{"a')
        request = Request(
            {
                "REQUEST_METHOD": "POST",
                "CONTENT_TYPE": "application/json",
                "CONTENT_LENGTH": "1000",
                "wsgi.input": sent,
                "gunicorn.socket": here,
            }
        )
        with (
            pytest.raises(InvalidJson, match="takes longer"),
            request_body.reading_body(request),
        ):
            request_body.read_json_body(request)


@pytest.mark.parametrize(
    "head",
    [
        b"GET /healthz?" + b"a" * 8_200 + b" HTTP/1.1\r\n",
        b"GET /healthz HTTP/1.1\r\nX-A: " + b"a" * 8_200 + b"\r\n",
        b"GET /healthz HTTP/1.1\r\n" + b"X-A: a\r\n" * 101,
    ],
    ids=["request line", "header", "number of headers"],
)
def test_headers_are_limited(edge: Edge, head: bytes) -> None:
    refused, _ = exchange(edge, head + b"Host: localhost\r\nConnection: close\r\n\r\n")
    assert refused.startswith(("HTTP/1.1 4", "HTTP/1.0 4"))


def test_the_next_request_on_a_connection_is_parsed_after_an_unread_body(edge: Edge) -> None:
    with requests.Session() as session:
        session.headers["Content-Type"] = "application/json"
        address = f"{edge.url}/create_template"
        for _ in range(3):
            refused = session.post(address, data=b"x" * 2 * MIB, timeout=TIMEOUT_SECONDS)
            assert_problem(refused, 401, "UNAUTHENTICATED")
            created = session.post(
                address,
                data=template(),
                headers={"Authorization": f"Bearer {edge.token()}"},
                timeout=TIMEOUT_SECONDS,
            )
            assert created.status_code == 201


@pytest.mark.parametrize(
    ("declared", "connection"), [(2, "keep-alive"), (3, "close")], ids=["whole", "partly sent"]
)
def test_a_connection_ends_with_a_word_where_an_unread_body_has_not_arrived(
    edge: Edge, declared: int, connection: str
) -> None:
    request = (
        "POST /create_template HTTP/1.1\r\nHost: localhost\r\n"
        f"Content-Type: application/json\r\nContent-Length: {declared}\r\n\r\n{{}}"
    )
    port = int(edge.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_SECONDS) as sending:
        sending.sendall(request.encode())
        refused = HTTPResponse(sending)
        refused.begin()
        assert refused.status == 401
        assert refused.headers["Connection"] == connection
        assert json.loads(refused.read())["reason"] == "UNAUTHENTICATED"


@pytest.mark.parametrize("signed_in", [True, False], ids=["signed in", "not signed in"])
@pytest.mark.parametrize("chunks", [b"ZZZ\r\nabc\r\n", b"-5\r\nabc\r\n", b"5\r\nabc", b""])
def test_broken_chunks_are_a_client_error(edge: Edge, chunks: bytes, signed_in: bool) -> None:
    head, body = exchange(
        edge,
        b"POST /create_template HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
        b"Content-Type: application/json\r\nConnection: close\r\n"
        + (f"Authorization: Bearer {edge.token()}\r\n".encode() if signed_in else b"")
        + b"\r\n"
        + chunks,
    )
    assert head.startswith("HTTP/1.1 400" if signed_in else "HTTP/1.1 401")
    assert ("INVALID_JSON" if signed_in else "UNAUTHENTICATED") in body


def test_a_truncated_body_is_refused(edge: Edge) -> None:
    head, body = exchange(
        edge,
        b"POST /create_template HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n"
        b"Content-Type: application/json\r\nConnection: close\r\n"
        + f"Authorization: Bearer {edge.token()}\r\n\r\n".encode()
        + template()[:-1],
    )
    assert head.startswith("HTTP/1.1 400")
    assert "INVALID_JSON" in body

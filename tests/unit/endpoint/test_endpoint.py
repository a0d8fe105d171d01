"""The endpoint alone, around handlers that fail."""

import json
import logging
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from io import BytesIO, StringIO
from typing import Any

import pytest
from flask import Flask, Response
from pydantic import BaseModel

from shared.contract.command import Command
from shared.contract.operation import Operation, Tag
from shared.contract.refusals import STATUS_OF
from shared.domain.common.errors import RateLimited, Refusal, Unavailable, all_refusals
from shared.endpoint.endpoint import Admit, BodySize, Endpoint
from shared.endpoint.logs import configure, logger
from shared.endpoint.problems import problem_response
from shared.endpoint.request_body import MAX_ARRIVED_BYTES, MAX_DRAINED_BYTES
from shared.ports.calls import Call, Caller, Reply, StoredReply

SECRET = "SECRET-7f3a"
TRACE = "0af7651916cd43dd8448eb211c80319c"
MIB = 1024 * 1024

Log = Callable[[], list[dict[str, Any]]]


class KeepDiary(Command):
    entry: str


class DiaryEntry(BaseModel):
    entry: str
    by: str
    key: str | None


OPERATION = Operation(
    function="keep_diary",
    request=KeepDiary,
    replies={201: DiaryEntry},
    tag=Tag.SESSIONS,
    summary="Keep a diary",
    example={"entry": "Practised."},
)
Handle = Callable[[KeepDiary, Call, None], Reply[Any] | StoredReply]


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    """The lines that the endpoint has logged, as dictionaries."""
    keep_diary, output = (logger.handlers, logger.level, logger.propagate), StringIO()
    monkeypatch.setattr(sys, "stdout", output)
    configure(project_id="practice-prod", level="INFO")
    yield lambda: [json.loads(line) for line in output.getvalue().split("\n") if line]
    logger.handlers, logger.level, logger.propagate = keep_diary


def authenticate(authorization: str | None) -> Caller:
    return Caller(uid=authorization or "ann")


def serve(
    handle: Handle,
    *,
    body: bytes = json.dumps({"entry": SECRET}).encode(),
    authenticate: Callable[[str | None], Caller] = authenticate,
    headers: Mapping[str, str] | None = None,
    operation: Operation[KeepDiary] = OPERATION,
) -> Response:
    endpoint = Endpoint(authenticate=authenticate, allowed_origins=["https://app.example"])
    given = {"Content-Type": "application/json", "Origin": "https://app.example", **(headers or {})}
    with Flask("test").test_request_context(
        "/", method="POST", data=body, headers=given
    ) as context:
        return endpoint.serve(context.request, operation, handle, lambda: None)


def keep_diary(command: KeepDiary, call: Call, dependencies: None) -> Reply[DiaryEntry]:
    body = DiaryEntry(entry=command.entry, by=call.caller.uid, key=call.idempotency.key)
    return Reply(body, status=201)


def test_a_handler_gets_the_command_the_caller_and_the_idempotency_key() -> None:
    answered = serve(keep_diary, headers={"Idempotency-Key": "key-1"})
    assert answered.status_code == 201
    assert answered.json == {"entry": SECRET, "by": "ann", "key": "key-1"}
    assert answered.headers["Content-Type"] == "application/json"


def test_a_handler_gets_no_key_where_its_operation_honours_none() -> None:
    operation = replace(OPERATION, honours_idempotency_key=False)
    answered = serve(keep_diary, headers={"Idempotency-Key": "key-1"}, operation=operation)
    assert answered.json == {"entry": SECRET, "by": "ann", "key": None}


def test_a_replay_is_marked_as_one() -> None:
    answered = serve(lambda *_: StoredReply(200, "{}"))
    assert answered.headers["Idempotent-Replayed"] == "true"
    own = serve(lambda *_: StoredReply(200, "{}", replayed=False))
    assert "Idempotent-Replayed" not in own.headers
    assert "Idempotent-Replayed" not in serve(keep_diary).headers


def test_an_empty_reply_has_no_media_type() -> None:
    answered = serve(lambda *_: Reply(None, status=204))
    assert answered.status_code == 204
    assert answered.data == b""
    assert "Content-Type" not in answered.headers


def fail_plainly(*_: object) -> Reply[None]:
    raise RuntimeError(SECRET)


def fail_in_a_chain(command: KeepDiary, *_: object) -> Reply[None]:
    try:
        int(command.entry)
    except ValueError as error:
        error.add_note(SECRET)
        raise RuntimeError(f"could not keep {command!r}") from error
    raise AssertionError


@pytest.mark.parametrize("handle", [fail_plainly, fail_in_a_chain])
def test_an_unexpected_exception_is_answered_and_logged_without_its_message(
    log: Log, handle: Handle
) -> None:
    answered = serve(handle, headers={"X-Request-Id": "mine", "Authorization": f"uid-{SECRET}"})
    assert answered.status_code == 500
    assert answered.headers["Content-Type"] == "application/problem+json"
    assert answered.headers["X-Request-Id"] == "mine"
    assert answered.headers["Access-Control-Allow-Origin"] == "https://app.example"
    assert answered.json is not None
    assert answered.json["reason"] == "INTERNAL"
    assert answered.json["request_id"] == "mine"
    assert SECRET not in answered.get_data(as_text=True)
    assert "RuntimeError" not in answered.get_data(as_text=True)

    failure, request = log()
    assert failure["severity"] == request["severity"] == "ERROR"
    assert failure["request_id"] == request["request_id"] == "mine"
    assert failure["function"] == "keep_diary"
    assert failure["exception"] == "RuntimeError"
    assert handle.__name__ in failure["stack"]
    assert request["status"] == 500
    # The stack quotes lines of code, never values.
    assert SECRET not in json.dumps([failure, request])


def test_a_failure_of_the_authentication_is_an_internal_error_and_reaches_no_handler(
    log: Log,
) -> None:
    def broken(_: str | None) -> Caller:
        raise ZeroDivisionError

    def never(*_: object) -> Reply[None]:
        raise AssertionError("the caller was not authenticated")

    assert serve(never, authenticate=broken).status_code == 500
    assert [line.get("exception") for line in log()] == ["ZeroDivisionError", None]


@pytest.mark.parametrize("refusal", list(all_refusals()))
def test_every_refusal_has_the_same_form(refusal: type[Refusal]) -> None:
    def refuse(*_: object) -> Reply[None]:
        raise refusal("Because.")

    answered = serve(refuse)
    assert answered.status_code == STATUS_OF[refusal.reason]
    assert answered.json is not None
    assert answered.json.keys() == {"type", "title", "status", "detail", "reason", "request_id"}
    assert answered.json["title"] == refusal.default_detail
    assert answered.json["detail"] == "Because."
    assert ("Retry-After" in answered.headers) == (answered.status_code in (429, 503))
    assert ("WWW-Authenticate" in answered.headers) == (answered.status_code == 401)
    assert ("Allow" in answered.headers) == (answered.status_code == 405)


def test_a_temporary_refusal_names_a_time_to_retry() -> None:
    answered = problem_response(Unavailable(), request_id="mine")
    assert 1 <= int(answered.headers["Retry-After"]) <= 60


def test_one_request_s_trace_does_not_stick_to_the_next(log: Log) -> None:
    serve(keep_diary, headers={"Traceparent": f"00-{TRACE}-b7ad6b7169203331-01"})
    serve(keep_diary)
    first, second = log()
    assert first["logging.googleapis.com/trace"] == f"projects/practice-prod/traces/{TRACE}"
    assert "logging.googleapis.com/trace" not in second
    assert first["request_id"] != second["request_id"]


def test_other_loggers_of_the_product_are_correlated(log: Log) -> None:
    def handle(*_: object) -> Reply[None]:
        logging.getLogger("practice.store").info("attempt %d", 2)
        return Reply(None, status=204)

    serve(handle, headers={"X-Request-Id": "mine"})
    line, _ = log()
    assert line["message"] == "attempt 2"
    assert line["logger"] == "practice.store"
    assert line["request_id"] == "mine"


@pytest.mark.parametrize("text", ["line\nbreak", '"quoted"', "\u2028", "é"])
def test_a_log_entry_is_one_line_for_any_message(log: Log, text: str) -> None:
    def handle(*_: object) -> Reply[None]:
        logger.warning("%s", text)
        return Reply(None, status=204)

    serve(handle)
    line, _ = log()
    assert line["message"] == text


class RecordingBody(BytesIO):
    """A body that records the size of the largest part read."""

    largest = 0

    def read(self, size: int | None = -1, /) -> bytes:
        part = super().read(size)
        self.largest = max(self.largest, len(part))
        return part


def refuse(_: str | None) -> Caller:
    raise Unavailable


def refuse_caller(_: Caller, __: BodySize) -> None:
    raise RateLimited


@pytest.mark.parametrize(
    ("size", "drained", "authenticate", "admit"),
    [
        (5 * MIB, 5 * MIB, authenticate, refuse_caller),
        (MAX_DRAINED_BYTES + MIB, MAX_DRAINED_BYTES, authenticate, refuse_caller),
        (5 * MIB, MAX_ARRIVED_BYTES, refuse, None),
    ],
    ids=["a caller's", "a caller's, very large", "a stranger's"],
)
def test_a_refused_body_is_never_held_in_memory(
    size: int,
    drained: int,
    authenticate: Callable[[str | None], Caller],
    admit: Admit | None,
) -> None:
    body = RecordingBody(b" " * size)
    endpoint = Endpoint(authenticate=authenticate, allowed_origins=[])
    environ = {"wsgi.input": body, "wsgi.input_terminated": True}
    with Flask("test").test_request_context(
        "/", method="POST", environ_overrides=environ
    ) as context:
        endpoint.serve(context.request, OPERATION, keep_diary, lambda: None, admit=admit)
        # The framework reads what is left, into memory, before it answers.
        assert context.request.get_data() == b""
    assert body.tell() == drained
    assert body.largest <= MIB


def answer_to(body: BytesIO, admit: Admit, *, length: int | None) -> Response:
    """The response to a body with a Content-Length, or one in chunks without."""
    endpoint = Endpoint(authenticate=authenticate, allowed_origins=[])
    environ = {"wsgi.input": body, "wsgi.input_terminated": True}
    if length is not None:
        environ["CONTENT_LENGTH"] = str(length)
    with Flask("test").test_request_context(
        "/", method="POST", environ_overrides=environ, content_type="application/json"
    ) as context:
        return endpoint.serve(context.request, OPERATION, keep_diary, lambda: None, admit=admit)


@pytest.mark.parametrize("declared", [True, False], ids=["Content-Length", "chunked"])
@pytest.mark.parametrize("size", [30, 100_000, MIB, MIB + 1, 3 * MIB])
def test_a_body_is_measured_up_to_the_largest_and_read_as_it_was_sent(
    size: int, declared: bool
) -> None:
    content = b'{"entry": "' + b"a" * (size - 13) + b'"}'
    body, measured = RecordingBody(content), []
    read = []

    def admit(_: Caller, body_size: BodySize) -> None:
        measured.append(body_size())
        read.append(body.tell())

    answered = answer_to(body, admit, length=size if declared else None)
    assert measured == [min(size, MIB)]
    assert (read == [0]) is declared
    assert answered.status_code == (201 if size <= MIB else 413)
    if size <= MIB:
        assert answered.json is not None
        assert answered.json["entry"] == "a" * (size - 13)
    # The client sees its refusal, because the rest was taken from the connection.
    assert body.tell() == size
    assert body.largest <= MIB


@pytest.mark.parametrize("declared", [True, False], ids=["Content-Length", "chunked"])
def test_a_body_is_not_read_before_a_limit_that_does_not_measure_it(declared: bool) -> None:
    content = b'{"entry": "Practised."}'
    body, read = BytesIO(content), []
    answered = answer_to(
        body, lambda *_: read.append(body.tell()), length=len(content) if declared else None
    )
    assert (answered.status_code, read) == (201, [0])


def test_a_body_that_breaks_off_while_it_is_measured_is_a_bad_request() -> None:
    class BreakingOff(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if part := super().read(10):
                return part
            raise ConnectionResetError

    broken = BreakingOff(b'{"entry": "Practised."}')

    def admit(_: Caller, body_size: BodySize) -> None:
        body_size()

    answered = answer_to(broken, admit, length=None)
    assert answered.status_code == 400
    assert answered.json is not None
    assert answered.json["reason"] == "INVALID_JSON"


def test_an_unreadable_body_is_a_bad_request(log: Log) -> None:
    class Broken(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise ConnectionResetError(SECRET)

    endpoint = Endpoint(authenticate=authenticate, allowed_origins=[])
    environ = {"wsgi.input": Broken(), "wsgi.input_terminated": True}
    with Flask("test").test_request_context(
        "/", method="POST", environ_overrides=environ
    ) as context:
        answered = endpoint.serve(context.request, OPERATION, keep_diary, lambda: None)
    assert answered.status_code == 400
    (line,) = log()
    assert line["severity"] == "INFO"
    assert SECRET not in json.dumps(line) + answered.get_data(as_text=True)


def test_what_a_detail_repeats_of_the_request_is_cut() -> None:
    endpoint = Endpoint(authenticate=authenticate, allowed_origins=[])
    key = "k" * 100_000
    answered = answer(endpoint, f'{{"{key}": 1, "{key}": 2}}')
    assert answered.status_code == 400
    assert len(answered.json["detail"]) < 300


def test_replies_and_refusals_are_not_to_be_sniffed() -> None:
    endpoint = Endpoint(authenticate=authenticate, allowed_origins=[])
    for body in ('{"entry": "Practised."}', "{}"):
        assert answer(endpoint, body).headers["X-Content-Type-Options"] == "nosniff"


def answer(endpoint: Endpoint, body: str) -> Any:
    with Flask("test").test_request_context(
        "/", method="POST", data=body, content_type="application/json"
    ) as context:
        return endpoint.serve(context.request, OPERATION, keep_diary, lambda: None)

"""Answers told while they come about: at once, kept alive, ended whatever happens."""

import json
import threading
from typing import Any

import pytest

from shared.domain.common.errors import SessionNotFound
from shared.endpoint import server_sent_events
from shared.endpoint.server_sent_events import KEEP_ALIVE, event_stream_frames
from shared.ports.calls import EmitEvent

TIMEOUT_SECONDS = 20


def event(frame: bytes) -> tuple[str, Any]:
    name, data, *rest = frame.decode().split("\n")
    assert rest == ["", ""]
    return name.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def test_each_event_is_told_before_the_next_is_known() -> None:
    wanted = threading.Event()

    def work(tell: EmitEvent) -> None:
        tell("metadata", {"run_id": "1"})
        assert wanted.wait(TIMEOUT_SECONDS)
        tell("values", {"text": "a line\nand another"})

    told = event_stream_frames(work)
    assert event(next(told)) == ("metadata", {"run_id": "1"})
    wanted.set()
    assert event(next(told)) == ("values", {"text": "a line\nand another"})
    assert list(told) == []


def test_an_event_is_json_whatever_is_in_it() -> None:
    sent = [float("inf"), -float("inf"), float("nan")]
    (frame,) = event_stream_frames(lambda tell: tell("values", {"sent": sent}))
    assert event(frame) == ("values", {"sent": [None, None, None]})


def test_while_nothing_happens_a_comment_keeps_the_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert server_sent_events.KEEP_ALIVE_SECONDS == 15
    monkeypatch.setattr(server_sent_events, "KEEP_ALIVE_SECONDS", 0.01)
    enough = threading.Event()

    def work(tell: EmitEvent) -> None:
        assert enough.wait(TIMEOUT_SECONDS)
        tell("end", {})

    told = event_stream_frames(work)
    assert [next(told) for _ in range(3)] == [KEEP_ALIVE] * 3
    assert KEEP_ALIVE.startswith(b":")
    enough.set()
    assert [event(frame) for frame in told if frame != KEEP_ALIVE] == [("end", {})]


def test_a_refusal_on_the_way_is_the_last_event() -> None:
    def work(tell: EmitEvent) -> None:
        tell("metadata", {})
        raise SessionNotFound

    _, last = event_stream_frames(work)
    message = SessionNotFound.default_detail
    assert event(last) == ("error", {"error": "SESSION_NOT_FOUND", "message": message})


def test_an_unexpected_fault_is_the_last_event_and_tells_nothing() -> None:
    def work(tell: EmitEvent) -> None:
        tell("metadata", {})
        raise ZeroDivisionError("SECRET-7f3a")

    _, last = event_stream_frames(work)
    assert event(last)[1]["error"] == "INTERNAL"
    assert b"SECRET" not in last


def test_a_stream_ends_when_its_time_is_up_and_so_does_its_thread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server_sent_events, "LIMIT_SECONDS", 0.05)
    still, closed = threading.Event(), threading.Event()
    went_on: list[bool] = []

    def work(tell: EmitEvent) -> None:
        try:
            tell("metadata", {})
            assert still.wait(TIMEOUT_SECONDS)
            tell("values", {})
            went_on.append(True)
        finally:
            closed.set()

    told = [event(frame) for frame in event_stream_frames(work) if frame != KEEP_ALIVE]
    assert [(name, data.get("error")) for name, data in told] == [
        ("metadata", None),
        ("error", "UNAVAILABLE"),
    ]
    still.set()
    assert closed.wait(TIMEOUT_SECONDS)
    assert went_on == []


def test_when_the_client_is_gone_nothing_more_is_worked_out() -> None:
    gone, closed = threading.Event(), threading.Event()
    went_on: list[bool] = []

    def work(tell: EmitEvent) -> None:
        try:
            tell("metadata", {})
            assert gone.wait(TIMEOUT_SECONDS)
            tell("updates", {})
            went_on.append(True)
        finally:
            closed.set()

    told = event_stream_frames(work)
    next(told)
    told.close()  # type: ignore[attr-defined]
    gone.set()
    assert closed.wait(TIMEOUT_SECONDS)
    assert went_on == []

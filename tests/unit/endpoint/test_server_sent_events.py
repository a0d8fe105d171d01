"""Streamed replies: events are sent at once, idle connections stay open, every stream ends."""

import json
import threading
from typing import Any

import pytest

from shared.domain.common.errors import SessionNotFound
from shared.endpoint import server_sent_events
from shared.endpoint.server_sent_events import KEEP_ALIVE, event_stream_frames
from shared.ports.calls import EmitEvent, StreamingReply

TIMEOUT_SECONDS = 20


def event(frame: bytes) -> tuple[str, Any]:
    name, data, *rest = frame.decode().split("\n")
    assert rest == ["", ""]
    return name.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def test_each_event_is_sent_before_the_next_one_is_known() -> None:
    wanted = threading.Event()

    def work(emit: EmitEvent) -> None:
        emit("metadata", {"run_id": "1"})
        assert wanted.wait(TIMEOUT_SECONDS)
        emit("values", {"text": "a line\nand another"})

    frames = event_stream_frames(StreamingReply(work))
    assert event(next(frames)) == ("metadata", {"run_id": "1"})
    wanted.set()
    assert event(next(frames)) == ("values", {"text": "a line\nand another"})
    assert list(frames) == []


def test_an_event_is_json_for_any_content() -> None:
    sent = [float("inf"), -float("inf"), float("nan")]
    (frame,) = event_stream_frames(StreamingReply(lambda emit: emit("values", {"sent": sent})))
    assert event(frame) == ("values", {"sent": [None, None, None]})


def test_a_comment_keeps_an_idle_connection_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert server_sent_events.KEEP_ALIVE_SECONDS == 15
    monkeypatch.setattr(server_sent_events, "KEEP_ALIVE_SECONDS", 0.01)
    enough = threading.Event()

    def work(emit: EmitEvent) -> None:
        assert enough.wait(TIMEOUT_SECONDS)
        emit("end", {})

    frames = event_stream_frames(StreamingReply(work))
    assert [next(frames) for _ in range(3)] == [KEEP_ALIVE] * 3
    assert KEEP_ALIVE.startswith(b":")
    enough.set()
    assert [event(frame) for frame in frames if frame != KEEP_ALIVE] == [("end", {})]


def test_a_refusal_during_the_stream_is_the_last_event() -> None:
    def work(emit: EmitEvent) -> None:
        emit("metadata", {})
        raise SessionNotFound

    _, last = event_stream_frames(StreamingReply(work))
    message = SessionNotFound.default_detail
    assert event(last) == ("error", {"error": "SESSION_NOT_FOUND", "message": message})


def test_an_unexpected_exception_is_the_last_event_and_reveals_nothing() -> None:
    def work(emit: EmitEvent) -> None:
        emit("metadata", {})
        raise ZeroDivisionError("SECRET-7f3a")

    _, last = event_stream_frames(StreamingReply(work))
    assert event(last)[1]["error"] == "INTERNAL"
    assert b"SECRET" not in last


def test_a_stream_ends_when_its_time_is_up_and_so_does_its_thread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server_sent_events, "LIMIT_SECONDS", 0.05)
    still, closed = threading.Event(), threading.Event()
    went_on: list[bool] = []

    def work(emit: EmitEvent) -> None:
        try:
            emit("metadata", {})
            assert still.wait(TIMEOUT_SECONDS)
            emit("values", {})
            went_on.append(True)
        finally:
            closed.set()

    events = [
        event(frame) for frame in event_stream_frames(StreamingReply(work)) if frame != KEEP_ALIVE
    ]
    assert [(name, data.get("error")) for name, data in events] == [
        ("metadata", None),
        ("error", "UNAVAILABLE"),
    ]
    still.set()
    assert closed.wait(TIMEOUT_SECONDS)
    assert went_on == []


def test_work_stops_once_the_client_is_gone() -> None:
    gone, closed = threading.Event(), threading.Event()
    went_on: list[bool] = []

    def work(emit: EmitEvent) -> None:
        try:
            emit("metadata", {})
            assert gone.wait(TIMEOUT_SECONDS)
            emit("updates", {})
            went_on.append(True)
        finally:
            closed.set()

    frames = event_stream_frames(StreamingReply(work))
    next(frames)
    frames.close()
    gone.set()
    assert closed.wait(TIMEOUT_SECONDS)
    assert went_on == []

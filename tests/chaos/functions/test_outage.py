"""Outage of the database: a 503 within fifteen seconds, and recovery when it is back."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import requests

from local import emulator as emulators
from local.api import User
from local.stack import Stack, free_port, start_functions
from local.tokens import scheduler_token
from tests.support.at_once import at_once
from tests.support.firestore.scenes import ITEMS, TEMPLATE

LIMIT_SECONDS = 15
RECOVERY_SECONDS = 15
PROJECT_ID = "demo-outage"


class FailingEmulator:
    """An emulator that can be frozen, killed and started again on its port."""

    def __init__(self) -> None:
        self.port = free_port()
        self._running = ExitStack()
        self.emulator = self.start()

    def start(self) -> emulators.Emulator:
        return self._running.enter_context(emulators.start_emulator(self.port))

    def send(self, number: signal.Signals) -> None:
        os.kill(self._pid(), number)

    def close(self) -> None:
        self._running.close()

    def _pid(self) -> int:
        (pid,) = [
            int(process.name)
            for process in Path("/proc").iterdir()
            if process.name.isdecimal() and f"--port={self.port}" in _command(process)
        ]
        return pid


def _command(process: Path) -> list[str]:
    try:
        return process.joinpath("cmdline").read_text().split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return []


@pytest.fixture
def failing_emulator() -> Iterator[FailingEmulator]:
    failing_emulator = FailingEmulator()
    yield failing_emulator
    failing_emulator.close()


@pytest.fixture
def stack(failing_emulator: FailingEmulator) -> Iterator[Stack]:
    with start_functions(
        failing_emulator.emulator, port=free_port(), project_id=PROJECT_ID, quiet=True
    ) as stack:
        yield stack


def _calls(teacher: User, student: User, template_id: str, session_id: str) -> list[Any]:
    """One call of each function that reaches the database, except practice_turn."""
    scheduler = {"Authorization": f"Bearer {scheduler_token(project_id=PROJECT_ID)}"}
    return [
        partial(teacher.call, "create_template", TEMPLATE),
        partial(
            teacher.call,
            "update_template",
            {"template_id": template_id, "version": 1, "name": "Lute"},
        ),
        partial(teacher.call, "delete_template", {"template_id": template_id}),
        partial(student.call, "start_session", {"timezone": "UTC"}),
        partial(student.call, "update_progress", {"session_id": session_id, "items": ITEMS}),
        partial(student.call, "complete_session", {"session_id": session_id}),
        partial(student.call, "cleanup_stale_sessions", {}, headers=scheduler),
    ]


def assert_unavailable(replies: list[requests.Response], *, since: float) -> None:
    took = time.monotonic() - since
    assert [reply.status_code for reply in replies] == [503] * len(replies)
    for reply in replies:
        assert reply.headers["Content-Type"] == "application/problem+json"
        assert reply.json()["reason"] == "UNAVAILABLE"
        assert int(reply.headers["Retry-After"]) >= 1
    assert took < LIMIT_SECONDS


def test_functions_answer_503_in_time_during_an_outage_and_recover_afterwards(
    failing_emulator: FailingEmulator, stack: Stack
) -> None:
    teacher, student = User(stack, "teacher", teacher=True), User(stack, "student")
    template = {**TEMPLATE, "student_ids": [student.uid]}
    template_id = teacher.call("create_template", template).json()["template"]["template_id"]
    started = student.call("start_session", {"template_id": template_id})
    session_id = started.json()["session"]["session_id"]
    calls = _calls(teacher, student, template_id, session_id)

    # The database hangs: connections stay open without a reply.
    failing_emulator.send(signal.SIGSTOP)
    began = time.monotonic()
    assert_unavailable(at_once(calls), since=began)
    assert requests.get(f"{stack.url}/healthz", timeout=5).ok
    failing_emulator.send(signal.SIGCONT)
    resumed = student.call("start_session", {"template_id": template_id})
    assert (resumed.status_code, resumed.json()["session"]) == (200, started.json()["session"])

    # The database has ended: connections are refused.
    failing_emulator.send(signal.SIGKILL)
    began = time.monotonic()
    assert_unavailable(at_once(calls), since=began)

    # The database is back, and empty. The functions were not restarted.
    failing_emulator.start()
    began = time.monotonic()
    replies = at_once(calls[:1] * 5)
    assert [reply.status_code for reply in replies] == [201] * 5
    assert time.monotonic() - began < RECOVERY_SECONDS
    lost = student.call("update_progress", {"session_id": session_id, "items": ITEMS})
    assert lost.json()["reason"] == "SESSION_NOT_FOUND"

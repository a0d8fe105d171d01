"""Checklist sessions of many sizes, and what one more exercise ticked costs in each."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from sys import executable
from typing import Any

import requests

from bench.compare import Comparison, compare
from bench.processes import Server, served
from local.emulator import Emulator
from local.stack import free_port
from local.tokens import user_token

PROJECT_ID = "demo-bench"
EXERCISES = (10, 100, 1_000, 3_000)
CALLS = 50
STUDENT = "student"


@contextmanager
def all_functions(
    emulator_host: str, environment: dict[str, str] | None = None
) -> Iterator[Server]:
    """Every function in one measured process, over that emulator or what stands before it."""
    port = free_port()
    settings = {
        "GOOGLE_CLOUD_PROJECT": PROJECT_ID,
        "FIRESTORE_EMULATOR_HOST": emulator_host,
        "LOG_LEVEL": "WARNING",
        **(environment or {}),
    }
    command = [executable, "-m", "local.server", str(port)]
    with served(command, port=port, environment=settings, path="/healthz") as server:
        yield server


def update_progress(emulator: Emulator) -> Comparison:
    """Processor seconds of the function, a call."""
    with all_functions(emulator.host) as server, requests.Session() as http:
        subjects = {
            f"{count:,} exercises": partial(_ticked, server, http, _started(server, http, count))
            for count in EXERCISES
        }
        return compare("update_progress", subjects)


def call(server: Server, http: requests.Session, function: str, body: Any, uid: str) -> Any:
    """What the function answers. Raises HTTPError."""
    reply = http.post(
        f"{server.url}/{function}",
        json=body,
        headers={"Authorization": f"Bearer {user_token(uid, project_id=PROJECT_ID)}"},
        timeout=30,
    )
    reply.raise_for_status()
    return reply.json()


def _started(server: Server, http: requests.Session, count: int) -> str:
    """A session of so many exercises, in sections of fifty."""
    exercises = [{"id": f"e{n}", "name": f"No. {n}"} for n in range(count)]
    sections = [
        {"name": f"Part {start}", "exercises": exercises[start : start + 50]}
        for start in range(0, count, 50)
    ]
    body = {"session_data": {"sections": sections}, "timezone": "UTC"}
    session_id: str = call(server, http, "start_session", body, STUDENT)["session"]["session_id"]
    return session_id


def _ticked(server: Server, http: requests.Session, session_id: str) -> float:
    """The first exercise again and again: what else is in the session does not change."""
    body = {"session_id": session_id, "items": [{"node_id": "e0", "grade": "good"}]}
    began = server.cpu_seconds()
    for _ in range(CALLS):
        call(server, http, "update_progress", body, STUDENT)
    return (server.cpu_seconds() - began) / CALLS

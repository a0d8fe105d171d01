"""The processor time of update_progress by the size of a checklist session."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from sys import executable
from typing import Any

import requests

from bench.compare import Comparison, compare
from bench.processes import Server, start_server
from local.emulator import Emulator
from local.stack import free_port
from local.tokens import user_token

PROJECT_ID = "demo-bench"
EXERCISES = (10, 100, 1_000, 3_000)
CALLS = 50
STUDENT = "student"


@contextmanager
def start_all_functions(
    emulator_host: str, environment: dict[str, str] | None = None
) -> Iterator[Server]:
    """Starts all functions in one measured process, over an emulator or a proxy of it."""
    port = free_port()
    settings = {
        "GOOGLE_CLOUD_PROJECT": PROJECT_ID,
        "FIRESTORE_EMULATOR_HOST": emulator_host,
        "LOG_LEVEL": "WARNING",
        **(environment or {}),
    }
    command = [executable, "-m", "local.server", str(port)]
    with start_server(command, port=port, environment=settings, path="/healthz") as server:
        yield server


def compare_checklists(emulator: Emulator) -> Comparison:
    """Processor seconds of one update_progress, by the number of exercises in the session."""
    with start_all_functions(emulator.host) as server, requests.Session() as http:
        subjects = {
            f"{count:,} exercises": partial(
                _seconds_per_update, server, http, _start_session(server, http, count)
            )
            for count in EXERCISES
        }
        return compare("update_progress", subjects)


def call_function(
    server: Server, http: requests.Session, function: str, body: Any, uid: str
) -> Any:
    """The JSON of the reply. Raises requests.HTTPError for an error status."""
    response = http.post(
        f"{server.url}/{function}",
        json=body,
        headers={"Authorization": f"Bearer {user_token(uid, project_id=PROJECT_ID)}"},
        timeout=30,
    )
    response.raise_for_status()
    return response.json()


def _start_session(server: Server, http: requests.Session, count: int) -> str:
    """The id of a new session with `count` exercises, in sections of fifty."""
    exercises = [{"id": f"e{n}", "name": f"No. {n}"} for n in range(count)]
    sections = [
        {"name": f"Part {start}", "exercises": exercises[start : start + 50]}
        for start in range(0, count, 50)
    ]
    body = {"session_data": {"sections": sections}, "timezone": "UTC"}
    session_id: str = call_function(server, http, "start_session", body, STUDENT)["session"][
        "session_id"
    ]
    return session_id


def _seconds_per_update(server: Server, http: requests.Session, session_id: str) -> float:
    """Reports the first exercise CALLS times, so that the size of the session does not change."""
    body = {"session_id": session_id, "items": [{"node_id": "e0", "grade": "good"}]}
    began = server.cpu_seconds()
    for _ in range(CALLS):
        call_function(server, http, "update_progress", body, STUDENT)
    return (server.cpu_seconds() - began) / CALLS

"""Sessions from start to completion: our functions compared with FastAPI and SQLite."""

import os
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.fernet import Fernet

from bench.compare import Comparison, compare
from bench.environments import peer_programs
from bench.peers.clients import Client, Json, time_journeys
from bench.peers.turn_requests import PROJECT_ID
from bench.processes import LOAD_CORE, Server, start_server
from local.emulator import start_emulator
from local.examples import GUITAR_TEMPLATE
from local.stack import free_port
from local.tokens import user_token

CLIENTS = 4
JOURNEYS = 5  # of each client per measurement
UPDATES = 3  # per session
THEIRS = "FastAPI, SQLAlchemy, SQLite"
OURS = "our functions, Firestore emulator"


@contextmanager
def start_our_functions(firestore: str) -> Iterator[Server]:
    """Starts all functions in one process, over the emulator at `firestore` (host:port)."""
    port = free_port()
    settings = {
        "GOOGLE_CLOUD_PROJECT": PROJECT_ID,
        "FIRESTORE_EMULATOR_HOST": firestore,
        "PRACTICE_SEAL_KEYS": Fernet.generate_key().decode(),
        "LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-m", "local.server", str(port)]
    with start_server(command, port=port, environment=settings, path="/healthz") as server:
        yield server


@contextmanager
def start_fastapi_sqlite() -> Iterator[Server]:
    """Starts the peer under uvicorn with one worker, with a database file on disk."""
    port = free_port()
    with TemporaryDirectory() as folder:
        settings = {
            "GOOGLE_CLOUD_PROJECT": PROJECT_ID,
            "DATABASE": str(Path(folder, "practice.db")),
        }
        command = [str(peer_programs("fastapi_sqlite") / "uvicorn"), "--port", str(port)]
        command += ["--app-dir", ".", "--log-level", "error", "--no-access-log"]
        command += ["bench.peers.fastapi_sqlite.app:app"]
        with start_server(command, port=port, environment=settings, path="/healthz") as server:
            yield server


@contextmanager
def start_servers() -> Iterator[dict[str, "SessionLoad"]]:
    """Starts both servers with the same template."""
    # Child processes inherit the core: the emulator shares it with the clients.
    os.sched_setaffinity(0, {min(LOAD_CORE, (os.cpu_count() or 1) - 1)})
    with (
        start_emulator(free_port(), java_options=()) as emulator,
        start_our_functions(emulator.host) as ours,
        start_fastapi_sqlite() as theirs,
    ):
        template = _create_template(ours, theirs)
        yield {THEIRS: SessionLoad(theirs, template), OURS: SessionLoad(ours, template)}


class SessionLoad:
    """Sends sessions to one server, and sums up the processor time that they take."""

    def __init__(self, server: Server, template: Json) -> None:
        self._server = server
        self._template = template
        self._requests = 0
        self._cpu_seconds = 0.0

    @property
    def cpu_ms(self) -> float:
        """The server's processor time per request so far, without a separate database."""
        return self._cpu_seconds / self._requests * 1000

    def measure(self) -> float:
        """Requests per second."""
        before = self._server.cpu_seconds()
        seconds = time_journeys(
            self._server.url, self._run_session, clients=CLIENTS, journeys=JOURNEYS
        )
        self._cpu_seconds += self._server.cpu_seconds() - before
        requests = CLIENTS * JOURNEYS * (UPDATES + 2)
        self._requests += requests
        return requests / seconds

    def _run_session(self, client: Client) -> None:
        """Starts, updates and completes a session of a new student, with idempotency keys."""
        token = user_token(f"student-{secrets.token_hex(8)}", project_id=PROJECT_ID)

        def post(function: str, body: Json) -> Json:
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": secrets.token_hex(8)}
            return client.post(f"/{function}", body, headers)

        start = {"template_id": self._template["template_id"], "timezone": "UTC"}
        reply = post("start_session", start)
        session_id, item = reply["session"]["session_id"], reply["next_item"]
        for _ in range(UPDATES):
            entry = {"node_id": item["node_id"], "grade": "good", "duration_ms": 90_000}
            reply = post("update_progress", {"session_id": session_id, "items": [entry]})
            item = reply["next_item"]
        closing = {"focus_score": 8, "notes": "Went well", "time_spent_seconds": 600}
        reply = post("complete_session", {"session_id": session_id, **closing})
        if reply["summary"]["items_completed"] != UPDATES:
            raise AssertionError(f"expected {UPDATES} completed items: {reply['summary']}")


def compare_sessions(subjects: dict[str, SessionLoad]) -> Comparison:
    """Requests per second; the baseline is the peer."""
    measures: dict[str, Callable[[], float]] = {
        name: load.measure for name, load in subjects.items()
    }
    for measure in measures.values():
        measure()  # the first requests build clients and caches
    return compare("sessions, start to completion", measures)


def _create_template(ours: Server, theirs: Server) -> Json:
    """The template, created by our function and stored by both servers."""
    token = user_token("teacher", teacher=True, project_id=PROJECT_ID)
    headers = {"Authorization": f"Bearer {token}"}
    body = {**GUITAR_TEMPLATE, "visibility": "public"}
    template: Json = Client(ours.url).post("/create_template", body, headers)["template"]
    Client(theirs.url).post("/templates", template, headers)
    return template

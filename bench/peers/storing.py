"""Sessions started, updated and completed: our functions against FastAPI over SQLite."""

import os
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.fernet import Fernet

from bench.compare import Comparison, compare
from bench.environments import of_peer
from bench.peers.clients import Client, Json, seconds_for
from bench.peers.playing import PROJECT_ID
from bench.processes import LOAD_CORE, Server, served
from local.emulator import started
from local.examples import GUITAR_TEMPLATE
from local.stack import free_port
from local.tokens import user_token

CLIENTS = 4
JOURNEYS = 5  # of each client, for one measurement
UPDATES = 3  # of each session
THEIRS = "FastAPI, SQLAlchemy, SQLite"
OURS = "our functions, Firestore emulator"


@contextmanager
def our_functions(firestore: str) -> Iterator[Server]:
    """All of them in one process, as in the local stack, over an emulator in another."""
    port = free_port()
    settings = {
        "GOOGLE_CLOUD_PROJECT": PROJECT_ID,
        "FIRESTORE_EMULATOR_HOST": firestore,
        "PRACTICE_SEAL_KEYS": Fernet.generate_key().decode(),
        "LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-m", "local.server", str(port)]
    with served(command, port=port, environment=settings, path="/healthz") as server:
        yield server


@contextmanager
def fastapi_sqlite() -> Iterator[Server]:
    """Under uvicorn with one worker, over a file on this machine's disk."""
    port = free_port()
    with TemporaryDirectory() as folder:
        settings = {
            "GOOGLE_CLOUD_PROJECT": PROJECT_ID,
            "DATABASE": str(Path(folder, "practice.db")),
        }
        command = [str(of_peer("fastapi_sqlite") / "uvicorn"), "--port", str(port)]
        command += ["--app-dir", ".", "--log-level", "error", "--no-access-log"]
        command += ["bench.peers.fastapi_sqlite.app:app"]
        with served(command, port=port, environment=settings, path="/healthz") as server:
            yield server


@contextmanager
def both() -> Iterator[dict[str, "Sessions"]]:
    # What we start and don't put elsewhere runs where we do: the emulator, beside these clients.
    os.sched_setaffinity(0, {min(LOAD_CORE, (os.cpu_count() or 1) - 1)})
    with (
        started(free_port()) as emulator,
        our_functions(emulator.host) as ours,
        fastapi_sqlite() as theirs,
    ):
        template = _template(ours, theirs)
        yield {THEIRS: Sessions(theirs, template), OURS: Sessions(ours, template)}


class Sessions:
    """A server that students go through sessions on, from start to completion."""

    def __init__(self, server: Server, template: Json) -> None:
        self._server = server
        self._template = template
        self._requests = 0
        self._cpu_seconds = 0.0

    @property
    def cpu_ms(self) -> float:
        """The server's processor time for one request so far; a database beside it not counted."""
        return self._cpu_seconds / self._requests * 1000

    def per_second(self) -> float:
        """Requests answered a second."""
        used = self._server.cpu_seconds()
        seconds = seconds_for(self._server.url, self._session, clients=CLIENTS, journeys=JOURNEYS)
        self._cpu_seconds += self._server.cpu_seconds() - used
        requests = CLIENTS * JOURNEYS * (UPDATES + 2)
        self._requests += requests
        return requests / seconds

    def _session(self, client: Client) -> None:
        """A new student's: started, updated a few times and completed, each with a key."""
        token = user_token(f"student-{secrets.token_hex(8)}", project_id=PROJECT_ID)

        def post(function: str, body: Json) -> Json:
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": secrets.token_hex(8)}
            return client.post(f"/{function}", body, headers)

        begun = post(
            "start_session", {"template_id": self._template["template_id"], "timezone": "UTC"}
        )
        session_id, item = begun["session"]["session_id"], begun["next_item"]
        for _ in range(UPDATES):
            done = {"node_id": item["node_id"], "grade": "good", "duration_ms": 90_000}
            reply = post("update_progress", {"session_id": session_id, "items": [done]})
            item = reply["next_item"]
        closing = {"focus_score": 8, "notes": "Went well", "time_spent_seconds": 600}
        reply = post("complete_session", {"session_id": session_id, **closing})
        if reply["summary"]["items_completed"] != UPDATES:
            raise AssertionError(f"{reply['summary']} has not {UPDATES} items")


def measured(subjects: dict[str, Sessions]) -> Comparison:
    measures: dict[str, Callable[[], float]] = {
        name: sessions.per_second for name, sessions in subjects.items()
    }
    for measure in measures.values():
        measure()  # not counted: the first requests build clients and caches
    return compare("sessions, start to completion", measures)


def _template(ours: Server, theirs: Server) -> Json:
    """One template, made by us and stored by both."""
    token = user_token("teacher", teacher=True, project_id=PROJECT_ID)
    headers = {"Authorization": f"Bearer {token}"}
    body = {**GUITAR_TEMPLATE, "visibility": "public"}
    made: Json = Client(ours.url).post("/create_template", body, headers)["template"]
    Client(theirs.url).post("/templates", made, headers)
    return made

"""Fixtures of counters in documents of the emulator, shared by many processes."""

import tempfile
from collections.abc import Callable, Iterator
from secrets import token_hex
from typing import IO, Any

import pytest

from local.emulator import Emulator
from local.stack import Stack, free_port, start_functions
from shared.firestore.client import Client
from shared.limits.firestore_counters import COLLECTION, TOTAL, FirestoreCounters
from tests.support.firestore.faulty_channel import FaultyChannel

NewCounters = Callable[..., FirestoreCounters]
Totals = Callable[[], dict[str, int]]

# Counts must be correct on a busy machine too; other tests check the time limit.
PATIENT_SECONDS = 20.0


@pytest.fixture(scope="module")
def output() -> Iterator[IO[bytes]]:
    """The log lines of a module's stack."""
    with tempfile.TemporaryFile("a+b") as file:
        yield file


@pytest.fixture(scope="module")
def stack(emulator: Emulator, output: IO[bytes], settings: dict[str, str]) -> Iterator[Stack]:
    """The functions of a module, with its `settings`."""
    with start_functions(
        emulator,
        port=free_port(),
        project_id=f"demo-{token_hex(6)}",
        quiet=True,
        output=output,
        environment=settings,
    ) as stack:
        yield stack


@pytest.fixture
def project_id() -> str:
    """A project without counts."""
    return f"demo-limits-{token_hex(4)}"


@pytest.fixture
def channel() -> FaultyChannel:
    return FaultyChannel()


@pytest.fixture
def new_counters(
    emulator: Emulator, project_id: str, channel: FaultyChannel
) -> Iterator[NewCounters]:
    """Makes each process's own client of the same documents."""
    made: list[FirestoreCounters] = []

    def new(**changes: Any) -> FirestoreCounters:
        settings = {
            "project_id": project_id,
            "database": "(default)",
            "emulator_host": emulator.host,
            "timeout_seconds": PATIENT_SECONDS,
            "interceptors": [channel],
        }
        made.append(FirestoreCounters(**{**settings, **changes}))
        return made[-1]

    yield new
    for counters in made:
        counters.close()


@pytest.fixture
def stored(
    emulator: Emulator, project_id: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Client]:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", emulator.host)
    client = Client(project=project_id)
    yield client
    client.close()


@pytest.fixture
def totals(stored: Client) -> Totals:
    """The totals in the documents, by kind."""

    def read() -> dict[str, int]:
        sums: dict[str, int] = {}
        for document in stored.collection(COLLECTION).stream():
            fields = document.to_dict()
            sums[fields["kind"]] = sums.get(fields["kind"], 0) + fields[TOTAL]
        return sums

    return read

"""Fixtures of separate projects for the rules: their documents and coverage are not shared."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from local.emulator import RULES, Emulator
from shared.firestore.client import Client
from tests.integration.rules import table
from tests.integration.rules.asking import Door

OpenDoor = Callable[..., Door]
StoreClient = Callable[[str], AbstractContextManager[Client]]


@dataclass(frozen=True)
class TableRun:
    """The statuses of the whole table, and the coverage report after it."""

    statuses: dict[table.Cell, int]
    report: dict[str, Any]


@pytest.fixture(scope="session")
def store_client(emulator: Emulator) -> StoreClient:
    """The store's own client for any project, which bypasses the rules."""

    @contextmanager
    def opened(project_id: str) -> Iterator[Client]:
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("FIRESTORE_EMULATOR_HOST", emulator.host)
            client = Client(project=project_id)
        try:
            yield client
        finally:
            client.close()

    return opened


@pytest.fixture(scope="session")
def open_door(emulator: Emulator) -> Iterator[OpenDoor]:
    """An empty project under rules; firestore.rules unless others are given."""
    with requests.Session() as http:

        def opened(project_id: str, rules: str | None = None) -> Door:
            emulator.clear(project_id)
            emulator.load_rules(project_id, RULES.read_text() if rules is None else rules)
            return Door(emulator, project_id, http)

        yield opened


@pytest.fixture(scope="session")
def table_run(open_door: OpenDoor, store_client: StoreClient) -> TableRun:
    """Runs the table in a project without other requests, so that the report covers only it."""
    door = open_door("demo-rules-table")
    with store_client(door.project_id) as client:
        table.lay(client)
    statuses = table.asked(table.people(door), table.OPERATIONS)
    return TableRun(statuses, door.coverage())


@pytest.fixture(scope="session")
def door(open_door: OpenDoor, store_client: StoreClient) -> Door:
    """A project with the table's documents, for requests that are not in the table."""
    door = open_door("demo-rules")
    with store_client(door.project_id) as client:
        table.lay(client)
    return door

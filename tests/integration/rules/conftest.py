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
from tests.integration.rules.rest_client import RulesProject

NewProject = Callable[..., RulesProject]
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
def new_project(emulator: Emulator) -> Iterator[NewProject]:
    """An empty project under rules; firestore.rules unless others are given."""
    with requests.Session() as http:

        def opened(project_id: str, rules: str | None = None) -> RulesProject:
            emulator.clear(project_id)
            emulator.load_rules(project_id, RULES.read_text() if rules is None else rules)
            return RulesProject(emulator, project_id, http)

        yield opened


@pytest.fixture(scope="session")
def table_run(new_project: NewProject, store_client: StoreClient) -> TableRun:
    """Runs the table in a project without other requests, so that the report covers only it."""
    project = new_project("demo-rules-table")
    with store_client(project.project_id) as client:
        table.store_rows(client)
    statuses = table.asked(table.callers(project), table.OPERATIONS)
    return TableRun(statuses, project.coverage())


@pytest.fixture(scope="session")
def project(new_project: NewProject, store_client: StoreClient) -> RulesProject:
    """A project with the table's documents, for requests that are not in the table."""
    project = new_project("demo-rules")
    with store_client(project.project_id) as client:
        table.store_rows(client)
    return project

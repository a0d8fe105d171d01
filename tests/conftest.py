"""One emulator and one stack for the whole run; people of their own for every test."""

from collections.abc import Callable, Iterator
from secrets import token_hex

import pytest

from local import emulator as emulators
from local.api import User
from local.emulator import RULES, Emulator
from local.stack import Stack, free_port, start_functions
from shared.firestore.client import Client
from shared.firestore.database import Database

PROJECT_ID = "demo-tests"

NewUser = Callable[..., User]


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    with emulators.use_emulator(free_port()) as running:
        running.load_rules(PROJECT_ID, RULES.read_text())
        yield running


@pytest.fixture(scope="session")
def stack(emulator: Emulator) -> Iterator[Stack]:
    """All functions over HTTP, each started through the deployment door."""
    with start_functions(emulator, port=free_port(), project_id=PROJECT_ID, quiet=True) as running:
        yield running


@pytest.fixture
def user(stack: Stack) -> NewUser:
    """Makes users nobody has seen before: `user("ann")`, `user("tom", teacher=True)`."""

    def new(name: str = "user", *, teacher: bool = False) -> User:
        return User(stack, f"{name}-{token_hex(6)}", teacher=teacher)

    return new


@pytest.fixture
def teacher(user: NewUser) -> User:
    return user("teacher", teacher=True)


@pytest.fixture
def student(user: NewUser) -> User:
    return user("student")


@pytest.fixture
def client(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """The store's own client, which sees past the rules."""
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", emulator.host)
    client = Client(project=PROJECT_ID)
    yield client
    client.close()


@pytest.fixture
def database(client: Client) -> Database:
    return Database(client)

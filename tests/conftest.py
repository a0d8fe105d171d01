"""One emulator and one stack for each process that runs tests; new users for every test.

Fixtures import what they start: tests/unit loads neither the emulator nor Firestore's client.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from local.api import User
    from local.emulator import Emulator
    from local.stack import Stack
    from shared.firestore.client import Client
    from shared.firestore.database import Database
    from tests.support.auth_emulator import RunningEmulator

pytest.register_assert_rewrite("tests.support")

# Properties are checked with the same examples in every run.
settings.register_profile(
    "tests",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("tests")

PROJECT_ID = "demo-tests"

NewUser = Callable[..., "User"]

OF_THE_AUTH_EMULATOR = Path(__file__).parent / "e2e" / "auth_emulator"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--auth-emulator",
        action="store_true",
        help="sign in with Firebase's Auth emulator, which `make test-auth-emulator` installs",
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Tests of the Auth emulator are those of `make test-auth-emulator` alone."""
    if collection_path == OF_THE_AUTH_EMULATOR and not config.getoption("--auth-emulator"):
        return True
    return None


@contextmanager
def start_emulator() -> Iterator[Emulator]:
    """An emulator with the security rules."""
    from local import emulator as emulators
    from local.stack import free_port

    with emulators.use_emulator(free_port()) as running:
        running.load_rules(PROJECT_ID, emulators.RULES.read_text())
        yield running


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    with start_emulator() as running:
        yield running


@pytest.fixture(scope="session")
def stack(emulator: Emulator) -> Iterator[Stack]:
    """All functions over HTTP, each started through main.py."""
    from local.stack import free_port, start_functions

    with start_functions(emulator, port=free_port(), project_id=PROJECT_ID, quiet=True) as running:
        yield running


@pytest.fixture(scope="session")
def auth_emulator() -> Iterator[RunningEmulator]:
    """Firebase's Auth emulator with the people of the stack."""
    from local.auth_emulator import AuthEmulator
    from tests.support.auth_emulator import start_auth_emulator

    with start_auth_emulator(PROJECT_ID) as running:
        AuthEmulator(running.host, PROJECT_ID).prepare()
        yield running


@pytest.fixture(scope="session")
def stack_with_auth_emulator(emulator: Emulator, auth_emulator: RunningEmulator) -> Iterator[Stack]:
    """A stack that leaves signing in to the Auth emulator."""
    from local.auth_emulator import VARIABLE
    from local.stack import free_port, start_functions

    with start_functions(
        emulator,
        port=free_port(),
        project_id=PROJECT_ID,
        quiet=True,
        environment={VARIABLE: auth_emulator.host},
    ) as running:
        yield running


@pytest.fixture
def user(stack: Stack) -> NewUser:
    """Makes users with new ids: `user("ann")`, `user("tom", teacher=True)`."""
    from local.api import User

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
    """The adapter's own client, which is not subject to the security rules."""
    from shared.firestore.client import Client

    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", emulator.host)
    client = Client(project=PROJECT_ID)
    yield client
    client.close()


@pytest.fixture
def database(client: Client) -> Database:
    from shared.firestore.database import Database

    return Database(client)

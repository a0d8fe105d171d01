"""Fixtures of a school in a project of its own, and of the commands that run on it."""

from collections.abc import Callable, Iterator
from secrets import token_hex

import pytest

from local.emulator import Emulator
from shared.firestore import retry
from shared.firestore.client import Client
from tests.integration.admin import command
from tests.integration.admin.command import CommandResult
from tests.integration.admin.identity import Identity, identity_server
from tests.support.firestore.wire import Wire
from tests.support.firestore.world import World

NewWorld = Callable[[], World]
Admin = Callable[..., CommandResult]


@pytest.fixture
def new_world(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[NewWorld]:
    """Makes empty databases, each with a wire of its own."""
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", emulator.host)
    monkeypatch.setattr(retry, "FIRST_PAUSE_SECONDS", 0.002)
    made: list[Client] = []

    def new() -> World:
        wire = Wire()
        made.append(Client(project=f"demo-{token_hex(6)}", interceptors=[wire]))
        return World(made[-1], wire)

    yield new
    for client in made:
        client.close()


@pytest.fixture
def world(new_world: NewWorld) -> World:
    return new_world()


@pytest.fixture
def env(world: World, emulator: Emulator) -> dict[str, str]:
    """The settings of an operator of the world's project."""
    return {
        "GOOGLE_CLOUD_PROJECT": str(world.client.project),
        "FIRESTORE_EMULATOR_HOST": emulator.host,
    }


@pytest.fixture
def admin(env: dict[str, str]) -> Admin:
    """Runs a command, its output piped: `admin("erase", "sam")`."""
    return lambda *arguments, **more: command.run(*arguments, env={**env, **more})


@pytest.fixture
def identity() -> Iterator[Identity]:
    """Accounts, served over HTTP in the format of Identity Toolkit."""
    with identity_server() as server:
        yield server

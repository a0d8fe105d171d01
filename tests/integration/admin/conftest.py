"""Fixtures of a school in a project of its own, and of the commands that run on it."""

from collections.abc import Callable, Iterator

import pytest

from local.emulator import Emulator
from tests.integration.admin import command
from tests.integration.admin.command import CommandResult
from tests.integration.admin.identity import Identity, identity_server
from tests.support.firestore.fixtures import new_world, world
from tests.support.firestore.world import World

Admin = Callable[..., CommandResult]

__all__ = ["new_world", "world"]


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

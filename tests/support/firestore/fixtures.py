"""Empty databases, each with its own channel."""

from collections.abc import Callable, Iterator
from secrets import token_hex

import pytest

from local.emulator import Emulator
from shared.firestore import retry
from shared.firestore.client import Client
from tests.support.firestore.faulty_channel import FaultyChannel
from tests.support.firestore.world import World

NewWorld = Callable[[], World]


@pytest.fixture
def new_world(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[NewWorld]:
    """Makes empty databases."""
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", emulator.host)
    # Calls of one process need no long pauses to avoid each other.
    monkeypatch.setattr(retry, "FIRST_PAUSE_SECONDS", 0.002)
    made: list[Client] = []

    def new() -> World:
        channel = FaultyChannel()
        client = Client(project=f"demo-{token_hex(6)}", interceptors=[channel])
        made.append(client)
        return World(client, channel)

    yield new
    for client in made:
        client.close()


@pytest.fixture
def world(new_world: NewWorld) -> World:
    return new_world()

"""All functions over a proxy, and a way past it to what is stored."""

from collections.abc import Callable, Iterator

import pytest

from local.emulator import RULES, Emulator
from local.stack import Stack, free_port, serving
from shared.store.client import Client
from tests.faults.proxy import Proxy, proxied
from tests.faults.scenes import Cast

PROJECT_ID = "demo-faults"

NewCast = Callable[[], Cast]


@pytest.fixture(scope="session")
def proxy_of_all(emulator: Emulator) -> Iterator[Proxy]:
    with proxied(emulator) as proxy:
        yield proxy


@pytest.fixture
def proxy(proxy_of_all: Proxy) -> Iterator[Proxy]:
    """Harmless until told, and again afterwards."""
    proxy_of_all.forget()
    yield proxy_of_all
    proxy_of_all.mend()


@pytest.fixture(scope="session")
def stack(emulator: Emulator, proxy_of_all: Proxy) -> Iterator[Stack]:
    """All functions, whose database is behind the proxy."""
    emulator.load_rules(PROJECT_ID, RULES.read_text())
    with serving(
        emulator,
        port=free_port(),
        project_id=PROJECT_ID,
        quiet=True,
        environment={"FIRESTORE_EMULATOR_HOST": proxy_of_all.host},
    ) as running:
        yield running


@pytest.fixture(scope="session")
def past_the_proxy(emulator: Emulator) -> Iterator[Client]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("FIRESTORE_EMULATOR_HOST", emulator.host)
        client = Client(project=PROJECT_ID)
    yield client
    client.close()


@pytest.fixture
def new_cast(stack: Stack, past_the_proxy: Client) -> NewCast:
    return lambda: Cast(stack, past_the_proxy)

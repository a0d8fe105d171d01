"""All functions over a proxy, and a way past it to what is stored."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from cryptography.fernet import Fernet

from local.emulator import RULES, Emulator
from local.stack import Stack, free_port, start_functions
from shared.firestore.client import Client
from testkit.faults.proxy import Proxy, proxied
from tests.chaos.functions.endings import Ending, replied
from tests.chaos.functions.scenes import SCENES, Cast

PROJECT_ID = "demo-faults"

NewCast = Callable[[], Cast]
Known = Callable[..., Ending]
Serve = Callable[..., AbstractContextManager[Stack]]


@pytest.fixture(scope="session")
def proxy_of_all(emulator: Emulator) -> Iterator[Proxy]:
    with proxied(emulator) as proxy:
        yield proxy


@pytest.fixture
def proxy(proxy_of_all: Proxy) -> Iterator[Proxy]:
    """Harmless until told, and again afterwards."""
    proxy_of_all.forget()
    yield proxy_of_all
    proxy_of_all.clear_faults()


@pytest.fixture(scope="session")
def serve(emulator: Emulator, proxy_of_all: Proxy) -> Serve:
    """Starts all functions in a process of their own, their database behind the proxy.

    All such processes open each other's seals.
    """
    emulator.load_rules(PROJECT_ID, RULES.read_text())
    common = {
        "FIRESTORE_EMULATOR_HOST": proxy_of_all.host,
        "PRACTICE_SEAL_KEYS": Fernet.generate_key().decode(),
    }
    return lambda **settings: start_functions(
        emulator,
        port=free_port(),
        project_id=PROJECT_ID,
        quiet=True,
        environment={**common, **settings},
    )


@pytest.fixture(scope="session")
def stack(serve: Serve) -> Iterator[Stack]:
    with serve() as running:
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


@pytest.fixture(scope="session")
def endings() -> dict[tuple[str, bool], Ending]:
    return {}


@pytest.fixture
def known(endings: dict[tuple[str, bool], Ending], new_cast: NewCast) -> Known:
    """How a scene ends without a fault; played once, so ask before there are faults."""

    def ending(name: str, *, with_key: bool) -> Ending:
        if (name, with_key) not in endings:
            scene, cast = SCENES[name], new_cast()
            reply = scene.play(cast, scene.before(cast), key=cast.key if with_key else None)
            endings[name, with_key] = Ending(cast.facts(), replied(reply, scene.status))
        return endings[name, with_key]

    return ending

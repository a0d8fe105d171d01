"""Fixtures: all functions behind a proxy, and a database client without it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from cryptography.fernet import Fernet

from local.emulator import RULES, Emulator
from local.stack import Stack, free_port, start_functions
from shared.firestore.client import Client
from testkit.faults.proxy import Proxy, proxied
from tests.chaos.functions.outcomes import Outcome, reply_content
from tests.chaos.functions.scenes import SCENES, SCENES_WITHOUT_KEYS, Users

PROJECT_ID = "demo-faults"

NewUsers = Callable[[], Users]
OutcomeOf = Callable[..., Outcome]
Serve = Callable[..., AbstractContextManager[Stack]]


@pytest.fixture(scope="session")
def proxy_of_all(emulator: Emulator) -> Iterator[Proxy]:
    with proxied(emulator) as proxy:
        yield proxy


@pytest.fixture
def proxy(proxy_of_all: Proxy) -> Iterator[Proxy]:
    """The proxy without faults, which are removed again after the test."""
    proxy_of_all.forget()
    yield proxy_of_all
    proxy_of_all.clear_faults()


@pytest.fixture(scope="session")
def serve(emulator: Emulator, proxy_of_all: Proxy) -> Serve:
    """Starts all functions in a separate process that reaches the database through the proxy.

    All such processes have the same seal keys.
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
def direct_client(emulator: Emulator) -> Iterator[Client]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("FIRESTORE_EMULATOR_HOST", emulator.host)
        client = Client(project=PROJECT_ID)
    yield client
    client.close()


@pytest.fixture
def new_users(stack: Stack, direct_client: Client) -> NewUsers:
    return lambda: Users(stack, direct_client)


@pytest.fixture(scope="session")
def outcomes() -> dict[tuple[str, bool], Outcome]:
    return {}


@pytest.fixture
def outcome_of(outcomes: dict[tuple[str, bool], Outcome], new_users: NewUsers) -> OutcomeOf:
    """The outcome of a scene without faults. It is played once: call this before setting faults."""

    def outcome(name: str, *, with_key: bool) -> Outcome:
        if (name, with_key) not in outcomes:
            scene, users = {**SCENES, **SCENES_WITHOUT_KEYS}[name], new_users()
            reply = scene.play(users, scene.before(users), key=users.key if with_key else None)
            outcomes[name, with_key] = Outcome(users.facts(), reply_content(reply, scene.status))
        return outcomes[name, with_key]

    return outcome

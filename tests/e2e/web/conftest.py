"""Real headless Chromium through Playwright, against the real stack with the built app."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Browser

from local import web_app
from local.api import User
from local.auth_emulator import VARIABLE, AuthEmulator
from local.emulator import RULES, Emulator
from local.run import create_examples
from local.stack import Stack, free_port, start_functions, start_stack
from shared.firestore.client import Client
from testkit.chromium import chromium
from tests.conftest import PROJECT_ID, start_emulator
from tests.e2e.web.app import App, make_account, make_emulator_account
from tests.e2e.web.pages import STUDENT, all_of
from tests.support.auth_emulator import RunningEmulator

OpenApp = Callable[..., App]
NewAccount = Callable[[User], str]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Ends with the tests of the app: Playwright runs an event loop in this thread, beside which
    other tests can't run theirs.
    """
    assert web_app.is_built(), "`make test` builds the web app first"
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def emulator() -> Iterator[Emulator]:
    """Ends with the tests of the app: a page that is closed while it watches documents leaves its
    query in the emulator, which then answers it at every write.
    """
    with start_emulator() as running:
        yield running


@pytest.fixture(scope="package")
def stack(request: pytest.FixtureRequest, emulator: Emulator) -> Iterator[Stack]:
    """With --auth-emulator it leaves signing in to Firebase's emulator."""
    environment = {}
    if request.config.getoption("--auth-emulator"):
        environment[VARIABLE] = request.getfixturevalue("auth_emulator").host
    with start_functions(
        emulator,
        port=free_port(),
        project_id=PROJECT_ID,
        quiet=True,
        environment=environment,
    ) as running:
        yield running


@pytest.fixture(scope="package")
def sign_in_url(request: pytest.FixtureRequest, stack: Stack) -> str:
    """The address of what the app signs in with."""
    if request.config.getoption("--auth-emulator"):
        running: RunningEmulator = request.getfixturevalue("auth_emulator")
        return running.url
    return stack.url


@pytest.fixture(scope="package")
def accounts(emulator: Emulator) -> Iterator[Client]:
    """The client that accounts are made with."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIRESTORE_EMULATOR_HOST", emulator.host)
        client = Client(project=PROJECT_ID)
    yield client
    client.close()


@pytest.fixture(scope="package")
def new_account(request: pytest.FixtureRequest) -> NewAccount:
    """Makes an account for a user where the app signs in; returns its e-mail address."""
    if request.config.getoption("--auth-emulator"):
        running: RunningEmulator = request.getfixturevalue("auth_emulator")
        return partial(make_emulator_account, AuthEmulator(running.host, PROJECT_ID))
    return partial(make_account, request.getfixturevalue("accounts"))


@pytest.fixture(scope="package")
def signed_in() -> dict[str, Any]:
    """The storage of a browser in which the user with this uid has signed in."""
    return {}


@pytest.fixture
def open_app(
    browser: Browser, stack: Stack, new_account: NewAccount, signed_in: dict[str, Any]
) -> Iterator[OpenApp]:
    """`open_app(user, phone=True)` opens the app as that user, `open_app(None)` signed out.

    A test fails if the console of one of its browsers has reported an error.
    """
    opened: list[App] = []

    def open_as(user: User | None, **options: Any) -> App:
        if user is not None and user.uid not in signed_in:
            app = App(browser, stack.url)
            app.sign_in(new_account(user))
            signed_in[user.uid] = app.context.storage_state(indexed_db=True)
            app.close()
        state = signed_in[user.uid] if user else None
        opened.append(App(browser, stack.url, state=state, **options))
        return opened[-1]

    yield open_as
    errors = [error for app in opened for error in app.errors]
    for app in opened:
        app.close()
    assert not errors, errors


@pytest.fixture(scope="package")
def seeded() -> Iterator[Stack]:
    """A stack of its own with the examples of `make run`."""
    with start_stack(port=free_port(), firestore_port=free_port(), quiet=True) as running:
        running.emulator.load_rules(running.project_id, RULES.read_text())
        create_examples(running)
        yield running


@pytest.fixture(scope="package")
def completed(seeded: Stack) -> str:
    """The id of a completed, assigned session of the student."""
    response = User(seeded, STUDENT.uid).query(
        {
            "from": [{"collectionId": "practice_sessions"}],
            "where": all_of(student_id=STUDENT.uid, origin="assigned", status="completed"),
            "limit": 1,
        }
    )
    name: str = response.json()[0]["document"]["name"]
    return name.rpartition("/")[2]

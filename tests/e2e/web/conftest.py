"""Real headless Chromium through Playwright, against the real stack with the built app."""

from collections.abc import Callable, Generator, Iterator
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Browser, StorageState

from local import web_app
from local.api import User
from local.auth_emulator import VARIABLE, AuthEmulator
from local.emulator import Emulator
from local.stack import Stack, free_port, start_functions
from shared.firestore.client import Client
from testkit.chromium import chromium
from testkit.example_stack import start_example_stack
from tests.conftest import PROJECT_ID, start_emulator
from tests.e2e.web.app import App, make_account, make_emulator_account, signed_in_state
from tests.e2e.web.pages import STUDENT, all_of
from tests.support.auth_emulator import RunningEmulator

OpenApp = Callable[..., App]
NewAccount = Callable[[User], str]
StateOf = Callable[[User], StorageState]
OPENED = pytest.StashKey[list[App]]()


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
def state_of(stack: Stack, sign_in_url: str, new_account: NewAccount) -> StateOf:
    """The storage of a browser in which the user has signed in; the account is made once."""
    made: dict[str, StorageState] = {}

    def state_of(user: User) -> StorageState:
        if user.uid not in made:
            email = new_account(user)
            made[user.uid] = signed_in_state(stack.url, sign_in_url=sign_in_url, email=email)
        return made[user.uid]

    return state_of


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that fails reports what its pages show."""
    report = yield
    if report.when == "call" and report.failed:
        for app in item.stash.get(OPENED, []):
            report.sections.append(("The app", app.description()))
    return report


@pytest.fixture
def open_app(
    request: pytest.FixtureRequest, browser: Browser, stack: Stack, state_of: StateOf
) -> Iterator[OpenApp]:
    """`open_app(user, phone=True)` opens the app as that user, `open_app(None)` signed out.

    A test fails if the console of one of its browsers has reported an error.
    """
    opened: list[App] = request.node.stash.setdefault(OPENED, [])

    def open_as(user: User | None, **options: Any) -> App:
        state = state_of(user) if user else None
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
    with start_example_stack() as running:
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

"""Google's pop-up, as the Auth emulator has it, under the policy that the app's pages have.

Both sides of the pop-up load a script of Google's, which passes messages between the page and a
frame of the emulator. A stand-in takes its place, message_frames.js; nothing else is replaced.
"""

from pathlib import Path
from secrets import token_hex

import pytest
from playwright.sync_api import Page, Route, expect

from local.hosting import POP_UPS
from local.stack import Stack
from tests.e2e.web.app import App
from tests.e2e.web.conftest import (
    OpenApp,
    accounts,
    browser,
    emulator,
    new_account,
    open_app,
    sign_in_url,
    stack,
    state_of,
)
from tests.support.auth_emulator import RunningEmulator

__all__ = [
    "accounts",
    "browser",
    "emulator",
    "new_account",
    "open_app",
    "sign_in_url",
    "stack",
    "state_of",
]

MESSAGES = Path(__file__).parent / "message_frames.js"


@pytest.fixture
def app(open_app: OpenApp, stack: Stack, auth_emulator: RunningEmulator) -> App:
    """The app of somebody signed out. All that is not on this machine can't be reached."""
    opened = open_app(None)
    here = (stack.url, auth_emulator.url)

    def answer(route: Route) -> None:
        address = route.request.url
        if address.startswith(POP_UPS):
            route.fulfill(path=MESSAGES, content_type="text/javascript")
        elif address.startswith(here):
            route.continue_()
        else:
            route.abort()

    opened.context.route("**/*", answer)
    return opened


def open_pop_up(page: Page) -> Page:
    with page.expect_popup() as opening:
        page.get_by_role("button", name="Continue with Google").click()
    return opening.value


def test_an_account_of_google_is_added_and_chosen_again(app: App) -> None:
    name, email = "Kim Ode", f"kim-{token_hex(4)}@gmail.com"
    page = app.open("/sign-in?next=/sessions")
    pop_up = open_pop_up(page)
    pop_up.get_by_text("Add new account").click()
    pop_up.locator("#email-input").fill(email)
    pop_up.locator("#display-name-input").fill(name)
    pop_up.locator("#sign-in").click()

    expect(page.get_by_role("heading", name="Sessions")).to_be_visible()
    expect(page).to_have_url(f"{app.url}/sessions")
    page.get_by_role("button", name=f"Account of {name}").click()
    page.get_by_role("menuitem", name="Sign out").click()
    pop_up = open_pop_up(page)
    pop_up.get_by_text(email).click()
    expect(page.get_by_role("button", name=f"Account of {name}")).to_be_visible()


def test_a_closed_pop_up_is_said_in_words(app: App) -> None:
    page = app.open("/sign-in")
    pop_up = open_pop_up(page)
    expect(pop_up.get_by_text("Add new account")).to_be_visible()
    pop_up.close()

    expect(page.get_by_role("alert")).to_contain_text("closed before the sign-in was done")
    open_pop_up(page)

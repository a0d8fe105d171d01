"""Signing in, up and out, as a person does it.

`make test` runs these against the stack's own sign-in, `make test-auth-emulator` against Firebase's
Auth emulator.
"""

import pytest
import requests
from playwright.sync_api import expect

from local.api import User
from local.people import PEOPLE, TEACHER
from tests.conftest import PROJECT_ID, NewUser
from tests.e2e.web.app import PASSWORD, App
from tests.e2e.web.conftest import OpenApp
from tests.e2e.web.storage import databases
from tests.support.answers import ok


def test_a_person_of_the_demo_signs_in_with_one_press(open_app: OpenApp) -> None:
    app = open_app(None)
    page = app.open("/")

    expect(page).to_have_url(f"{app.url}/sign-in")
    app.screenshot("sign-in")
    for person in PEOPLE.values():
        expect(page.get_by_role("button", name=person.name)).to_be_visible()
    page.get_by_role("button", name=TEACHER.name).click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    expect(page.get_by_role("link", name="Teaching")).to_be_visible()


def test_a_wrong_password_is_said_in_words_and_the_address_stays(
    open_app: OpenApp, user: NewUser
) -> None:
    page = open_app(None).open("/sign-in")
    page.get_by_role("textbox", name="E-mail").fill("nobody@school.example")
    page.get_by_label("Password", exact=True).fill("guessing")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("alert")).to_contain_text("are not right")
    expect(page.get_by_role("textbox", name="E-mail")).to_have_value("nobody@school.example")


def test_signing_in_leads_to_the_page_that_was_asked_for(open_app: OpenApp) -> None:
    app = open_app(None)
    page = app.open("/gradebook?of=all")
    page.get_by_role("button", name=TEACHER.name).click()

    expect(page).to_have_url(f"{app.url}/gradebook?of=all")
    expect(page.get_by_role("heading", name="Gradebook")).to_be_visible()


def test_signing_in_does_not_lead_to_another_site(open_app: OpenApp) -> None:
    app = open_app(None)
    page = app.open("/sign-in?next=//elsewhere.example/x")
    page.get_by_role("button", name=TEACHER.name).click()

    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    assert page.url == f"{app.url}/"


def test_a_new_account_is_greeted_by_its_name(open_app: OpenApp, user: NewUser) -> None:
    page = open_app(None).open("/sign-in")
    page.get_by_role("link", name="Create an account").click()
    page.get_by_role("textbox", name="Your name").fill("Pat Doe")
    page.get_by_role("textbox", name="E-mail").fill(f"{user('pat').uid}@school.example")
    page.get_by_label("Password", exact=True).fill("a good one")
    page.get_by_role("button", name="Create an account").click()

    expect(page.get_by_role("button", name="Account of Pat Doe")).to_be_visible()


def links_to(sign_in_url: str, email: str) -> list[str]:
    """The links that were sent to the address, as the sign-in lists them."""
    path = f"/emulator/v1/projects/{PROJECT_ID}/oobCodes"
    codes = requests.get(sign_in_url + path, timeout=10).json()["oobCodes"]
    return [code["oobLink"] for code in codes if code["email"] == email]


def test_a_link_by_mail_signs_in(open_app: OpenApp, user: NewUser, sign_in_url: str) -> None:
    email = f"{user('lou').uid}@school.example"
    app = open_app(None)
    page = app.open("/sign-in?next=/sessions")
    page.get_by_role("link", name="By e-mail link").click()
    page.get_by_role("textbox", name="E-mail").fill(email)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("status")).to_contain_text(email)
    page.goto(links_to(sign_in_url, email)[-1])

    expect(page.get_by_role("textbox", name="E-mail")).to_have_value(email)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Sessions")).to_be_visible()
    expect(page).to_have_url(f"{app.url}/sessions")


def test_a_used_link_is_said_in_words(open_app: OpenApp, user: NewUser, sign_in_url: str) -> None:
    email = f"{user('lou').uid}@school.example"
    first, second = open_app(None), open_app(None)
    page = first.open("/sign-in")
    page.get_by_role("link", name="By e-mail link").click()
    page.get_by_role("textbox", name="E-mail").fill(email)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("status")).to_contain_text(email)
    (link,) = links_to(sign_in_url, email)
    for app in (first, second):
        app.page.goto(link)
        app.page.get_by_role("textbox", name="E-mail").fill(email)
        app.page.get_by_role("button", name="Sign in").click()
        if app is first:
            expect(page.get_by_role("navigation")).to_be_visible()

    expect(second.page.get_by_role("alert")).to_contain_text("used up or too old")
    second.page.get_by_role("link", name="Sign in another way").click()
    expect(second.page.get_by_label("Password", exact=True)).to_be_visible()


def test_a_forgotten_password_is_asked_for_by_mail(
    open_app: OpenApp, user: NewUser, sign_in_url: str
) -> None:
    ann = user("ann")
    open_app(ann)  # makes the account
    page = open_app(None).open("/sign-in")
    page.get_by_role("button", name="Forgotten the password?").click()
    expect(page.get_by_role("alert")).to_contain_text("enter your e-mail address first")
    page.get_by_role("textbox", name="E-mail").fill(f"{ann.uid}@school.example")
    page.get_by_role("button", name="Forgotten the password?").click()

    expect(page.get_by_role("status")).to_contain_text("on its way")
    (link,) = links_to(sign_in_url, f"{ann.uid}@school.example")
    assert "mode=resetPassword" in link


def test_a_sign_in_without_network_is_done_when_it_returns(
    open_app: OpenApp, user: NewUser
) -> None:
    ann = user("ann")
    open_app(ann)
    app = open_app(None)
    page = app.open("/sign-in")
    page.get_by_role("textbox", name="E-mail").fill(f"{ann.uid}@school.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    app.context.set_offline(True)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("no connection")
    app.context.set_offline(False)

    expect(page.get_by_role("heading", name="Today")).to_be_visible()


def test_what_sends_mail_or_makes_an_account_waits_for_another_press(
    open_app: OpenApp, user: NewUser, sign_in_url: str
) -> None:
    email = f"{user('lou').uid}@school.example"
    app = open_app(None)
    page = app.open("/sign-in?way=link")
    page.get_by_role("textbox", name="E-mail").fill(email)
    press_without_network(app, "Send the link")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("status")).to_contain_text(email)
    assert len(links_to(sign_in_url, email)) == 1

    page.get_by_role("link", name="Create an account").click()
    page.get_by_role("textbox", name="Your name").fill("Lou Doe")
    page.get_by_label("Password", exact=True).fill("a good one")
    press_without_network(app, "Create an account")
    page.get_by_role("button", name="Create an account").click()
    expect(page.get_by_role("button", name="Account of Lou Doe")).to_be_visible()


def press_without_network(app: App, button: str) -> None:
    app.context.set_offline(True)
    app.page.get_by_role("button", name=button).click()
    expect(app.page.get_by_role("alert")).to_contain_text("try again when the network is back")
    app.context.set_offline(False)


def test_a_way_to_sign_in_has_an_address_and_is_chosen_by_the_keyboard(open_app: OpenApp) -> None:
    page = open_app(None).open("/sign-in?way=link&next=/log")
    ways = page.get_by_role("list", name="Ways to sign in").get_by_role("link")
    expect(page.get_by_role("button", name="Send the link")).to_be_visible()
    expect(ways.and_(page.locator("[aria-current]"))).to_have_text("By e-mail link")
    page.get_by_role("textbox", name="E-mail").fill("lou@school.example")
    ways.first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(ways.nth(1)).to_be_focused()
    expect(ways.and_(page.locator("[aria-current]"))).to_have_text("Create an account")
    expect(page.get_by_role("textbox", name="Your name")).to_be_visible()
    expect(page.get_by_role("textbox", name="E-mail")).to_have_value("lou@school.example")
    page.reload()
    expect(page.get_by_role("textbox", name="Your name")).to_be_visible()
    expect(page.get_by_role("textbox", name="E-mail")).to_have_value("")


def test_google_is_offered_where_it_works(
    open_app: OpenApp, request: pytest.FixtureRequest
) -> None:
    """The stack's own sign-in has no page for the pop-up."""
    page = open_app(None).open("/sign-in")
    google = page.get_by_role("button", name="Continue with Google")

    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(google).to_have_count(1 if request.config.getoption("--auth-emulator") else 0)


def test_a_page_says_that_there_is_no_network_and_reads_when_it_returns(
    open_app: OpenApp, student: User
) -> None:
    app = open_app(student)
    page = app.open("/")
    expect(page.get_by_text("Nothing is begun")).to_be_visible()
    app.context.set_offline(True)
    expect(page.get_by_text("No connection.")).to_be_visible()
    ok(student.call("start_session", {"name": "Begun elsewhere"}), 201)
    app.context.set_offline(False)

    expect(page.get_by_text("No connection.")).to_have_count(0)
    expect(page.get_by_role("heading", name="Begun elsewhere")).to_be_visible()


def test_a_second_person_on_one_machine_sees_nothing_of_the_first(
    open_app: OpenApp, user: NewUser
) -> None:
    ann, ben = user("ann"), user("ben")
    ok(ann.call("start_session", {"name": "Ann's secret routine"}), 201)
    open_app(ben)  # makes the account
    app = open_app(ann)
    page = app.open("/")
    expect(page.get_by_role("heading", name="Ann's secret routine")).to_be_visible()
    page.get_by_role("button", name="Account of Ann").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    app.sign_in(f"{ben.uid}@school.example")

    expect(page.get_by_text("Nothing is begun")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("secret routine")).to_have_count(0)


def test_nothing_of_a_person_is_left_after_they_sign_out(open_app: OpenApp, user: NewUser) -> None:
    ann = user("ann")
    app = open_app(ann)
    page = app.open("/")
    page.evaluate("localStorage.setItem('practice.user.x.draft', '1')")
    page.evaluate("sessionStorage.setItem('of the first person', '1')")
    assert ann.uid in str(databases(page))
    page.get_by_role("button", name="Account of Ann").click()
    page.get_by_role("menuitem", name="Sign out").click()

    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    kept = page.evaluate("Object.keys(localStorage)")
    assert set(kept) <= {"practice.theme", "practice.language"}, kept
    assert page.evaluate("({ ...sessionStorage })") == {}
    # Firebase keeps an empty database of sign-ins, and the days on which it was used.
    found = databases(page)
    heartbeats = found.pop("firebase-heartbeat-database.firebase-heartbeat-store", [])
    assert all(set(beat) <= {"heartbeats", "lastSentHeartbeatDate"} for beat in heartbeats)
    assert found == {"firebaseLocalStorageDb.firebaseLocalStorage": []}
    page.goto("/gradebook")
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()


def test_language_and_theme_are_chosen_in_the_menu_and_kept(
    open_app: OpenApp, user: NewUser
) -> None:
    page = open_app(user("ann")).open("/")
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("menuitemradio", name="Deutsch").click()
    expect(page.get_by_role("heading", name="Heute")).to_be_visible()
    page.get_by_role("button", name="Konto von").click()
    page.get_by_role("menuitemradio", name="Dunkel").click()
    page.reload()

    expect(page.get_by_role("heading", name="Heute")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "de"
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"

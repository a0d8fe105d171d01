"""Signing in, up and out, as a person does it."""

import requests
from playwright.sync_api import expect

from local.api import User
from local.people import PEOPLE, TEACHER
from local.stack import Stack
from tests.conftest import NewUser
from tests.e2e.web.app import PASSWORD
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
    page.get_by_role("tabpanel").get_by_role("button", name="Sign in").click()

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
    page.get_by_role("tab", name="Create an account").click()
    page.get_by_role("textbox", name="Your name").fill("Pat Doe")
    page.get_by_role("textbox", name="E-mail").fill(f"{user('pat').uid}@school.example")
    page.get_by_label("Password", exact=True).fill("a good one")
    page.get_by_role("tabpanel").get_by_role("button", name="Create an account").click()

    expect(page.get_by_role("button", name="Account of Pat Doe")).to_be_visible()


def last_link(stack: Stack, email: str) -> str:
    """The link that was sent last to the address, as the stack lists it."""
    path = f"/emulator/v1/projects/{stack.project_id}/oobCodes"
    codes = requests.get(stack.url + path, timeout=10).json()["oobCodes"]
    links: list[str] = [code["oobLink"] for code in codes if code["email"] == email]
    return links[-1]


def test_a_link_by_mail_signs_in(open_app: OpenApp, user: NewUser, stack: Stack) -> None:
    email = f"{user('lou').uid}@school.example"
    app = open_app(None)
    page = app.open("/sign-in?next=/sessions")
    page.get_by_role("tab", name="By e-mail link").click()
    page.get_by_role("textbox", name="E-mail").fill(email)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("status")).to_contain_text(email)
    page.goto(last_link(stack, email))

    expect(page.get_by_role("textbox", name="E-mail")).to_have_value(email)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Sessions")).to_be_visible()
    expect(page).to_have_url(f"{app.url}/sessions")


def test_a_used_link_is_said_in_words(open_app: OpenApp, user: NewUser, stack: Stack) -> None:
    email = f"{user('lou').uid}@school.example"
    first, second = open_app(None), open_app(None)
    page = first.open("/sign-in")
    page.get_by_role("tab", name="By e-mail link").click()
    page.get_by_role("textbox", name="E-mail").fill(email)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("status")).to_contain_text(email)
    link = last_link(stack, email)
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
    open_app: OpenApp, user: NewUser, stack: Stack
) -> None:
    ann = user("ann")
    open_app(ann)  # makes the account
    page = open_app(None).open("/sign-in")
    page.get_by_role("button", name="Forgotten the password?").click()
    expect(page.get_by_role("alert")).to_contain_text("enter your e-mail address first")
    page.get_by_role("textbox", name="E-mail").fill(f"{ann.uid}@school.example")
    page.get_by_role("button", name="Forgotten the password?").click()

    expect(page.get_by_role("status")).to_contain_text("on its way")
    assert "mode=resetPassword" in last_link(stack, f"{ann.uid}@school.example")


def test_without_network_the_sign_in_says_so_and_works_later(
    open_app: OpenApp, user: NewUser
) -> None:
    ann = user("ann")
    open_app(ann)
    app = open_app(None)
    page = app.open("/sign-in")
    page.get_by_role("textbox", name="E-mail").fill(f"{ann.uid}@school.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    app.context.set_offline(True)
    page.get_by_role("tabpanel").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("no connection")
    app.context.set_offline(False)
    page.get_by_role("tabpanel").get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", name="Today")).to_be_visible()


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

"""Signing in, up and out, as a person does it."""

from playwright.sync_api import expect

from local.people import PEOPLE, TEACHER
from tests.conftest import NewUser
from tests.e2e.web.conftest import OpenApp


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


def test_nothing_of_a_person_is_left_after_they_sign_out(open_app: OpenApp, user: NewUser) -> None:
    app = open_app(user("ann"))
    page = app.open("/")
    page.evaluate("localStorage.setItem('practice.user.x.draft', '1')")
    page.get_by_role("button", name="Account of Ann").click()
    page.get_by_role("menuitem", name="Sign out").click()

    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    kept = page.evaluate("Object.keys(localStorage)")
    assert set(kept) <= {"practice.theme", "practice.language"}, kept
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

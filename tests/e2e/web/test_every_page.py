"""Every page of web/routes.json, for each role: its rules of access, its look, and what it loads.

A page that is added to the routes without an address in ADDRESSES fails.
"""

import gzip
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, Response, ViewportSize, expect

from local import web_app
from local.api import User
from local.emulator import RULES
from local.people import SEED_STUDENTS, TEACHER, Person
from local.run import create_examples
from local.stack import Stack, free_port, start_stack
from shared.contract.examples import SESSION_ID
from tests.e2e.web.app import LAPTOP, PHONE, App, Theme

STUDENT = SEED_STUDENTS[0]
# The address of each route, on the stack's examples.
ADDRESSES = {
    "/": "/",
    "/sign-in": "/sign-in",
    "/templates": "/templates",
    "/templates/new": "/templates/new",
    "/templates/:id": "/templates/guitar",
    "/log": "/log",
    "/sessions": "/sessions",
    "/sessions/:id": "/sessions/{completed}",
    "/session/:id": f"/session/{SESSION_ID}",
    "/practice/:templateId": "/practice/theory",
    "/gradebook": "/gradebook",
    "/teach": "/teach",
    "/teach/templates/:id": "/teach/templates/guitar",
    "/teach/students/:id": f"/teach/students/{STUDENT.uid}",
}
WIDE: ViewportSize = {"width": 1920, "height": 1080}
# Kilobytes of script and style, gzipped: the first load, and what each other page may add to it.
FIRST_LOAD_KB = 190
ADDED_KB = {"/practice/:templateId": 95, "/teach/templates/:id": 145}
ADDED_BY_OTHERS_KB = 30

Role = Literal["teacher", "student"]
ROLES: dict[Role, Person] = {"teacher": TEACHER, "student": STUDENT}


@pytest.fixture(scope="module")
def seeded() -> Iterator[Stack]:
    """A stack of its own with the examples of `make run`."""
    with start_stack(port=free_port(), firestore_port=free_port(), quiet=True) as running:
        running.emulator.load_rules(running.project_id, RULES.read_text())
        create_examples(running)
        yield running


@pytest.fixture(scope="module")
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


def all_of(**fields: str) -> dict[str, Any]:
    """Firestore's filter for these values."""
    filters = [
        {
            "fieldFilter": {
                "field": {"fieldPath": name},
                "op": "EQUAL",
                "value": {"stringValue": value},
            }
        }
        for name, value in fields.items()
    ]
    return {"compositeFilter": {"op": "AND", "filters": filters}}


@pytest.fixture(scope="module")
def apps(browser: Browser, seeded: Stack) -> Iterator[dict[Role | None, App]]:
    """A browser for each role, signed in, and one for nobody."""
    opened: dict[Role | None, App] = {None: App(browser, seeded.url)}
    for role, person in ROLES.items():
        app = App(browser, seeded.url)
        press_person(app, person)
        opened[role] = app
    yield opened
    for app in opened.values():
        app.close()


def press_person(app: App, person: Person) -> None:
    page = app.open("/sign-in")
    page.get_by_role("button", name=person.name).click()
    expect(page.get_by_role("navigation")).to_be_visible()


def open_settled(app: App, path: str) -> Page:
    """Opens the path, and waits until nothing is loading any more."""
    page = app.open(path)
    skeletons = page.locator(".skeleton")
    expect(skeletons).to_have_count(0)
    watching = page.locator("[data-live]")
    if watching.count():
        # The network of a page that watches is never idle.
        expect(watching).to_have_attribute("data-live", "true", timeout=20_000)
    else:
        page.wait_for_load_state("networkidle")
    expect(skeletons).to_have_count(0)
    return page


def cases() -> list[tuple[str, Role | None]]:
    pages = [path for path in web_app.paths() if path != "/sign-in"]
    signed_in: list[tuple[str, Role | None]] = [(path, role) for path in pages for role in ROLES]
    return [("/sign-in", None), *signed_in]


def name_of(path: str, role: Role | None) -> str:
    words = [word.lstrip(":") for word in path.split("/") if word] or ["today"]
    return "-".join(["page", *words, role or "nobody"])


@pytest.mark.parametrize(("path", "role"), cases())
def test_a_page_has_no_violations_and_fits_every_screen(
    apps: dict[Role | None, App], completed: str, path: str, role: Role | None
) -> None:
    app = apps[role]
    app.errors.clear()
    app.phone = False
    app.page.set_viewport_size(LAPTOP)
    page = open_settled(app, ADDRESSES[path].format(completed=completed))
    name = name_of(path, role)
    found: dict[str, list[str]] = {}
    themes: tuple[Theme, ...] = ("light", "dark")
    for theme in themes:
        app.theme = theme
        page.emulate_media(color_scheme=theme)
        for app.phone, size in ((False, LAPTOP), (True, PHONE)):
            page.set_viewport_size(size)
            found[f"{theme} {size['width']}"] = app.violations()
            found[f"{theme} {size['width']} too wide"] = app.overflow()
            app.screenshot(name)
    page.set_viewport_size(WIDE)
    found["1920 too wide"] = app.overflow()

    assert not {where: faults for where, faults in found.items() if faults}
    assert not app.errors


@pytest.mark.parametrize("language", ["en-GB", "de-DE"])
def test_a_page_is_whole_in_each_language(
    browser: Browser, seeded: Stack, completed: str, language: str
) -> None:
    """No text is missing, and the longer words of another language fit a phone as well."""
    app = App(browser, seeded.url, phone=True, language=language)
    page = app.open("/sign-in")
    page.get_by_role("button", name=STUDENT.name).click()
    expect(page.get_by_role("navigation")).to_be_visible()
    faults = {}
    for path in web_app.paths():
        open_settled(app, ADDRESSES[path].format(completed=completed))
        shown = page.locator("body").inner_text()
        if "undefined" in shown or "[object" in shown or "NaN" in shown:
            faults[path] = [shown]
        elif wide := app.overflow():
            faults[path] = wide
    errors = app.errors
    app.close()

    assert not faults
    assert not errors


def test_a_page_stays_within_its_budget(browser: Browser, seeded: Stack, completed: str) -> None:
    """Scripts and styles that a browser without a cache loads to show the page, gzipped."""
    app = App(browser, seeded.url)
    press_person(app, TEACHER)
    first = loaded_kilobytes(app, "/")
    added = {
        path: loaded_kilobytes(app, address.format(completed=completed)) - first
        for path, address in ADDRESSES.items()
        if path not in ("/", "/sign-in")
    }
    app.close()
    assert first <= FIRST_LOAD_KB
    too_large = {
        path: size for path, size in added.items() if size > ADDED_KB.get(path, ADDED_BY_OTHERS_KB)
    }
    assert not too_large


def loaded_kilobytes(app: App, path: str) -> float:
    """Of all scripts and styles of one page, opened with an empty cache."""
    sizes: dict[str, int] = {}

    def note(response: Response) -> None:
        if response.request.resource_type in ("script", "stylesheet"):
            sizes[response.url] = len(gzip.compress(response.body(), 9))

    session = app.context.new_cdp_session(app.page)
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    app.page.on("response", note)
    open_settled(app, path)
    app.page.remove_listener("response", note)
    session.detach()
    return sum(sizes.values()) / 1_000


def test_every_route_of_the_app_is_served_and_no_other(
    seeded: Stack, apps: dict[Role | None, App]
) -> None:
    page = apps["student"].page
    for path in (*ADDRESSES.values(), "/index.html"):
        response = page.request.get(seeded.url + path.format(completed="x"))
        assert response.ok is (path != "/index.html"), path
    assert list(ADDRESSES) == web_app.paths()

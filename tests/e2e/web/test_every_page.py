"""Every page of web/routes.json, for each role: its rules of access, its look, and what it loads.

A page that is added to the routes without an address in ADDRESSES fails.
"""

import gzip
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Response, ViewportSize

from local import web_app
from local.people import TEACHER
from local.stack import Stack
from tests.e2e.web.app import LAPTOP, PHONE, App, Theme
from tests.e2e.web.pages import ADDRESSES, ROLES, STUDENT, Role, open_settled, press_person

WIDE: ViewportSize = {"width": 1920, "height": 1080}
# Kilobytes of script and style, gzipped: the first load, and what each other page may add to it.
# A student's first page has the assignments of their classes.
FIRST_LOAD_KB = {"nobody": 194, "teacher": 194, "student": 197}
ADDED_KB = {
    "/practice/:templateId": 95,
    "/daily": 95,
    "/assignments/:classId/:assignmentId": 98,
    "/teach/templates/:id": 145,
    "/classes/:id/live": 145,
    "/templates/:id": 32,
}
ADDED_BY_OTHERS_KB = 30


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
    found: dict[str, list[str]] = {"words": gaps(app)}
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


@pytest.mark.parametrize("role", ROLES)
def test_a_page_is_whole_in_german(
    browser: Browser, seeded: Stack, completed: str, role: Role
) -> None:
    """No text is missing, and the longer words fit a phone as well."""
    app = App(browser, seeded.url, phone=True, language="de-DE")
    press_person(app, ROLES[role])
    found: dict[str, list[str]] = {}
    for path in web_app.paths():
        open_settled(app, ADDRESSES[path].format(completed=completed))
        found[path] = [*gaps(app), *app.overflow(), *app.violations()]
    errors = app.errors
    app.close()

    assert not {path: faults for path, faults in found.items() if faults}
    assert not errors


def gaps(app: App) -> list[str]:
    """The text of the page, if a part of it has no words."""
    shown = app.page.locator("body").inner_text()
    return [shown] if any(gap in shown for gap in ("undefined", "[object", "NaN")) else []


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
    firsts = {"teacher": first, **first_loads(browser, seeded.url)}
    assert not {who: size for who, size in firsts.items() if size > FIRST_LOAD_KB[who]}
    too_large = {
        path: size for path, size in added.items() if size > ADDED_KB.get(path, ADDED_BY_OTHERS_KB)
    }
    assert not too_large


def first_loads(browser: Browser, url: str) -> dict[str, float]:
    """Of somebody signed out, and then of a student."""
    app = App(browser, url)
    signed_out = loaded_kilobytes(app, "/sign-in")
    press_person(app, STUDENT)
    student = loaded_kilobytes(app, "/")
    app.close()
    return {"nobody": signed_out, "student": student}


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

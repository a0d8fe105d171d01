"""The pages of the web app in Chromium, compared with a bare page of the same server.

Each load begins with an empty cache. The bare page is /healthz: two letters of text.

.venv/bin/python -m bench web
"""

from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

from playwright.sync_api import Browser, CDPSession, Page

from bench.compare import BLOCKS, Comparison, Spread, compare
from bench.report import format_spread, markdown_table, write_section
from local import web_app
from local.people import SEED_STUDENTS, TEACHER, Person
from local.stack import Stack
from testkit.chromium import chromium
from testkit.example_stack import start_example_stack

BARE = "a bare page"
STUDENT_PAGES = {
    "today": "/",
    "templates": "/templates",
    "the builder": "/templates/new",
    "sessions": "/sessions",
    "practice": "/practice/theory",
    "gradebook": "/gradebook",
}
TEACHER_PAGES = {"a template's students": "/teach/templates/guitar"}


class Load(NamedTuple):
    """One load of a page until nothing moves: milliseconds, and kilobytes as received."""

    first_paint_ms: float
    main_thread_ms: float
    kilobytes: float


class Tab:
    """A tab of one person, or of nobody."""

    def __init__(self, browser: Browser, stack: Stack, person: Person | None) -> None:
        self._url = stack.url
        self._page: Page = browser.new_context().new_page()
        if person:
            self._page.goto(f"{self._url}/sign-in")
            self._page.get_by_role("button", name=person.name).click()
            self._page.get_by_role("navigation").wait_for()
        self._session: CDPSession = self._page.context.new_cdp_session(self._page)
        self._session.send("Network.enable")
        self._session.send("Performance.enable")
        self._session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        self._received = 0.0
        self._session.on("Network.loadingFinished", self._note)

    def _note(self, event: Mapping[str, float]) -> None:
        self._received += event["encodedDataLength"]

    def load(self, path: str) -> Load:
        self._page.goto("about:blank")
        # Chromium takes some files from its cache although that is disabled.
        self._session.send("Network.clearBrowserCache")
        self._received = 0.0
        before = self._main_thread_seconds()
        self._page.goto(self._url + path)
        self._wait_until_settled()
        return Load(
            first_paint_ms=self._page.evaluate(
                "performance.getEntriesByName('first-contentful-paint')[0].startTime"
            ),
            main_thread_ms=(self._main_thread_seconds() - before) * 1_000,
            kilobytes=self._received / 1_000,
        )

    def _wait_until_settled(self) -> None:
        skeleton = self._page.locator(".skeleton").first
        skeleton.wait_for(state="detached")
        if self._page.locator("[data-live]").count():
            # The network of a page that watches is never idle.
            self._page.locator("[data-live=true]").wait_for()
        else:
            self._page.wait_for_load_state("networkidle")
        skeleton.wait_for(state="detached")

    def _main_thread_seconds(self) -> float:
        metrics = self._session.send("Performance.getMetrics")["metrics"]
        return float(next(each["value"] for each in metrics if each["name"] == "TaskDuration"))


def measure(
    browser: Browser, stack: Stack, blocks: int
) -> tuple[Comparison, Mapping[str, list[Load]]]:
    """The main thread's time of all pages, and every load of each."""
    nobody = Tab(browser, stack, None)
    student, teacher = Tab(browser, stack, SEED_STUDENTS[0]), Tab(browser, stack, TEACHER)
    pages = {BARE: (nobody, "/healthz"), "sign-in": (nobody, "/sign-in")}
    pages |= {name: (student, path) for name, path in STUDENT_PAGES.items()}
    pages |= {name: (teacher, path) for name, path in TEACHER_PAGES.items()}
    loads: dict[str, list[Load]] = {name: [] for name in pages}

    def load(name: str) -> float:
        tab, path = pages[name]
        loads[name].append(tab.load(path))
        return loads[name][-1].main_thread_ms

    subjects = {name: partial(load, name) for name in pages}
    return compare("pages", subjects, blocks=blocks), loads


def table(comparison: Comparison, loads: Mapping[str, list[Load]]) -> str:
    rows = []
    for subject in (*comparison.subjects, comparison.repeated):
        its = loads.get(subject.name, loads[BARE])
        rows.append(
            [
                subject.name,
                format_spread(Spread.from_values([each.first_paint_ms for each in its]), digits=0),
                format_spread(subject.value, digits=0),
                format_spread(subject.ratio, digits=1),
                format_spread(Spread.from_values([each.kilobytes for each in its]), digits=0),
            ]
        )
    heads = ["", "first paint, ms", "main thread, ms", "ratio", "received, KB"]
    return markdown_table(heads, rows)


def main() -> None:
    if not web_app.is_built():
        raise SystemExit(f"The web app is {web_app.NOT_BUILT}.")
    with start_example_stack() as stack, chromium() as browser:
        write_section("web", table(*measure(browser, stack, BLOCKS)))


if __name__ == "__main__":
    main()

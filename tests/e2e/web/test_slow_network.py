"""Every page on a slow 3G network, with an empty cache: its outline first, and nothing jumps."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from local import web_app
from local.stack import Stack
from tests.e2e.web.app import App
from tests.e2e.web.pages import ADDRESSES, ROLES, Role, press_person, wait_until_settled

SLOW_3G = {
    "offline": False,
    "latency": 400,  # milliseconds
    "downloadThroughput": 50_000,  # bytes a second
    "uploadThroughput": 50_000,
}
# A good "cumulative layout shift": https://web.dev/articles/cls
MOST_SHIFT = 0.1
# Pages that wait for the network at the same time.
TOGETHER = 7
TIMEOUT_MS = 90_000
# What the browser reports as having moved without a press, and when the page had its outline.
OBSERVER = """
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries())
      if (!hadRecentInput)
        shifts.push({ value, moved: sources.map(({ node }) => node?.outerHTML) });
  }).observe({ type: "layout-shift", buffered: true });
  new MutationObserver(() => {
    window.outlineAt ??= document.querySelector(".skeleton") && performance.now();
  }).observe(document, { childList: true, subtree: true });
"""
# With the milliseconds until the outline was painted, and until the app's first script was there.
OBSERVED = """() => {
  const { src } = document.querySelector("script[type=module]");
  return {
    shifts,
    outlineAt: Math.max(outlineAt, performance.getEntriesByName("first-paint")[0].startTime),
    scriptAt: performance.getEntriesByName(src)[0].responseEnd,
  };
}"""


@pytest.mark.parametrize(("role", "phone"), [("student", True), ("teacher", False)])
def test_a_page_shows_its_outline_and_does_not_jump(
    browser: Browser, seeded: Stack, completed: str, role: Role, phone: bool
) -> None:
    """On a phone as a student, on a laptop as a teacher. The sign-in page is that of both."""
    app = App(browser, seeded.url)
    press_person(app, ROLES[role])
    state = app.context.storage_state(indexed_db=True)
    app.close()
    found: dict[str, Any] = {}
    paths = web_app.paths()
    for first in range(0, len(paths), TOGETHER):
        # Each has a cache and connections of its own.
        apps = {
            path: App(browser, seeded.url, phone, state=None if path == "/sign-in" else state)
            for path in paths[first : first + TOGETHER]
        }
        for path, app in apps.items():
            begin_slowly(app, ADDRESSES[path].format(completed=completed))
        found |= {path: observed(app) for path, app in apps.items()}

    late = [path for path, seen in found.items() if seen["outlineAt"] > seen["scriptAt"]]
    assert late == [], "no outline was painted before the scripts were there"
    assert {
        path: seen["shifts"]
        for path, seen in found.items()
        if sum(shift["value"] for shift in seen["shifts"]) > MOST_SHIFT
    } == {}


def begin_slowly(app: App, address: str) -> None:
    """Begins to load the address, until its first bytes have come."""
    app.context.add_init_script(OBSERVER)
    session = app.context.new_cdp_session(app.page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_3G)
    app.page.goto(address, wait_until="commit")


def observed(app: App) -> Any:
    """What was observed until nothing is loading any more."""
    expect(app.page.locator("h1").first).to_be_visible(timeout=TIMEOUT_MS)
    wait_until_settled(app.page, timeout_ms=TIMEOUT_MS)
    seen = app.page.evaluate(OBSERVED)
    assert not app.errors
    app.close()
    return seen

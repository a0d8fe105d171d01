"""Headless Chromium, controlled by Playwright."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

# The first is without the windows of a desktop: a test takes a third less processor time with it.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic"]


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's own browser with an empty profile. It ends with the block.

    Within the block this thread has Playwright's event loop, beside which it can't run another.
    Raises RuntimeError if no browser is installed.
    """
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise RuntimeError("Chromium is not installed:  apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()

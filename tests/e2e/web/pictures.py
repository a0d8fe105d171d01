"""The README's pictures, taken from a local stack with its examples.

`.venv/bin/python -m tests.e2e.web.pictures` writes docs/pictures anew.
"""

from playwright.sync_api import Page, expect

from local.people import SEED_STUDENTS, TEACHER, Person
from local.processes import ROOT
from testkit.chromium import chromium
from testkit.example_stack import start_example_stack
from tests.e2e.web.app import App

FOLDER = ROOT / "docs" / "pictures"
# The name of each picture, who sees the page, its path, and whether on a phone.
PICTURES: tuple[tuple[str, Person, str, bool], ...] = (
    ("today", SEED_STUDENTS[0], "/", True),
    ("practice", SEED_STUDENTS[0], "/practice/theory", True),
    ("builder", TEACHER, "/templates/guitar", False),
    ("gradebook", SEED_STUDENTS[0], "/gradebook", False),
)


def settle(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    expect(page.locator(".skeleton")).to_have_count(0)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with start_example_stack() as stack, chromium() as browser:
        for name, person, path, phone in PICTURES:
            app = App(browser, stack.url, phone=phone)
            page = app.open("/sign-in")
            page.get_by_role("button", name=person.name).click()
            expect(page.get_by_role("navigation")).to_be_visible()
            settle(app.open(path))
            page.screenshot(path=FOLDER / f"{name}.png", animations="disabled", scale="css")
            app.close()


if __name__ == "__main__":
    main()

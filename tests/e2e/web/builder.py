"""Steps in the builder of templates, by clicking and typing."""

from typing import Any

from playwright.sync_api import Locator, Page, expect

from local.api import User


def field(page: Page | Locator, name: str) -> Locator:
    return page.get_by_role("textbox", name=name, exact=True)


def button(page: Page | Locator, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def save(page: Page) -> None:
    button(page, "Save").click()
    expect(page.get_by_text("All changes saved")).to_be_visible()


def saved_id(page: Page) -> str:
    page.wait_for_url(lambda url: "/templates/" in url and not url.endswith("/new"))
    return page.url.rpartition("/")[2].partition("?")[0]


def stored(user: User, template_id: str) -> dict[str, Any]:
    """The template with its answer keys, as its owner reads it."""
    template = user.read(f"session_templates/{template_id}")
    response = user.get(f"session_templates/{template_id}/private/source")
    if response.status_code == 200:
        source = user.read(f"session_templates/{template_id}/private/source")
        template["template_data"] = source["template_data"]
    return template


def choose(page: Page, menu: str, entry: str) -> None:
    button(page, menu).click()
    page.get_by_role("menuitem", name=entry).click()


def write_section(page: Page, section: dict[str, Any]) -> None:
    button(page, "Add a section").click()
    expect(field(page, "Section name").last).to_be_focused()
    page.keyboard.type(section["name"])
    field(page, "Minutes").last.fill(str(section["duration_minutes"]))
    part = page.get_by_role("group", name=section["name"], exact=True)
    for exercise in section["exercises"]:
        button(part, "Add an exercise").click()
        expect(field(part, "Exercise name").last).to_be_focused()
        page.keyboard.type(exercise["name"])
        field(part, "What to do").last.fill(exercise["description"])


def begin_question(page: Page, exercise: str) -> Locator:
    """A new exercise in the first section, and the dialog of its first question."""
    button(page, "Add an exercise").first.click()
    field(page, "Exercise name").fill(exercise)
    button(page, "Add a question").click()
    return page.get_by_role("dialog")


def begin_section(page: Page, name: str) -> None:
    button(page, "Add a section").click()
    field(page, "Section name").fill(name)

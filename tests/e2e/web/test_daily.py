"""The daily pack as a student does it: by clicking and typing, on a laptop and on a phone."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from local.api import User
from tests.e2e.web.conftest import OpenApp
from tests.integration.functions.packs import deck
from tests.support.answers import ok


def assign(teacher: User, student: User, *skills: str) -> None:
    body = {**deck(*skills, subject="Music"), "student_ids": [student.uid]}
    ok(teacher.call("create_template", body), 201)


def answer(page: Page) -> None:
    """Answers the pending question right: its prompt ends with the number."""
    field = page.get_by_role("textbox", name="Your answer").last
    expect(field).to_be_editable()
    prompt = question(page).inner_text()
    number = re.findall(r"write (\d+)", prompt)[-1]
    field.fill(number)
    page.get_by_role("button", name="Answer", exact=True).last.click()


def question(page: Page) -> Locator:
    return page.get_by_role("group", name="Practice").locator(".thread-entry").last


@pytest.mark.parametrize("phone", [False, True])
def test_a_pack_from_today_to_what_comes(
    open_app: OpenApp, student: User, teacher: User, phone: bool
) -> None:
    assign(teacher, student, "Scales", "Chords")
    app = open_app(student, phone=phone)
    page = app.open("/")

    page.get_by_role("link", name="Today's pack").click()
    expect(page.get_by_role("heading", name="Daily pack", level=1)).to_be_visible()
    expect(page.get_by_text("About Scales")).to_be_visible()
    answer(page)
    expect(page.get_by_text("About Chords")).to_be_visible()
    page = app.open("/")
    page.get_by_role("link", name="Go on with today's pack").click()
    answer(page)
    expect(page.get_by_text("That was the last question.")).to_be_visible()
    assert not app.violations()
    app.screenshot(f"daily-last-{'phone' if phone else 'laptop'}")
    page.get_by_role("button", name="Finish").last.click()
    page.get_by_role("dialog").get_by_role("button", name="Finish").click()

    expect(page.get_by_role("heading", name="Finished: Daily pack")).to_be_visible()
    expect(page.get_by_text("What comes")).to_be_visible()
    expect(page.get_by_text("2 skills")).to_be_visible()
    assert not app.violations()
    assert not app.overflow()
    app.screenshot(f"daily-done-{'phone' if phone else 'laptop'}")
    page = app.open("/")
    expect(page.get_by_text("Today's pack is done.")).to_be_visible()
    expect(page.get_by_role("link", name="More for today")).to_be_visible()
    assert not app.violations()
    app.screenshot(f"daily-is-done-{'phone' if phone else 'laptop'}")
    page.goto("/daily")
    expect(page.get_by_text("Today's pack is done.")).to_be_visible()
    page.get_by_role("link", name="More for today").click()
    expect(page.get_by_text(re.compile(r"(Scales|Chords): write \d+"))).to_be_visible()
    assert not app.errors


def test_the_time_at_which_days_begin_is_set_once_a_day(
    open_app: OpenApp, student: User, teacher: User
) -> None:
    # Times between which it is not now: the day stays the same, and its pack.
    is_night = datetime.now(ZoneInfo("Europe/Berlin")).hour < 4
    first, second = ("05:00", "06:00") if is_night else ("02:00", "03:00")
    assign(teacher, student, "Scales")
    app = open_app(student)
    page = app.open("/daily")
    expect(page.get_by_text("About Scales")).to_be_visible()
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Discard").click()
    page.get_by_role("dialog").get_by_role("button", name="Discard").click()
    expect(page.get_by_role("heading", name="Today", level=1)).to_be_visible()
    expect(page.get_by_text("Today's pack was ended before it was done.")).to_be_visible()

    page = app.open("/daily")
    begins = page.get_by_role("combobox", name="My days begin at")
    expect(begins).to_have_value("04:00")
    begins.select_option(first)
    expect(page.get_by_text(f"Your days begin at {first}.").first).to_be_visible()
    expect(begins).to_have_value(first)
    assert not app.violations()
    begins.select_option(second)
    expect(page.get_by_text("It was changed in the last 24 hours").first).to_be_visible()
    expect(begins).to_have_value(first)
    page.reload()
    expect(begins).to_have_value(first)
    assert not app.errors

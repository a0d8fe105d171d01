"""A class from nothing to its grades, by clicking and typing only."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.conftest import NewUser
from tests.e2e.web.app import App
from tests.e2e.web.builder import begin_question, begin_section, button, field, save
from tests.e2e.web.conftest import OpenApp
from tests.e2e.web.test_class_gradebook import in_row, saved_csv
from tests.e2e.web.test_classes import made_by_hand

TITLE = "Frets"
NAMES = ("Ann", "Bob", "Cem")
# The second one has two right choices: nobody can know which is meant.
QUESTIONS = (
    ("How many frets make an octave?", "Twelve", "Seven"),
    ("Which is a stringed instrument?", "Lute", "Guitar"),
)


def write_template(page: Page) -> None:
    page.get_by_role("link", name="Write a template").click()
    field(page, "Name").fill(TITLE)
    begin_section(page, "Guitar")
    dialog = begin_question(page, "Strings")
    for number, (prompt, right, wrong) in enumerate(QUESTIONS):
        if number:
            button(page, "Add a question").click()
        field(dialog, "Question").fill(prompt)
        field(dialog, "Choice 1").fill(right)
        field(dialog, "Choice 2").fill(wrong)
        dialog.get_by_role("radio", name="Choice 1 is right").check()
        button(dialog, "Done").click()
    save(page)


def join(app: App, code: str, name: str) -> None:
    page = app.open("/")
    page.get_by_role("link", name="Classes").click()
    page.get_by_label("Join a class").fill(code.lower())
    page.keyboard.press("Enter")
    page.get_by_label("Your name").fill(name)
    button(page, "Join").click()
    expect(page.get_by_text("You are in this class.")).to_be_visible()


def assign(page: Page) -> None:
    """Due tomorrow, for ten points."""
    button(page, "Assign").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(TITLE).check()
    dialog.get_by_label("Due").fill(on_day(+1))
    dialog.get_by_role("textbox", name="Points").fill("10")
    button(dialog, "Assign").click()
    expect(page.get_by_role("link", name=TITLE)).to_be_visible()


def on_day(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT12:00")


def work(app: App, *answers: str) -> Page:
    """Begins the assignment from the first page, and answers."""
    page = app.open("/")
    page.get_by_role("link", name=f"Begin {TITLE}").click()
    button(page, "Begin").click()
    for number, answer in enumerate(answers, start=1):
        page.get_by_role("radio", name=answer).check()
        button(page, "Answer").click()
        expect(page.locator("[data-news]")).to_have_count(number)
    return page


def hand_in(page: Page) -> None:
    page.get_by_role("button", name="Hand in").last.click()
    button(page.get_by_role("dialog"), "Hand in").click()
    expect(page.get_by_text("Handed in", exact=True)).to_be_visible()


def excuse(page: Page, name: str) -> None:
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name, exact=True))
    row.get_by_role("button", name="Missing").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Exempt").check()
    dialog.get_by_label("Why").fill("Was ill")
    button(dialog, "Save").click()
    expect(dialog.get_by_text("to Exempt")).to_be_visible()
    page.keyboard.press("Escape")


def take_out(page: Page, prompt: str) -> None:
    button(page, "Analyse the answers").click()
    page.get_by_role("row").filter(has_text=prompt).get_by_role("button").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Why").fill("Both are right")
    button(dialog, "Take it out").click()
    expect(page.get_by_text("all work is graded without it.").first).to_be_visible()


def work_while_the_teacher_watches(live: Page, phones: Mapping[str, App]) -> None:
    """Ann hands in; Bob and Cem stop after a question."""
    expect(live.get_by_text("Nobody works on an assignment at the moment.")).to_be_visible()
    theirs = work(phones["Ann"], "Twelve", "Guitar")
    expect(live.get_by_role("rowheader")).to_have_text(["Ann"])
    hand_in(theirs)
    expect(theirs.get_by_text("50% · 5 of 10 points")).to_be_visible()
    work(phones["Bob"], "Twelve")
    work(phones["Cem"], "Seven")
    for name in ("Bob", "Cem"):
        expect(live.get_by_role("rowheader", name=name)).to_be_visible()
    expect(live.get_by_role("rowheader", name="Ann")).to_have_count(0)


def make_it_due_yesterday(page: Page) -> None:
    button(page, f"More about {TITLE}").click()
    page.get_by_role("menuitem", name="Change").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Due").fill(on_day(-1))
    button(dialog, "Save").click()
    expect(dialog).to_have_count(0)


def gradebook(page: Page) -> list[str]:
    """What it says of the three, from the page of the class or of the assignment."""
    page.get_by_role("link", name="Gradebook").last.click()
    expect(page).to_have_url(re.compile("/classes/.*/gradebook"))
    expect(page.get_by_role("rowheader", name="Ann")).to_be_visible()
    return [in_row(page, name) for name in NAMES]


def all_tell_the_same(page: Page, of_ann: Page) -> None:
    """The gradebook, its file and the student, once the question is out."""
    assert gradebook(page) == ["10 Late", "Exempt set by a teacher", "Missing"]
    _, most, *students = saved_csv(page)
    assert most[2] == "10"
    assert {row[0]: row[2:4] for row in students} == {
        "Ann": ["10", "Late"],
        "Bob": ["", "Exempt"],
        "Cem": ["", "Missing"],
    }
    section = of_ann.get_by_role("region", name="Assignments")
    section.get_by_text("1 assignment is done or closed").click()
    expect(section.get_by_text("10 of 10 points")).to_be_visible()


def test_a_class_from_nothing_to_its_grades(open_app: OpenApp, user: NewUser) -> None:
    """One student is late, one exempt, one missing, and a bad question is taken out: the gradebook,
    its file, the live page and the student tell the same.
    """
    desk = open_app(user("ms-lee", teacher=True))
    page = desk.open("/")
    write_template(page)
    page.get_by_role("link", name="Classes").first.click()
    code = made_by_hand(page, "Guitar", places=len(NAMES))
    phones = {name: open_app(user(name.lower()), phone=True) for name in NAMES}
    for name, phone in phones.items():
        join(phone, code, name)
    button(page, "Look again").click()
    expect(page.get_by_role("rowheader")).to_have_text(list(NAMES))
    assign(page)
    of_class = page.url
    page.get_by_role("link", name="Live").click()
    work_while_the_teacher_watches(page, phones)
    desk.screenshot("class-story-live")

    page.goto(of_class)
    make_it_due_yesterday(page)
    assert gradebook(page) == ["5 Late", "Missing", "Missing"]
    excuse(page, "Bob")
    page.goto(of_class)
    page.get_by_role("link", name=TITLE).click()
    take_out(page, QUESTIONS[1][0])
    expect(page.get_by_text("10 of 10 points")).to_be_visible()

    all_tell_the_same(page, phones["Ann"].open("/"))
    desk.screenshot("class-story-gradebook")
    assert not desk.violations()
    page.goto(of_class)
    page.get_by_role("link", name="Live").click()
    expect(page.get_by_role("rowheader")).to_have_count(2)

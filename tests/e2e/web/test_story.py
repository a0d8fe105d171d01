"""The whole way of a template, from its author to what was missed, by clicking and typing only."""

import csv
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from local.examples import GUITAR_TEMPLATE
from tests.conftest import NewUser
from tests.e2e.web.app import App
from tests.e2e.web.builder import button, field, save, write_section
from tests.e2e.web.conftest import OpenApp

NAME = GUITAR_TEMPLATE["name"]
QUESTION = "How many frets make an octave on one string?"
# --assigned and --self of web/src/ui/theme.css, in light.
BLUE, GOLD = "rgb(29, 78, 216)", "rgb(122, 82, 0)"
RIGHT, WRONG = "Twelve", "Seven"
EXPLANATION = "Each fret is a semitone, and an octave has twelve."


def write_template(page: Page, student: str) -> None:
    """The template of a guitarist's routine, with a question, previewed and assigned."""
    page.get_by_role("link", name="Write a template").click()
    field(page, "Name").fill(NAME)
    field(page, "Description").fill(GUITAR_TEMPLATE["description"])
    for section in GUITAR_TEMPLATE["template_data"]["sections"]:
        write_section(page, section)
    expect(page.get_by_label("Total", exact=True)).to_have_text("60 mins in total")
    warm_up = page.get_by_role("group", name="Warm-up", exact=True)
    button(warm_up, "Add a question").first.click()
    dialog = page.get_by_role("dialog")
    field(dialog, "Question").fill(QUESTION)
    field(dialog, "Choice 1").fill(RIGHT)
    field(dialog, "Choice 2").fill(WRONG)
    dialog.get_by_role("radio", name="Choice 1 is right").check()
    field(dialog, "Explanation").fill(EXPLANATION)
    button(dialog, "Done").click()
    preview(page)
    button(page, "More details").click()
    field(page, "Students").fill(student)
    save(page)


def preview(page: Page) -> None:
    """One turn, as a student would take it."""
    button(page, "Preview").click()
    dialog = page.get_by_role("dialog")
    button(dialog, "Practise as a student").click()
    expect(dialog.get_by_role("button", name="Answer", exact=True)).to_be_visible()
    button(dialog, "Close").last.click()


def answer(page: Page, choice: str) -> bool:
    """Answers the pending question: the template's by this choice, another one as done well.

    True if it was the template's.
    """
    pending = page.locator("form[data-question]")
    expect(pending).to_have_count(1)
    number = pending.get_attribute("data-question")
    is_of_template = pending.get_by_text(QUESTION).count() > 0
    if is_of_template:
        pending.get_by_role("radio", name=choice).check()
    else:
        pending.get_by_role("radio", name="Good").check()
    button(page, "Answer").click()
    expect(page.locator(f"form[data-question='{number}']")).to_have_count(0)
    return is_of_template


def answer_until_asked(page: Page, choice: str) -> None:
    """Answers until the template's question was answered by this choice."""
    for _ in range(12):
        if answer(page, choice):
            return
    raise AssertionError("the question of the template is never asked")


def exported(page: Page) -> list[dict[str, str]]:
    button(page, "Export as CSV").click()
    with page.expect_download() as started:
        button(page, "Export").click()
    content = Path(started.value.path()).read_text(encoding="utf-8-sig")
    page.get_by_role("dialog").get_by_role("button", name="Close").last.click()
    return list(csv.DictReader(content.splitlines()))


def identifier(app: App) -> str:
    """What the student gives to the teacher, from the menu of the account."""
    app.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = app.open("/")
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("menuitem", name="Copy my identifier").click()
    expect(page.get_by_text(re.compile("^Copied: "))).to_be_visible()
    copied: str = page.evaluate("navigator.clipboard.readText()")
    return copied


def practise_until_the_network_is_lost(phone: App) -> None:
    """Misses the template's question, and has an answer under way when the network goes."""
    page = phone.open("/")
    page.get_by_role("link", name=f"Practise {NAME}").click()
    answer_until_asked(page, WRONG)
    expect(page.get_by_text(EXPLANATION).first).to_be_visible()
    expect(page.locator("button:not([aria-busy])", has_text="Enough for now")).to_be_visible()
    phone.context.set_offline(True)
    page.locator("form[data-question]").get_by_role("radio").first.check()
    button(page, "Answer").click()
    expect(page.get_by_role("alert").first).to_contain_text("no connection")


def go_on_and_finish(other: App) -> None:
    """Goes on where the first device was."""
    page = other.open("/")
    page.get_by_role("link", name=f"Continue {NAME}").click()
    expect(page.get_by_text("You continue where you were")).to_be_visible()
    answer(page, RIGHT)
    answer(page, RIGHT)
    button(page, "Enough for now").click()
    field(page, "Notes").fill("The frets were hard.")
    button(page, "Finish").click()
    expect(page.get_by_role("heading", name="Finished")).to_be_visible()


def log_own_practice(page: Page) -> None:
    """A session that was practised away from the screen."""
    page.get_by_role("link", name="Today").click()
    page.get_by_role("link", name="Log practice").click()
    field(page, "Name").fill("Busking")
    button(page, "Store the session").click()
    expect(page.get_by_role("heading", name="Busking")).to_be_visible()


def see_both_in_the_gradebook(app: App) -> None:
    page = app.page
    page.get_by_role("link", name="Gradebook").first.click()
    history = page.get_by_role("region", name="History")
    for name, kind, colour in ((NAME, "Assigned", BLUE), ("Busking", "Self-practice", GOLD)):
        badge = history.get_by_role("row").filter(has_text=name).locator("td .badge").first
        expect(badge).to_have_text(kind)
        expect(badge).to_have_css("color", colour)
    app.screenshot("story-gradebook")
    rows = exported(page)
    assert {row["Session"]: row["Kind"] for row in rows} == {
        NAME: "Assigned",
        "Busking": "Self-practice",
    }


def see_what_was_missed(desk: App) -> None:
    page = desk.page
    page.get_by_role("link", name="Teaching").click()
    page.get_by_role("link", name=NAME).first.click()
    students = page.get_by_role("region", name="Students").get_by_role("row")
    expect(students.filter(has_text="Completed")).to_have_count(1)
    button(page, "Find the missed questions").click()
    missed = page.get_by_role("row").filter(has_text=QUESTION)
    expect(missed).to_contain_text(WRONG)
    desk.screenshot("story-missed")


def test_a_template_is_written_assigned_practised_and_looked_at(
    open_app: OpenApp, user: NewUser
) -> None:
    teacher, student = user("tom", teacher=True), user("sam")
    desk = open_app(teacher)
    phone, other = open_app(student, phone=True), open_app(student, phone=True)

    assert identifier(phone) == student.uid
    write_template(desk.open("/"), student.uid)
    practise_until_the_network_is_lost(phone)
    go_on_and_finish(other)
    # The first phone is told when its network returns.
    phone.context.set_offline(False)
    expect(phone.page.get_by_role("alert").first).to_contain_text(re.compile("ended|elsewhere"))
    log_own_practice(other.page)
    see_both_in_the_gradebook(other)
    see_what_was_missed(desk)

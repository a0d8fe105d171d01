"""Assignments of classes: a teacher assigns, a student works and hands in."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from local.api import User
from tests.conftest import NewUser
from tests.e2e.web.app import App
from tests.e2e.web.conftest import OpenApp
from tests.integration.functions.classes.people import (
    Json,
    assigned,
    begun,
    changed,
    joined,
    row_path,
    taught,
)
from tests.integration.functions.classes.test_assignments import HOUR, instant, template

DAY = timedelta(days=1)
# The class's clocks are not those of the browser.
ZONE = "America/New_York"


def check(app: App, name: str) -> None:
    assert not app.violations()
    assert not app.overflow()
    app.screenshot(name)


def cell_of(by: User, assignment: Json, student: User) -> Json:
    cells: Json = by.read(row_path(assignment, student))["cells"]
    found: Json = cells[assignment["assignment_id"]]
    return found


def assignments_of(teacher: User, of: Json) -> list[Json]:
    asked = {"from": [{"collectionId": "assignments"}]}
    found: Any = teacher.query(asked, parent=f"/classes/{of['class']['class_id']}").json()
    return [row["document"]["fields"] for row in found if "document" in row]


@pytest.mark.parametrize("phone", [False, True])
def test_a_teacher_assigns_a_template_to_some_of_a_class(
    open_app: OpenApp, teacher: User, student: User, phone: bool
) -> None:
    of = taught(teacher, timezone=ZONE)
    joined(student, of, name="Sam Park")
    template(teacher, name="Sums to ten", subject="Mathematics")
    template(teacher, name="Scales")
    app = open_app(teacher, phone=phone)
    device = "phone" if phone else "laptop"
    page = app.open(f"/classes/{of['class']['class_id']}")
    expect(page.get_by_text("Nothing is assigned yet.")).to_be_visible()
    page.get_by_role("button", name="Assign", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Scales")).to_be_visible()
    dialog.get_by_role("button", name="Assign", exact=True).click()
    expect(dialog.get_by_text("Please choose a template.")).to_be_visible()
    dialog.get_by_label("Search your templates").fill("mathem sums")
    expect(dialog.get_by_label("Scales")).to_have_count(0)
    dialog.get_by_label("Sums to ten").check()
    expect(dialog.get_by_text("Please choose a template.")).to_have_count(0)
    dialog.get_by_label("Due").fill("2036-03-09T17:00")
    dialog.get_by_label("Closes").fill("2036-03-08T17:00")
    dialog.get_by_role("textbox", name="Points").fill("-1")
    dialog.get_by_label("Only these students").check()
    dialog.get_by_role("button", name="Assign", exact=True).click()
    expect(dialog.get_by_text('This must be after "Due".')).to_be_visible()
    expect(dialog.get_by_text("Please enter a number above 0")).to_be_visible()
    expect(dialog.get_by_text("Please choose somebody.")).to_be_visible()
    check(app, f"assign-errors-{device}")
    dialog.get_by_label("Closes").fill("2036-03-10T17:00")
    dialog.get_by_role("textbox", name="Points").fill("7,5")
    dialog.get_by_label("Sam Park").check()
    expect(dialog.get_by_label("Each answer counts as it was first given")).to_be_checked()
    dialog.get_by_label("Students see what was right").select_option("After handing in")
    check(app, f"assign-{device}")
    dialog.get_by_role("button", name="Assign", exact=True).click()

    link = page.get_by_role("link", name="Sums to ten")
    expect(link).to_be_visible()
    expect(page.get_by_text("9 Mar 2036, 17:00 (America/New_York)")).to_be_visible()
    expect(page.get_by_text("for 1 of the class")).to_be_visible()
    check(app, f"class-with-assignment-{device}")
    (stored,) = assignments_of(teacher, of)
    assert stored["due_at"]["timestampValue"] == "2036-03-09T21:00:00Z"
    assert stored["points"]["doubleValue"] == 7.5
    assert stored["policy"]["stringValue"] == "strict"
    assert stored["feedback"]["stringValue"] == "after_submit"
    assert [v["stringValue"] for v in stored["student_ids"]["arrayValue"]["values"]] == [
        student.uid
    ]

    assert not app.errors


@pytest.mark.parametrize("phone", [False, True])
def test_a_teacher_changes_withdraws_and_restores(
    open_app: OpenApp, teacher: User, student: User, phone: bool
) -> None:
    of = taught(teacher, timezone=ZONE)
    joined(student, of)
    due, closes = "2036-03-09T21:00:00Z", "2036-03-10T21:00:00Z"
    template_id = template(teacher)
    fields = {"title": "Sums to ten", "student_ids": [student.uid]}
    assigned(teacher, of, template_id, due_at=due, closes_at=closes, **fields)
    app = open_app(teacher, phone=phone)
    device = "phone" if phone else "laptop"
    page = app.open(f"/classes/{of['class']['class_id']}")
    dialog = page.get_by_role("dialog")
    page.get_by_role("button", name="More about Sums to ten").click()
    page.get_by_role("menuitem", name="Change").click()
    expect(dialog.get_by_label("Due")).to_have_value("2036-03-09T17:00")
    dialog.get_by_label("Title").fill("Sums")
    dialog.get_by_label("Closes").fill("")
    dialog.get_by_label("Due").fill("")
    dialog.get_by_label("The whole class").check()
    check(app, f"assignment-change-{device}")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Sums", exact=True)).to_be_visible()
    (stored,) = assignments_of(teacher, of)
    assert "nullValue" in stored["due_at"]
    assert "nullValue" in stored["student_ids"]

    page.get_by_role("button", name="More about Sums").click()
    page.get_by_role("menuitem", name="Withdraw").click()
    dialog.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text("Withdrawn", exact=True)).to_be_visible()
    page.get_by_role("button", name="More about Sums").click()
    page.get_by_role("menuitem", name="Restore").click()
    expect(page.get_by_text("Open", exact=True)).to_be_visible()
    assert not app.errors


def test_what_the_server_refuses_stands_at_its_field(
    open_app: OpenApp, teacher: User, student: User
) -> None:
    of = taught(teacher)
    exercises = [{"id": "a", "name": "Scales"}]
    template(teacher, template_data={"sections": [{"name": "A", "exercises": exercises}]})
    app = open_app(teacher)
    page = app.open(f"/classes/{of['class']['class_id']}")
    page.get_by_role("button", name="Assign", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Sums").check()
    dialog.get_by_role("button", name="Assign", exact=True).click()
    expect(dialog.get_by_role("group", name="Template").get_by_role("alert")).to_contain_text(
        "no questions"
    )
    dialog.get_by_label("Checklist").check()
    dialog.get_by_role("button", name="Assign", exact=True).click()
    expect(page.get_by_role("link", name="Sums")).to_be_visible()
    app.errors.clear()


def answer_all(page: Page, answers: list[str]) -> None:
    for number, answer in enumerate(answers, start=1):
        page.get_by_role("textbox", name="Your answer").fill(answer)
        page.keyboard.press("Enter")
        expect(page.locator("[data-news]")).to_have_count(number)


def test_a_student_finds_what_is_to_be_done_soonest_due_first(
    open_app: OpenApp, teacher: User, student: User
) -> None:
    of = taught(teacher, timezone="Europe/Berlin")
    joined(student, of)
    template_id = template(teacher)
    assigned(teacher, of, template_id, title="First sums", due_at=instant(DAY), points=12)
    assigned(teacher, of, template_id, title="Later", opens_at=instant(DAY))
    assigned(teacher, of, template_id, title="Overdue", due_at=instant(-HOUR))
    assigned(teacher, of, template_id, title="Over", due_at=instant(-DAY), closes_at=instant(-HOUR))
    app = open_app(student, phone=True)
    page = app.open("/")
    section = page.get_by_role("region", name="Assignments")
    expect(section.get_by_role("heading", level=3)).to_have_text(["Overdue", "First sums", "Later"])
    expect(section.get_by_text("Missing").first).to_be_visible()
    expect(section.get_by_text("Guitar, Tuesdays · 12 points")).to_be_visible()
    section.get_by_text("1 assignment is done or closed").click()
    expect(section.get_by_role("heading", name="Over", exact=True)).to_be_visible()
    check(app, "today-assignments")
    section.get_by_role("link", name="Look at Later").click()
    expect(page.get_by_role("heading", name="Later", level=1)).to_be_visible()
    expect(page.get_by_role("button", name="Begin")).to_have_count(0)
    check(app, "assignment-not-open")
    page = app.open(f"/classes/{of['class']['class_id']}")
    expect(page.get_by_role("heading", name="Overdue")).to_be_visible()
    check(app, "class-attended-assignments")
    assert not app.errors


def test_a_student_works_hands_in_and_sees_the_points(
    open_app: OpenApp, teacher: User, student: User
) -> None:
    of = taught(teacher, timezone="Europe/Berlin")
    joined(student, of)
    template_id = template(teacher)
    assignment = assigned(
        teacher, of, template_id, title="First sums", due_at=instant(DAY), points=12
    )
    app = open_app(student, phone=True)
    page = app.open("/")
    page.get_by_role("link", name="Begin First sums").click()
    expect(page.get_by_text("3 questions, each asked once.")).to_be_visible()
    check(app, "assignment-begin")
    page.get_by_role("button", name="Begin").click()
    answer_all(page, ["2", "5"])
    check(app, "assignment-at-work")

    page = app.open("/")
    expect(
        page.get_by_role("region", name="Assignments").get_by_text("In progress")
    ).to_be_visible()
    page.get_by_role("link", name="Continue First sums").first.click()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Question 3")).to_be_visible()
    page.get_by_role("button", name="Hand in").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("You have answered 2 of 3 questions.")
    check(app, "assignment-hand-in")
    dialog.get_by_role("button", name="Go on working").click()
    page.get_by_role("textbox").fill("6")
    page.keyboard.press("Enter")
    expect(page.get_by_text("That was the last question.")).to_be_visible()
    page.get_by_role("button", name="Hand in").last.click()
    dialog.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("66.7% · 8 of 12 points")).to_be_visible()
    expect(page.get_by_text("Handed in", exact=True)).to_be_visible()
    check(app, "assignment-result")
    submitted = cell_of(teacher, assignment, student)
    assert (submitted["status"], submitted["score_percent"]) == ("submitted", 66.7)

    page = app.open("/")
    section = page.get_by_role("region", name="Assignments")
    section.get_by_text("1 assignment is done or closed").click()
    expect(section.get_by_text("8 of 12 points")).to_be_visible()
    assert not app.errors


def test_a_checklist_is_handed_in_on_its_page(
    open_app: OpenApp, teacher: User, student: User
) -> None:
    of = taught(teacher)
    joined(student, of)
    assignment = assigned(teacher, of, template(teacher), mode="checklist", due_at=instant(-HOUR))
    app = open_app(student, phone=True)
    path = f"/assignments/{assignment['class_id']}/{assignment['assignment_id']}"
    page = app.open(path)
    expect(page.get_by_text("It is past due.")).to_be_visible()
    page.get_by_role("button", name="Begin").click()
    expect(page).to_have_url(re.compile("/session/"))
    expect(page.get_by_role("button", name="Discard")).to_have_count(0)
    page.get_by_role("button", name="Good").click()
    page.get_by_role("button", name="Hand in").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("2 steps are not done.")
    dialog.get_by_role("button", name="Hand in").click()
    page.get_by_role("link", name="My result").click()
    expect(page.get_by_text("Handed in late")).to_be_visible()
    expect(page.get_by_text("33.3%").first).to_be_visible()
    check(app, "assignment-checklist-result")
    assert cell_of(teacher, assignment, student)["score_percent"] == 33.3
    assert not app.errors


def test_practice_without_end_ends_with_handing_in(
    open_app: OpenApp, teacher: User, student: User
) -> None:
    of = taught(teacher)
    joined(student, of)
    section = {
        "name": "Sums",
        "exercises": [
            {
                "id": "a",
                "name": "A",
                "skill": "Sums",
                "questions": [
                    {"question_id": "q", "kind": "numeric", "prompt": "1 + 1?", "answer": 2}
                ],
            }
        ],
    }
    template_id = template(teacher, template_data={"sections": [section]})
    assignment = assigned(teacher, of, template_id, mode="infinite")
    app = open_app(student)
    page = app.open(f"/assignments/{assignment['class_id']}/{assignment['assignment_id']}")
    page.get_by_role("button", name="Begin").click()
    answer_all(page, ["2"])
    page.get_by_role("button", name="Hand in").click()
    page.get_by_role("dialog").get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("heading", name="Your result")).to_be_visible()
    submitted = cell_of(teacher, assignment, student)
    assert submitted["status"] == "submitted"
    shown = f"{submitted['score_percent']:g}%"
    expect(page.get_by_text(shown).first).to_be_visible()
    assert not app.errors


def test_what_is_closed_withdrawn_or_not_meant_for_one_says_so(
    open_app: OpenApp, teacher: User, student: User, user: NewUser
) -> None:
    of, other = taught(teacher), user("other")
    joined(student, of)
    joined(other, of)
    template_id = template(teacher)
    closed = assigned(teacher, of, template_id, closes_at=instant(-HOUR))
    withdrawn = assigned(teacher, of, template_id)
    others = assigned(teacher, of, template_id, student_ids=[other.uid])
    excused = assigned(teacher, of, template_id)
    begun(student, excused)
    grade = {
        "class_id": of["class"]["class_id"],
        "assignment_id": excused["assignment_id"],
        "student_id": student.uid,
        "revision": 0,
        "score_percent": "exempt",
    }
    teacher.call("override_grade", grade)
    teacher.call(
        "update_assignment",
        {
            "class_id": of["class"]["class_id"],
            "assignment_id": withdrawn["assignment_id"],
            "archived": True,
        },
    )
    app = open_app(student, phone=True)

    def opened(assignment: Json) -> Page:
        return app.open(f"/assignments/{assignment['class_id']}/{assignment['assignment_id']}")

    page = opened(closed)
    expect(page.get_by_text("Closed", exact=False).first).to_be_visible()
    expect(page.get_by_role("button", name="Begin")).to_have_count(0)
    page = opened(withdrawn)
    expect(page.get_by_text("Your teacher has withdrawn this assignment.")).to_be_visible()
    page = opened(excused)
    expect(page.get_by_text("Your teacher has excused you")).to_be_visible()
    check(app, "assignment-excused")
    page = opened(others)
    expect(page.get_by_role("alert")).to_contain_text("This is not here, or not for you.")
    changed(teacher, of, archived=True)
    page = opened(excused)
    expect(page.get_by_text("The class is archived")).to_be_visible()
    app.errors.clear()


def test_a_dead_line_that_passes_at_work_is_said(
    open_app: OpenApp, teacher: User, student: User
) -> None:
    of = taught(teacher)
    joined(student, of)
    assignment = assigned(teacher, of, template(teacher))
    app = open_app(student, phone=True)
    page = app.open(f"/assignments/{assignment['class_id']}/{assignment['assignment_id']}")
    page.get_by_role("button", name="Begin").click()
    answer_all(page, ["2"])
    now = datetime.now(UTC).isoformat()
    ids = {name: assignment[name] for name in ("class_id", "assignment_id")}
    teacher.call("update_assignment", {**ids, "closes_at": now})
    page.get_by_role("button", name="Hand in").click()
    page.get_by_role("dialog").get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text(
        "This assignment is closed."
    )
    app.errors.clear()

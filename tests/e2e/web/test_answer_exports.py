"""Files with a line for each answer: a class's for its teacher, and a student's own."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from local.api import User
from tests.conftest import NewUser
from tests.e2e.web.app import App
from tests.e2e.web.conftest import OpenApp
from tests.integration.functions.classes.people import (
    Json,
    assigned,
    begun,
    ids_of,
    joined,
    row_path,
    taught,
)
from tests.integration.functions.classes.test_assignment_turn import answer_all
from tests.integration.functions.classes.test_assignments import (
    HOUR,
    RIGHT,
    handed_in,
    instant,
    template,
)
from tests.support.answers import ok

Lines = list[dict[str, str]]


def check(app: App, name: str) -> None:
    assert not app.violations()
    assert not app.overflow()
    app.screenshot(name)


def lines_of(page: Page) -> Lines:
    """The file that the open dialog saves."""
    dialog = page.get_by_role("dialog")
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Export", exact=True).click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text)))
    counted = f"{len(lines)} line{' is' if len(lines) == 1 else 's are'} in the file."
    expect(dialog.get_by_text(counted)).to_be_visible()
    return lines


def told(lines: Lines, *names: str) -> list[tuple[str, ...]]:
    return [tuple(line[name] for name in names) for line in lines]


def graded(teacher: User, assignment: Json, student: User, percent: Any) -> None:
    ids = {name: assignment[name] for name in ("class_id", "assignment_id")}
    body = {**ids, "student_id": student.uid, "revision": 0, "score_percent": percent}
    ok(teacher.call("override_grade", body))


def work(student: User, assignment: Json, **wrong: int) -> None:
    session = begun(student, assignment)["session"]
    answer_all(student, session, {**RIGHT, **wrong})
    handed_in(student, session)


@pytest.fixture
def of_three(teacher: User, user: NewUser) -> tuple[Json, Json, dict[str, User]]:
    """Ann and =Bob have handed in strict work, Cem has a grade alone, Dan has begun."""
    of = taught(teacher)
    students = {name: user(name.strip("=").lower()) for name in ("Ann", "=Bob", "Cem", "Dan")}
    for name, student in students.items():
        joined(student, of, name=name)
    assignment = assigned(teacher, of, template(teacher), title="+Sums", points=12)
    work(students["Ann"], assignment, two=5)
    work(students["=Bob"], assignment)
    graded(teacher, assignment, students["Cem"], "exempt")
    graded(teacher, assignment, students["Ann"], 90)
    begun(students["Dan"], assignment)
    return of, assignment, students


@pytest.mark.parametrize("phone", [False, True])
def test_a_teacher_saves_each_answer_of_a_class_as_a_line(
    open_app: OpenApp, teacher: User, of_three: tuple[Json, Json, dict[str, User]], phone: bool
) -> None:
    of, _, students = of_three
    app = open_app(teacher, phone=phone)
    page = app.open(f"/classes/{of['class']['class_id']}/gradebook")
    page.get_by_role("button", name="Export answers").click()
    expect(page.get_by_role("dialog").get_by_text("about 9 documents")).to_be_visible()
    check(app, "answer-export")
    lines = lines_of(page)
    check(app, "answer-export-done")
    page.keyboard.press("Escape")

    assert told(lines, "Student", "Question", "Answer", "Result", "Try", "Graded by") == [
        *(("'=Bob", f"{n} + {n}?", str(2 * n), "right", "1", "rules") for n in (1, 2, 3)),
        ("Ann", "1 + 1?", "2", "right", "1", "rules"),
        ("Ann", "2 + 2?", "5", "wrong", "1", "rules"),
        ("Ann", "3 + 3?", "6", "right", "1", "rules"),
        ("Ann", "", "", "", "", "teacher"),
        ("Cem", "", "", "Exempt", "", "teacher"),
    ]
    assert {line["Assignment"] for line in lines} == {"'+Sums"}
    assert {line["Identifier"] for line in lines} == {
        students[name].uid for name in ("Ann", "=Bob", "Cem")
    }
    assert lines[0]["Skill"] == "Small sums"
    assert lines[6]["Score in percent"] == "90"

    # The dialog of the cell says the same, answer by answer.
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Ann", exact=True))
    row.get_by_role("button").click()
    entries = page.get_by_role("dialog").locator(".logged-entries > li")
    expect(entries).to_have_count(3)
    for index, line in enumerate(lines[3:6]):
        expect(entries.nth(index)).to_contain_text(line["Question"])
        expect(entries.nth(index)).to_contain_text(line["Result"].capitalize())
        expect(entries.nth(index).locator("dd").first).to_have_text(line["Answer"])


def test_the_page_of_an_assignment_saves_its_own_answers_alone(
    open_app: OpenApp, teacher: User, of_three: tuple[Json, Json, dict[str, User]]
) -> None:
    of, assignment, students = of_three
    other = assigned(teacher, of, template(teacher), title="Other", points=3)
    work(students["Cem"], other)
    app = open_app(teacher)
    path = f"/classes/{of['class']['class_id']}/assignments/{assignment['assignment_id']}"
    page = app.open(path)
    page.get_by_role("button", name="Export answers").click()
    lines = lines_of(page)
    assert {line["Assignment"] for line in lines} == {"'+Sums"}
    assert len(lines) == 8


def test_work_that_is_not_handed_in_is_opened_from_its_cell(
    open_app: OpenApp, teacher: User, of_three: tuple[Json, Json, dict[str, User]]
) -> None:
    of, _, _ = of_three
    app = open_app(teacher)
    page = app.open(f"/classes/{of['class']['class_id']}/gradebook")
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Dan", exact=True))
    row.get_by_role("button").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("It is not handed in yet. What is stored so far:")).to_be_visible()
    expect(dialog.get_by_role("alert")).to_have_count(0)


def test_a_long_export_shows_how_far_it_is_and_is_cancelled(
    open_app: OpenApp, teacher: User, of_three: tuple[Json, Json, dict[str, User]]
) -> None:
    of, _, _ = of_three
    app = open_app(teacher)
    page = app.open(f"/classes/{of['class']['class_id']}/gradebook")
    page.get_by_role("button", name="Export answers").click()
    held: list[Route] = []
    saved: list[str] = []
    page.on("download", lambda download: saved.append(download.url))

    def hold(route: Route) -> None:
        """Logs wait, whatever else is asked for does not."""
        if '"items"' in (route.request.post_data or ""):
            held.append(route)
        else:
            route.continue_()

    page.route("**:runQuery*", hold)
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Export", exact=True).click()
    while len(held) < 3:
        page.wait_for_timeout(50)
    held.pop(0).continue_()
    expect(dialog.get_by_text("1 of 3 sessions read …")).to_be_visible()
    assert dialog.get_by_role("progressbar").get_attribute("aria-valuenow") == "33"
    check(app, "answer-export-reading")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)
    for route in held:
        route.continue_()
    page.unroute("**:runQuery*")
    page.get_by_role("button", name="Export answers").click()
    assert len(lines_of(page)) == 8
    assert len(saved) == 1


@pytest.mark.parametrize("phone", [False, True])
def test_a_student_saves_their_work_for_classes_and_their_own_practice(
    open_app: OpenApp, of_three: tuple[Json, Json, dict[str, User]], phone: bool
) -> None:
    ann = of_three[2]["Ann"]
    started = ok(ann.call("start_session", {"name": "-Scales"}), 201)
    session_id = started["session"]["session_id"]
    item = {"node_id": "minor", "exercise_type": "scale", "correct": False, "duration_ms": 1_500}
    ok(ann.call("update_progress", {"session_id": session_id, "items": [item, item]}))
    ok(ann.call("complete_session", {"session_id": session_id}))
    ok(ann.call("start_session", {"name": "Nothing yet"}), 201)
    app = open_app(ann, phone=phone)
    page = app.open("/gradebook")
    page.get_by_role("button", name="Export answers").click()
    check(app, "own-answer-export")
    lines = lines_of(page)

    names = ("Practice", "Kind", "Result in percent", "Answer", "Result", "Try", "Graded by")
    assert told(lines, *names) == [
        ("Nothing yet", "Self-practice", "", "", "", "", ""),
        ("'-Scales", "Self-practice", "0", "", "wrong", "1", "student"),
        ("'-Scales", "Self-practice", "0", "", "wrong", "2", "student"),
        ("'+Sums", "Assigned", "90", "2", "right", "1", "rules"),
        ("'+Sums", "Assigned", "90", "5", "wrong", "1", "rules"),
        ("'+Sums", "Assigned", "90", "6", "right", "1", "rules"),
        ("'+Sums", "Assigned", "90", "", "", "", "teacher"),
    ]
    assert [line["Seconds"] for line in lines[1:3]] == ["1.5", "1.5"]


def test_answers_that_are_shown_once_the_assignment_is_due_are_on_no_page_before(
    open_app: OpenApp, teacher: User, student: User
) -> None:
    of = taught(teacher)
    joined(student, of)
    due = {"due_at": instant(HOUR), "feedback": "after_due"}
    assignment = assigned(teacher, of, template(teacher), points=10, **due)
    work(student, assignment, two=5)
    (session_id,) = (
        cell["session_id"] for cell in student.read(row_path(assignment, student))["cells"].values()
    )
    app = open_app(student)
    page = app.open(f"/sessions/{session_id}")
    expect(page.get_by_text("The answers are shown once the assignment is due.")).to_be_visible()
    check(app, "answers-kept")
    page = app.open("/gradebook")
    page.get_by_role("button", name="Export answers").click()
    names = ("Practice", "Result in percent", "Answer", "Result")
    assert told(lines_of(page), *names) == [("Sums", "66.7", "", "")]

    change = {**ids_of(assignment), "due_at": instant(-HOUR)}
    ok(teacher.call("update_assignment", change))
    page = app.open(f"/sessions/{session_id}")
    expect(page.get_by_text("2 + 2?")).to_be_visible()

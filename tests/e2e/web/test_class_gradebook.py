"""The gradebook of a class and the page of one assignment, as its teacher meets them."""

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from local.api import User
from shared.domain.gradebook.rows import Cell, CellStatus, Row
from shared.domain.students.student import SubjectTotals
from shared.firestore.client import Client
from shared.firestore.documents import fields_of, row_path
from tests.conftest import NewUser
from tests.e2e.web.app import App
from tests.e2e.web.conftest import OpenApp
from tests.e2e.web.records import write
from tests.integration.functions.classes.people import Json, assigned, begun, joined, taught
from tests.integration.functions.classes.test_assignments import (
    HOUR,
    RIGHT,
    answered,
    handed_in,
    instant,
    template,
)

ROWS, COLUMNS = 300, 60


def check(app: App, name: str) -> None:
    assert not app.violations()
    assert not app.overflow()
    app.screenshot(name)


def saved_csv(page: Page) -> list[list[str]]:
    with page.expect_download() as download:
        page.get_by_role("button", name="Export CSV").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def done(student: User, assignment: Json, **wrong: int) -> None:
    session = begun(student, assignment)["session"]
    state = answered(student, session["stored_session"], {**RIGHT, **wrong})
    handed_in(student, session, stored_session=state)


@pytest.fixture
def of_three(teacher: User, user: NewUser) -> tuple[Json, Json]:
    """A class and its overdue assignment: Ann handed in late, =Bob and Cem have done nothing."""
    of = taught(teacher)
    for name in ("Ann", "=Bob", "Cem"):
        joined(user(name.strip("=").lower()), of, name=name)
    ann = user("ann")
    joined(ann, of, name="Anna")
    assignment = assigned(
        teacher, of, template(teacher), due_at=instant(-HOUR), points=12, policy="open"
    )
    done(ann, assignment, two=5)
    return of, assignment


def in_row(page: Page, name: str) -> str:
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name, exact=True))
    return row.get_by_role("cell").first.inner_text().replace("\n", " ")


@pytest.mark.parametrize("phone", [False, True])
def test_the_gradebook_and_its_file_say_who_is_late_exempt_and_missing(
    open_app: OpenApp, teacher: User, of_three: tuple[Json, Json], phone: bool
) -> None:
    of, _ = of_three
    device = "phone" if phone else "laptop"
    app = open_app(teacher, phone=phone)
    page = app.open(f"/classes/{of['class']['class_id']}/gradebook")
    expect(page.get_by_role("rowheader", name="Anna")).to_be_visible()
    assert in_row(page, "Anna") == "8 Late"
    assert in_row(page, "Cem") == "Missing"
    check(app, f"class-gradebook-{device}")

    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="=Bob"))
    row.get_by_role("button", name="Missing").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("The grade was never changed.")).to_be_visible()
    dialog.get_by_label("Exempt").check()
    dialog.get_by_label("Why").fill("Was ill")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("to Exempt")).to_be_visible()
    expect(dialog.get_by_role("paragraph").filter(has_text="Was ill")).to_be_visible()
    check(app, f"class-gradebook-cell-{device}")
    page.keyboard.press("Escape")
    expect(row.get_by_role("button")).to_contain_text("Exempt")

    head, most, *students = saved_csv(page)
    assert head[2:4] == ["Sums", "Sums: state"]
    assert most[:3] == ["Points possible", "", "12"]
    found = {student[0]: student[2:4] for student in students}
    assert found == {
        "'=Bob": ["", "Exempt"],
        "Ann": ["", "Missing"],
        "Anna": ["8", "Late"],
        "Cem": ["", "Missing"],
    }

    page.get_by_label("State").select_option("Missing")
    expect(page.get_by_role("rowheader")).to_have_text(["Ann", "Cem"])
    page.get_by_label("State").select_option("any")
    page.get_by_label("Find students").fill("an")
    expect(page.get_by_role("rowheader")).to_have_text(["Ann", "Anna"])
    assert not app.errors


def test_a_cell_shows_the_work_and_its_grade_is_set_and_restored(
    open_app: OpenApp, teacher: User, of_three: tuple[Json, Json]
) -> None:
    of, _ = of_three
    app = open_app(teacher)
    page = app.open(f"/classes/{of['class']['class_id']}/gradebook")
    # By the keyboard alone: sort by the grade, then open the first cell.
    page.get_by_role("button", name="Sums").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("rowheader").first).to_have_text("Anna")
    page.get_by_role("row").nth(1).get_by_role("button").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("2 + 2?")).to_be_visible()
    check(app, "class-gradebook-work")
    dialog.get_by_label("Another grade, in percent").check()
    dialog.get_by_label("Percent", exact=True).fill("101")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Please enter a number from 0 to 100.")).to_be_visible()
    dialog.get_by_label("Percent", exact=True).fill("75")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("From 66.7% to 75%")).to_be_visible()
    dialog.get_by_label("The computed score counts").check()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("From 75% to 66.7%")).to_be_visible()
    page.keyboard.press("Escape")
    assert in_row(page, "Anna") == "8 Late"
    assert not app.errors


@pytest.mark.parametrize("phone", [False, True])
def test_one_assignment_says_who_has_done_what_and_analyses_its_questions(
    open_app: OpenApp, teacher: User, of_three: tuple[Json, Json], phone: bool
) -> None:
    of, assignment = of_three
    app = open_app(teacher, phone=phone)
    class_id, assignment_id = of["class"]["class_id"], assignment["assignment_id"]
    page = app.open(f"/classes/{class_id}/assignments/{assignment_id}")
    expect(page.get_by_text("8 of 12 points")).to_be_visible()
    expect(page.get_by_text("about 3 documents")).to_be_visible()
    page.get_by_role("button", name="Analyse the answers").click()
    row = page.get_by_role("row").filter(has_text="2 + 2?")
    expect(row).to_contain_text("0%")
    expect(row).to_contain_text("5 (1")
    check(app, f"assignment-report-{'phone' if phone else 'laptop'}")
    assert not app.errors


@pytest.mark.parametrize("phone", [False, True])
def test_a_bad_question_is_taken_out_on_the_page(
    open_app: OpenApp, teacher: User, of_three: tuple[Json, Json], phone: bool
) -> None:
    of, assignment = of_three
    app = open_app(teacher, phone=phone)
    class_id, assignment_id = of["class"]["class_id"], assignment["assignment_id"]
    page = app.open(f"/classes/{class_id}/assignments/{assignment_id}")
    page.get_by_role("button", name="Analyse the answers").click()
    row = page.get_by_role("row").filter(has_text="2 + 2?")
    row.get_by_role("button", name="Take it out").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Why").fill("Two answers are right")
    check(app, f"void-question-{'phone' if phone else 'laptop'}")
    dialog.get_by_role("button", name="Take it out").click()
    expect(page.get_by_text("all work is graded without it.").first).to_be_visible()
    # Anna had two of three right, and now two of two.
    expect(page.get_by_text("12 of 12 points")).to_be_visible()
    expect(row.get_by_text("Taken out")).to_be_visible()
    expect(row.get_by_role("button", name="Take it out")).to_have_count(0)
    assert not app.errors


def test_three_hundred_students_and_sixty_assignments_scroll_smoothly(
    open_app: OpenApp, teacher: User, accounts: Client
) -> None:
    of = taught(teacher)
    class_id = of["class"]["class_id"]
    template_id = template(teacher)
    first = assigned(teacher, of, template_id, points=10)
    collection = f"classes/{class_id}/assignments"
    stored = accounts.document(f"{collection}/{first['assignment_id']}").get().to_dict()
    ids = [f"a{number}" for number in range(COLUMNS - 1)]
    write(
        accounts,
        [(f"{collection}/{id_}", {**stored, "title": f"Sums {id_}"}) for id_ in ids],
    )
    rows = (
        Row(
            class_id=class_id,
            student_id=f"s{number}",
            display_name=f"Student {number:03}",
            cells={
                id_: Cell(status=CellStatus.SUBMITTED, score_percent=(number * 7) % 101)
                for id_ in [first["assignment_id"], *ids]
            },
            self_practice=SubjectTotals(sessions=number),
        )
        for number in range(ROWS)
    )
    write(accounts, [(row_path(class_id, row.student_id), fields_of(row)) for row in rows])
    app = open_app(teacher)
    page = app.open(f"/classes/{class_id}/gradebook")
    expect(page.get_by_role("rowheader", name="Student 000")).to_be_visible()
    frames = page.evaluate(
        """async () => {
          const frame = document.querySelector(".class-gradebook");
          const times = [];
          let last = await new Promise(requestAnimationFrame);
          for (let step = 1; step <= 60; step += 1) {
            frame.scrollTop = step * 240;
            frame.scrollLeft = step * 40;
            const now = await new Promise(requestAnimationFrame);
            times.push(now - last);
            last = now;
          }
          return times.sort((one, other) => one - other);
        }"""
    )
    cells = page.locator(".class-gradebook-cell").count()
    # Those in view, and a few rows beyond; 300 by 60 are 18,000. A frame takes 33 ms here.
    assert cells < ROWS * COLUMNS / 10
    assert len(frames) == COLUMNS, "each step of scrolling was painted"
    expect(page.get_by_role("rowheader", name="Student 299")).to_be_visible()
    check(app, "class-gradebook-large")
    page.keyboard.press("Tab")
    assert not app.errors

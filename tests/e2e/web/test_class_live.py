"""The live page of a class: who works on what at the moment, as its teachers meet it."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from local.api import User
from shared.domain.classes.membership import Member, MemberStatus
from shared.domain.gradebook.live import Live, LiveState
from shared.firestore.client import Client
from shared.firestore.documents import fields_of, live_path, member_path
from tests.conftest import NewUser
from tests.e2e.web.app import App
from tests.e2e.web.conftest import OpenApp
from tests.e2e.web.records import write
from tests.integration.functions.classes.people import (
    Json,
    assigned,
    begun,
    changed,
    joined,
    removed,
    taught,
)
from tests.integration.functions.classes.test_assignment_turn import given, turn
from tests.integration.functions.classes.test_assignments import QUESTIONS, handed_in, template

STUDENTS = 300


def check(app: App, name: str) -> None:
    assert not app.violations()
    assert not app.overflow()
    app.screenshot(name)


def row_of(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name, exact=True))


def assigned_sums(teacher: User, of: Json, **fields: object) -> Json:
    """Five questions of one skill, strict."""
    questions = [{**QUESTIONS[0], "question_id": f"q{number}"} for number in range(5)]
    section = {"name": "A", "exercises": [{"id": "b", "name": "Sums", "questions": questions}]}
    template_id = template(teacher, template_data={"sections": [section]})
    return assigned(teacher, of, template_id, points=5, **fields)


def open_live(app: App, of: Json) -> Page:
    page = app.open(f"/classes/{of['class']['class_id']}/live")
    expect(page.locator("[data-live]")).to_have_attribute("data-live", "true")
    return page


@pytest.mark.parametrize("phone", [False, True])
def test_the_page_shows_who_works_who_needs_help_and_who_is_done(
    open_app: OpenApp, teacher: User, user: NewUser, phone: bool
) -> None:
    of = taught(teacher)
    ann, bob = user("ann"), user("bob")
    joined(ann, of, name="Ann")
    joined(bob, of, name="Bob")
    assignment = assigned_sums(teacher, of, title="First sums")
    app = open_app(teacher, phone=phone)
    page = app.open(f"/classes/{of['class']['class_id']}")
    page.get_by_role("link", name="Live").click()
    expect(page.get_by_text("Nobody works on an assignment at the moment.")).to_be_visible()
    check(app, "class-live-nobody")

    works = [begun(student, assignment)["session"] for student in (ann, bob)]
    expect(row_of(page, "Ann")).to_contain_text("0 of 5")
    turn(ann, works[0], seq=1, input=given("q0", 2))
    expect(row_of(page, "Ann")).to_contain_text("1 of 5")
    expect(row_of(page, "Ann")).to_contain_text("First sums")
    for number in range(3):
        turn(bob, works[1], seq=number + 1, input=given(f"q{number}", 9))
    expect(row_of(page, "Bob")).to_contain_text("Needs help")
    expect(page.get_by_role("rowheader")).to_have_text(["Bob", "Ann"])
    expect(page.get_by_role("status").filter(has_text="Help is needed by Bob.")).to_have_count(1)
    check(app, f"class-live-{'phone' if phone else 'laptop'}")

    handed_in(bob, works[1])
    expect(page.get_by_role("rowheader")).to_have_text(["Ann"])
    removed(teacher, of, ann)
    page.reload()
    expect(page.get_by_text("Nobody works on an assignment at the moment.")).to_be_visible()
    changed(teacher, of, archived=True)
    expect(page.get_by_text("This class is archived.")).to_be_visible()


def test_what_is_right_is_left_out_where_students_do_not_know_it_yet(
    open_app: OpenApp, teacher: User, student: User
) -> None:
    of = taught(teacher)
    joined(student, of, name="Ann")
    told, untold = assigned_sums(teacher, of), assigned_sums(teacher, of, feedback="after_submit")
    app = open_app(teacher)
    page = open_live(app, of)
    row = row_of(page, "Ann")
    turn(student, begun(student, told)["session"], seq=1, input=given("q0", 2))
    expect(row).to_contain_text("1 of 5")
    right = row.locator("[data-label='Right so far']")
    expect(right).to_have_text("1")
    turn(student, begun(student, untold)["session"], seq=1, input=given("q0", 2))
    expect(right).not_to_have_text("1")
    assert not any(sign.isdigit() for sign in right.inner_text())


def test_a_student_is_told_that_the_page_is_for_teachers(
    open_app: OpenApp, teacher: User, student: User
) -> None:
    of = taught(teacher)
    joined(student, of)
    page = open_app(student).open(f"/classes/{of['class']['class_id']}/live")
    expect(page.get_by_text("This page is for the teachers of the class.")).to_be_visible()


def test_who_joins_while_the_page_is_open_shows_with_their_name(
    open_app: OpenApp, teacher: User, student: User
) -> None:
    of = taught(teacher)
    assignment = assigned_sums(teacher, of)
    page = open_live(open_app(teacher), of)
    joined(student, of, name="New")
    begun(student, assignment)
    expect(row_of(page, "New")).to_contain_text("At work")


def test_three_hundred_at_work_cost_a_read_each_and_show_who_is_idle(
    open_app: OpenApp, teacher: User, accounts: Client
) -> None:
    of = taught(teacher)
    class_id, now = of["class"]["class_id"], datetime.now(UTC)
    assignment = assigned_sums(teacher, of)
    write(
        accounts,
        (
            pair
            for number in range(STUDENTS)
            for pair in at_work(class_id, assignment["assignment_id"], number, now=now)
        ),
    )
    app = open_app(teacher)
    page = open_live(app, of)
    expect(page.get_by_role("rowheader")).to_have_count(STUDENTS)
    first = page.get_by_role("row").nth(1)
    expect(first).to_contain_text("Needs help")
    figures = page.locator(".figures dd.figure")
    expect(figures).to_have_text(["30", "180", "90"])
    check(app, "class-live-large")


def at_work(
    class_id: str, assignment_id: str, number: int, *, now: datetime
) -> list[tuple[str, Json]]:
    """Every tenth needs help; three tenths of all are idle."""
    uid = f"s{number}"
    idle = number % 10 in (1, 2, 3)
    member = Member(
        class_id=class_id,
        student_id=uid,
        display_name=f"Student {number:03}",
        status=MemberStatus.ACTIVE,
        joined_at=now,
        removed_at=None,
    )
    live = Live(
        class_id=class_id,
        student_id=uid,
        assignment_id=assignment_id,
        state=LiveState.WORKING,
        answered=number % 6,
        correct=0,
        skill="Sums",
        needs_help=number % 10 == 0,
        last_at=now - timedelta(minutes=9 if idle else 0),
    )
    return [
        (member_path(class_id, uid), fields_of(member)),
        (live_path(class_id, uid), fields_of(live)),
    ]


def test_a_co_teacher_who_is_taken_off_loses_every_read_at_once(
    open_app: OpenApp, teacher: User, user: NewUser, student: User
) -> None:
    other = user("other", teacher=True)
    of = changed(teacher, taught(teacher), teacher_ids=[teacher.uid, other.uid])
    class_id = of["class"]["class_id"]
    joined(student, of, name="Ann")
    assignment = assigned_sums(teacher, of)
    session = begun(student, assignment)["session"]
    app = open_app(other)
    page = open_live(app, of)
    expect(row_of(page, "Ann")).to_be_visible()
    gradebook = app.context.new_page()
    gradebook.goto(f"/classes/{class_id}/gradebook")
    expect(gradebook.get_by_role("rowheader", name="Ann")).to_be_visible()

    changed(teacher, of, teacher_ids=[teacher.uid])

    refusal = "This is not here, or not for you."
    # Without a reload, and before anything is written besides.
    expect(page.get_by_role("alert")).to_contain_text(refusal)
    expect(page.get_by_text("Ann")).to_have_count(0)
    turn(student, session, seq=1, input=given("q0", 2))
    expect(page.get_by_text("Ann")).to_have_count(0)
    gradebook.get_by_role("row").nth(1).get_by_role("button").click()
    expect(gradebook.get_by_role("dialog").get_by_role("alert").first).to_contain_text(refusal)
    gradebook.reload()
    expect(gradebook.get_by_role("alert").first).to_contain_text(refusal)
    expect(gradebook.get_by_text("Ann")).to_have_count(0)
    session_id, assignment_id = session["session_id"], assignment["assignment_id"]
    for path in (
        f"classes/{class_id}",
        f"classes/{class_id}/private/join",
        f"classes/{class_id}/members/{student.uid}",
        f"classes/{class_id}/rows/{student.uid}",
        f"classes/{class_id}/live/{student.uid}",
        f"classes/{class_id}/assignments/{assignment_id}",
        f"classes/{class_id}/assignments/{assignment_id}/content/template",
        f"practice_sessions/{session_id}",
        f"practice_sessions/{session_id}/items",
    ):
        assert other.get(path).status_code == 403, path
        assert teacher.get(path).status_code == 200, path
    app.errors.clear()

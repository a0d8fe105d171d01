"""The teacher's pages: who practises what was assigned, live, and what is missed."""

import re
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from local.api import User
from local.examples import GUITAR_TEMPLATE, theory_template
from local.practice_client import Device, Results, right_answer, wrong_answer
from shared.domain.templates.template import Template
from shared.firestore.client import Client
from shared.firestore.documents import fields_of, template_path
from tests.conftest import NewUser
from tests.e2e.web.app import App, Theme
from tests.e2e.web.conftest import OpenApp
from tests.e2e.web.records import session, write

NAME = GUITAR_TEMPLATE["name"]


def assign(teacher: User, *students: User, template: Any = GUITAR_TEMPLATE) -> str:
    """The id of a template of the teacher with these students."""
    body = {**template, "student_ids": [student.uid for student in students]}
    response = teacher.call("create_template", body)
    assert response.status_code == 201, response.text
    template_id: str = response.json()["template"]["template_id"]
    return template_id


def begin(student: User, template_id: str) -> str:
    """The id of a session with one exercise done."""
    reply = student.call("start_session", {"template_id": template_id}).json()
    session_id: str = reply["session"]["session_id"]
    item = {"node_id": reply["next_item"]["node_id"], "grade": "good"}
    response = student.call("update_progress", {"session_id": session_id, "items": [item]})
    assert response.status_code == 200, response.text
    return session_id


def finish(student: User, session_id: str) -> None:
    response = student.call("complete_session", {"session_id": session_id})
    assert response.status_code == 200, response.text


def practise(student: User, template_id: str, *, wrong: int, answers: int) -> str:
    """The id of completed infinite practice whose first answers are wrong."""
    source = student.read(f"session_templates/{template_id}")
    device = Device(student, {"source_data": source})
    device.turn()
    started = student.call("start_session", {"stored_session": device.stored})
    assert started.status_code == 201, started.text
    results = Results()
    for number in range(answers):
        device.answer((wrong_answer if number < wrong else right_answer)(device.question), results)
    session_id: str = device.stored["session_id"]
    body = {"session_id": session_id, "stored_session": device.stored}
    response = student.call("complete_session", body)
    assert response.status_code == 200, response.text
    return session_id


def short(user: User) -> str:
    return f"{user.uid[:7]}…{user.uid[-4:]}"


def open_settled(app: App, path: str) -> Page:
    page = app.open(path)
    expect(page.locator(".skeleton")).to_have_count(0)
    return page


def row_of(page: Page, student: User) -> Any:
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=short(student)))


def test_a_student_is_told_that_the_page_is_for_teachers(open_app: OpenApp, student: User) -> None:
    app = open_app(student)
    for path in ("/teach", "/teach/templates/x", "/teach/students/x"):
        page = open_settled(app, path)
        expect(page.get_by_text("This page is for teachers")).to_be_visible()
    app.screenshot("teach-student")
    page.get_by_role("link", name="Home").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()


def test_a_teacher_without_assigned_templates_is_told_what_to_do(
    open_app: OpenApp, teacher: User
) -> None:
    app = open_app(teacher)
    teacher.call("create_template", {**GUITAR_TEMPLATE, "visibility": "public"})
    page = open_settled(app, "/teach")

    expect(page.get_by_text("None of your templates has students yet")).to_be_visible()
    expect(page.get_by_text("Nobody has practised")).to_be_visible()
    app.screenshot("teach-empty")
    page.get_by_role("link", name="Write a template").click()
    expect(page).to_have_url(re.compile("/templates/new$"))


def test_a_teacher_sees_who_began_who_finished_and_who_never_did(
    open_app: OpenApp, teacher: User, user: NewUser
) -> None:
    ann, ben, cy = user("ann"), user("ben"), user("cyr")
    template_id = assign(teacher, ann, ben, cy)
    finish(ann, begin(ann, template_id))
    begin(ben, template_id)
    app = open_app(teacher)
    page = open_settled(app, "/teach")

    row = page.get_by_role("row").filter(has_text=NAME)
    cells = row.get_by_role("cell")
    expect(cells).to_have_count(4)
    assert [cells.nth(n).inner_text() for n in range(3)] == ["3", "2", "1"]
    expect(page.get_by_text("Counted from all 2 sessions")).to_be_visible()
    app.screenshot("teach")
    page.get_by_role("link", name=NAME).click()
    expect(row_of(page, ann)).to_contain_text("Completed")
    expect(row_of(page, ben)).to_contain_text("Practising now")
    expect(row_of(page, ben)).to_contain_text("1 of 5 done")
    expect(row_of(page, cy)).to_contain_text("Never began")
    page.get_by_role("combobox", name="State").select_option("Never began")
    page.reload()
    expect(row_of(page, cy)).to_be_visible()
    expect(row_of(page, ann)).to_have_count(0)
    page.get_by_role("link", name=short(cy)).click()
    expect(page.get_by_text("This student has practised nothing")).to_be_visible()


def test_the_list_is_live_and_goes_on_after_an_outage(
    open_app: OpenApp, teacher: User, user: NewUser
) -> None:
    ann, ben = user("ann"), user("ben")
    template_id = assign(teacher, ann, ben)
    app = open_app(teacher)
    page = open_settled(app, f"/teach/templates/{template_id}")
    expect(page.get_by_text("Live: what students do shows at once.")).to_be_visible()
    expect(row_of(page, ann)).to_contain_text("Never began")

    session_id = begin(ann, template_id)
    expect(row_of(page, ann)).to_contain_text("1 of 5 done")
    expect(page.get_by_role("status").filter(has_text="has begun")).to_have_count(1)
    finish(ann, session_id)
    expect(row_of(page, ann)).to_contain_text("Completed")
    expect(page.get_by_role("status").filter(has_text="has finished")).to_have_count(1)
    app.context.set_offline(True)
    expect(page.get_by_text("Changes do not show by themselves")).to_be_visible()
    begin(ben, template_id)
    app.context.set_offline(False)
    expect(row_of(page, ben)).to_contain_text("Practising now", timeout=30_000)


def test_missed_questions_are_counted_over_students(
    open_app: OpenApp, teacher: User, user: NewUser
) -> None:
    ann, ben = user("ann"), user("ben")
    template_id = assign(teacher, ann, ben, template=theory_template())
    practise(ann, template_id, wrong=2, answers=5)
    practise(ben, template_id, wrong=1, answers=3)
    app = open_app(teacher)
    page = open_settled(app, f"/teach/templates/{template_id}")
    expect(page.get_by_text("at most 200 documents")).to_be_visible()
    page.get_by_role("button", name="Find the missed questions").click()
    expect(page.get_by_text("From 8 answers in 2 sessions.")).to_be_visible()

    table = page.get_by_role("table").filter(has_text="Common wrong answers")
    rows = [row.get_by_role("cell").all_inner_texts() for row in table.get_by_role("row").all()[1:]]
    assert sum(int(row[2]) for row in rows) == 3
    assert all(int(asked) == int(right) + int(wrong) for asked, right, wrong, *_ in rows)
    assert all(answer != "not recorded" for *_, answer in rows)
    app.screenshot("teach-missed")
    assert app.violations() == []


def test_missed_questions_are_read_by_themselves_when_the_network_is_back(
    open_app: OpenApp, teacher: User, user: NewUser
) -> None:
    ann = user("ann")
    template_id = assign(teacher, ann, template=theory_template())
    practise(ann, template_id, wrong=1, answers=2)
    app = open_app(teacher)
    page = open_settled(app, f"/teach/templates/{template_id}")
    missed = page.get_by_role("region", name="Questions missed most")
    app.context.set_offline(True)
    missed.get_by_role("button", name="Find the missed questions").click()
    expect(missed.get_by_role("alert")).to_contain_text("There is no connection")
    app.context.set_offline(False)

    expect(missed.get_by_text("From 2 answers in 1 session.")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_reading_missed_questions_is_cancelled(
    open_app: OpenApp, teacher: User, user: NewUser
) -> None:
    ann = user("ann")
    template_id = assign(teacher, ann, template=theory_template())
    practise(ann, template_id, wrong=1, answers=2)
    page = open_settled(open_app(teacher), f"/teach/templates/{template_id}")
    held: list[Route] = []
    queries = re.compile(":runQuery")

    def hold(route: Route) -> None:
        held.append(route)

    page.route(queries, hold)
    find = page.get_by_role("button", name="Find the missed questions")
    find.click()
    expect(page.get_by_text("0 of 1 session read")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("progressbar")).to_have_count(0)
    expect(find).to_be_enabled()
    with page.expect_response(queries):
        for route in held:
            route.continue_()
    page.unroute(queries, hold)
    expect(page.get_by_text("From 2 answers")).to_have_count(0)
    find.click()

    expect(page.get_by_text("From 2 answers in 1 session.")).to_be_visible()


def test_a_student_s_sessions_lead_to_their_details(
    open_app: OpenApp, teacher: User, user: NewUser
) -> None:
    ann = user("ann")
    template_id = assign(teacher, ann)
    session_id = begin(ann, template_id)
    finish(ann, session_id)
    app = open_app(teacher)
    page = open_settled(app, "/teach")
    page.get_by_role("link", name=short(ann)).click()

    expect(page.get_by_role("heading", level=1)).to_have_text(f"Student {short(ann)}")
    expect(page.get_by_role("row").filter(has_text=NAME)).to_contain_text("Completed")
    app.screenshot("teach-a-student")
    page.get_by_role("link", name=re.compile(f"Details of {NAME}")).click()
    expect(page).to_have_url(re.compile(f"/sessions/{session_id}$"))


def test_another_teacher_s_template_is_refused_in_words(
    open_app: OpenApp, teacher: User, user: NewUser
) -> None:
    template_id = assign(user("tom", teacher=True), user("ann"))
    page = open_settled(open_app(teacher), f"/teach/templates/{template_id}")

    expect(page.get_by_role("alert").first).to_contain_text("not for you")


def test_the_identifier_of_a_student_is_copied(
    open_app: OpenApp, teacher: User, user: NewUser
) -> None:
    ann = user("ann")
    template_id = assign(teacher, ann)
    app = open_app(teacher)
    app.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = open_settled(app, f"/teach/templates/{template_id}")
    page.get_by_role("button", name=f"Copy the identifier {ann.uid}").click()
    expect(page.get_by_text("Copied", exact=True)).to_be_visible()

    assert page.evaluate("navigator.clipboard.readText()") == ann.uid


def test_an_identifier_is_selected_where_the_browser_does_not_let_it_be_copied(
    open_app: OpenApp, teacher: User, user: NewUser
) -> None:
    """As on a page without TLS, where there is no clipboard."""
    ann = user("ann")
    template_id = assign(teacher, ann)
    app = open_app(teacher, phone=True)
    app.context.add_init_script("delete Navigator.prototype.clipboard")
    page = open_settled(app, f"/teach/templates/{template_id}")
    copy = page.get_by_role("button", name=f"Copy the identifier {ann.uid}")
    copy.click()
    dialog = page.get_by_role("dialog", name="Identifier")
    expect(dialog.get_by_role("textbox")).to_be_focused()
    assert page.evaluate("getSelection().toString()") == ann.uid
    app.screenshot("teach-identifier")
    assert app.violations() == []
    page.keyboard.press("Escape")
    expect(copy).to_be_focused()

    page.get_by_role("button", name="Account of").click()
    page.get_by_role("menuitem", name="Copy my identifier").click()
    expect(dialog.get_by_role("textbox")).to_have_value(teacher.uid)
    expect(dialog.get_by_role("textbox")).to_be_focused()


def stored_template(number: int, owner: str) -> tuple[str, dict[str, Any]]:
    """A template as the store writes it; a tenth has students."""
    students = ["ann"] if number % 10 == 9 else []
    at = datetime(2026, 1, 1, tzinfo=UTC) - timedelta(hours=number)
    template = Template.model_validate(
        {
            "template_id": f"{owner}-{number}",
            "name": f"Template {number}",
            "description": "",
            "owner_id": owner,
            "root_id": None,
            "subject": None,
            "topic": None,
            "grade_level": None,
            "visibility": "assigned" if students else "private",
            "student_ids": students,
            "template_data": {"sections": []},
            "mastery_criterion": None,
            "version": 1,
            "content_hash": "",
            "created_at": at,
            "updated_at": at,
            "archived_at": None,
        }
    )
    fields = fields_of(template)
    return template_path(template.template_id), {**fields, "student_ids": students}


def test_hundreds_of_templates_and_sessions_open_quickly(
    open_app: OpenApp, teacher: User, client: Client
) -> None:
    until = datetime.now(UTC) - timedelta(days=1)
    first = f"{teacher.uid}-9"
    ids = {"teacher_id": teacher.uid, "origin": "assigned", "template_id": first}
    write(client, (stored_template(number, teacher.uid) for number in range(200)))
    students = [f"student-{teacher.uid}-{number}" for number in range(40)]
    for student in students:
        write(client, (session(student, n, until=until, **ids) for n in range(50)))
    app = open_app(teacher)
    began = monotonic()
    page = open_settled(app, "/teach")
    expect(page.get_by_role("link", name="Template 9", exact=True)).to_be_visible()
    expect(page.get_by_text("Counted from the latest 100 sessions")).to_be_visible()
    page.get_by_role("link", name="Template 9", exact=True).click()
    expect(page.get_by_text("Live: what students do")).to_be_visible()
    opened = monotonic() - began

    assert opened < 15
    expect(page.get_by_text("The latest 100 sessions of this template are read.")).to_be_visible()
    assert page.get_by_text("Never began").count() == 0
    page.get_by_role("button", name="Include 100 more").click()
    expect(page.get_by_text("The latest 200 sessions of this template are read.")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True])
def test_the_pages_fit_the_screen(
    open_app: OpenApp, teacher: User, user: NewUser, phone: bool, theme: Theme
) -> None:
    students = [user(name) for name in ("ann", "ben", "cyr")]
    ann, ben, _ = students
    template_id = assign(teacher, *students, template=theory_template())
    practise(ann, template_id, wrong=2, answers=4)
    begin(ann, template_id)
    begin(ben, template_id)
    app = open_app(teacher, phone=phone, theme=theme)
    faults = {}
    for name, path in (
        ("teach", "/teach"),
        ("teach-student", f"/teach/students/{ann.uid}"),
        ("teach-template", f"/teach/templates/{template_id}"),
    ):
        page = open_settled(app, path)
        if name == "teach-template":
            expect(page.get_by_text("Live: ")).to_be_visible()
            page.get_by_role("button", name="Find the missed questions").click()
            expect(page.get_by_text("Common wrong answers").first).to_be_attached()
        app.screenshot(name)
        faults[name] = [*app.overflow(), *app.violations()]

    assert not {name: found for name, found in faults.items() if found}

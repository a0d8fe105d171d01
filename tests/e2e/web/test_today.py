"""The first page: what is begun, due, assigned and own; for a teacher, what students practise."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from local.api import User
from local.examples import GUITAR_TEMPLATE, theory_template
from shared.firestore.client import Client
from tests.conftest import NewUser
from tests.e2e.web.app import App, Theme
from tests.e2e.web.conftest import OpenApp
from tests.e2e.web.records import skills, statistics, write
from tests.support.answers import ok
from tests.support.practice_client import Practising

GUITAR, THEORY = GUITAR_TEMPLATE["name"], theory_template()["name"]
SKILLS = ("Intervals", "Chords", "Triads", "Scales")


def create(owner: User, template: object, *students: User) -> str:
    """The id of a template of the owner with these students."""
    assert isinstance(template, dict)
    body = {**template, "student_ids": [student.uid for student in students]}
    template_id: str = ok(owner.call("create_template", body), 201)["template"]["template_id"]
    return template_id


def begin_checklist(student: User, template_id: str) -> str:
    """The id of a session with one exercise done."""
    body = ok(student.call("start_session", {"template_id": template_id}), 201)
    session_id: str = body["session"]["session_id"]
    item = {"node_id": body["next_item"]["node_id"], "grade": "good"}
    ok(student.call("update_progress", {"session_id": session_id, "items": [item]}))
    return session_id


def begin_practice(student: User, template_id: str) -> None:
    """Stored infinite practice with one answer."""
    practising = Practising(
        student, {"source_data": student.read(f"session_templates/{template_id}")}
    )
    practising.turn()
    practising.start()
    practising.answer()
    practising.store()


def open_today(app: App) -> Page:
    page = app.open("/")
    expect(page.locator(".skeleton")).to_have_count(0)
    return page


def card(page: Page, region: str, name: str) -> Locator:
    cards = page.get_by_role("region", name=region).get_by_role("listitem")
    return cards.filter(has=page.get_by_role("heading", name=name, exact=True))


@pytest.fixture
def ann(user: NewUser, client: Client) -> User:
    """A student in the midst of it: something begun, assigned, due, and a template of her own."""
    ann, tom = user("ann"), user("tom", teacher=True)
    guitar, theory = create(tom, GUITAR_TEMPLATE, ann), create(tom, theory_template(), ann)
    begin_checklist(ann, guitar)
    begin_practice(ann, theory)
    create(ann, {**GUITAR_TEMPLATE, "name": "My own routine"})
    write(client, [statistics(ann.uid), *skills(ann.uid, SKILLS, theory)])
    return ann


def test_a_new_student_is_told_where_to_begin(open_app: OpenApp, student: User) -> None:
    app = open_app(student)
    page = open_today(app)

    expect(page.get_by_text("Nothing is begun.")).to_be_visible()
    expect(page.get_by_text("Your streak and XP begin with")).to_be_visible()
    expect(page.get_by_text("No teacher has assigned anything to you yet.")).to_be_visible()
    expect(page.get_by_text("Nothing is due.")).to_be_visible()
    expect(page.get_by_text("You have no template yet.")).to_be_visible()
    app.screenshot("today-new-student")
    assert app.violations() == []
    page.get_by_role("link", name="Public templates").click()
    expect(page).to_have_url(re.compile(r"/templates\?show=public$"))
    page.go_back()
    page.get_by_role("link", name="Write a template").click()
    expect(page).to_have_url(re.compile("/templates/new$"))


def test_a_new_teacher_is_told_what_to_do(open_app: OpenApp, teacher: User) -> None:
    app = open_app(teacher)
    page = open_today(app)

    expect(page.get_by_text("Nothing yet. Assign a template to students")).to_be_visible()
    expect(page.get_by_text("You have no template yet.")).to_be_visible()
    expect(page.get_by_role("region", name="Go on where you were")).to_have_count(0)
    app.screenshot("today-new-teacher")
    assert app.violations() == []
    page.get_by_role("link", name="All of my students").click()
    expect(page.get_by_role("heading", name="Teaching")).to_be_visible()


def test_a_checklist_is_resumed(open_app: OpenApp, ann: User) -> None:
    page = open_today(open_app(ann))
    begun = card(page, "Go on where you were", GUITAR)
    expect(begun).to_contain_text("1 of 5 done")
    expect(begun).to_contain_text("Assigned")
    begun.get_by_role("link", name=f"Continue {GUITAR}").click()

    expect(page).to_have_url(re.compile("/session/"))
    expect(page.get_by_text("1 of 5 done")).to_be_visible()


def test_infinite_practice_is_resumed(open_app: OpenApp, ann: User) -> None:
    page = open_today(open_app(ann))
    begun = card(page, "Go on where you were", THEORY)
    expect(begun).to_contain_text("1 answer")
    begun.get_by_role("link", name=f"Continue {THEORY}").click()

    expect(page).to_have_url(re.compile("/practice/"))
    expect(page.get_by_text("1 question answered so far")).to_be_visible()


def test_a_student_sees_streak_xp_and_what_is_due(open_app: OpenApp, ann: User) -> None:
    page = open_today(open_app(ann))
    progress = page.get_by_role("region", name="My progress")
    expect(progress.get_by_text("4 days", exact=True)).to_be_visible()
    expect(progress.get_by_text("longest: 11 days")).to_be_visible()
    expect(progress.get_by_text("1,010", exact=True)).to_be_visible()
    expect(progress.get_by_text("400 verified")).to_be_visible()
    expect(progress.get_by_text("17", exact=True)).to_be_visible()

    due = page.get_by_role("region", name="Due for review").get_by_role("listitem")
    expect(due.get_by_role("heading")).to_have_text(["Intervals", "Chords"])
    expect(due.first).to_contain_text("8%")
    expect(due.first).to_contain_text("Due 4 days ago")
    due.first.get_by_role("link", name="Practise Intervals").click()
    expect(page).to_have_url(re.compile("/practice/"))
    expect(page.get_by_text("1 question answered so far")).to_be_visible()


def test_a_student_sees_assigned_and_own_templates(open_app: OpenApp, ann: User) -> None:
    page = open_today(open_app(ann))
    assigned = page.get_by_role("region", name="Assigned to me")

    expect(assigned.get_by_role("heading", level=3)).to_have_text([THEORY, GUITAR])
    expect(card(page, "Assigned to me", GUITAR)).to_contain_text("Assigned this minute")
    own = card(page, "My templates", "My own routine")
    expect(own).to_contain_text("Changed this minute")
    own.get_by_role("link", name="Open My own routine").click()
    expect(page).to_have_url(re.compile("/templates/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("My own routine")


def test_a_checklist_starts_by_itself_when_the_network_is_back(
    open_app: OpenApp, ann: User
) -> None:
    app = open_app(ann)
    page = open_today(app)
    app.context.set_offline(True)
    page.get_by_role("button", name="Checklist of My own routine").click()
    expect(page.get_by_role("alert")).to_contain_text("There is no connection")
    app.context.set_offline(False)

    expect(page).to_have_url(re.compile("/session/"))
    expect(page.get_by_role("button", name="Finish", exact=True)).to_be_visible()


def test_the_page_is_read_by_itself_when_the_network_is_back(open_app: OpenApp, ann: User) -> None:
    """What was read stays; a part that could not be read comes when it can."""
    app = open_app(ann)
    page = open_today(app)
    page.get_by_role("link", name="Gradebook").click()
    expect(page.get_by_role("heading", name="Gradebook")).to_be_visible()
    app.context.set_offline(True)
    page.get_by_role("link", name="Today").click()
    expect(page.get_by_role("alert").first).to_contain_text("There is no connection")
    app.screenshot("today-offline")
    app.context.set_offline(False)

    expect(card(page, "Go on where you were", GUITAR)).to_be_visible()
    expect(card(page, "Assigned to me", THEORY)).to_be_visible()
    expect(card(page, "My templates", "My own routine")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_page_that_was_not_loaded_yet_comes_when_the_network_is_back(
    open_app: OpenApp, student: User
) -> None:
    app = open_app(student)
    page = open_today(app)
    app.context.set_offline(True)
    page.get_by_role("navigation").get_by_role("link", name="Gradebook").click()
    expect(page.get_by_role("alert")).to_contain_text("There is no connection.")
    assert app.violations() == []
    app.context.set_offline(False)

    expect(page.get_by_role("heading", name="Gradebook", level=1)).to_be_visible()


def test_a_teacher_sees_templates_and_what_students_practised_last(
    open_app: OpenApp, teacher: User, user: NewUser
) -> None:
    ann, ben = user("ann"), user("ben")
    template_id = create(teacher, GUITAR_TEMPLATE, ann, ben)
    ok(ann.call("complete_session", {"session_id": begin_checklist(ann, template_id)}))
    session_id = begin_checklist(ben, template_id)
    app = open_app(teacher)
    page = open_today(app)

    rows = page.get_by_role("region", name="Latest sessions of my students").get_by_role("row")
    expect(rows).to_have_count(3)
    expect(rows.nth(1)).to_contain_text("Active")
    expect(rows.nth(2)).to_contain_text("Completed")
    expect(card(page, "My templates", GUITAR)).to_be_visible()
    rows.nth(1).get_by_role("link", name=GUITAR).click()
    expect(page).to_have_url(re.compile(f"/sessions/{session_id}$"))
    page.go_back()
    rows.nth(2).get_by_role("link", name=ann.uid[:7]).click()
    expect(page).to_have_url(re.compile(f"/teach/students/{ann.uid}$"))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True])
def test_it_fits_the_screen(
    open_app: OpenApp, ann: User, teacher: User, phone: bool, theme: Theme
) -> None:
    begin_checklist(ann, create(teacher, GUITAR_TEMPLATE, ann))
    faults = {}
    for who in (ann, teacher):
        app = open_app(who, phone=phone, theme=theme)
        open_today(app)
        app.screenshot("today-teacher" if who.teacher else "today-student")
        faults[who.uid] = [*app.overflow(), *app.violations()]

    assert not {uid: found for uid, found in faults.items() if found}

"""The table of sessions, with filters and pages, and the details of one."""

from datetime import UTC, datetime, timedelta
from typing import Any

from google.cloud.firestore_v1.base_document import DocumentSnapshot
from playwright.sync_api import Response, expect

from local.api import User
from local.examples import GUITAR_SESSION, GUITAR_TEMPLATE, theory_template
from shared.firestore.client import Client
from tests.conftest import NewUser
from tests.e2e.web.conftest import OpenApp
from tests.support.practice_client import Practising

PAGE = 25


def start(student: User, **fields: Any) -> str:
    response = student.call("start_session", fields)
    assert response.ok, response.text
    session_id: str = response.json()["session"]["session_id"]
    return session_id


def practised(student: User, **fields: Any) -> str:
    """A completed session of the example."""
    session_id = start(student, **{"name": "Guitar", "session_data": GUITAR_SESSION, **fields})
    item = {"node_id": "Legato runs", "grade": "hard", "duration_ms": 61_000}
    student.call("update_progress", {"session_id": session_id, "items": [item]})
    assert student.call("complete_session", {"session_id": session_id}).ok
    return session_id


def create_template(teacher: User, template: dict[str, Any], *students: User) -> str:
    body = {**template, "student_ids": [student.uid for student in students]}
    response = teacher.call("create_template", body)
    assert response.ok, response.text
    template_id: str = response.json()["template"]["template_id"]
    return template_id


def copy_sessions(client: Client, session_id: str, count: int) -> None:
    """Copies of a session, each a day older than the one before."""
    document = client.collection("practice_sessions").document(session_id).get()
    assert isinstance(document, DocumentSnapshot)
    fields = document.to_dict() or {}
    now = datetime.now(UTC)
    for begin in range(0, count, 400):
        batch = client.batch()
        for n in range(begin, min(begin + 400, count)):
            copy = {**fields, "name": f"Older {n + 1}", "started_at": now - timedelta(days=n + 1)}
            batch.set(client.collection("practice_sessions").document(f"{session_id}-{n}"), copy)
        batch.commit()


def test_a_new_learner_is_told_where_to_begin(open_app: OpenApp, user: NewUser) -> None:
    app = open_app(user("ann"), phone=True)
    page = app.open("/sessions")
    expect(page.get_by_text("You have not practised yet.")).to_be_visible()
    expect(page.get_by_role("link", name="To the templates")).to_be_visible()
    app.screenshot("sessions-empty")
    assert app.violations() == []


def test_the_table_is_filtered_by_its_address(open_app: OpenApp, user: NewUser) -> None:
    ann, tom = user("ann"), user("tom", teacher=True)
    practised(ann, name="Morning", subject="Music")
    practised(ann, name="Exam", practice_mode="exam", parent_ids=["goal-1"])
    start(ann, name="Evening", session_data=GUITAR_SESSION)
    template_id = create_template(tom, GUITAR_TEMPLATE, ann)
    start(ann, template_id=template_id)
    app = open_app(ann)
    page = app.open("/sessions")
    rows = page.get_by_role("rowheader")

    expect(rows).to_have_count(4)
    expect(page.get_by_role("row").filter(has_text="Morning")).to_contain_text("55 mins")
    app.screenshot("sessions")
    assert app.overflow() == []
    assert app.violations() == []
    page.get_by_label("Status").select_option("Active")
    expect(rows).to_have_count(2)
    page.get_by_label("Kind").select_option("Assigned")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Guitar Practice Template")
    assert page.url.endswith("/sessions?status=active&origin=assigned")
    page.go_back()
    expect(rows).to_have_count(2)

    page.get_by_label("Search by").select_option("Subject")
    page.get_by_label("Subject: exactly").fill("Music")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Morning")
    page.reload()
    expect(rows).to_contain_text("Morning")
    expect(page.get_by_label("Subject: exactly")).to_have_value("Music")
    page.get_by_label("Search by").select_option("Goal (its id)")
    page.get_by_label("Goal (its id): exactly").fill("goal-1")
    page.get_by_role("button", name="Search").click()
    expect(rows).to_contain_text("Exam")
    page.get_by_label("Goal (its id): exactly").fill("goal-2")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("No session fits.")).to_be_visible()
    page.get_by_role("button", name="Show all").click()
    expect(rows).to_have_count(4)

    page.get_by_role("link", name="Continue Evening").click()
    expect(page.get_by_role("heading", name="Evening")).to_be_visible()


def test_two_thousand_sessions_are_read_page_by_page(
    open_app: OpenApp, user: NewUser, client: Client
) -> None:
    ann = user("ann")
    copy_sessions(client, practised(ann), 2_000)
    app = open_app(ann, phone=True)
    replies: list[Response] = []
    app.page.on("response", lambda r: replies.append(r) if ":runQuery" in r.url else None)
    page = app.open("/sessions")
    rows = page.get_by_role("rowheader")

    expect(rows).to_have_count(PAGE)
    assert len(replies) == 1
    assert len(replies[0].body()) < 300_000
    app.screenshot("sessions-many")
    assert app.overflow() == []
    assert app.violations() == []
    page.get_by_role("button", name="Show more").click()
    expect(rows).to_have_count(2 * PAGE)
    expect(rows.nth(2 * PAGE - 1)).to_contain_text("Older 49")
    assert len(replies) == 2


def test_the_next_page_comes_by_itself_when_the_network_is_back(
    open_app: OpenApp, user: NewUser, client: Client
) -> None:
    ann = user("ann")
    copy_sessions(client, practised(ann), 40)
    app = open_app(ann)
    page = app.open("/sessions")
    rows = page.get_by_role("rowheader")
    expect(rows).to_have_count(PAGE)
    app.context.set_offline(True)
    page.get_by_role("button", name="Show more").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(rows).to_have_count(PAGE)

    app.context.set_offline(False)
    expect(rows).to_have_count(41)
    expect(page.get_by_role("alert")).to_have_count(0)
    # The button is gone: the focus is at the end of what was shown before.
    page.keyboard.press("Tab")
    expect(rows.nth(PAGE - 1).get_by_role("link")).to_be_focused()


def test_details_of_a_checklist(open_app: OpenApp, user: NewUser) -> None:
    ann = user("ann")
    session_id = practised(ann, root_id="guitar", parent_ids=["legato"])
    app = open_app(ann)
    page = app.open(f"/sessions/{session_id}")

    sections = page.get_by_role("region", name="Sections")
    expect(sections.get_by_text("2 of 2 done · 12 mins, 10 mins planned")).to_be_visible()
    expect(sections.get_by_text("Struggled with speed")).to_be_visible()
    expect(page.get_by_text("Good session overall, need more time for legato")).to_be_visible()
    expect(page.get_by_text("guitar and legato")).to_be_visible()
    expect(page.get_by_text("8 of 10")).to_be_visible()
    entry = page.get_by_role("listitem").filter(has_text="1. Legato runs")
    expect(entry).to_contain_text("Hard")
    expect(entry).to_contain_text("1 min")
    app.screenshot("sessions-details")
    assert app.overflow() == []
    assert app.violations() == []


def test_details_of_infinite_practice_for_its_student_and_teacher(
    open_app: OpenApp, user: NewUser
) -> None:
    ann, tom = user("ann"), user("tom", teacher=True)
    template_id = create_template(tom, theory_template(), ann)
    template = ann.read(f"session_templates/{template_id}")
    practising = Practising(ann, {"source_data": template})
    practising.turn()
    practising.start()
    practising.answer()
    practising.answer(correctly=False)
    session_id = practising.store()["session_id"]
    page = open_app(ann).open(f"/sessions/{session_id}")
    expect(page.get_by_role("link", name="Continue")).to_have_attribute(
        "href", f"/practice/{template_id}"
    )
    done = ann.call("complete_session", {"session_id": session_id, "notes": "Intervals!"})
    assert done.ok, done.text

    for who, phone in ((ann, True), (tom, False)):
        app = open_app(who, phone=phone, theme="dark")
        page = app.open(f"/sessions/{session_id}")
        log = page.get_by_role("region", name="What was done, in order").get_by_role("listitem")
        expect(log).to_have_count(2)
        expect(log.first).to_contain_text("Right")
        expect(log.first).to_contain_text("graded by the server")
        expect(log.last).to_contain_text("Wrong")
        expect(log.last).to_contain_text("Right answer")
        expect(page.get_by_role("region", name="Mastery").get_by_role("row").nth(1)).to_be_visible()
        expect(page.get_by_text("Intervals!")).to_be_visible()
        app.screenshot(f"sessions-details-infinite-{'teacher' if who.teacher else 'student'}")
        assert app.overflow() == []
        assert app.violations() == []
    expect(page.get_by_role("link", name=ann.uid)).to_be_visible()
    expect(page.get_by_role("button", name="Practise")).to_have_count(0)


def test_entries_without_their_question_say_so(
    open_app: OpenApp, user: NewUser, client: Client
) -> None:
    ann = user("ann")
    session_id = start(ann, name="Quiz", session_data={})
    items = [{"node_id": f"q{n}", "correct": n % 2 == 0} for n in range(40)]
    ann.call("update_progress", {"session_id": session_id, "items": items})
    # An entry of infinite practice that an older version logged lacks these fields.
    logged = client.collection("practice_sessions").document(session_id).collection("items")
    first = next(iter(logged.order_by("index").limit(1).stream()))
    old = {k: v for k, v in (first.to_dict() or {}).items() if k not in ("prompt", "choices")}
    logged.document(first.id).set({**old, "verified": True})
    app = open_app(ann, phone=True)
    page = app.open(f"/sessions/{session_id}")
    log = page.get_by_role("region", name="What was done, in order").get_by_role("listitem")

    expect(log).to_have_count(30)
    expect(log.first).to_contain_text("The question was not kept")
    expect(log.first).to_contain_text("No answer kept")
    page.get_by_role("button", name="Show more").click()
    expect(log).to_have_count(40)
    assert app.overflow() == []


def test_practising_again_begins_a_new_session(open_app: OpenApp, user: NewUser) -> None:
    ann = user("ann")
    template_id = create_template(ann, GUITAR_TEMPLATE)
    session_id = start(ann, template_id=template_id)
    ann.call("complete_session", {"session_id": session_id})
    page = open_app(ann).open("/sessions")
    page.get_by_role("button", name="Practise again: Guitar Practice Template").click()

    expect(page.get_by_role("button", name="Finish", exact=True)).to_be_visible()
    assert session_id not in page.url
    assert "/session/" in page.url


def test_an_archived_template_is_refused_in_words(open_app: OpenApp, user: NewUser) -> None:
    ann = user("ann")
    template_id = create_template(ann, GUITAR_TEMPLATE)
    session_id = start(ann, template_id=template_id)
    ann.call("complete_session", {"session_id": session_id})
    ann.call("delete_template", {"template_id": template_id})
    page = open_app(ann).open(f"/sessions/{session_id}")
    page.get_by_role("button", name="Practise").click()
    expect(page.get_by_role("alert")).to_contain_text("was archived")


def test_the_details_of_another_person_are_not_shown(open_app: OpenApp, user: NewUser) -> None:
    session_id = practised(user("ann"))
    page = open_app(user("bob")).open(f"/sessions/{session_id}")
    expect(page.get_by_role("alert")).to_contain_text("not here, or not for you")

"""200 templates and 2,000 sessions: pages read a page of them, however many there are."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Request, expect

from local.api import User
from local.examples import GUITAR_TEMPLATE
from local.stack import Stack
from shared.firestore.client import Client
from tests.e2e.web.app import App
from tests.e2e.web.conftest import OpenApp
from tests.support.answers import ok

TEMPLATES = 200
SESSIONS = 2_000
BATCH = 250
# The documents that a page may read before anybody asks for more. The charts of the gradebook show
# the sessions of some months; a list shows a page.
MOST_DOCUMENTS = {
    "/": 60,
    "/templates": 60,
    "/sessions": 60,
    "/gradebook": 260,
    "/teach": 260,
}


@pytest.fixture(scope="module")
def people(stack: Stack, accounts: Client) -> tuple[User, User]:
    """A teacher with 200 templates, and a student with 2,000 sessions of one of them."""
    teacher, student = User(stack, "teacher-of-many", teacher=True), User(stack, "student-of-many")
    body = {**GUITAR_TEMPLATE, "student_ids": [student.uid], "subject": "Music"}
    first = ok(teacher.call("create_template", body), 201)["template"]["template_id"]
    session = ok(student.call("start_session", {"template_id": first}), 201)["session"]
    ok(student.call("complete_session", {"session_id": session["session_id"]}))
    copy_template(accounts, first, student)
    copy_session(accounts, session["session_id"])
    return teacher, student


def copy_template(client: Client, template_id: str, student: User) -> None:
    template = client.collection("session_templates").document(template_id).get().to_dict()
    assigned = client.document(f"students/{student.uid}/assigned_templates/{template_id}")
    assignment = assigned.get().to_dict()
    assert template
    assert assignment
    now = datetime.now(UTC)
    batch = client.batch()
    for number in range(1, TEMPLATES):
        name = f"Routine {number:03}"
        at = now - timedelta(hours=number)
        copy = f"{template_id}-{number}"
        batch.set(
            client.collection("session_templates").document(copy),
            {**template, "name": name, "updated_at": at},
        )
        batch.set(
            client.document(f"students/{student.uid}/assigned_templates/{copy}"),
            {**assignment, "name": name, "assigned_at": at},
        )
    batch.commit()


def copy_session(client: Client, session_id: str) -> None:
    sessions = client.collection("practice_sessions")
    session = sessions.document(session_id).get().to_dict()
    assert session
    for begin in range(1, SESSIONS, BATCH):
        batch = client.batch()
        for number in range(begin, min(begin + BATCH, SESSIONS)):
            earlier = {
                name: session[name] - timedelta(hours=6 * number)
                for name in ("started_at", "last_activity_at", "ended_at")
            }
            copy = {**session, **earlier, "name": f"Session {number:04}"}
            batch.set(sessions.document(f"{session_id}-{number}"), copy)
        batch.commit()


@pytest.fixture
def reading(open_app: OpenApp, people: tuple[User, User]) -> "Reading":
    return Reading(open_app, *people)


class Reading:
    """Opens a page, and counts the documents that Firestore returns for it."""

    def __init__(self, open_app: OpenApp, teacher: User, student: User) -> None:
        self.teacher, self.student = open_app(teacher), open_app(student)

    def count(self, app: App, path: str) -> int:
        requests: list[Request] = []

        def note(request: Request) -> None:
            requests.append(request)

        app.page.on("requestfinished", note)
        app.open(path)
        expect(app.page.locator("main li, main table").first).to_be_visible(timeout=20_000)
        expect(app.page.locator(".skeleton")).to_have_count(0)
        app.page.wait_for_load_state("networkidle")
        app.page.remove_listener("requestfinished", note)
        reads = [each for each in requests if re.search(r"/documents(/|:)", each.url)]
        texts = [response.text() for each in reads if (response := each.response())]
        return sum(text.count('"updateTime"') for text in texts)


@pytest.mark.parametrize("path", MOST_DOCUMENTS)
def test_a_page_reads_few_documents_of_many(reading: Reading, path: str) -> None:
    app = reading.teacher if path in ("/templates", "/teach") else reading.student
    found = reading.count(app, path)

    assert 1 <= found <= MOST_DOCUMENTS[path]
    assert app.overflow() == []

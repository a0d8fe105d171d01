"""The pages of the app on the examples of `make run`, and how a person gets to them."""

from typing import Any, Literal

from playwright.sync_api import Page, expect

from local.people import SEED_STUDENTS, TEACHER, Person
from shared.contract.examples import ASSIGNMENT_ID, CLASS_ID, SESSION_ID
from tests.e2e.web.app import App

STUDENT = SEED_STUDENTS[0]
# The address of each route, on the stack's examples.
ADDRESSES = {
    "/": "/",
    "/sign-in": "/sign-in",
    "/templates": "/templates",
    "/templates/new": "/templates/new",
    "/templates/:id": "/templates/guitar",
    "/log": "/log",
    "/sessions": "/sessions",
    "/sessions/:id": "/sessions/{completed}",
    "/session/:id": f"/session/{SESSION_ID}",
    "/practice/:templateId": "/practice/theory",
    "/daily": "/daily",
    "/gradebook": "/gradebook",
    "/classes": "/classes",
    "/classes/:id": f"/classes/{CLASS_ID}",
    "/classes/:id/live": f"/classes/{CLASS_ID}/live",
    "/classes/:id/gradebook": f"/classes/{CLASS_ID}/gradebook",
    "/classes/:id/assignments/:assignmentId": f"/classes/{CLASS_ID}/assignments/{ASSIGNMENT_ID}",
    "/assignments/:classId/:assignmentId": f"/assignments/{CLASS_ID}/{ASSIGNMENT_ID}",
    "/join/:code": "/join/7KQ2M4D",
    "/teach": "/teach",
    "/teach/templates/:id": "/teach/templates/guitar",
    "/teach/students/:id": f"/teach/students/{STUDENT.uid}",
}

Role = Literal["teacher", "student"]
ROLES: dict[Role, Person] = {"teacher": TEACHER, "student": STUDENT}


def all_of(**fields: str) -> dict[str, Any]:
    """Firestore's filter for these values."""
    filters = [
        {
            "fieldFilter": {
                "field": {"fieldPath": name},
                "op": "EQUAL",
                "value": {"stringValue": value},
            }
        }
        for name, value in fields.items()
    ]
    return {"compositeFilter": {"op": "AND", "filters": filters}}


def press_person(app: App, person: Person) -> None:
    page = app.open("/sign-in")
    page.get_by_role("button", name=person.name).click()
    expect(page.get_by_role("navigation")).to_be_visible()


def open_settled(app: App, path: str) -> Page:
    """Opens the path, and waits until nothing is loading any more."""
    page = app.open(path)
    wait_until_settled(page)
    return page


def wait_until_settled(page: Page, *, timeout_ms: float = 20_000) -> None:
    """Waits until nothing is loading any more on a page that has its heading."""
    skeletons = page.locator(".skeleton")
    expect(skeletons).to_have_count(0, timeout=timeout_ms)
    watching = page.locator("[data-live]")
    if watching.count():
        # The network of a page that watches is never idle.
        expect(watching).to_have_attribute("data-live", "true", timeout=timeout_ms)
    else:
        page.wait_for_load_state("networkidle", timeout=timeout_ms)
    expect(skeletons).to_have_count(0, timeout=timeout_ms)

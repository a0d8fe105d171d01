"""Work for points in the browser: nothing tells the key before an answer counts."""

import re

from playwright.sync_api import Page, Route, expect

from local.api import User
from tests.e2e.web.app import App
from tests.e2e.web.conftest import OpenApp
from tests.e2e.web.test_assignments import cell_of
from tests.integration.functions.classes.people import Json, assigned, joined, taught
from tests.integration.functions.classes.test_assignments import template

# Words that only the key and the explanations of the questions have.
KEYS = ("kestrel", "peregrine", "Falcons hover", "Falcons dive")
QUESTIONS: list[Json] = [
    {
        "question_id": "hovers",
        "kind": "short_answer",
        "prompt": "Which falcon hovers?",
        "answer": ["kestrel"],
        "explanation": "Falcons hover against the wind.",
    },
    {
        "question_id": "dives",
        "kind": "short_answer",
        "prompt": "Which falcon dives?",
        "answer": ["peregrine"],
        "explanation": "Falcons dive at their prey.",
    },
    {"question_id": "sum", "kind": "numeric", "prompt": "2 + 2?", "answer": 4},
]
# What a reply, or a document as Firestore's REST API has it, says of an answer that was right.
RIGHT = re.compile(
    r'"correct": ?(true|false)|"correct_answer": ?["\[\d]|'
    r'"questions_correct": ?([1-9]|\{\s*"integerValue": ?"[1-9])'
)


def birds(teacher: User, student: User, **fields: str) -> Json:
    """An assignment of three questions, for points."""
    of = taught(teacher)
    joined(student, of)
    section = {"name": "A", "exercises": [{"id": "b", "name": "Birds", "questions": QUESTIONS}]}
    template_id = template(teacher, template_data={"sections": [section]})
    return assigned(teacher, of, template_id, points=3, **fields)


def path_of(assignment: Json) -> str:
    return f"/assignments/{assignment['class_id']}/{assignment['assignment_id']}"


def answer(page: Page, question: str, given: str) -> None:
    expect(page.get_by_text(question).last).to_be_visible()
    page.get_by_role("textbox", name="Your answer").fill(given)
    page.keyboard.press("Enter")


class Traffic:
    """All that functions and documents say to a browser. Scripts are the same for everybody."""

    def __init__(self, app: App) -> None:
        self.texts: list[str] = []
        app.context.route("**/*", self._pass)

    def _pass(self, route: Route) -> None:
        if route.request.resource_type not in ("fetch", "xhr"):
            route.continue_()
            return
        response = route.fetch()
        self.texts.append(response.text())
        route.fulfill(response=response)


def hand_in(page: Page) -> None:
    page.get_by_role("button", name="Hand in").last.click()
    page.get_by_role("dialog").get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("heading", name="Your result")).to_be_visible()


def test_with_feedback_after_handing_in_nothing_tells_the_key_before(
    open_app: OpenApp, teacher: User, student: User
) -> None:
    assignment = birds(teacher, student, feedback="after_submit")
    app = open_app(student, phone=True)
    traffic = Traffic(app)
    page = app.open(path_of(assignment))
    page.get_by_role("button", name="Begin").click()
    answer(page, "Which falcon hovers?", "heron")
    answer(page, "Which falcon dives?", "gull")
    answer(page, "2 + 2?", "4")
    expect(page.get_by_text("That was the last question.")).to_be_visible()
    shown = page.locator("main").inner_text()
    assert not app.violations()
    assert not app.overflow()
    app.screenshot("assignment-after-submit")
    # The other pages of a student tell no more, nor do their documents.
    for path in ("/", "/sessions", "/gradebook", f"/classes/{assignment['class_id']}"):
        app.open(path)
        expect(page.locator(".skeleton")).to_have_count(0)
        shown += page.locator("main").inner_text()
    session_id = cell_of(student, assignment, student)["session_id"]
    app.open(f"/sessions/{session_id}")
    expect(page.locator(".skeleton")).to_have_count(0)
    shown += page.locator("main").inner_text()
    before = list(traffic.texts)
    assert any("Which falcon dives?" in text for text in before), "the traffic was read"
    for text in [*before, shown]:
        assert not [key for key in KEYS if key in text]
        assert not RIGHT.search(text), text[:2_000]
    assert student.get(f"practice_sessions/{session_id}/state/current").status_code == 403

    page = app.open(path_of(assignment))
    page.get_by_role("button", name="Continue").click()
    hand_in(page)
    expect(page.get_by_text("33.3%").first).to_be_visible()
    app.open(f"/sessions/{session_id}")
    expect(page.get_by_text("kestrel").first).to_be_visible()
    # So it would have been found.
    after = traffic.texts[len(before) :]
    assert any(key in text for text in after for key in KEYS)
    assert any(RIGHT.search(text) for text in after)
    assert not app.errors


def test_two_browsers_of_one_student_can_not_try_an_answer_out(
    open_app: OpenApp, teacher: User, student: User
) -> None:
    assignment = birds(teacher, student)
    apps = [open_app(student), open_app(student, phone=True)]
    first, second = (app.open(path_of(assignment)) for app in apps)
    first.get_by_role("button", name="Begin").click()
    expect(first.get_by_text("Which falcon hovers?")).to_be_visible()
    second.get_by_role("button", name=re.compile("Begin|Continue")).click()
    expect(second.get_by_text("Which falcon hovers?")).to_be_visible()

    # One browser gives a wrong answer away for the feedback.
    answer(first, "Which falcon hovers?", "heron")
    expect(first.get_by_text("kestrel").first).to_be_visible()
    # The other one still shows the question, and now knows the answer.
    answer(second, "Which falcon hovers?", "kestrel")
    expect(second.get_by_text("You have gone on elsewhere")).to_be_visible()
    assert not apps[1].violations()
    apps[1].screenshot("assignment-oracle-refused")
    second.get_by_role("button", name="Go on from the newest").click()
    expect(second.get_by_text("Which falcon dives?")).to_be_visible()

    # Neither going back nor loading the page again brings the question back.
    first.go_back()
    first.go_forward()
    for page in (first, second):
        page.reload()
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_text("Which falcon dives?")).to_be_visible()
        expect(page.get_by_text("Which falcon hovers?")).to_have_count(0)
    answer(second, "Which falcon dives?", "peregrine")
    answer(second, "2 + 2?", "4")
    expect(second.get_by_text("That was the last question.")).to_be_visible()
    hand_in(second)
    expect(second.get_by_text("66.7%").first).to_be_visible()
    assert cell_of(teacher, assignment, student)["score_percent"] == 66.7

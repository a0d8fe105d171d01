"""Infinite practice as a student does it: by clicking, typing and keys."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from local.api import User, found
from tests.conftest import NewUser
from tests.e2e.web.app import App
from tests.e2e.web.conftest import OpenApp
from tests.support.answers import ok

Json = dict[str, Any]

CHOICES = [{"id": "a", "text": "forty-two"}, {"id": "b", "text": "forty-three"}]
# In the order in which the offline tutor asks them: by difficulty.
QUESTIONS_OF: list[Json] = [
    {"kind": "numeric", "answer": 42, "hints": ["It is between 41 and 43."]},
    {"kind": "multiple_choice", "choices": CHOICES, "answer": "a", "explanation": "Two fewer."},
    {"kind": "numeric", "answer": 0.5, "unit": "m"},
    {
        "kind": "multi_select",
        "choices": [*CHOICES, {"id": "c", "text": "6 · 7"}],
        "answer": ["a", "c"],
    },
    {"kind": "short_answer", "answer": ["forty-two"]},
    {"kind": "self_rated"},
    {
        "kind": "free_response",
        "rubric": [{"criterion_id": "why", "text": "Says why", "points": 1}],
    },
]
QUESTIONS: list[Json] = [
    {"question_id": f"q{number}", "prompt": f"What is the answer to number {number}?", **fields}
    for number, fields in enumerate(QUESTIONS_OF)
]


def template_of(teacher: User, questions: list[Json], **fields: Any) -> str:
    """A public template with one exercise; its id."""
    exercise = {
        "name": "Answers",
        "description": "What is asked is known.",
        "skill": "Answers",
        "questions": questions,
    }
    content = {"sections": [{"name": "All", "exercises": [exercise]}]}
    template = {"name": "Ultimate answers", "visibility": "public", "template_data": content}
    reply = ok(teacher.call("create_template", {**template, **fields}), 201)
    template_id: str = reply["template"]["template_id"]
    return template_id


@pytest.fixture
def template(teacher: User) -> str:
    return template_of(teacher, QUESTIONS)


@pytest.fixture
def app(open_app: OpenApp, student: User) -> App:
    return open_app(student)


def begin(app: App, template: str) -> Page:
    page = app.open(f"/practice/{template}")
    expect(pending(page)).to_be_visible()
    return page


def pending(page: Page) -> Locator:
    return page.locator("form[data-question]")


def is_asked(page: Page, question: str) -> None:
    expect(page.locator(f"form[data-question='{question}']")).to_be_visible()
    expect(pending(page)).to_have_count(1)


def press_answer(page: Page) -> None:
    page.get_by_role("button", name="Answer", exact=True).click()


def has_verdicts(page: Page, *verdicts: str) -> None:
    """The verdicts of all answers so far, in order."""
    shown = page.locator("[data-verdict]")
    expect(shown).to_have_count(len(verdicts))
    assert [
        card.get_attribute("data-verdict") for card in shown.all()
    ] == list(verdicts)


def sessions_of(student: User) -> list[Json]:
    field, uid = {"fieldPath": "student_id"}, {"stringValue": student.uid}
    mine = {"fieldFilter": {"field": field, "op": "EQUAL", "value": uid}}
    return found(
        student.query({"from": [{"collectionId": "practice_sessions"}], "where": mine})
    )


def test_every_kind_of_question_is_answered(app: App, template: str, student: User) -> None:
    page = begin(app, template)

    expect(page.get_by_role("heading", name="Ultimate answers")).to_be_visible()
    expect(page.get_by_role("heading", name="Concept Answers")).to_be_visible()
    app.screenshot("practice-begun")
    is_asked(page, "q0")
    page.get_by_role("textbox", name="Your answer").fill("42")
    press_answer(page)
    is_asked(page, "q1")
    has_verdicts(page, "right")
    page.get_by_role("radio", name="forty-three").check()
    press_answer(page)
    is_asked(page, "q2")
    has_verdicts(page, "right", "wrong")
    expect(page.get_by_text("Right answer: forty-two")).to_be_visible()
    app.screenshot("practice-wrong")
    page.get_by_role("textbox", name="Your answer").fill("0.5")
    press_answer(page)
    is_asked(page, "q3")
    page.get_by_role("checkbox", name="forty-two").check()
    app.screenshot("practice-select")
    press_answer(page)
    has_verdicts(page, "right", "wrong", "right", "partial")

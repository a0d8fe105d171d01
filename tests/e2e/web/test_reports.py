"""A question that is wrong: reported beside its feedback, and read by the teacher."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from local.api import User
from tests.e2e.web.conftest import OpenApp
from tests.support.answers import ok

CHOICES = [{"id": "a", "text": "D major"}, {"id": "b", "text": "B minor"}]
QUESTION: dict[str, Any] = {
    "question_id": "keys",
    "kind": "multiple_choice",
    "prompt": "Which key has two sharps?",
    "choices": CHOICES,
    "keep_order": True,
    "answer": "a",
}
NOTE = "B minor has two as well."


@pytest.fixture
def template(teacher: User, student: User) -> str:
    exercise = {"name": "Keys", "questions": [QUESTION]}
    content = {"sections": [{"name": "All", "exercises": [exercise]}]}
    body = {"name": "Keys", "template_data": content, "student_ids": [student.uid]}
    template_id: str = ok(teacher.call("create_template", body), 201)["template"]["template_id"]
    return template_id


def answer_wrong(page: Page) -> None:
    page.get_by_label("B minor").check()
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(page.locator("[data-verdict]")).to_have_count(1)


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_student_reports_a_question_and_the_teacher_reads_it(
    open_app: OpenApp, teacher: User, student: User, template: str, phone: bool
) -> None:
    app = open_app(student, phone=phone)
    page = app.open(f"/practice/{template}")
    answer_wrong(page)
    page.get_by_role("button", name="Report this question").press("Enter")
    dialog = page.get_by_role("dialog", name="Is this question wrong?")
    dialog.get_by_label("What is wrong?").fill(NOTE)
    assert app.violations() == []
    dialog.get_by_role("button", name="Report it").press("Enter")
    expect(page.get_by_text("Reported.", exact=True)).to_be_visible()
    expect(dialog).to_have_count(0)
    assert app.overflow() == []
    assert app.violations() == []

    desk = open_app(teacher, phone=phone)
    page = desk.open(f"/teach/templates/{template}")
    reports = page.get_by_role("region", name="Reported questions")
    row = reports.get_by_role("row").filter(has_text=QUESTION["prompt"])
    for text in (NOTE, "D major", "B minor"):
        expect(row).to_contain_text(text)
    assert desk.overflow() == []
    assert desk.violations() == []


def test_a_report_that_is_given_up_reports_nothing(
    open_app: OpenApp, teacher: User, student: User, template: str
) -> None:
    page = open_app(student).open(f"/practice/{template}")
    answer_wrong(page)
    page.get_by_role("button", name="Report this question").click()
    dialog = page.get_by_role("dialog", name="Is this question wrong?")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="Report this question")).to_be_visible()

    desk = open_app(teacher).open(f"/teach/templates/{template}")
    reports = desk.get_by_role("region", name="Reported questions")
    expect(reports).to_contain_text("No question of this template has been reported.")

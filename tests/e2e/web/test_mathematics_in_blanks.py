"""A text with blanks in mathematics: written in the builder, answered on a phone by keyboard."""

from typing import Any

from playwright.sync_api import Locator, Page, expect

from local.api import User
from tests.e2e.web.builder import begin_question, begin_section, button, field, save, saved_id
from tests.e2e.web.conftest import OpenApp
from tests.e2e.web.test_practice import begin, has_verdicts, is_asked, is_settled, template_of

Json = dict[str, Any]

QUESTION: Json = {
    "question_id": "q",
    "kind": "cloze",
    "prompt": "$x^2 - 1 =$ {{1}}, which is 0 for {{2}}. It is called a {{3}}.",
    "blanks": [
        {"id": "1", "kind": "expression", "answer": "(x+1)*(x-1)*1", "form": "factored"},
        {"id": "2", "kind": "expression", "answer": "\\pm 1"},
        {"id": "3", "kind": "short_answer", "answer": ["parabola"]},
    ],
}


def blank(page: Page, number: int) -> Locator:
    return page.get_by_role("textbox", name=f"Blank {number}")


def type_blanks(page: Page, *answers: str) -> None:
    """Types into the blanks and answers, by keys alone. Typing begins in the first blank."""
    blank(page, 1).focus()
    for number, answer in enumerate(answers, start=1):
        expect(blank(page, number)).to_be_focused()
        page.keyboard.press("Control+a")
        page.keyboard.type(answer)
        page.keyboard.press("Tab" if number < len(answers) else "Enter")


def test_a_student_answers_on_a_phone_by_keyboard(
    open_app: OpenApp, student: User, teacher: User
) -> None:
    app = open_app(student, phone=True)
    page = begin(app, template_of(teacher, [QUESTION]))
    is_asked(page, "q")
    expect(blank(page, 1)).to_have_accessible_description(
        "Mathematics, such as 3/4, x^2 + 1, sqrt(2) or x = 4."
    )
    expect(blank(page, 3)).not_to_have_accessible_description("Mathematics")
    assert app.violations() == app.overflow() == []
    app.screenshot("practice-mathematics-in-blanks-phone")

    type_blanks(page, "1/2x", "1; -1", "parabola")
    expect(page.get_by_role("alert")).to_contain_text("blank 1 can be read in two ways")
    has_verdicts(page)
    assert app.violations() == app.overflow() == []

    type_blanks(page, "x^2 * 1 - 1", "1, -1", "line")
    has_verdicts(page, "partial")
    is_settled(page)
    verdict = page.locator("[data-verdict]").first
    expect(page.get_by_text("x^2 * 1 - 1; 1, -1; line")).to_be_visible()
    expect(verdict).to_contain_text("50% of the points")
    expect(verdict).to_contain_text("Read as 1: x^2·1 - 1; 2: 1, -1")
    expect(verdict).to_contain_text("Blank 1: The value is right, but the form is another.")
    # A key in TeX is shown as mathematics, one in plain text as it was written.
    expect(verdict.locator("strong").filter(has_text="(x+1)*(x-1)*1")).to_be_visible()
    expect(verdict.locator(".katex")).to_have_count(1)
    assert app.violations() == app.overflow() == []
    app.screenshot("practice-mathematics-in-blanks-verdict-phone")

    is_asked(page, "q")
    type_blanks(page, "(x-1)(x+1)", "{-1, 1}", "Parabola")
    has_verdicts(page, "partial", "right")
    is_settled(page)
    assert app.violations() == app.overflow() == []


def test_a_teacher_writes_one_and_is_told_at_the_blank_what_can_not_be_read(
    open_app: OpenApp, teacher: User
) -> None:
    app = open_app(teacher)
    page = app.open("/templates/new")
    field(page, "Name").fill("Squares")
    begin_section(page, "All")
    dialog = begin_question(page, "Squares")
    field(dialog, "Question").fill("$x^2 - 1 =$ {{1}}")
    dialog.get_by_role("combobox", name="Kind").select_option("cloze")
    dialog.get_by_label("Blank {{1}}").select_option(label="Mathematics")
    dialog.get_by_label("Right answer").fill("(x+1)(x-1)/2x")
    dialog.get_by_label("Form").select_option(label="Factored")
    assert app.violations() == []
    app.screenshot("builder-mathematics-in-blanks")
    button(dialog, "Done").click()

    button(page, "Save").click()
    expect(dialog.get_by_label("Right answer")).to_be_focused()
    expect(dialog.get_by_text("can be read in two ways")).to_be_visible()
    assert app.violations() == []
    dialog.get_by_label("Right answer").fill("(x+1)(x-1)")
    button(dialog, "Done").click()
    save(page)

    stored = teacher.read(f"session_templates/{saved_id(page)}/private/source")
    (question,) = stored["template_data"]["sections"][0]["exercises"][0]["questions"]
    assert question["blanks"] == [
        {"id": "1", "kind": "expression", "answer": "(x+1)(x-1)", "form": "factored"}
    ]
    page.reload()
    page.get_by_role("button", name="Squares 1 question").click()
    page.get_by_role("button", name="Text with blanks").click()
    expect(dialog.get_by_label("Blank {{1}}")).to_have_value("expression")
    expect(dialog.get_by_label("Right answer")).to_have_value("(x+1)(x-1)")
    expect(dialog.get_by_label("Form")).to_have_value("factored")

"""Ordering, matching and texts with blanks: written, answered, and read afterwards."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from local.api import User
from tests.e2e.web.app import App
from tests.e2e.web.builder import save, saved_id
from tests.e2e.web.conftest import OpenApp
from tests.e2e.web.test_practice import (
    begin,
    has_verdicts,
    is_asked,
    is_settled,
    press_answer,
    sessions_of,
    template_of,
)

Json = dict[str, Any]

TEXTS = {"a": "Mercury", "b": "Venus", "c": "Earth"}
CHOICES = [{"id": id_, "text": text} for id_, text in TEXTS.items()]
# In the order in which the offline tutor asks them: by difficulty.
QUESTIONS: list[Json] = [
    {
        "question_id": "order",
        "kind": "ordering",
        "prompt": "From the sun outwards?",
        "choices": CHOICES,
        "answer": ["a", "b", "c"],
        "difficulty": 1,
    },
    {
        "question_id": "pairs",
        "kind": "matching",
        "prompt": "Which planet?",
        "items": [{"id": "1", "text": "The hottest"}, {"id": "2", "text": "Ours"}],
        "choices": CHOICES,
        "answer": ["b", "c"],
        "difficulty": 1,
    },
    {
        "question_id": "text",
        "kind": "cloze",
        "prompt": "{{who}} counted {{moons}} moons around {{planet}}.",
        "blanks": [
            {"id": "who", "kind": "short_answer", "answer": ["Galilei"], "spelling_retry": True},
            {"id": "moons", "kind": "numeric", "answer": 4},
            {
                "id": "planet",
                "kind": "multiple_choice",
                "choices": ["Jupiter", "Saturn"],
                "answer": "Jupiter",
            },
        ],
        "difficulty": 1,
    },
]


def arrange(page: Page, *texts: str) -> None:
    """Moves the entries by their buttons, each up to its place."""
    entries = page.locator("form[data-question] .arranged > li")
    for place, text in enumerate(texts):
        button = page.get_by_role("button", name=f"Up: {text}")
        while text not in entries.nth(place).inner_text():
            button.focus()
            page.keyboard.press("Enter")
            expect(button).to_be_focused()


@pytest.mark.parametrize("phone", [False, True], ids=["laptop", "phone"])
def test_questions_in_parts_are_answered_by_keyboard_and_read_afterwards(
    open_app: OpenApp, student: User, teacher: User, phone: bool
) -> None:
    app = open_app(student, phone=phone)
    page = begin(app, template_of(teacher, QUESTIONS))

    is_asked(page, "order")
    expect(page.get_by_role("listitem").filter(has_text="Venus")).to_be_visible()
    assert app.violations() == app.overflow() == []
    # So that something is moved, also where they stand in the right order already.
    page.locator("form[data-question] .arranged > li").first.locator("[data-by='1']").press("Enter")
    arrange(page, "Mercury", "Venus", "Earth")
    expect(page.locator("form [role=status]")).to_contain_text("is at place")
    app.screenshot(f"practice-ordering-{'phone' if phone else 'laptop'}")
    press_answer(page)
    is_asked(page, "pairs")
    has_verdicts(page, "right")
    page.get_by_label("The hottest").select_option(label="Venus")
    press_answer(page)
    expect(page.get_by_role("alert")).to_contain_text("choose for each")
    page.get_by_label("Ours").select_option(label="Mercury")
    assert app.violations() == app.overflow() == []
    press_answer(page)
    is_asked(page, "text")
    has_verdicts(page, "right", "partial")
    expect(page.get_by_text("Right answer: The hottest → Venus, Ours → Earth")).to_be_visible()
    expect(page.locator("form[data-question] .prompt")).to_contain_text("counted ……")
    page.get_by_label("Blank 1").fill("Galilej")
    page.get_by_label("Blank 2").fill("4")
    page.get_by_label("Blank 3").select_option(label="Jupiter")
    assert app.violations() == app.overflow() == []
    press_answer(page)
    has_verdicts(page, "right", "partial", "almost")
    is_asked(page, "text")
    page.get_by_label("Blank 1").fill("Galilei")
    page.get_by_label("Blank 2").fill("4")
    page.get_by_label("Blank 3").select_option(label="Jupiter")
    press_answer(page)
    has_verdicts(page, "right", "partial", "almost", "right")
    is_settled(page)
    (session,) = sessions_of(student)
    assert session["total_questions"] == 3
    app.open(f"/sessions/{session['path'].rpartition('/')[2]}")
    for text in (
        "Mercury, Venus, Earth",
        "The hottest → Venus, Ours → Mercury",
        "Galilei, 4, Jupiter",
    ):
        expect(page.get_by_text(text).first).to_be_visible()
    expect(page.get_by_text("…… counted …… moons around ……")).to_be_visible()
    assert app.violations() == app.overflow() == []


def test_questions_in_parts_are_written_in_the_builder(open_app: OpenApp, teacher: User) -> None:
    app: App = open_app(teacher)
    page = app.open("/templates/new")
    page.get_by_role("textbox", name="Name", exact=True).fill("Planets")
    page.get_by_role("button", name="Add a section").click()
    page.get_by_role("textbox", name="Section name").fill("All")
    page.get_by_role("button", name="Add an exercise").click()
    page.get_by_role("textbox", name="Exercise name").fill("Planets")
    page.get_by_role("button", name="Add a question").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Question").fill("{{1}} has {{2}} moon.")
    dialog.get_by_role("combobox", name="Kind").select_option("cloze")
    dialog.get_by_label("Accepted answers, one a line").fill("Earth\nThe earth")
    dialog.get_by_role("button", name="Add a blank").click()
    dialog.get_by_label("Blank {{2}}").select_option("numeric")
    dialog.get_by_label("Number", exact=True).fill("1")
    assert app.violations() == []
    app.screenshot("builder-cloze")
    dialog.get_by_role("button", name="Another question").click()
    dialog.get_by_role("textbox", name="Question").fill("Which planet?")
    dialog.get_by_role("combobox", name="Kind").select_option("matching")
    dialog.get_by_label("Left side of pair 1").fill("The hottest")
    dialog.get_by_label("Right side of pair 1").fill("Venus")
    dialog.get_by_label("Right side of pair 2").fill("Earth")
    dialog.get_by_role("button", name="Another question").click()
    dialog.get_by_role("textbox", name="Question").fill("From the sun outwards?")
    dialog.get_by_role("combobox", name="Kind").select_option("ordering")
    dialog.get_by_role("textbox", name="Choice 1").fill("Venus")
    dialog.get_by_role("textbox", name="Choice 2").fill("Earth")
    assert app.violations() == []
    dialog.get_by_role("button", name="Done").click()
    save(page)
    stored = teacher.read(f"session_templates/{saved_id(page)}/private/source")
    cloze, matching, ordering = stored["template_data"]["sections"][0]["exercises"][0]["questions"]
    assert [blank["answer"] for blank in cloze["blanks"]] == [["Earth", "The earth"], 1]
    assert matching["items"][0]["text"] == "The hottest"
    assert [choice["text"] for choice in matching["choices"]] == ["Venus", "Earth"]
    assert matching["answer"] == [matching["choices"][0]["id"]]
    assert ordering["answer"] == [choice["id"] for choice in ordering["choices"]]
    assert [choice["text"] for choice in ordering["choices"]] == ["Venus", "Earth"]

"""Questions that share a text: written as steps, asked in their order, each with the text."""

from typing import Any

import pytest
from playwright.sync_api import expect

from local.api import User
from tests.e2e.web.builder import begin_question, begin_section, button, field, save, saved_id
from tests.e2e.web.conftest import OpenApp
from tests.e2e.web.test_pictures_of_questions import IN_TEXT
from tests.e2e.web.test_practice import begin, is_asked, is_settled, press_answer, sessions_of

Json = dict[str, Any]

TEXT = "A train leaves at **10:00** and arrives, 180 km away, at 12:00."
PICTURE = {"url": IN_TEXT, "alt": "A line from one town to the other"}


def step(name: str, prompt: str, answer: int, difficulty: int) -> Json:
    return {
        "question_id": name,
        "kind": "numeric",
        "prompt": prompt,
        "stem": "train",
        "answer": answer,
        "difficulty": difficulty,
    }


# By difficulty alone, the last would be asked first.
STEPS = [
    step("hours", "How many hours does it take?", 2, 5),
    step("speed", "How fast is it, in km/h?", 90, 1),
]


def a_template(teacher: User) -> str:
    exercise = {
        "name": "Trains",
        "stems": [{"stem_id": "train", "text": TEXT, "image": PICTURE}],
        "questions": STEPS,
    }
    body = {
        "name": "Motion",
        "visibility": "public",
        "template_data": {"sections": [{"name": "All", "exercises": [exercise]}]},
    }
    response = teacher.call("create_template", body)
    assert response.status_code == 201, response.text
    template_id: str = response.json()["template"]["template_id"]
    return template_id


@pytest.mark.parametrize("phone", [False, True], ids=["laptop", "phone"])
def test_steps_are_asked_in_order_and_read_afterwards_with_their_text(
    open_app: OpenApp, student: User, teacher: User, phone: bool
) -> None:
    app = open_app(student, phone=phone)
    page = begin(app, a_template(teacher))
    form = page.locator("form[data-question]")

    is_asked(page, "hours")
    expect(form.get_by_text("A train leaves at 10:00")).to_be_visible()
    expect(form).to_have_accessible_description(TEXT.replace("**", "") + " " + PICTURE["alt"])
    assert app.violations() == app.overflow() == []
    app.screenshot("practice-stem")
    page.get_by_role("textbox").fill("2")
    press_answer(page)
    is_asked(page, "speed")
    expect(form.get_by_text("A train leaves at 10:00")).to_be_visible()
    past = page.get_by_role("article").filter(has_text="How many hours does it take?")
    past.get_by_text("What the question is about").click()
    expect(past.get_by_text("A train leaves at 10:00")).to_be_visible()
    assert app.violations() == app.overflow() == []
    page.get_by_role("textbox").fill("90")
    press_answer(page)
    is_settled(page)

    (session,) = sessions_of(student)
    app.open(f"/sessions/{session['path'].rpartition('/')[2]}")
    folded = page.get_by_text("What the question is about")
    expect(folded).to_have_count(2)
    folded.first.click()
    expect(page.get_by_text("A train leaves at 10:00").first).to_be_visible()
    # The log has no picture itself, only its words.
    expect(page.get_by_text("A line from one town to the other").first).to_be_visible()
    assert app.violations() == app.overflow() == []
    app.screenshot("details-stem")


@pytest.mark.parametrize("phone", [False, True], ids=["laptop", "phone"])
def test_steps_are_written_in_the_builder(open_app: OpenApp, teacher: User, phone: bool) -> None:
    app = open_app(teacher, phone=phone)
    page = app.open("/templates/new")
    field(page, "Name").fill("Motion")
    begin_section(page, "All")
    dialog = begin_question(page, "Trains")
    choice = dialog.get_by_label("This question is a step of")
    field(dialog, "Question").fill("How long does it take?")
    dialog.get_by_role("combobox", name="Kind").select_option("self_rated")
    # One that is begun and left is gone.
    choice.select_option("A new common text")
    choice.select_option("Nothing: it stands alone")
    choice.select_option("A new common text")
    text = field(dialog, "Text of all its steps")
    expect(text).to_be_focused()
    button(dialog, "Done").click()
    button(page, "Save").click()
    expect(text).to_be_focused()
    expect(text).to_have_attribute("aria-invalid", "true")
    text.fill(TEXT)
    button(dialog, "Another question").click()
    expect(text).to_have_value(TEXT)
    field(dialog, "Question").fill("How fast is it?")
    pictures = dialog.get_by_role("group", name="Common text")
    field(pictures, "Address of a picture").fill(PICTURE["url"])
    field(pictures, "What the picture shows").fill(PICTURE["alt"])
    assert app.violations() == app.overflow() == []
    app.screenshot("builder-stem")
    button(dialog, "Another question").click()
    field(dialog, "Question").fill("And now without it?")
    choice.select_option("Nothing: it stands alone")
    button(dialog, "Done").click()
    expect(page.get_by_text("Step of: A train leaves at")).to_have_count(2)
    save(page)

    template_id = saved_id(page)
    stored = teacher.read(f"session_templates/{template_id}")
    (exercise,) = stored["template_data"]["sections"][0]["exercises"]
    (stem,) = exercise["stems"]
    assert (stem["text"], stem["image"]) == (TEXT, PICTURE)
    steps = [question.get("stem") for question in exercise["questions"]]
    assert steps == [stem["stem_id"], stem["stem_id"], None]
    button(page, "Actions for Trains").click()
    page.get_by_role("menuitem", name="Duplicate").click()
    save(page)
    copied = teacher.read(f"session_templates/{template_id}")["template_data"]["sections"][0]
    first, second = (found["stems"][0]["stem_id"] for found in copied["exercises"])
    assert first != second
    assert copied["exercises"][1]["questions"][0]["stem"] == second

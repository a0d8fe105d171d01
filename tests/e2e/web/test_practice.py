"""Infinite practice as a student does it: by clicking, typing and keys."""

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex
from threading import Event
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from local.api import User, found
from local.emulator import Emulator
from local.stack import free_port, start_functions
from shared.firestore.client import Client
from testkit.model_server import Exchange, ModelServer, fails, serving_model
from tests.conftest import PROJECT_ID
from tests.e2e.web.app import App, make_account
from tests.e2e.web.conftest import OpenApp
from tests.e2e.web.storage import kept
from tests.support.answers import ok
from tests.support.tutor.writing import Writer

Json = dict[str, Any]

CHOICES = [{"id": "a", "text": "forty-two"}, {"id": "b", "text": "forty-three"}]
# In the order in which the offline tutor asks them: by difficulty.
QUESTIONS_OF: list[Json] = [
    {"kind": "numeric", "answer": 42, "hints": ["It is between 41 and 43."]},
    {
        "kind": "multiple_choice",
        "choices": CHOICES,
        "keep_order": True,  # for the keys that choose by number
        "answer": "a",
        "explanation": "Two fewer.",
    },
    {"kind": "numeric", "answer": 0.5, "unit": "m"},
    {
        "kind": "multi_select",
        "choices": [*CHOICES, {"id": "c", "text": "6 · 7"}],
        "keep_order": True,
        "answer": ["a", "c"],
    },
    {"kind": "short_answer", "answer": ["forty-two"]},
    {"kind": "self_rated"},
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
    """Waits until the question is pending, and the turn before it is stored."""
    expect(page.locator(f"form[data-question='{question}']")).to_be_visible()
    expect(pending(page)).to_have_count(1)
    is_settled(page)


def is_settled(page: Page) -> None:
    expect(page.locator("button:not([aria-busy])", has_text="Enough for now")).to_be_visible(
        timeout=20_000
    )


def press_answer(page: Page) -> None:
    page.get_by_role("button", name="Answer", exact=True).click()


def has_verdicts(page: Page, *verdicts: str) -> None:
    """The verdicts of all answers so far, in order."""
    shown = page.locator("[data-verdict]")
    expect(shown).to_have_count(len(verdicts))
    assert [card.get_attribute("data-verdict") for card in shown.all()] == list(verdicts)


def sessions_of(student: User) -> list[Json]:
    field, uid = {"fieldPath": "student_id"}, {"stringValue": student.uid}
    mine = {"fieldFilter": {"field": field, "op": "EQUAL", "value": uid}}
    response = student.query({"from": [{"collectionId": "practice_sessions"}], "where": mine})
    paths = [row["document"]["name"].partition("/documents")[2] for row in response.json()]
    documents = found(response)
    return [
        {**session, "path": path.lstrip("/")}
        for session, path in zip(documents, paths, strict=False)
    ]


def fill_answer(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Your answer").fill(text)


def answer_right(page: Page) -> None:
    """Answers the pending question, one of the first five, right."""
    question = pending(page).get_attribute("data-question")
    match question:
        case "q1":
            page.get_by_role("radio", name="forty-two").check()
        case "q3":
            page.get_by_role("checkbox", name="forty-two").check()
            page.get_by_role("checkbox", name="6 · 7").check()
        case _:
            fill_answer(page, {"q0": "42", "q2": "0.5", "q4": "Forty-Two"}[str(question)])
    press_answer(page)


def test_every_kind_of_question_is_answered(app: App, template: str, student: User) -> None:
    page = begin(app, template)

    expect(page.get_by_role("heading", name="Ultimate answers")).to_be_visible()
    expect(page.get_by_role("heading", name="Concept Answers")).to_be_visible()
    expect(page.get_by_text("0 answered, 0 right")).to_be_visible()
    app.screenshot("practice-begun")
    is_asked(page, "q0")
    fill_answer(page, "42")
    press_answer(page)
    is_asked(page, "q1")
    has_verdicts(page, "right")
    page.get_by_role("radio", name="forty-three").check()
    press_answer(page)
    is_asked(page, "q2")
    has_verdicts(page, "right", "wrong")
    expect(page.get_by_text("Right answer: forty-two")).to_be_visible()
    expect(page.get_by_text("Two fewer.")).to_be_visible()
    app.screenshot("practice-wrong")
    fill_answer(page, "0.5 m")
    press_answer(page)
    is_asked(page, "q3")
    page.get_by_role("checkbox", name="forty-two").check()
    app.screenshot("practice-select")
    press_answer(page)
    has_verdicts(page, "right", "wrong", "right", "partial")
    expect(page.get_by_text("Answers: 2 of 4 questions right.")).to_be_visible()
    expect(page.get_by_text("4 answered, 2 right")).to_be_visible()
    app.screenshot("practice-block")
    # The next block has the other two kinds.
    left = {"q4", "q5"}
    for count in itertools.count(4):
        is_settled(page)
        if not left:
            break
        question = str(pending(page).get_attribute("data-question"))
        left.discard(question)
        if question == "q5":
            app.screenshot("practice-self-rated")
            page.get_by_role("radio", name="Good").check()
            press_answer(page)
        else:
            answer_right(page)
        expect(page.locator("[data-verdict]")).to_have_count(count + 1)
    (session,) = sessions_of(student)
    assert session["total_questions"] == page.locator("[data-verdict]").count()


def test_keys_answer_choose_and_ask_for_hints(app: App, template: str) -> None:
    page = begin(app, template)
    is_settled(page)

    expect(pending(page)).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("article").get_by_text("It is between 41 and 43.")).to_be_visible()
    expect(page.get_by_role("status", name="News")).to_contain_text("Hint: It is between")
    expect(page.get_by_role("button", name="Get a hint")).to_have_count(0)
    app.screenshot("practice-hint")
    page.keyboard.type("42")
    expect(page.get_by_role("textbox", name="Your answer")).to_have_value("42")
    page.keyboard.press("Enter")
    is_asked(page, "q1")
    expect(pending(page)).to_be_focused()
    # What is read aloud with the focus: the feedback, and then the question.
    expect(pending(page)).to_have_accessible_name(
        re.compile("Right.*Mastery.*Question 2.*number 1", re.DOTALL)
    )
    page.keyboard.press("2")
    expect(page.get_by_role("radio", name="forty-three")).to_be_checked()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    is_asked(page, "q2")
    page.keyboard.type("0.5?")
    expect(page.get_by_role("textbox", name="Your answer")).to_have_value("0.5?")
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    is_asked(page, "q3")
    for key in "1233":
        page.keyboard.press(key)
    page.keyboard.press("2")
    page.keyboard.press("3")
    page.keyboard.press("Enter")
    has_verdicts(page, "right", "right", "right", "right")


def test_a_slip_is_said_at_the_field_and_what_was_typed_stays(app: App, template: str) -> None:
    page = begin(app, template)

    press_answer(page)
    expect(page.get_by_role("alert")).to_have_text("Please write an answer.")
    fill_answer(page, "1,234")
    press_answer(page)
    expect(page.get_by_role("alert")).to_contain_text("Please write 1234 or 1.234.")
    fill_answer(page, "forty")
    press_answer(page)
    expect(page.get_by_role("alert")).to_contain_text("can't be read as a number")
    field = page.get_by_role("textbox", name="Your answer")
    expect(field).to_have_value("forty")
    expect(field).to_have_attribute("aria-invalid", "true")
    app.screenshot("practice-slip")
    assert app.violations() == []
    field.fill("42")
    expect(page.get_by_role("alert")).to_have_count(0)
    press_answer(page)
    is_asked(page, "q1")
    press_answer(page)
    expect(page.get_by_role("alert")).to_have_text("Please choose one of the choices.")
    has_verdicts(page, "right")


def test_a_reload_at_each_step_resumes_with_what_was_typed(
    app: App, template: str, student: User
) -> None:
    page = begin(app, template)
    page.reload()
    is_asked(page, "q0")
    fill_answer(page, "4")
    page.reload()
    expect(page.get_by_text("You continue where you were.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Your answer")).to_have_value("4")
    fill_answer(page, "42")
    press_answer(page)
    is_asked(page, "q1")
    page.get_by_role("radio", name="forty-two").check()
    page.reload()
    expect(page.get_by_text("1 question answered so far")).to_be_visible()
    app.screenshot("practice-resumed")
    expect(page.get_by_role("radio", name="forty-two")).to_be_checked()
    press_answer(page)
    is_asked(page, "q2")
    page.reload()
    is_asked(page, "q2")
    expect(page.get_by_role("textbox", name="Your answer")).to_have_value("")
    (session,) = sessions_of(student)
    assert (session["questions_correct"], session["total_questions"]) == (2, 2)
    (times,) = [[item["duration_ms"] for item in items_of(student, session["path"])]]
    assert all(0 < time < 60_000 for time in times), times


def items_of(student: User, path: str) -> list[Json]:
    response = student.query({"from": [{"collectionId": "items"}]}, parent=f"/{path}")
    return sorted(found(response), key=lambda item: int(item["index"]))


def test_an_answer_without_network_is_kept_and_sent_once_when_it_returns(
    app: App, template: str, student: User
) -> None:
    page = begin(app, template)
    app.context.set_offline(True)
    fill_answer(page, "42")
    press_answer(page)
    expect(page.get_by_role("alert")).to_contain_text("There is no connection.")
    expect(page.get_by_text("Your answer is kept, and sent when")).to_be_visible()
    expect(page.get_by_role("textbox", name="Your answer")).to_have_value("42")
    app.screenshot("practice-offline")
    assert app.violations() == []
    app.context.set_offline(False)

    is_asked(page, "q1")
    has_verdicts(page, "right")
    expect(page.get_by_role("alert")).to_have_count(0)
    (session,) = sessions_of(student)
    assert (session["questions_correct"], session["total_questions"]) == (1, 1)


def test_the_network_lost_in_mid_turn_loses_and_doubles_no_answer(
    app: App, template: str, student: User
) -> None:
    page = begin(app, template)
    page.route("**/practice_turn/**", lambda route: route.abort("connectionreset"))
    fill_answer(page, "42")
    press_answer(page)
    expect(page.get_by_role("status", name="News")).to_contain_text("is being sent")
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
    with page.expect_request("**/practice_turn/**"):
        page.get_by_role("button", name="Try again").click()
    page.unroute("**/practice_turn/**")

    is_asked(page, "q1")
    (session,) = sessions_of(student)
    assert (session["questions_correct"], session["total_questions"]) == (1, 1)


def test_an_answer_that_is_not_stored_is_said_and_stored_with_the_next(
    app: App, template: str, student: User
) -> None:
    page = begin(app, template)
    page.route("**/update_progress", lambda route: route.abort("connectionreset"))
    answer_right(page)
    is_asked(page, "q1")
    expect(page.get_by_text("Your last answer is not stored yet.")).to_be_visible()
    is_settled(page)
    app.screenshot("practice-not-stored")
    (session,) = sessions_of(student)
    assert session["total_questions"] == 0
    page.unroute("**/update_progress")
    answer_right(page)
    is_asked(page, "q2")
    expect(page.get_by_text("Your last answer is not stored yet.")).to_have_count(0)
    (session,) = sessions_of(student)
    assert (session["questions_correct"], session["total_questions"]) == (2, 2)

    page.route("**/update_progress", lambda route: route.abort("connectionreset"))
    answer_right(page)
    is_asked(page, "q3")
    expect(page.get_by_text("Your last answer is not stored yet.")).to_be_visible(timeout=15_000)
    page.unroute("**/update_progress")
    page.get_by_role("button", name="Store now").click()
    expect(page.get_by_text("Your last answer is not stored yet.")).to_have_count(0)
    is_asked(page, "q3")
    (session,) = sessions_of(student)
    assert (session["questions_correct"], session["total_questions"]) == (3, 3)


def test_two_devices_on_one_session_follow_each_other(
    open_app: OpenApp, template: str, student: User
) -> None:
    laptop, phone = open_app(student), open_app(student, phone=True)
    here, there = begin(laptop, template), begin(phone, template)
    for ahead, behind, behind_app, answered in (
        (there, here, laptop, 2),
        (here, there, phone, 4),
    ):
        answer_right(ahead)
        expect(ahead.locator("[data-progress]")).to_contain_text(f"{answered - 1} answered")
        answer_right(ahead)
        expect(ahead.locator("[data-progress]")).to_contain_text(f"{answered} answered")
        is_settled(ahead)
        answer_right(behind)
        notice = behind.get_by_role("alert")
        expect(notice).to_contain_text("You have gone on elsewhere")
        expect(pending(behind)).to_have_count(0)
        expect(behind.get_by_text("This answer does not count.")).to_be_visible()
        behind_app.screenshot("practice-moved-on")
        assert behind_app.violations() == []
        expect(notice.get_by_role("button")).to_be_focused()
        behind.keyboard.press("Enter")
        expect(pending(behind)).to_be_visible()
        expect(behind.locator("[data-progress]")).to_contain_text(f"{answered} answered")
    (session,) = sessions_of(student)
    assert session["questions_correct"] == session["total_questions"] == 4


def test_a_session_ended_on_another_device_is_told_and_another_begins(
    open_app: OpenApp, template: str, student: User
) -> None:
    laptop, phone = open_app(student), open_app(student, phone=True)
    here, there = begin(laptop, template), begin(phone, template)
    answer_right(there)
    is_asked(there, "q1")
    there.get_by_role("button", name="Enough for now").click()
    there.get_by_role("button", name="Finish").click()
    expect(there.get_by_role("heading", name="Finished")).to_be_visible()

    answer_right(here)
    expect(here.get_by_role("alert")).to_contain_text("This practice has ended")
    here.get_by_role("button", name="Begin another one").click()
    is_asked(here, str(pending(here).get_attribute("data-question")))
    assert sorted(session["status"] for session in sessions_of(student)) == ["active", "completed"]


def test_enough_ends_with_notes_and_a_summary_that_can_be_loaded_again(
    app: App, template: str, student: User
) -> None:
    page = begin(app, template)
    answer_right(page)
    is_asked(page, "q1")
    answer_right(page)
    is_asked(page, "q2")
    page.get_by_role("button", name="Enough for now").click()
    page.get_by_role("textbox", name="Notes").fill("Numbers are fine.")
    app.screenshot("practice-finish")
    assert app.violations() == []
    page.reload()
    is_asked(page, "q2")
    page.get_by_role("button", name="Enough for now").click()
    expect(page.get_by_role("textbox", name="Notes")).to_have_value("Numbers are fine.")
    app.context.set_offline(True)
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("no connection")
    # It goes on by itself.
    app.context.set_offline(False)

    expect(page.get_by_role("heading", name="Finished: Ultimate answers")).to_be_visible()
    for _ in range(2):
        expect(page.get_by_text("2 of 2 questions right")).to_be_visible()
        expect(page.get_by_text("1 day", exact=True)).to_be_visible()
        expect(page.get_by_role("rowheader", name="Answers")).to_be_visible()
        page.reload()
    expect(page.get_by_role("rowheader", name="Answers")).to_be_visible()
    app.screenshot("practice-summary")
    assert app.violations() == []
    (session,) = sessions_of(student)
    assert session["status"] == "completed"
    assert session["session_data"]["notes"] == "Numbers are fine."
    assert (
        page.evaluate("Object.keys(localStorage).filter((key) => key.includes('.practice.'))") == []
    )
    page.get_by_role("link", name="Practise again").click()
    is_settled(page)
    assert len(sessions_of(student)) == 2


def test_a_practice_is_discarded_after_a_question(app: App, template: str, student: User) -> None:
    page = begin(app, template)
    answer_right(page)
    is_asked(page, "q1")
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Discard this practice").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Cancel").click()
    is_asked(page, "q1")
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Discard this practice").click()
    app.screenshot("practice-discard")
    dialog.get_by_role("button", name="Discard this practice").click()

    expect(page.get_by_text("The practice was discarded.").first).to_be_visible()
    (session,) = sessions_of(student)
    assert (session["status"], session["end_reason"]) == ("abandoned", "discarded")


def test_a_template_that_is_archived_or_not_shared_is_told_in_words(
    app: App, teacher: User
) -> None:
    archived = template_of(teacher, QUESTIONS)
    assert teacher.call("delete_template", {"template_id": archived}).status_code == 204
    page = app.open(f"/practice/{archived}")
    expect(page.get_by_role("alert")).to_contain_text("was archived")
    page.get_by_role("link", name="To the templates").click()
    expect(page.get_by_role("heading", name="Templates")).to_be_visible()

    private = template_of(teacher, QUESTIONS, visibility="private")
    page = app.open(f"/practice/{private}")
    expect(page.get_by_role("alert")).to_contain_text("not for you")
    app.screenshot("practice-denied")
    assert app.violations() == []


def test_a_decimal_comma_is_read_in_german(open_app: OpenApp, student: User, teacher: User) -> None:
    question = {"question_id": "h", "kind": "numeric", "prompt": "?", "answer": 1.234, "unit": "m"}
    app = open_app(student, language="de-DE", phone=True)
    page = begin(app, template_of(teacher, [question]))
    page.get_by_role("textbox", name="Deine Antwort").fill("1.234")
    page.get_by_role("button", name="Antworten").click()
    expect(page.get_by_role("alert")).to_contain_text("Bitte 1234 oder 1,234 schreiben.")
    page.get_by_role("textbox", name="Deine Antwort").fill("1,234")
    page.get_by_role("button", name="Antworten").click()
    has_verdicts(page, "right")
    # The only question comes again, without the answer of before.
    expect(page.get_by_role("textbox", name="Deine Antwort")).to_have_value("")
    app.screenshot("practice-german")


def test_texts_are_typeset_and_what_is_hostile_in_them_does_nothing(
    open_app: OpenApp, student: User, teacher: User
) -> None:
    hostile = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>'
    prompt = (
        "Solve $\\frac{x^2}{2} = 8$ for **positive** $x$:\n\n$$x = \\sqrt{16}$$\n\n"
        f"- [a page](https://example.org)\n- [a trap](javascript:window.hit=1)\n\n{hostile}\n\n"
        "![a picture](https://example.org/a.png) It costs $5 or $6."
    )
    choices = [{"id": "a", "text": "$x = 4$"}, {"id": "b", "text": "$x = " + "\\sqrt{" * 200}]
    question = {
        "question_id": "tex",
        "kind": "multiple_choice",
        "prompt": prompt,
        "choices": choices,
        "answer": "a",
    }
    app = open_app(student, phone=True)
    page = begin(app, template_of(teacher, [question]))

    expect(page.locator("form math[display=block]")).to_be_visible()
    expect(page.get_by_role("radio", name="x = 4")).to_be_visible()
    expect(page.get_by_role("link", name="a page")).to_have_attribute(
        "rel", re.compile("noreferrer")
    )
    expect(page.get_by_role("link", name="a trap")).to_have_count(0)
    expect(page.locator("form").get_by_text("a picture It costs $5 or $6.")).to_be_visible()
    assert page.locator("form img, form script").count() == 0
    assert page.evaluate("window.hit") is None
    app.screenshot("practice-typeset")
    assert app.overflow() == []
    assert app.violations() == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_phone_shows_it_all_without_violations(
    open_app: OpenApp, student: User, template: str, theme: str
) -> None:
    app = open_app(student, phone=True, theme=theme)
    page = begin(app, template)
    page.get_by_role("button", name="Get a hint").click()
    expect(page.get_by_role("article").get_by_text("It is between")).to_be_visible()
    answer_right(page)
    is_asked(page, "q1")
    page.get_by_role("radio", name="forty-three").check()
    press_answer(page)
    is_asked(page, "q2")
    # The feedback is at the top of the screen, not hidden by the header.
    box = page.locator("[data-verdict=wrong]").bounding_box()
    assert box
    end = "scrollY + innerHeight >= document.documentElement.scrollHeight - 1"
    assert box["y"] >= 50, box
    assert box["y"] <= 120 or page.evaluate(end), box
    app.screenshot("practice")
    assert app.overflow() == []
    assert app.violations() == []
    page.get_by_text("Skills").click()
    expect(page.get_by_role("progressbar", name="Mastery: Answers").first).to_be_visible()
    page.get_by_role("button", name="Enough for now").click()
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("heading", name="Finished")).to_be_visible()
    expect(page.get_by_role("rowheader", name="Answers")).to_be_visible()
    app.screenshot("practice-summary")
    assert app.overflow() == []
    assert app.violations() == []


def test_a_slow_network_shows_what_happens(app: App, template: str) -> None:
    page = begin(app, template)
    slow = app.context.new_cdp_session(page)
    slow.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 400,
            "downloadThroughput": 50_000,
            "uploadThroughput": 50_000,
        },
    )
    answer_right(page)
    expect(page.get_by_role("status", name="News")).to_contain_text("is being sent")
    app.screenshot("practice-slow")
    is_asked(page, "q1")
    has_verdicts(page, "right")
    page.reload()
    expect(page.get_by_text("is being opened")).to_be_visible()
    is_asked(page, "q1")


@contextmanager
def other_stack(
    emulator: Emulator, accounts: Client, browser: Browser, **settings: str
) -> Iterator[tuple[App, User]]:
    """A student, signed in on functions with these settings, and a teacher there."""
    with start_functions(
        emulator, port=free_port(), project_id=PROJECT_ID, quiet=True, environment=settings
    ) as stack:
        app = App(browser, stack.url)
        try:
            app.sign_in(make_account(accounts, User(stack, f"student-{token_hex(6)}")))
            yield app, User(stack, f"teacher-{token_hex(6)}", teacher=True)
            assert not app.errors
        finally:
            app.close()


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with serving_model() as running:
        yield running


@pytest.fixture(scope="module")
def modelled(
    emulator: Emulator, accounts: Client, browser: Browser, model: ModelServer
) -> Iterator[tuple[App, User]]:
    asked = {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": model.url, "PRACTICE_MODEL": "m"}
    with other_stack(emulator, accounts, browser, **asked) as made:
        yield made


class Slowly:
    """A model that answers each request when the test allows it, and solves a block at once."""

    def __init__(self, *kinds: tuple[str, ...]) -> None:
        self._write = Writer(*kinds)
        self.allowed = Event()

    def __call__(self, exchange: Exchange) -> None:
        if "questions" not in exchange.data:
            assert self.allowed.wait(30)
            self.allowed.clear()
        self._write(exchange)


def test_what_a_model_writes_and_examines_is_announced(
    modelled: tuple[App, User], model: ModelServer
) -> None:
    app, teacher = modelled
    slowly = Slowly(("free_response", *["numeric"] * 3))
    model.plays(slowly)
    page = app.open(f"/practice/{template_of(teacher, QUESTIONS)}")
    news = page.get_by_role("status", name="News")

    expect(news).to_contain_text("A new block is being written")
    app.screenshot("practice-generating")
    slowly.allowed.set()
    is_settled(page)
    expect(news).to_have_text("")
    expect(page.get_by_role("heading", name="Concept Block 0")).to_be_visible()
    expect(page.get_by_text("A language model writes the questions")).to_be_visible()
    fill_answer(page, "Because\nit must be so.")
    page.keyboard.press("Control+Enter")
    expect(news).to_contain_text("Your answer is being examined")
    app.screenshot("practice-grading")
    slowly.allowed.set()
    for verdicts in range(1, 4):
        expect(page.locator("[data-verdict]")).to_have_count(verdicts)
        is_settled(page)
        fill_answer(page, "1")
        press_answer(page)
    # The feedback is there while the next block is being written.
    expect(news).to_contain_text("A new block is being written")
    expect(page.locator("[data-verdict]")).to_have_count(4)
    expect(pending(page)).to_have_count(0)
    app.screenshot("practice-generating-next")
    slowly.allowed.set()
    is_settled(page)
    expect(page.get_by_role("heading", name="Concept Block 1")).to_be_visible()
    expect(pending(page)).to_be_focused()


def test_free_text_that_can_not_be_examined_does_not_count(
    modelled: tuple[App, User], model: ModelServer
) -> None:
    app, teacher = modelled
    model.plays(Writer(("free_response", *["numeric"] * 3)), fails(401))
    page = begin(app, template_of(teacher, QUESTIONS))
    fill_answer(page, "Because.")
    press_answer(page)

    has_verdicts(page, "ungraded")
    expect(page.get_by_text("could not be examined at the moment")).to_be_visible()
    is_settled(page)
    expect(page.get_by_text("0 answered, 0 right")).to_be_visible()
    app.screenshot("practice-ungraded")


def test_a_model_that_fails_is_said_plainly_and_practice_goes_on(
    modelled: tuple[App, User], model: ModelServer
) -> None:
    app, teacher = modelled
    model.plays(fails(401))
    page = app.open(f"/practice/{template_of(teacher, QUESTIONS)}")

    expect(page.get_by_text("language model can't be reached at the moment")).to_be_visible()
    is_asked(page, "q0")
    app.screenshot("practice-degraded")
    assert app.violations() == []
    answer_right(page)
    is_asked(page, "q1")
    has_verdicts(page, "right")


def test_too_many_turns_are_told_with_the_seconds_to_wait(
    emulator: Emulator, accounts: Client, browser: Browser
) -> None:
    with other_stack(emulator, accounts, browser, TURNS_PER_MINUTE="2") as (app, teacher):
        page = begin(app, template_of(teacher, QUESTIONS))
        for _ in range(5):
            is_settled(page)
            if page.get_by_role("alert").count():
                break
            number = page.locator("[data-verdict]").count()
            answer_right(page)
            expect(page.locator("[role=alert], [data-verdict]")).to_have_count(
                number + 1, timeout=20_000
            )
        expect(page.get_by_role("alert")).to_contain_text(re.compile(r"wait [1-9]\d? seconds"))
        expect(page.get_by_text("Your answer is kept.")).to_be_visible()
        expect(pending(page)).to_be_visible()
        app.screenshot("practice-limited")


def test_a_turn_goes_on_by_itself_when_the_server_answers_again(
    app: App, template: str, student: User
) -> None:
    page = begin(app, template)
    page.route("**/practice_turn/**", lambda route: route.abort())
    answer_right(page)
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
    page.unroute("**/practice_turn/**")

    expect(page.locator("form[data-question=q1]")).to_be_visible(timeout=60_000)
    is_asked(page, "q1")
    (session,) = sessions_of(student)
    assert (session["questions_correct"], session["total_questions"]) == (1, 1)


def open_discard(page: Page) -> Locator:
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Discard this practice").click()
    return page.get_by_role("dialog").get_by_role("button", name="Discard this practice")


@pytest.mark.parametrize("takes_effect", [False, True])
def test_finishing_goes_on_by_itself_when_the_server_answers_again(
    app: App, template: str, student: User, takes_effect: bool
) -> None:
    page = begin(app, template)
    answer_right(page)
    is_asked(page, "q1")
    page.route("**/complete_session", lambda route: lose(route, takes_effect))
    page.get_by_role("button", name="Enough for now").click()
    page.get_by_role("textbox", name="Notes").fill("Numbers are fine.")
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("cannot be reached")
    page.unroute("**/complete_session")

    expect(page.get_by_role("heading", name="Finished")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("region", name="Notes of a practice that has ended")).to_have_count(0)
    (session,) = sessions_of(student)
    assert session["session_data"]["notes"] == "Numbers are fine."
    assert kept(page) == []


@pytest.mark.parametrize("takes_effect", [False, True])
def test_discarding_goes_on_by_itself_when_the_server_answers_again(
    app: App, template: str, student: User, takes_effect: bool
) -> None:
    page = begin(app, template)
    page.route("**/complete_session", lambda route: lose(route, takes_effect))
    open_discard(page).click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("cannot be reached")
    page.unroute("**/complete_session")

    expect(page.get_by_text("The practice was discarded.").first).to_be_visible(timeout=60_000)
    (session,) = sessions_of(student)
    assert session["end_reason"] == "discarded"


def lose(route: Route, takes_effect: bool) -> None:
    if takes_effect:
        route.fetch()
    route.abort()


def finish_elsewhere(student: User, **fields: Any) -> None:
    (session,) = [found for found in sessions_of(student) if found["status"] == "active"]
    session_id = session["path"].rpartition("/")[2]
    ok(student.call("complete_session", {"session_id": session_id, **fields}))


def test_notes_are_shown_to_be_copied_where_the_practice_ended_elsewhere(
    open_app: OpenApp, template: str, student: User
) -> None:
    app = open_app(student, phone=True)
    page = begin(app, template)
    page.get_by_role("button", name="Enough for now").click()
    page.get_by_role("textbox", name="Notes").fill("Typed here.")
    finish_elsewhere(student, notes="From the laptop.")
    page.get_by_role("button", name="Finish").click()

    expect(page.get_by_role("heading", name="Finished")).to_be_visible()
    left = page.get_by_role("region", name="Notes of a practice that has ended")
    for _ in range(2):
        expect(left.get_by_role("textbox")).to_have_value("Typed here.")
        page.reload()
    expect(left).to_be_visible()
    app.screenshot("practice-notes-left")
    assert app.overflow() == []
    assert app.violations() == []
    left.get_by_role("button", name="I have what I need").click()
    expect(left).to_have_count(0)
    assert kept(page) == []
    (session,) = sessions_of(student)
    assert session["session_data"]["notes"] == "From the laptop."


def test_notes_of_a_practice_that_ended_elsewhere_are_shown_beside_the_next(
    app: App, template: str, student: User
) -> None:
    page = begin(app, template)
    page.get_by_role("button", name="Enough for now").click()
    page.get_by_role("textbox", name="Notes").fill("Typed here.")
    page.get_by_role("button", name="Go on practising").click()
    finish_elsewhere(student)
    answer_right(page)
    left = page.get_by_role("region", name="Notes of a practice that has ended")
    expect(left.get_by_role("textbox")).to_have_value("Typed here.")
    page.get_by_role("button", name="Begin another one").click()
    is_asked(page, str(pending(page).get_attribute("data-question")))
    for _ in range(2):
        expect(left.get_by_role("textbox")).to_have_value("Typed here.")
        page.reload()
    left.get_by_role("button", name="I have what I need").click()
    expect(left).to_have_count(0)


def test_discarding_what_was_finished_elsewhere_shows_how_it_went(
    app: App, template: str, student: User
) -> None:
    page = begin(app, template)
    discard = open_discard(page)
    finish_elsewhere(student)
    discard.click()

    expect(page.get_by_role("heading", name="Finished")).to_be_visible()
    expect(page.get_by_text("The practice was discarded.")).to_have_count(0)
    (session,) = sessions_of(student)
    assert session["status"] == "completed"


def test_the_draft_of_another_tab_is_not_replaced_when_this_one_is_left(
    app: App, template: str
) -> None:
    page = begin(app, template)
    second = app.context.new_page()
    second.goto(f"/practice/{template}")
    is_asked(second, "q0")
    fill_answer(page, "4")
    fill_answer(second, "42")
    page.close()
    second.reload()
    is_asked(second, "q0")
    expect(second.get_by_role("textbox", name="Your answer")).to_have_value("42")


def test_signing_out_asks_where_an_answer_is_begun(app: App, template: str) -> None:
    page = begin(app, template)
    fill_answer(page, "4")
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("menuitem", name="Sign out").click()
    dialog = page.get_by_role("dialog", name="Sign out")
    expect(dialog).to_contain_text("an answer or notes of a practice with the tutor")
    dialog.get_by_role("button", name="Stay").click()
    fill_answer(page, "")
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()


def test_mathematics_is_typed_read_and_compared(app: App, teacher: User) -> None:
    """What can't be read is asked for again, at no cost; another form of the right value scores
    half; what was read is shown, and so is a key in TeX.
    """
    key = r"\frac{x}{2}+1"
    asked = {"kind": "expression", "prompt": "Simplify $(x+2)/2$.", "answer": key}
    one = {"kind": "expression", "prompt": "Which number is it?", "answer": "1", "form": "any"}
    bank = [{"question_id": "q0", **asked}, {"question_id": "q1", **one}]
    page = begin(app, template_of(teacher, bank))
    assert not app.violations()

    answer = page.get_by_role("textbox")
    answer.fill("x/2 +")
    answer.press("Enter")
    expect(answer).to_have_accessible_description(re.compile("ends too early"))
    answer.fill("(x+2)/2")
    answer.press("Enter")
    has_verdicts(page, "partial")
    news = page.locator("[data-verdict]").last
    expect(news).to_contain_text("the form is another")
    expect(news.locator("math")).to_be_visible()
    is_asked(page, "q1")
    answer.fill("sin²x + cos²x")
    answer.press("Enter")
    has_verdicts(page, "partial", "right")
    expect(page.locator("[data-verdict]").last).to_contain_text("sin(x)^2 + cos(x)^2")

    page.set_viewport_size({"width": 360, "height": 740})
    assert not app.overflow()
    assert not app.violations()

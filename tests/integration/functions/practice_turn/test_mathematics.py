"""Mathematics in blanks, over HTTP: refused keys, graded answers, the stored session."""

from typing import Any

import pytest

from local.api import User
from tests.support.answers import invalid, ok
from tests.support.practice_client import Json, Practising

# An identity in the first blank is decided by SymPy alone.
QUESTION: Json = {
    "question_id": "q",
    "kind": "cloze",
    "prompt": "{{one}} is one, $x^2 - 1 =$ {{product}}, and nothing is {{word}}.",
    "blanks": [
        {"id": "one", "kind": "expression", "answer": "1", "form": "any"},
        {"id": "product", "kind": "expression", "answer": "(x+1)(x-1)", "form": "factored"},
        {"id": "word", "kind": "short_answer", "answer": ["zero"]},
    ],
    "explanation": "A difference of squares.",
}
IDENTITY = "sin(x)^2 + cos(x)^2"
BLANKS = "template_data.sections.0.exercises.0.questions.0.blanks"


def template_with(*keys: str, **fields: Any) -> Json:
    """A template with one question, whose first blanks have these keys."""
    blanks = [dict(blank) for blank in QUESTION["blanks"]]
    for blank, key in zip(blanks, keys, strict=False):
        blank["answer"] = key
    exercise = {"name": "Squares", "questions": [{**QUESTION, "blanks": blanks}]}
    content = {"sections": [{"name": "All", "exercises": [exercise]}]}
    return {"name": "Blanks", "visibility": "public", "template_data": content, **fields}


@pytest.fixture
def practising(teacher: User, student: User) -> Practising:
    made = ok(teacher.call("create_template", template_with()), 201)["template"]
    template = student.read(f"session_templates/{made['template_id']}")
    begun = Practising(student, {"source_data": template})
    begun.turn()
    return begun


def feedback(practising: Practising, *answers: str) -> Json:
    shown = practising.turn({"type": "answer", "question_id": "q", "answer": list(answers)})
    found: Json = shown[0]["args"]
    return found


def test_keys_that_can_not_be_read_are_refused_at_their_blanks(teacher: User) -> None:
    wrong = template_with("1/2x", "(x+1")
    refused = teacher.call("create_template", wrong)
    assert invalid(refused) == [f"{BLANKS}.0.answer", f"{BLANKS}.1.answer"]

    made = ok(teacher.call("create_template", template_with()), 201)["template"]
    change = {"template_id": made["template_id"], "version": made["version"]}
    content = template_with("1", "1/0")["template_data"]
    updated = teacher.call("update_template", {**change, "template_data": content})
    assert invalid(updated) == [f"{BLANKS}.1.answer"]


def test_a_student_sees_no_key_before_the_answer(practising: Practising) -> None:
    assert practising.pending["blanks"] == [
        {"id": "one", "kind": "expression"},
        {"id": "product", "kind": "expression"},
        {"id": "word", "kind": "short_answer"},
    ]
    assert "(x+1)(x-1)" not in str(practising.seen) + str(practising.context)


def test_blanks_are_graded_each_stored_and_counted(practising: Practising) -> None:
    session_id = practising.start()["session"]["session_id"]
    partly = feedback(practising, IDENTITY, "x² - 1", "zero")
    assert (partly["correct"], partly["score"]) == (False, pytest.approx(2.5 / 3))
    assert partly["read_as"] == "1: sin(x)^2 + cos(x)^2; 2: x^2 - 1"
    assert "Blank 2: The value is right, but the form is another." in partly["feedback"]
    assert partly["correct_answer"] == ["1", "(x+1)(x-1)", "zero"]

    right = feedback(practising, IDENTITY, "(x-1)(x+1)", "Zero")
    assert (right["correct"], right["score"]) == (True, 1)
    practising.store()
    feedback(practising, "2", "x", "one")

    closing = {"session_id": session_id, "stored_session": practising.stored}
    reply = ok(practising.user.call("complete_session", closing))
    summary = reply["summary"]
    assert (summary["questions_correct"], summary["total_questions"]) == (1, 3)
    assert summary["items_count"] == 3


def test_a_blank_that_can_not_be_read_costs_nothing(practising: Practising) -> None:
    before = practising.stored
    given = {"type": "answer", "question_id": "q", "answer": ["1", "1/2x", "zero"]}
    refused = practising.user.call(
        "practice_turn", {"session_context": practising.context, "input": given}
    )

    assert invalid(refused) == ["input.answer"]
    (error,) = refused.json()["errors"]
    assert error["message"].startswith("blank 2 can be read in two ways")
    assert feedback(practising, "1", "(x-1)(x+1)", "zero")["correct"]
    assert before["progress"]["questions_answered"] == 0
    assert practising.stored["progress"]["questions_answered"] == 1

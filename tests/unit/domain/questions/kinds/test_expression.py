"""expression: mathematics that equals the key and has the form that is asked for."""

from typing import Any

import pytest
from hypothesis import strategies as st

from shared.domain.common.errors import InvalidArgument
from shared.domain.questions.grading import Verdict
from tests.support.processor_time import taking_less_than
from tests.unit.domain.questions.samples import (
    ANY_QUESTION,
    a_question,
    faults,
    raw,
    refusal,
    verdict_on,
)

SAMPLE: dict[str, Any] = {"answer": "2(x + 1)"}
ANSWERS = st.sampled_from(
    ["2(x+1)", "2x + 2", r"2\left(x+1\right)", "x", "1 + 1", "x = 3", "(1, 2)", "2·(1+x)"]
)
MODEL_OUTPUT: dict[str, Any] = {"answer": ["2*(x + 1)"]}


@pytest.mark.parametrize(
    "answer",
    [..., None, 4, "", " ", "x +", "1/0", "√(-4)", "2x2", "x" * 501, ["x"], "apples", "x^1000"],
)
def test_a_key_that_is_not_mathematics_is_refused_at_its_path(answer: Any) -> None:
    assert faults(raw("expression", answer=answer)) == {"answer"}


@pytest.mark.parametrize(
    ("answer", "form"),
    [
        ("x^2 - x", "expanded"),
        ("x(x - 1)", "factored"),
        ("3/4", "lowest_terms"),
        ("x = 4", "solved"),
        ("x > 4", "solved"),
        ("x = 2 or x = 3", "solved"),
        ("6/8", "any"),
    ],
)
def test_a_key_has_the_form_that_its_question_asks_for(answer: str, form: str) -> None:
    assert a_question("expression", answer=answer, form=form).answer == answer


@pytest.mark.parametrize(
    ("answer", "form"),
    [("x(x - 1)", "expanded"), ("6/8", "lowest_terms"), ("2x = 8", "solved")],
)
def test_a_key_in_another_form_than_its_question_asks_for_is_refused(
    answer: str, form: str
) -> None:
    assert faults(raw("expression", answer=answer, form=form)) == {"answer"}


def test_unknown_forms_and_marks_are_refused_at_their_paths() -> None:
    assert faults(raw("expression", form="pretty")) == {"form"}
    assert faults(raw("expression", decimal_mark=";")) == {"decimal_mark"}


def test_a_student_sees_the_decimal_mark_and_not_the_form_of_the_key() -> None:
    asked = {"question_id": "q1", "kind": "expression", "prompt": "Well?", "hints_left": 0}

    assert a_question("expression", form="factored").public_view() == asked
    german = a_question("expression", answer="1,5x", decimal_mark=",")
    assert german.public_view() == {**asked, "decimal_mark": ","}


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ("x +", "ends too early"),
        ("2 3", "write a sign between them"),
        ("x2", "x^2"),
        ("1/2x", "two ways"),
        ("seven", "a word that can't be read"),
        ("x # 1", "can't be read: #"),
        (")", "can't be read from"),
        ("((((x", "ends too early"),
    ],
)
def test_a_text_that_can_not_be_read_is_refused_and_the_reason_named(given: str, part: str) -> None:
    assert part in refusal(a_question("expression"), given)


def test_several_entries_where_one_value_is_asked_for_are_a_slip() -> None:
    assert "a point is the decimal mark" in refusal(a_question("expression", answer="1.5"), "1,5")
    german = a_question("expression", answer="1,5", decimal_mark=",")
    assert "a comma is the decimal mark" in refusal(german, "1; 5")
    assert verdict_on(german, "3/2").correct


def test_a_right_value_in_another_form_scores_half_and_the_feedback_says_so() -> None:
    question = a_question("expression", answer="x^2 - 1", form="expanded")

    verdict = verdict_on(question, "(x+1)(x-1)")

    assert verdict == Verdict(
        False,
        0.5,
        "x^2 - 1",
        read_as="(x + 1)·(x - 1)",
        remark="The value is right, but the form is another. Write it as a sum without "
        "parentheses, like terms combined.",
    )


def test_a_wrong_value_scores_nothing() -> None:
    assert verdict_on(a_question("expression"), "2x+1") == Verdict(
        False, 0.0, "2(x + 1)", read_as="2·x + 1"
    )


def test_a_rounded_value_is_wrong_and_the_feedback_says_why() -> None:
    verdict = verdict_on(a_question("expression", answer="√2"), "1.41")

    assert not verdict.correct
    assert "rounded" in (verdict.remark or "")


def test_what_can_not_be_decided_is_refused_and_costs_nothing() -> None:
    question = a_question("expression", answer="1", form="any")

    with pytest.raises(InvalidArgument, match="invalid fields") as refused:
        verdict_on(question, "sin(x)^2 + cos(x)^2")
    (error,) = refused.value.errors
    assert error.path == "input.answer"
    assert "doesn't count" in error.message


def test_an_algebra_decides_what_the_domain_can_not() -> None:
    class Always:
        def __init__(self, decided: bool) -> None:
            self.decided = decided

        def is_zero(self, value: object) -> bool:
            return self.decided

    question = a_question("expression", answer="1", form="any")
    answer = question.parse_answer("sin(x)^2 + cos(x)^2")

    assert question.grade_with(answer, Always(True)).correct
    assert not question.grade_with(answer, Always(False)).correct


@pytest.mark.parametrize(
    "key",
    [
        "x+" * 249 + "x",
        "(x+1)" * 100,
        "(" * 24 + "x" + ")" * 24,
        "x^2" * 100,
        "½" * 500,
        "|" * 500,
        "±(1" * 100,
        "((x+y+z+1)(x-y-z-2)(x+y-z-3)(a+b+c-4)(a-b-c-5)(a+b-c-6))^20",
        "((9^100)^100)^100",
        "√" * 500,
    ],
    ids=lambda key: key[:12],
)
def test_four_hundred_keys_of_500_characters_are_read_or_refused_in_a_third_of_a_second(
    key: str,
) -> None:
    written = raw("expression", answer=key[:500])
    reasons = []

    with taking_less_than(0.3):
        for _ in range(400):
            try:
                ANY_QUESTION.validate_python(written)
            except ValueError as error:
                reasons.append(error)
    assert len(reasons) in (0, 400)

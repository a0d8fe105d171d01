"""self_rated: the student practises or recalls, and rates the result."""

from typing import Any

import pytest
from hypothesis import strategies as st

from shared.domain.questions.grades import Grade
from shared.domain.questions.grading import Verdict, recall_grade
from tests.unit.domain.questions.samples import a_question, refusal, verdict_on

SAMPLE: dict[str, Any] = {}
ANSWERS = st.sampled_from([*(grade.value for grade in Grade), 1, 2, 3, 4])


def test_a_student_sees_the_prompt_alone() -> None:
    asked = {"question_id": "q1", "kind": "self_rated", "prompt": "Well?", "hints_left": 1}
    assert a_question("self_rated", hints=["one", "two"]).public_view(1) == asked


@pytest.mark.parametrize("grade", Grade)
def test_a_grade_is_an_answer(grade: Grade) -> None:
    assert a_question("self_rated").parse_answer(grade.value) == grade


@pytest.mark.parametrize(
    ("number", "grade"), [(1, "again"), (2, "hard"), (3, "good"), (4, "easy"), (4.0, "easy")]
)
def test_the_number_of_a_grade_is_an_answer(number: float, grade: str) -> None:
    question = a_question("self_rated")

    assert question.parse_answer(number) == grade
    assert question.parse_answer(question.answer_from_text(f" {number:.0f} ")) == grade


@pytest.mark.parametrize("raw", ["good!", "Good", "perfect", "3", 0, 5, 2.5, True, None, ["good"]])
def test_an_invalid_answer_is_refused(raw: Any) -> None:
    assert refusal(a_question("self_rated"), raw)


@pytest.mark.parametrize("grade", Grade)
def test_a_self_rating_is_right_unless_it_is_again(grade: Grade) -> None:
    verdict = verdict_on(a_question("self_rated"), grade.value)

    right = grade is not Grade.AGAIN
    assert verdict == Verdict(right, float(right), None, grade)
    assert [recall_grade(verdict, hinted=hinted) for hinted in (False, True)] == [grade, grade]


def test_a_rating_proves_as_little_as_the_likeliest_guess() -> None:
    assert a_question("self_rated").guess_probability == 0.3

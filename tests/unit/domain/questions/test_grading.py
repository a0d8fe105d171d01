"""Grading: the score of an answer of any kind, and the grade for spaced repetition."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.examples import theory_template
from shared.domain.common.errors import InvalidArgument
from shared.domain.questions.choices import ChoiceQuestion
from shared.domain.questions.grades import Grade
from shared.domain.questions.grading import Verdict, recall_grade
from shared.domain.questions.question import Question
from shared.domain.questions.rubric import Finding, grade_by_rubric
from tests.unit.domain.questions.samples import ANY_QUESTION, key_of, questions, verdict_on

ANSWER = "Because the  Earth's axis is TILTED, light falls\nat a lower angle in winter."
TILT = Finding("cause", met=True, quote="axis is tilted")
LIGHT = Finding("effect", met=True, quote="light falls at a lower angle")
BANK = [
    ANY_QUESTION.validate_python(question)
    for section in theory_template()["template_data"]["sections"]
    for exercise in section["exercises"]
    for question in exercise["questions"]
]


@given(questions(), st.text() | st.integers() | st.floats() | st.lists(st.text()), st.data())
def test_every_answer_is_graded_between_nothing_and_all(
    question: Question, raw: Any, data: st.DataObject
) -> None:
    if isinstance(question, ChoiceQuestion):
        options = st.sampled_from(question.choice_ids)
        several = st.lists(options, min_size=1, unique=True)
        raw = data.draw(several if "array" in question.answer_types else options)
    try:
        answer = question.parse_answer(raw)
    except InvalidArgument:
        return
    if question.graded_by_model:
        verdict = grade_by_rubric(question, str(answer), [TILT, LIGHT])
    else:
        verdict = question.grade(answer)

    assert 0 <= verdict.score <= 1
    assert type(verdict.score) is float
    assert type(verdict.correct) is bool
    assert verdict.correct == (verdict.score >= (0.6 if question.graded_by_model else 1))


@pytest.mark.parametrize("question", BANK, ids=lambda question: question.question_id)
def test_every_key_of_the_example_bank_is_right(question: Question) -> None:
    if question.graded_by_model:
        assert grade_by_rubric(question, ANSWER, []).score == 0
    else:
        assert verdict_on(question, key_of(question)).correct


@pytest.mark.parametrize(("correct", "hinted"), list(product([True, False], repeat=2)))
def test_right_is_good_right_after_a_hint_is_hard_and_wrong_is_again(
    correct: bool, hinted: bool
) -> None:
    expected = (Grade.HARD if hinted else Grade.GOOD) if correct else Grade.AGAIN

    for score in (0.0, 0.5, 1.0):
        assert recall_grade(Verdict(correct, score), hinted=hinted) is expected

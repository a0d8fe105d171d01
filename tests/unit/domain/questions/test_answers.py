"""A student's answer: accepted and refused values. A refused one costs no attempt."""

from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.common.errors import InvalidArgument
from shared.domain.questions.kinds import KINDS
from shared.domain.questions.question import Question
from tests.support.processor_time import taking_less_than
from tests.unit.domain.questions.samples import (
    GRADED_IN_CODE,
    KIND_NAMES,
    a_question,
    key_of,
    kind_module,
    questions,
    refusal,
    verdict_on,
)
from tests.unit.domain.samples import free_json


@pytest.mark.parametrize("kind", KIND_NAMES)
@pytest.mark.parametrize("raw", [None, True, {}, "", " \n"])
def test_an_invalid_answer_is_refused(kind: str, raw: Any) -> None:
    assert refusal(a_question(kind), raw)


@pytest.mark.parametrize("kind", KIND_NAMES)
@pytest.mark.parametrize(
    "raw",
    [
        "x" * 100_000,
        "9" * 100_000,
        "\u200b" * 100_000,
        " " * 100_000,
        "\ufdfa" * 100_000,
        ["a"] * 100_000,
        10**100_000,
    ],
    ids=["letters", "digits", "invisible", "spaces", "ligatures", "list", "integer"],
)
def test_a_huge_answer_is_refused_at_once(kind: str, raw: Any) -> None:
    question = a_question(kind)

    with taking_less_than(0.5):
        message = refusal(question, raw)

    assert len(message) < 200


@given(st.text(min_size=1))
def test_a_refusal_never_repeats_the_answer_or_gives_away_the_key(text: str) -> None:
    secret = "zzz-the-key"
    choices = [{"id": secret, "text": "one"}, {"id": "other", "text": "two"}]
    for kind, answer in (("multiple_choice", secret), ("multi_select", [secret])):
        question = a_question(kind, choices=choices, answer=answer)
        raw: Any = f"yyy{text}"
        message = refusal(question, raw if kind == "multiple_choice" else [raw])
        assert secret not in message
        assert raw not in message


@given(questions(), free_json | st.text() | st.integers() | st.floats() | st.lists(st.text()))
def test_any_json_is_an_answer_or_refused_by_name(question: Question, raw: Any) -> None:
    try:
        answer = question.parse_answer(raw)
    except InvalidArgument:
        assert refusal(question, raw)
    else:
        assert question.parse_answer(cast("Any", answer)) == answer


@pytest.mark.parametrize("kind", KIND_NAMES)
@given(data=st.data())
def test_a_valid_answer_has_one_of_the_documented_types(kind: str, data: st.DataObject) -> None:
    raw = data.draw(kind_module(kind).ANSWERS)

    answer = a_question(kind).parse_answer(raw)

    assert json_type(raw) in KINDS[kind].answer_types
    assert a_question(kind).parse_answer(answer) == answer


@pytest.mark.parametrize("kind", GRADED_IN_CODE)
@given(data=st.data())
def test_a_valid_answer_scores_from_0_to_1(kind: str, data: st.DataObject) -> None:
    verdict = verdict_on(a_question(kind), data.draw(kind_module(kind).ANSWERS))

    assert 0 <= verdict.score <= 1
    assert type(verdict.score) is float
    assert verdict.correct == (verdict.score == 1)
    assert json_type(verdict.correct_answer) in (*KINDS[kind].answer_types, "null")


@given(questions(*GRADED_IN_CODE))
def test_the_key_itself_is_an_answer_and_right(question: Question) -> None:
    verdict = verdict_on(question, key_of(question))

    assert verdict.correct
    assert verdict.score == 1
    assert json_type(key_of(question)) in KINDS[question.kind].answer_types


def json_type(value: object) -> str:
    """The JSON type of a value other than a boolean."""
    types = {str: "string", list: "array", dict: "object", type(None): "null"}
    return types.get(type(value), "number")

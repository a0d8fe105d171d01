"""A student's answer: what counts as one, and what is refused so that no attempt is lost."""

import math
from time import process_time
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.common.errors import InvalidArgument
from shared.domain.questions.answers import MAX_CHARACTERS, parse_answer
from shared.domain.questions.grading import grade_answer
from shared.domain.questions.question import Question
from tests.domain.conftest import free_json
from tests.domain.questions import KINDS, a_question, key_of, questions

WRITTEN = ["short_answer", "free_response"]


def refusal(question: Question, raw: Any) -> str:
    with pytest.raises(InvalidArgument) as refused:
        parse_answer(question, raw)
    (error,) = refused.value.errors
    assert error.path == "input.answer"
    return error.message


@pytest.mark.parametrize(
    ("kind", "raw", "answer"),
    [
        ("multiple_choice", "d", "d"),
        ("multi_select", ["d", "a"], ["d", "a"]),
        ("numeric", 9.8, "9.8"),
        ("numeric", -3, "-3"),
        ("numeric", 1e-7, "1e-07"),
        ("numeric", " 9.8 m/s^2\u200b ", "9.8 m/s^2"),
        ("numeric", "9.8 ft", "9.8 ft"),
        ("short_answer", "\tCoper\u200bnicus\n", "Copernicus"),
        ("free_response", "One line\r\nand\x00 another", "One line\nand another"),
        ("free_response", "x" * MAX_CHARACTERS, "x" * MAX_CHARACTERS),
        ("free_response", f" {'x' * MAX_CHARACTERS}\u200b", "x" * MAX_CHARACTERS),
        ("self_rated", "again", "again"),
        ("self_rated", "easy", "easy"),
    ],
)
def test_an_answer_of_the_right_form_is_taken(kind: str, raw: Any, answer: Any) -> None:
    assert parse_answer(a_question(kind), raw) == answer


SLIPS: dict[str, list[Any]] = {
    "multiple_choice": ["z", "Venus", "B", " b", "b\u200b", ["b"], 1],
    "multi_select": ["a", [], ["z"], ["a", "a"], ["a", 1], ["a", ["b"]], [*"abcda"], {"a": True}],
    "numeric": ["six", "1,234", "1/0", "9.8.1", "9.8 9.9", [9.8], math.nan, math.inf, "1e999"],
    "short_answer": [5, ["text"], "\u200b\u2060", "\x00\x1b"],
    "free_response": [5, ["text"], "\u200b\u2060", "\x00\x1b"],
    "self_rated": ["good!", "Good", "perfect", 3, ["good"]],
}


@pytest.mark.parametrize(
    ("kind", "raw"),
    [(kind, raw) for kind in KINDS for raw in [*SLIPS[kind], None, True, {}, "", " \n"]],
)
def test_what_can_only_be_a_slip_is_refused(kind: str, raw: Any) -> None:
    assert refusal(a_question(kind), raw)


@pytest.mark.parametrize("raw", ["NaN", "Infinity", "-inf", "True", "None"])
def test_words_for_what_is_no_number_are_no_number(raw: str) -> None:
    assert "not a number" in refusal(a_question("numeric"), raw)


def test_a_unit_is_refused_where_the_question_has_none() -> None:
    bare = a_question("numeric", unit=None)

    assert "no unit" in refusal(bare, "9.8 m")
    assert "no unit" in refusal(bare, "50%")
    assert parse_answer(bare, "9.8") == "9.8"


@pytest.mark.parametrize("kind", KINDS)
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
    started = process_time()

    message = refusal(question, raw)

    assert process_time() - started < 0.5
    assert len(message) < 200


@pytest.mark.parametrize("kind", WRITTEN)
def test_a_text_one_character_too_long_is_refused(kind: str) -> None:
    assert "10000" in refusal(a_question(kind), "x" * (MAX_CHARACTERS + 1))


def test_invisible_characters_do_not_count_unless_there_are_more_of_them_than_text_may_be() -> None:
    padded = "x\u200b" * MAX_CHARACTERS

    assert parse_answer(a_question("free_response"), padded) == "x" * MAX_CHARACTERS
    assert "10000" in refusal(a_question("free_response"), f"{padded}\u200b")


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
        answer = parse_answer(question, raw)
    except InvalidArgument:
        assert refusal(question, raw)
    else:
        assert parse_answer(question, cast("Any", answer)) == answer


@given(questions("multiple_choice", "multi_select", "numeric", "short_answer", "self_rated"))
def test_the_key_itself_is_an_answer_and_right(question: Question) -> None:
    verdict = grade_answer(question, parse_answer(question, key_of(question)))

    assert verdict.correct
    assert verdict.score == 1

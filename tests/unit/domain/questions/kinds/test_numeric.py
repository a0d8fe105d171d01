"""numeric: a number, exact or within a tolerance, in the question's unit."""

import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.questions.grading import Verdict
from tests.unit.domain.questions.samples import (
    CHOICES,
    a_question,
    faults,
    key_numbers,
    raw,
    refusal,
    verdict_on,
)

SAMPLE: dict[str, Any] = {"answer": 9.8, "tolerance": 0.05, "unit": "m/s²"}
ANSWERS = key_numbers
MODEL_OUTPUT: dict[str, Any] = {"tolerance": 0.5, "unit": "Hz"}


def test_a_key_at_its_bounds_is_accepted() -> None:
    assert a_question("numeric", answer=10**100 - 1).answer == 10**100 - 1


@pytest.mark.parametrize(
    ("fields", "paths"),
    [
        ({"answer": ...}, {"answer"}),
        ({"answer": None}, {"answer"}),
        ({"answer": "six"}, {"answer"}),
        ({"answer": ""}, {"answer"}),
        ({"answer": "1,234"}, {"answer"}),
        ({"answer": True}, {"answer"}),
        ({"answer": [6]}, {"answer"}),
        ({"answer": "6 kg"}, {"answer"}),
        ({"answer": "6 m", "unit": ...}, {"answer"}),
        ({"answer": "1/0"}, {"answer"}),
        ({"answer": 10**101}, {"answer"}),
        ({"decimal_mark": ";"}, {"decimal_mark"}),
        ({"decimal_mark": ",", "answer": "1.2.3"}, {"answer"}),
    ],
)
def test_a_fault_is_named_at_its_path(fields: dict[str, Any], paths: set[str]) -> None:
    assert faults(raw("numeric", **fields)) == paths


def test_a_student_sees_the_unit_and_no_choices() -> None:
    asked = {"question_id": "q1", "kind": "numeric", "prompt": "Well?", "hints_left": 1}

    question = a_question("numeric", hints=["one", "two"], choices=CHOICES)

    assert question.public_view(1) == {**asked, "unit": "m/s²"}
    assert "unit" not in a_question("numeric", unit=None).public_view()


@pytest.mark.parametrize(
    ("raw", "answer"),
    [
        (9.8, "9.8"),
        (-3, "-3"),
        (1e-7, "1e-07"),
        (" 9.8 m/s^2\u200b ", "9.8 m/s^2"),
        ("9.8 ft", "9.8 ft"),
    ],
)
def test_a_number_or_its_text_is_an_answer(raw: Any, answer: str) -> None:
    assert a_question("numeric").parse_answer(raw) == answer


@pytest.mark.parametrize(
    "raw",
    ["six", "1,234", "1/0", "9.8.1", "9.8 9.9", [9.8], math.nan, math.inf, "1e999"],
)
def test_an_invalid_answer_is_refused(raw: Any) -> None:
    assert refusal(a_question("numeric"), raw)


@pytest.mark.parametrize("raw", ["NaN", "Infinity", "-inf", "True", "None"])
def test_names_of_special_values_are_not_numbers(raw: str) -> None:
    assert "not a number" in refusal(a_question("numeric"), raw)


def test_a_unit_is_refused_where_the_question_has_none() -> None:
    bare = a_question("numeric", unit=None)

    assert "no unit" in refusal(bare, "9.8 m")
    assert "no unit" in refusal(bare, "50%")
    assert bare.parse_answer("9.8") == "9.8"


@pytest.mark.parametrize(
    ("fields", "raw", "right"),
    [
        ({"answer": 0.3, "tolerance": None}, "0.3", True),
        ({"answer": 0.3, "tolerance": None}, 0.3, True),
        ({"answer": 0.3, "tolerance": None}, 0.1 + 0.2, False),  # 0.30000000000000004
        ({"answer": "3/10", "tolerance": ...}, 0.3, True),
        ({"answer": 0.3, "tolerance": 0}, "3/10", True),
        ({"answer": "1/3", "tolerance": None}, 0.3333333333333333, False),
        ({"answer": "1/3", "tolerance": None}, "2/6", True),
        ({"answer": 0.1, "tolerance": 0.2}, "0.3", True),  # in floats 0.3 - 0.1 is below 0.2
        ({"answer": 0.7, "tolerance": 0.1}, "0.8", True),  # and 0.8 - 0.7 above 0.1
        ({"answer": 0.7, "tolerance": 0.1}, "0.6", True),
        ({"answer": 0.7, "tolerance": 0.1}, "0.80000000000000000001", False),
        ({"answer": 0.7, "tolerance": 0.1}, "0.59999999999999999999", False),
        ({"answer": 2**53 - 1, "tolerance": None}, "9007199254740990", False),
        ({"answer": "9007199254740993", "tolerance": None}, "9007199254740992", False),
        ({"answer": 0, "tolerance": None}, "-0", True),
        ({"answer": 1200, "tolerance": None}, "1.2·10³", True),
        ({"answer": 5, "tolerance": None}, -5, False),
        ({"answer": "50 %", "unit": "%", "tolerance": None}, "50%", True),
        ({"answer": 50, "unit": "%", "tolerance": None}, "0.5", False),
        ({}, "9.8", True),
        ({}, "9.8 m/s2", True),
        ({}, "9.8 m / s^2", True),
        ({}, "9.8 M/s²", False),
        ({}, "9.8 m/s", False),
        ({}, "980 cm/s²", False),
        ({}, "9.85", True),
        ({}, "9.86", False),
    ],
)
def test_a_number_is_compared_exactly_within_its_tolerance_and_in_its_unit(
    fields: dict[str, Any], raw: Any, right: bool
) -> None:
    question = a_question("numeric", **fields)

    verdict = verdict_on(question, raw)

    assert verdict._replace(read_as=None) == Verdict(right, float(right), question.answer)


@given(
    st.decimals(-1000, 1000, places=4),
    st.decimals(0, 1000, places=4),
    st.decimals(0, 1000, places=4),
    st.sampled_from([-1, 1]),
)
def test_a_number_is_right_up_to_its_tolerance_and_no_further(
    key: Any, tolerance: Any, distance: Any, side: int
) -> None:
    question = a_question("numeric", answer=str(key), tolerance=float(tolerance))
    given_answer = Fraction(key) + side * Fraction(distance)

    assert verdict_on(question, str(given_answer)).correct == (distance <= tolerance)


@pytest.mark.parametrize(
    ("mark", "raw", "read_as"),
    [
        (None, "x = 4", "4"),
        (None, "(-4)", "-4"),
        (None, r"$\frac{3}{4}$", "3/4"),
        (None, "1 1/2", "3/2"),
        (None, "1.234", "1.234"),
        (None, 1.234, "1.234"),
        (None, "1/3", "1/3"),
        (None, "12e-4", "0.0012"),
        (None, "-0,5 m/s2", "-0.5 m/s^2"),
        (".", "1,234", "1234"),
        (".", "1.234", "1.234"),
        (".", "1.234,5", "1234.5"),
        (",", "1.234", "1234"),
        (",", "1,234", "1,234"),
        (",", 1.234, "1,234"),
        (",", "-1.234,50 m/s2", "-1234,5 m/s^2"),
        (None, "1e200", None),
    ],
)
def test_the_verdict_says_what_was_read(mark: Any, raw: Any, read_as: str | None) -> None:
    question = a_question("numeric", answer=1, decimal_mark=mark)

    assert verdict_on(question, raw).read_as == read_as


@pytest.mark.parametrize(
    ("mark", "key", "raw", "right"),
    [
        (".", 1234, "1,234", True),
        (",", 1234, "1.234", True),
        (",", "1,234", "1.234", False),
        (",", 1.234, "1,234", True),
        (",", 1.234, 1.234, True),
        (".", "1,234", 1234, True),
    ],
)
def test_the_decimal_mark_tells_what_a_single_mark_means(
    mark: str, key: Any, raw: Any, right: bool
) -> None:
    question = a_question("numeric", answer=key, decimal_mark=mark, tolerance=None)

    assert verdict_on(question, raw).correct is right
    assert question.public_fields() == {"unit": "m/s²", "decimal_mark": mark}


@given(st.decimals(-10_000, 10_000, places=3), st.sampled_from([None, ".", ","]))
def test_what_was_read_reads_the_same_again(number: Any, mark: Any) -> None:
    question = a_question(
        "numeric", answer=str(number).replace(".", mark or "."), decimal_mark=mark
    )
    read_as = verdict_on(question, question.answer).read_as

    assert verdict_on(question, read_as).correct
    assert verdict_on(question, read_as).read_as == read_as


def test_text_that_is_not_a_number_is_graded_as_wrong() -> None:
    assert a_question("numeric").grade("six") == Verdict(False, 0.0, 9.8)


def test_a_written_guess_seldom_succeeds() -> None:
    assert a_question("numeric").guess_probability == 0.1

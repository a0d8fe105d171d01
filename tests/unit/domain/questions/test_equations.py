"""Equations in prose are computed again; what has no single reading is left alone."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.questions.arithmetic import MAX_DEPTH, readings, value_of
from shared.domain.questions.equations import concluding_value, find_false_equations

WRONG = [
    "3 + 4 = 8",
    "so 3 + 4 = 8.",
    "1. 3 + 4 = 8",
    "Step 2: 3 + 4 = 8",
    "a) 3 + 4 = 8",
    "(we get 3 + 4 = 8)",
    "First, 3 + 4 = 8, then it goes on.",
    "**3 + 4 = 8**",
    "3 + 4 = 8 apples",
    "3 + 4 = 7 + 1 = 8",
    "12 : 4 = 4",
    "3 \u00d7 4 = 13",
    "3 x 4 = 13",
    "3 \u00b7 4 = 13",
    "$3 \\times 4 = 13$",
    "\\frac{1}{2} + \\frac{1}{2} = 2",
    "3\u00b2 = 6",
    "2^-1 = 2",
    "1 1/2 + 1/2 = 3",
    "(3 + 4) * 2 = 15",
    "2(3 + 4) = 15",
    "5 \u2212 (2 \u2212 3) = 4",
    "-3 + 5 = 1",
    "10/3 = 3",
    "0.5 * 0.5 = 0.52",
    "3,5 + 1 = 4,6",
    "20 % * 50 = 11",
    "8 / 2 * 4 = 1",
]

NOT_WRONG = [
    "3 + 4 = 7",
    "10 / 3 = 3.33",
    "10 / 3 = 3.333",
    "2 \u00b7 3.14 = 6.28",
    "25/100 = 25 %",
    "8 / 2 * 4 = 16",
    "-3^2 = -9",
    "1,234.5 + 1 = 1,235.5",
    # No arithmetic between numbers alone, or none that has one reading.
    "2x + 3 = 7",
    "(x + 2) + 3 = 8",
    "x - 3 + 5 = 1",
    "f(2) + 3 = 9",
    "\u221a9 + 1 = 4",
    "2^x = 8",
    "3 + 4 = 7x",
    "9:30 - 8:15 = 1:15",
    "7 / 2 = 3 remainder 1",
    "7 : 2 = 3 Rest 1",
    "7 / 2 = 3 R 1",
    "50 + 1 = 100 (mod 7)",
    "1,234 + 1 = 1,235",
    "3 \u00b7 2 000 000 = 6 million",
    "5 + 20 % of 50 + 1 = 11",
    "100 + 10 % = 110",
    "sin 30 + 1 = 2",
    "8/2(2 + 2) = 1",
    "in 2024 3 = 4",
    "9^99999 = 3",
    "9^9^9 = 3",
    "1/0 = 3 + 3",
    "3 + 4 >= 8",
    "3 + 4 \u2260 8",
    "a := 3 + 4",
    "((((3=4",
    "=",
    f"{'9' * 5_000} + 1 = 2",
    f"{'(' * 150}1{')' * 150} = 2 + 3",
]


@pytest.mark.parametrize("text", WRONG)
def test_an_equation_that_does_not_hold_is_found(text: str) -> None:
    assert len(find_false_equations(text)) == 1


@pytest.mark.parametrize("text", NOT_WRONG)
def test_what_holds_or_can_not_be_judged_is_left_alone(text: str) -> None:
    assert find_false_equations(text) == []


@given(st.text("0123456789+-*/^()=.,': %x\u00b7\u00b2\u2248r\\frac{}\n", max_size=120))
def test_any_text_is_read_without_an_error(text: str) -> None:
    find_false_equations(text)
    concluding_value(text)


SIGNS = {"+": int.__add__, "-": int.__sub__, "\u00b7": int.__mul__}


@given(
    st.integers(0, 9_999),
    st.sampled_from(sorted(SIGNS)),
    st.integers(0, 999),
    st.integers(-50, 50),
)
def test_an_equation_is_found_exactly_if_it_is_wrong(
    one: int, sign: str, other: int, error: int
) -> None:
    result = SIGNS[sign](one, other) + error
    text = f"We compute {one} {sign} {other} = {result}."
    assert bool(find_false_equations(text)) is (error != 0)


@given(st.integers(-99, 99), st.integers(1, 99), st.integers(-99, 99), st.integers(1, 99))
def test_fractions_are_computed_exactly(a: int, b: int, c: int, d: int) -> None:
    tokens = ["(", *_signed(a), "/", f"{b}", ")", "+", "(", *_signed(c), "/", f"{d}", ")"]
    assert value_of(tokens) == Fraction(a, b) + Fraction(c, d)


def _signed(number: int) -> list[str]:
    return ["-", f"{-number}"] if number < 0 else [f"{number}"]


@pytest.mark.parametrize(
    ("number", "values"),
    [
        ("7", [7]),
        ("1,234", ["1.234", 1234]),
        ("1.234.567", [1234567]),
        ("1,234.5", ["1234.5"]),
        ("1.234,5", ["1234.5"]),
        ("1'234", [1234]),
        ("0,5", ["0.5"]),
        ("1 3/4", ["7/4"]),
        ("3/0", []),
        ("1,23,4", []),
        ("1" * 40, []),
    ],
)
def test_a_number_has_the_values_that_it_may_mean(number: str, values: list[str | int]) -> None:
    assert readings(number) == [Fraction(value) for value in values]


def test_brackets_are_read_to_a_depth() -> None:
    deep = ["("] * (MAX_DEPTH + 1)
    assert value_of([*deep, "1", *[")"] * len(deep)]) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("x = 12.", 12),
        ("So 2x = 8 and x = 4", 4),
        ("10 / 3 \u2248 3.33", Fraction("3.33")),
        ("It is 1 1/2 + 1 = 2 1/2.", Fraction(5, 2)),
        ("y = 7x", None),
        ("No equation.", None),
    ],
)
def test_the_value_after_the_last_sign_is_the_conclusion(
    text: str, value: Fraction | int | None
) -> None:
    assert concluding_value(text) == value

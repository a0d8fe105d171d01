"""Parsing of numbers and units in the notations that people use."""

# ruff: noqa: RUF001 (look-alikes are what is tested)
import json
import math
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.domain.questions.numeric_parsing import (
    MAX_CHARACTERS,
    MAX_DIGITS,
    MAX_EXPONENT,
    NotANumber,
    Quantity,
    exact_fraction,
    is_compatible_unit,
    parse_quantity,
    parse_unit,
)
from tests.support.processor_time import taking_less_than

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
ARABIC = str.maketrans("0123456789.", "٠١٢٣٤٥٦٧٨٩٫")
WIDE = {ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789.-"}  # full-width
MINUS = str.maketrans("-", "\N{MINUS SIGN}")

signs = st.sampled_from(["", "-"])
numerals = st.text("0123456789", min_size=1, max_size=30)
wholes = st.integers(0, 10**30)
exponents = st.integers(-MAX_EXPONENT, MAX_EXPONENT)


def value(text: str) -> Fraction:
    read = parse_quantity(text)
    assert read.unit == ""
    return read.value


def refuses(written: object) -> str:
    with pytest.raises(NotANumber) as refused:
        parse_quantity(written)
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", "12"),
        ("+12", "12"),
        (" -12 ", "-12"),
        ("- 12", "-12"),
        ("\N{MINUS SIGN}12", "-12"),
        ("\N{EN DASH}12", "-12"),
        ("007", "7"),
        ("-0", "0"),
        (".5", "1/2"),
        ("5.", "5"),
        ("0.125", "1/8"),
        ("1.234", "617/500"),
        ("1234.5", "2469/2"),
        # a decimal comma, where it is unambiguous
        ("12,5", "25/2"),
        (",5", "1/2"),
        ("0,125", "1/8"),
        ("1234,567", "1234567/1000"),
        ("1,2345", "2469/2000"),
        # thousands separators, where they are unambiguous
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("1,234.5", "2469/2"),
        ("1.234,5", "2469/2"),
        ("1,234,567.5", "2469135/2"),
        ("1 234", "1234"),
        ("1\N{NARROW NO-BREAK SPACE}234\N{NARROW NO-BREAK SPACE}567,5", "2469135/2"),
        ("1 234.567", "1234567/1000"),
        ("1'234'567.5", "2469135/2"),
        ("1’234,5", "2469/2"),
        # fractions
        ("3/4", "3/4"),
        ("-3/4", "-3/4"),
        ("3 / 4", "3/4"),
        ("3⁄4", "3/4"),
        ("6/4", "3/2"),
        ("1 1/2", "3/2"),
        ("-1 1/2", "-3/2"),
        ("1\n1/2", "3/2"),
        ("½", "1/2"),
        ("-½", "-1/2"),
        ("1½", "3/2"),
        ("⅟8", "1/8"),
        ("1234 567/1000", "1234567/1000"),
        # powers of ten
        ("1.2e3", "1200"),
        ("1.2E+3", "1200"),
        ("1,2e-3", "3/2500"),
        ("1.2 e3", "1200"),
        ("1.2×10^3", "1200"),
        ("1.2 x 10^-3", "3/2500"),
        ("1.2 X 10 ^ 3", "1200"),
        ("1.2·10³", "1200"),
        ("1.2⋅10⁻³", "3/2500"),
        ("1.2 * 10**3", "1200"),
        ("-1.2×10\N{SUPERSCRIPT MINUS}³", "-3/2500"),
        ("10^3", "1000"),
        ("-10⁻²", "-1/100"),
        # after an unknown, before one, or in parentheses
        ("x = 4", "4"),
        ("x=-4", "-4"),
        ("v_1 = 4", "4"),
        ("f(2) = 4", "4"),
        ("4 = x", "4"),
        ("= 4", "4"),
        ("x ≈ 4,5", "9/2"),
        ("(4)", "4"),
        ("( -4 )", "-4"),
        ("-(4)", "-4"),
        ("x = (1/2)", "1/2"),
        # TeX
        (r"\frac{3}{4}", "3/4"),
        (r"\frac34", "3/4"),
        (r"-\dfrac{3}{4}", "-3/4"),
        (r"\frac{-3}{4}", "-3/4"),
        (r"1\frac{1}{2}", "3/2"),
        (r"$\frac{3}{4}$", "3/4"),
        (r"\(x_{1} = \tfrac{3}{4}\)", "3/4"),
        (r"\[4\]", "4"),
        ("$5$", "5"),
        ("1{,}5", "3/2"),
        (r"1.2\cdot 10^{-3}", "3/2500"),
        (r"1.2\times10^3", "1200"),
        (r"\left(4\right)", "4"),
        # other scripts
        ("\uff11\uff12", "12"),
        ("٣٫٥", "7/2"),
        ("१२", "12"),
        ("5\u200b0", "50"),
    ],
)
def test_a_number_is_parsed_in_every_usual_notation(text: str, number: str) -> None:
    assert value(text) == Fraction(number)


@pytest.mark.parametrize(
    "text",
    ["(1) 234", "(1)2", "(1)/2", "(2)^3", "-(-4)", "((4))", "x = y = 4", "3x = 4", "x = ", "x", "=",
     r"\frac{1}{2}{3}", r"\frac{x}{2}", r"\sqrt{2}", r"1\frac{-1}{2}", "$4", r"\(4", "{4", "4}"],
)  # fmt: skip
def test_what_is_no_single_number_is_refused(text: str) -> None:
    if text == "$4":
        assert parse_quantity(text).unit == "$"
    else:
        assert "not a number" in refuses(text)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("$5", "$"),
        (r"\$5", "$"),
        ("x = 5 cm", "cm"),
        ("(5) cm", "cm"),
        (r"5\,\text{cm}", "cm"),
        (r"5\ \mathrm{m}/\mathrm{s}^{2}", "m/s^2"),
        (r"5^\circ", "°"),
        (r"5\%", "%"),
    ],
)
def test_a_unit_stays_with_its_number(text: str, unit: str) -> None:
    assert parse_quantity(text) == Quantity(Fraction(5), unit)


@pytest.mark.parametrize(
    ("text", "mark", "number"),
    [
        ("1,234", ".", "1234"),
        ("1,234", ",", "617/500"),
        ("1.234", None, "617/500"),
        ("1.234", ".", "617/500"),
        ("1.234", ",", "1234"),
        ("-12.345", ",", "-12345"),
        ("1,234e3", ".", "1234000"),
        # marks with one meaning keep it
        ("3,5", ".", "7/2"),
        ("3.5", ",", "7/2"),
        ("0.125", ",", "1/8"),
        ("1,234.5", ",", "2469/2"),
    ],
)
def test_the_decimal_mark_decides_between_two_meanings(text: str, mark: Any, number: str) -> None:
    assert parse_quantity(text, mark).value == Fraction(number)


@pytest.mark.parametrize("text", ["(" * 200, "x" * 199 + "=", "\\frac" * 40, "{" * 200, "= " * 100])
def test_a_text_of_signs_is_refused_at_once(text: str) -> None:
    with taking_less_than(0.05):
        refuses(text)


@pytest.mark.parametrize(
    "text", ["1,234", "-12,345", "999,000", "1,234e3", "1 3/2", "1 2/2", "1 234/999", "123 234/999"]
)
def test_an_ambiguous_number_is_refused(text: str) -> None:
    assert "two ways" in refuses(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "-", "+", ".", ",", "/", "e", "e5", "^2", "x"),
        *("six", "NaN", "nan", "Infinity", "-inf", "∞", "True", "None", "π", "0x1F"),
        *("--5", "+-5", "5-", "5 - 3", "3-4", "3–4", "2+2", "2*3", "2 × 3", "5²", "5^2", "5₂"),
        *("5 6", "1 2345", "0 500", "1 23", "12 or 13", "12, 13", "1;2", "5?", "=5=", "~5"),
        *("1,23,456", "1.234.56", "1.2.3", "1,234,56", "1'23", "1,234 567", "5,", "1..5", "1_000"),
        *("1/2/3", "1.5/2", "3/4.5", "1/-2", "1 1/2 1/2", "3/", "/4", "½½"),
        *("3x10", "3 x 10", "3 x 105", "1e+", "1e2.5", "1e5e5", "10^", "1.2×10^"),
        *("5 😀", "5 (m)", "6'10", "5 m/", "5 m^", "$", "$$5 6"),
    ],
)
def test_text_that_is_not_a_number_is_refused(text: str) -> None:
    assert refuses(text)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        *((written, "must be a number") for written in (True, False, None, [5], {"value": 5})),
        *((written, "is not a number") for written in (math.nan, math.inf, -math.inf)),
    ],
)
def test_json_that_is_not_a_number_is_refused(written: Any, why: str) -> None:
    assert why in refuses(written)


HUGE: list[Any] = [
    "9" * (MAX_DIGITS + 1),
    "1/" + "9" * MAX_DIGITS,
    f"1e{MAX_EXPONENT + 1}",
    f"1e-{MAX_EXPONENT + 1}",
    "1e" + "9" * 99,
    "10^999999999",
    "1/0",
    "0/0",
    "1 0/000",
    "9" * 100_000,
    "1e" * 50_000,
    "1 " * 50_000,
    ", '" * 50_000,
    "1" + ",000" * 25_000,
    "5" + " " * 100_000,
    10 ** (MAX_DIGITS + 1),
    10**100_000,
]


@pytest.mark.parametrize("written", HUGE, ids=range(len(HUGE)))
def test_a_huge_or_infinite_number_is_refused_at_once(written: object) -> None:
    with taking_less_than(0.5):
        assert refuses(written)


def test_the_longest_texts_are_parsed_quickly() -> None:
    with taking_less_than(2):
        for start in ("1", "1 1", "1,", "1'1", ".", "1e1", "1 000", "1/1", "m", "$", "½", "\ufdfa"):
            for more in (
                "1",
                " 1",
                ",",
                " 000",
                "'000",
                "/",
                ".1",
                " /",
                "*",
                " m",
                "^",
                "½",
                "\ufdfa",
            ):
                text = (start + more * MAX_CHARACTERS)[:MAX_CHARACTERS]
                with suppress(NotANumber):
                    parse_quantity(text)


def test_a_number_at_a_bound_is_accepted() -> None:
    assert value("9" * 100) == 10**100 - 1
    assert parse_quantity(10**100 - 1).value == 10**100 - 1
    assert value("1e400") == Fraction(10) ** 400
    assert value("1e-400") == Fraction(10) ** -400
    assert value("5" + " " * 199) == 5
    assert parse_quantity(5e-324).value == Fraction("5e-324")
    assert parse_quantity(1.7976931348623157e308).value == Fraction("1.7976931348623157e308")


@pytest.mark.parametrize("written", ["9" * 101, 10**100, "1e401", "1e-401", "5" + " " * 200])
def test_a_number_beyond_a_bound_is_refused(written: Any) -> None:
    assert refuses(written)


@given(st.text(max_size=MAX_CHARACTERS) | st.text("0123456789.,'/ eEx*^+-m%$½²", max_size=30))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    with suppress(NotANumber):
        assert isinstance(parse_quantity(text).value, Fraction)


@given(signs, numerals, st.none() | numerals)
def test_decimals_round_trip(sign: str, whole: str, part: str | None) -> None:
    text = f"{sign}{whole}" if part is None else f"{sign}{whole}.{part}"
    number = Fraction(text)

    assert value(text) == number
    for script in (ARABIC, WIDE, MINUS):
        assert value(text.translate(script)) == number
    if part and (len(part) != 3 or len(whole) > 3 or whole.startswith("0")):
        assert value(text.replace(".", ",")) == number


@given(
    signs, wholes, st.none() | numerals, st.sampled_from([", .", ". ,", "  .", "  ,", "' .", "' ,"])
)
def test_marks_of_thousands_round_trip(sign: str, whole: int, part: str | None, marks: str) -> None:
    thousands, mark = marks[0], marks[-1]
    assume(part is not None or whole >= 10**6 or thousands in " '")
    number = Fraction(f"{sign}{whole}" + (f".{part}" if part else ""))
    assume(whole >= 1_000)

    text = sign + f"{whole:,}".replace(",", thousands) + (f"{mark}{part}" if part else "")

    assert value(text) == number


@given(signs, wholes, st.integers(1, 10**30))
def test_fractions_round_trip(sign: str, over: int, under: int) -> None:
    number = Fraction(f"{sign}{over}/{under}")

    assert value(f"{sign}{over}/{under}") == number
    assert value(f"{sign} {over} ⁄ {under}".translate(MINUS)) == number


@given(signs, wholes, wholes, st.integers(2, 10**30))
def test_mixed_numbers_round_trip(sign: str, whole: int, over: int, under: int) -> None:
    part = over % under
    assume(len(str(part)) != 3 or whole >= 1_000)
    number = whole + Fraction(part, under)

    assert value(f"{sign}{whole} {part}/{under}") == (-number if sign else number)


@given(signs, numerals, st.none() | numerals, exponents)
def test_powers_of_ten_round_trip(sign: str, whole: str, part: str | None, exponent: int) -> None:
    mantissa = sign + (whole if part is None else f"{whole}.{part}")
    number = Fraction(mantissa) * Fraction(10) ** exponent

    for text in (
        f"{mantissa}e{exponent}",
        f"{mantissa}E{exponent:+}",
        f"{mantissa}×10^{exponent}",
        f"{mantissa} x 10^{exponent}",
        f"{mantissa}·10{str(exponent).translate(RAISED)}",
        f"{mantissa} * 10**{exponent}".translate(MINUS),
    ):
        assert value(text) == number
    assert value(f"{sign}10^{exponent}") == Fraction(f"{sign}1") * Fraction(10) ** exponent


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**100) + 1, 10**100 - 1))
def test_a_json_number_has_the_value_of_its_digits(number: float) -> None:
    written = Fraction(Decimal(json.dumps(number)))

    assert exact_fraction(number) == written
    assert parse_quantity(number) == (written, "")
    assert value(json.dumps(number)) == written


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("5 m", 5, "m"),
        ("5m", 5, "m"),
        ("5 m.", 5, "m"),
        ("50%", 50, "%"),
        ("50 \N{ARABIC PERCENT SIGN}", 50, "%"),
        ("-40 °C", -40, "°C"),
        ("-40 ℃", -40, "°C"),
        ("5 m/s²", 5, "m/s^2"),
        ("5 m / s^2", 5, "m/s^2"),
        ("5m/s2", 5, "m/s^2"),
        ("5 m s⁻²", 5, "m*s^-2"),
        ("5 m·s-2", 5, "m*s^-2"),
        ("5 N m", 5, "N*m"),
        ("5 N⋅m", 5, "N*m"),
        ("5 J/(kg K)", 5, "J/(kg*K)"),
        ("5/s", 5, "/s"),
        ("5 1/s", 5, "/s"),
        ("8 L/100 km", 8, "L/100*km"),
        ("5 eV", 5, "eV"),
        ("5e", 5, "e"),
        ("5e3eV", 5_000, "eV"),
        ("5 square feet", 5, "square*feet"),
        ("6'", 6, "'"),
        ("10 \N{OHM SIGN}", 10, "Ω"),
        ("10 \N{MICRO SIGN}m", 10, "μm"),
        ("$5", 5, "$"),
        ("-$5", -5, "$"),
        ("$-5", -5, "$"),
        ("5 $", 5, "$"),
        ("€ 1.234,50", Fraction("1234.5"), "€"),
        ("3/4 m", Fraction(3, 4), "m"),
        ("1 1/2 in", Fraction(3, 2), "in"),
        ("3 x 10^8 m/s", 300_000_000, "m/s"),
        ("1 234 km", 1_234, "km"),
    ],
)
def test_a_unit_stands_after_the_number_and_a_currency_on_either_side(
    text: str, number: Fraction, unit: str
) -> None:
    assert parse_quantity(text) == (number, unit)


@pytest.mark.parametrize(
    "unit",
    [
        "",
        " ",
        "5",
        "1",
        "000",
        "/2",
        "1/2",
        "e3",
        "E-3",
        "x 10^3",
        "x10",
        "-",
        "^2",
        ".",
        "m 5",
        "😀",
    ],
)
def test_a_unit_that_could_be_part_of_a_number_is_refused(unit: str) -> None:
    with pytest.raises(NotANumber, match="is not a unit"):
        parse_unit(unit)


UNITS = [
    "m",
    "M",
    "ms",
    "m s",
    "mm",
    "m/s",
    "m/s²",
    "m²",
    "%",
    "$",
    "°",
    "°C",
    "/s",
    "eV",
    "kW-h",
    "Ω",
]


@given(st.sampled_from(UNITS), st.sampled_from(UNITS), st.integers(-(10**9), 10**9))
def test_a_unit_is_compatible_with_itself_only_and_a_missing_unit_with_all(
    one: str, other: str, number: int
) -> None:
    for text in (f"{number} {one}", f"{number}{one}"):
        read = parse_quantity(text)
        assert read.value == number
        assert is_compatible_unit(read.unit, other) == (one == other)
        assert not is_compatible_unit(read.unit, None)
    assert is_compatible_unit(parse_quantity(number).unit, other)
    assert is_compatible_unit(parse_quantity(number).unit, None)


@given(st.text("mMskg%°/^*·² 1x-(", max_size=8))
def test_a_second_normalisation_of_a_unit_changes_nothing(unit: str) -> None:
    try:
        once = parse_unit(unit)
    except NotANumber:
        return
    assert parse_unit(once) == once
    assert parse_quantity(f"2 {once}") == (Fraction(2), once)

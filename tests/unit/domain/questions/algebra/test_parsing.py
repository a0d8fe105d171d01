"""How typed mathematics is read: the text that shows the reading, or the reason of a refusal."""

from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.questions.algebra.parsing import parse
from shared.domain.questions.algebra.tokens import MAX_CHARACTERS, NotUnderstood
from shared.domain.questions.algebra.tree import Node
from shared.domain.questions.algebra.writing import written
from tests.support.processor_time import taking_less_than
from tests.unit.domain.questions.algebra.trees import NAMES, trees, value_of

READINGS = {
    # products without a sign
    "2x+3": "2·x + 3",
    "2(x+1)(x-1)": "2·(x + 1)·(x - 1)",
    "xy": "x·y",
    "pir^2": "π·r^2",
    "2xsinx": "2·x·sin(x)",
    "f(x)=2x": "f·x = 2·x",
    "f'(x)=2": "f'·x = 2",
    "2|x|": "2·|x|",
    # signs and powers
    "-x^2": "-x^2",
    "(-x)^2": "(-x)^2",
    "2^3^2": "2^(3^2)",
    "x**2": "x^2",
    "x^-2": "x^(-2)",
    "x²⁰": "x^20",
    "10⁻³": "10^(-3)",
    "- -x": "-(-x)",
    "a-b-c": "a - b - c",
    "a/b/c": "a/b/c",
    "a/(b/c)": "a/(b/c)",
    "6:3": "6/3",
    "2 × 3 · 4 ÷ 5": "2·3·4/5",
    "5 − 3": "5 - 3",
    "3!": "3!",
    "(2x)!": "(2·x)!",
    # fractions
    "1/2 x": "(1/2)·x",
    "½": "1/2",
    "1½": "3/2",
    "1 1/2": "3/2",
    r"2\frac{3}{4}": "11/4",
    r"\frac12x": "(1/2)·x",
    r"\dfrac{x+1}{2}": "(x + 1)/2",
    # roots
    "√8": "√(8)",
    "2√2": "2·√(2)",
    "√2x": "√(2)·x",
    "sqrt(x+1)": "√(x + 1)",
    r"\sqrt[3]{x}": "∛(x)",
    "cbrt(8)": "∛(8)",
    "root(4; 16)": "root(4, 16)",
    # functions
    "sin 2x": "sin(2·x)",
    "sin x cos x": "sin(x)·cos(x)",
    "sin²x": "sin(x)^2",
    "sin^-1(x)": "arcsin(x)",
    "sin 30°": "sin(30·(π/180))",
    r"\sin^{2}\left(x\right)": "sin(x)^2",
    "ln x/2": "ln(x)/2",
    "log 100": "log_10(100)",
    "log_2 8": "log_2(8)",
    r"\log_{3}(9)": "log_3(9)",
    "exp(2x)": "e^(2·x)",
    "e^{2x}": "e^(2·x)",
    "|x-1|": "|x - 1|",
    "||x|-1|": "||x| - 1|",
    r"\left|x\right|": "|x|",
    # names
    "x_1+x_{12}": "x_1 + x_12",
    "x₁": "x_1",
    r"\alpha\beta": "α·β",
    "theta": "θ",
    # statements
    "x = 4": "x = 4",
    "y=2x+1": "y = 2·x + 1",
    "x ≠ 2": "x ≠ 2",
    "x!=2": "x ≠ 2",
    r"x \geq 3": "x ≥ 3",
    "1 < x <= 3": "1 < x ≤ 3",
    "x=2 or x=3": "x = 2 or x = 3",
    "x=2 oder x=3": "x = 2 or x = 3",
    "x=±2": "x = 2 or x = -2",
    "(3±√5)/2": "(3 + √(5))/2 or (3 - √(5))/2",
    "2∓1": "2 - 1 or 2 + 1",
    "(1, 2)": "(1, 2)",
    "1; 2; 3": "1, 2, 3",
    "{1, 2}": "{1, 2}",
    r"\{1; 2\}": "{1, 2}",
    "{}": "{}",
    "x ∈ {1, 2}": "x ∈ {1, 2}",
    "[0;1)": "[0; 1)",
    "]0,1]": "(0; 1]",
    "[0; 1[": "[0; 1)",
    "(-∞; 3)": "(-∞, 3)",
    r"(-\infty, 1) \cup [2, 3]": "(-∞, 1) ∪ [2; 3]",
    "[[1,2],[3,4]]": "[[1, 2], [3, 4]]",
    "[[1],[2]]": "[[1], [2]]",
    r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}": "[[1, 2], [3, 4]]",
    # what is around it
    "$x^{10}$": "x^10",
    r"\( 2 \cdot x \)": "2·x",
    "  x + 1. ": "x + 1",
    "x\u200b+\u00a01": "x + 1",
    "x＋１": "x + 1",
    "\u0663": "3",
}

REFUSED = {
    "": "must not be blank",
    "x =": "ends too early",
    "(x": "ends too early",
    ")": "“)”",
    "2 3": "write a sign between them",
    "(x+1)2": "write a sign between them",
    "x2": "2x, x^2 or x_2",
    "1/2x": "two ways",
    "x/2(x+1)": "two ways",
    "x^1/2": "two ways",
    "e^2x": "two ways",
    "√x^2": "two ways",
    "log2(8)": "two ways",
    "seven": "a word",
    "50%": "percent",
    "x # 1": "#",
    r"\int x": r"\int",
    "a = b = c": "more than one equals sign",
    "1 < x > 2": "more than one",
    "(1, 2) + 1": "list, a point or an interval",
    "[[1,2],[3]]": "different lengths",
    "(1]": "do not belong together",
    "x^1000": "exponent beyond 100",
    "101!": "factorial beyond 100",
    "3!!": "factorial of a factorial",
    "root(1, x)": "a root that is not",
    "9" * 41: "more than 40 digits",
    "x" * (MAX_CHARACTERS + 1): "longer than 500",
    "x+" * 60: "more than 100",
    "(" * 30 + "x" + ")" * 30: "more than 24 levels",
}


@pytest.mark.parametrize(("text", "reading"), READINGS.items())
def test_a_text_is_read_in_one_way(text: str, reading: str) -> None:
    assert written(parse(text)) == reading


@pytest.mark.parametrize(("text", "reason"), REFUSED.items(), ids=lambda text: text[:12])
def test_a_text_that_has_no_one_reading_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        parse(text)
    assert reason in str(refused.value)
    assert len(str(refused.value)) < 150


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("1,5x", "1,5·x"),
        ("1.5", "1,5"),
        (",5", "0,5"),
        ("1{,}5", "1,5"),
        ("(1,5; 2)", "(1,5; 2)"),
        ("1, 2", "1; 2"),
        ("(1; 2)", "(1; 2)"),
    ],
)
def test_a_decimal_comma_is_read_where_it_is_the_mark(text: str, reading: str) -> None:
    assert written(parse(text, ","), ",") == reading


def test_a_point_before_three_digits_is_refused_where_the_comma_is_the_mark() -> None:
    with pytest.raises(NotUnderstood, match="write 1234 or 1,234"):
        parse("1.234", ",")
    assert written(parse("1.234")) == "1.234"


@given(trees, st.sampled_from([".", ","]))
def test_what_is_written_is_read_as_the_same(tree: Node, mark: str) -> None:
    again = parse(written(tree, mark), mark)

    assert written(again, mark) == written(tree, mark)
    names = {name: Fraction(2 * n + 3, 7) for n, name in enumerate(NAMES)}
    try:
        value = value_of(tree, names)
    except ZeroDivisionError:
        return
    assert value_of(again, names) == value


@given(st.text() | st.text(alphabet="x2+-*/^()[]{}|,;=<>√²π.\\ ½e_!°"), st.sampled_from([".", ","]))
def test_any_text_is_read_or_refused_by_name(text: str, mark: str) -> None:
    try:
        tree = parse(text, mark)
    except NotUnderstood:
        return
    assert written(tree, mark)


@pytest.mark.parametrize(
    "text",
    [
        "x+" * 249,
        "(" * 500,
        "-" * 500,
        "^" * 500,
        "±" * 500,
        "½" * 500,
        "√" * 500,
        "a" * 500,
        "sin" * 160,
        "|" * 500,
        "\ufdfa" * 500,
        "[1," * 160,
        "²" * 500,
        "\\frac" * 100,
        "1 " * 250,
    ],
    ids=lambda text: text[:8],
)
def test_no_text_takes_long(text: str) -> None:
    with taking_less_than(0.02), suppress(NotUnderstood):
        parse(text)

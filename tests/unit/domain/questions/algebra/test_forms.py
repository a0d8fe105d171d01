"""The form of an answer that has the right value."""

import pytest

from shared.domain.questions.algebra.forms import REQUESTS, can_be_key, has_form
from shared.domain.questions.algebra.parsing import parse

IN_FORM = {
    "like_key": [
        ("2(x+1)", "(1+x)·2"),
        ("2x+2", "2+2x"),
        ("x/2", "0.5x"),
        ("x/2", "1/2 x"),
        ("3/4", "0.75"),
        ("5000", "5·10^3"),
        ("2√2", "√2·2"),
        ("x^2", "x²"),
        ("-x", "-x"),
        ("x = 4", "4"),
        ("x = (3±√5)/2", "3/2 + √5/2; 3/2 - √5/2"),
        ("y = 2x+1", "2x+1 = y"),
        ("y = 2x+1", "1+2x"),
        ("x < 3", "(-∞; 3)"),
        ("{1, 2}", "2, 1"),
        ("(1/2, 3)", "(0.5, 3)"),
        ("(4, 7)", "x = 4, y = 7"),
        ("[[1,2],[3,4]]", "[[1,2],[3,4]]"),
        ("√2/2", "1/√2"),
        ("sin(x)", "sin x"),
        ("6/8", "6/8"),
    ],
    "factored": [
        ("(x-1)(x+1)", "(x+1)(x-1)"),
        ("2(x+1)^2", "2(x+1)(1+x)"),
        ("2x(x+3)", "x·2·(3+x)"),
        ("x^2+1", "1+x²"),
        ("(x-1)(x+1)", "-(1-x)(x+1)"),
    ],
    "expanded": [("x^2+2x+1", "1+x²+2x"), ("x/2+1", "1+0.5x"), ("x^2 - y^2", "-y²+x²")],
    "lowest_terms": [
        ("3/4", r"\frac{3}{4}"),
        ("-3/4", "-3/4"),
        ("(x+1)/(x-1)", "(1+x)/(x-1)"),
        ("2", "2"),
        ("x/(2y)", "x/(2·y)"),
    ],
    "solved": [
        ("x = 4", "x = 4"),
        ("x = 4", "4 = x"),
        ("x = 4", "4"),
        ("x = 2 or x = 3", "3, 2"),
        ("a = F/m", "a = F/m"),
        ("x > 3", "3 < x"),
        ("x > 3", "(3; ∞)"),
    ],
    "any": [("5", "2+3"), ("x^2-1", "(x-1)(x+1)")],
}
IN_ANOTHER = {
    "like_key": [
        ("2(x+1)", "2x+2"),
        ("2x+2", "2(x+1)"),
        ("5", "2+3"),
        ("3/4", "6/8"),
        ("4", "8/2"),
        ("4", "4/1"),
        ("6x", "2·3x"),
        ("2x+5", "x+x+5"),
        ("2x", "x+x"),
        ("x+5", "x+2+3"),
        ("x", "1·x"),
        ("x+1", "x+1+0"),
        ("x^3", "x·x^2"),
        ("2√2", "√8"),
        ("8", "2^3"),
        ("2", "√4"),
        ("120", "5!"),
        ("x = 4", "2x = 8"),
        ("x = 4", "x = 2+2"),
        ("x < 3", "2x < 6"),
        ("{1, 2}", "{1, 1+1}"),
        ("(1, 2)", "(1, 6/3)"),
        ("[0; 1)", "[0; 2/2)"),
        ("x+1", "(x²-1)/(x-1)"),
    ],
    "factored": [
        ("(x-1)(x+1)", "x²-1"),
        ("2(x+1)(x-2)", "(2x+2)(x-2)"),
        ("2(x+1)", "2x+2"),
        ("x(x-1)(x+1)", "x(x²-1)"),
        ("x(x+1)", "x²+x"),
    ],
    "expanded": [
        ("x^2+2x+1", "(x+1)^2"),
        ("x^2+2x+1", "x(x+2)+1"),
        ("x^2+2x+1", "x²+x+x+1"),
        ("2x+5", "2x+2+3"),
    ],
    "lowest_terms": [
        ("3/4", "6/8"),
        ("3/4", "0.75"),
        ("2", "4/2"),
        ("(x+1)/(x-1)", "(x²+2x+1)/(x²-1)"),
        ("(x+1)/2", "(2x+2)/4"),
        ("x/2", "x/4 + x/4"),
    ],
    "solved": [
        ("x = 4", "2x = 8"),
        ("x = 4", "x = 2+2"),
        ("a = F/m", "F = ma"),
        ("x = 2 or x = 3", "x = 2 or x+1 = 4"),
        ("x > 3", "2x > 6"),
    ],
}


@pytest.mark.parametrize(
    ("form", "key", "answer"),
    [(form, *pair) for form, pairs in IN_FORM.items() for pair in pairs],
)
def test_an_answer_in_the_form(form: str, key: str, answer: str) -> None:
    assert can_be_key(parse(key), form)
    assert has_form(parse(answer), parse(key), form)


@pytest.mark.parametrize(
    ("form", "key", "answer"),
    [(form, *pair) for form, pairs in IN_ANOTHER.items() for pair in pairs],
)
def test_an_answer_in_another_form(form: str, key: str, answer: str) -> None:
    assert not has_form(parse(answer), parse(key), form)


def test_each_form_but_any_has_a_sentence_that_asks_for_it() -> None:
    assert REQUESTS.keys() == IN_ANOTHER.keys()


@pytest.mark.parametrize(
    ("form", "key"),
    [("solved", "2x = 8"), ("expanded", "x(x+1)"), ("lowest_terms", "6/8"), ("solved", "2x > 6")],
)
def test_a_key_of_another_shape_than_its_form_is_none(form: str, key: str) -> None:
    assert not can_be_key(parse(key), form)

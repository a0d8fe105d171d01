"""Every answer in the example bank is right: computed independently wherever possible."""

import ast
import json
import operator
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.support.bank import QUESTIONS, in_words, right_choices, says
from tests.unit.local.bank import notes, solutions
from tests.unit.local.bank.notes import Key, Note, note

CHECKS: dict[str, dict[str, Any]] = json.loads(
    Path(__file__).with_name("checks.json").read_text(encoding="utf-8")
)
# Definitions and reasons cannot be computed.
DEFINITIONS = {"rhy-07", "wav-01", "wav-02", "wav-03", "wav-10"}

each_check = pytest.mark.parametrize("question_id", CHECKS)


def test_every_computable_answer_is_computed() -> None:
    computable = {
        question_id
        for question_id, question in QUESTIONS.items()
        if question["kind"] not in ("free_response", "self_rated")
    }
    assert CHECKS.keys() == computable - DEFINITIONS
    kinds = {check["kind"] for check in CHECKS.values()}
    assert kinds == solutions.NUMBERS.keys() | solutions.JUDGES.keys()


@each_check
def test_the_check_matches_the_prompt(question_id: str) -> None:
    """Otherwise the check would prove the answer to another question."""
    prompt = QUESTIONS[question_id]["prompt"].replace(",000", "000")
    for name, value in CHECKS[question_id].items():
        for part in value if isinstance(value, list) else [value]:
            assert name == "kind" or any(says(prompt, words) for words in in_words(part))


@each_check
def test_the_answer_key_is_the_computed_result(question_id: str) -> None:
    question, check = QUESTIONS[question_id], CHECKS[question_id]
    match question["kind"]:
        case "numeric":
            assert_close(question, solutions.number(check))
        case "multiple_choice" | "multi_select":
            right = [c["text"] for c in question["choices"] if is_right(c["text"], check)]
            assert right == right_choices(question)
        case "short_answer":
            assert all(solutions.is_right(text, check) for text in question["answer"])


def assert_close(question: dict[str, Any], expected: solutions.Number) -> None:
    """Exact where the computation is exact, otherwise well within the tolerance."""
    given = Fraction(str(question["answer"]))
    if isinstance(expected, float):
        assert abs(float(given) - expected) <= question.get("tolerance", 0) / 10
    else:
        assert given == expected


def is_right(text: str, check: dict[str, Any]) -> bool:
    if check["kind"] in solutions.JUDGES:
        return solutions.is_right(text, check)
    found = re.search(r"\d+(?:/\d+|\.\d+)?", text)
    assert found
    return as_written(found[0], solutions.number(check))


def as_written(text: str, number: solutions.Number) -> bool:
    """Whether the text is the number, rounded to the decimals it shows."""
    if "/" in text:
        return Fraction(text) == number
    decimals = len(text.partition(".")[2])
    return abs(float(text) - number) <= 0.5 * 10**-decimals if decimals else float(text) == number


def test_a_sharp_or_flat_is_accepted_in_each_usual_spelling() -> None:
    altered = [
        question["answer"]
        for question in QUESTIONS.values()
        if question["kind"] == "short_answer"
        and re.search("sharp|flat", " ".join(question["answer"]))
    ]
    assert len(altered) >= 5
    for accepted in altered:
        endings = {re.sub("^[A-G]", "", text) for text in accepted if "major" not in text}
        assert endings in ({" sharp", "#", "♯", "-sharp"}, {" flat", "b", "♭", "-flat"})


OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def value_of(node: ast.expr) -> float:
    match node:
        case ast.BinOp(left, op, right):
            value: float = OPERATORS[type(op)](value_of(left), value_of(right))
            return value
        case ast.Constant(int() | float() as value):
            return value
        case _:
            raise ValueError(ast.dump(node))


def equations(text: str) -> Iterator[tuple[str, str]]:
    """The sides of each = that has a number or a sum of numbers on either side of it."""
    term = r"\(?\d[\d.]*(?:e-?\d+)?\)?"
    sums = rf"{term}(?: ?[-+x/^] ?{term}|\^\(\d+/\d+\))*"
    for left, right in re.findall(rf"({sums}) =(?= ({sums}))", text):
        yield left, right.rstrip(".")


def test_every_sum_written_out_in_an_explanation_is_right() -> None:
    found = [pair for q in QUESTIONS.values() for pair in equations(q["explanation"])]
    assert len(found) >= 25
    for sides in found:
        left, right = (
            value_of(ast.parse(side.replace("x", "*").replace("^", "**"), mode="eval").body)
            for side in sides
        )
        assert left == pytest.approx(right, rel=1e-4), sides


@pytest.mark.parametrize(
    "tonic", [Note(letter, sign) for letter in "FCGDAEB" for sign in (-1, 0, 1)]
)
def test_the_circle_of_fifths_and_the_pattern_of_steps_agree(tonic: Note) -> None:
    """Two independent constructions of a scale confirm each other and the checks built on them."""
    name = tonic.letter + {-1: " flat", 0: "", 1: " sharp"}[tonic.alteration]
    major = Key(tonic, "major")
    if abs(major.sharps) <= 7:
        assert list(notes.steps(notes.scale(f"{name} major"))) == [2, 2, 1, 2, 2, 2, 1]
        fifth = notes.note_above(tonic, notes.interval("perfect fifth"))
        assert fifth.fifths == tonic.fifths + 1
    if abs(Key(tonic, "minor").sharps) <= 7:
        assert list(notes.steps(notes.scale(f"{name} natural minor"))) == [2, 1, 2, 2, 1, 2, 2]
        assert list(notes.steps(notes.scale(f"{name} harmonic minor"))) == [2, 1, 2, 2, 1, 3, 1]
    assert {note(name), note(name.replace(" ", "-"))} == {tonic}

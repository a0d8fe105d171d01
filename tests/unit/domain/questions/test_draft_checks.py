"""Checks of a drafted question against itself."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.official_questions import SOURCES
from shared.domain.questions.draft_checks import find_faults
from shared.domain.questions.question import Question
from shared.tutor.language_model.output_schema import MODEL_KINDS
from tests.unit.domain.questions.samples import ANY_QUESTION, kind_module

CITIES = [
    {"id": "a", "text": "Lisbon"},
    {"id": "b", "text": "Madrid"},
    {"id": "c", "text": "Porto"},
]


def drafted(kind: str, answer: Any, **fields: Any) -> Question:
    made = {"question_id": "q", "kind": kind, "prompt": "Well?", "answer": answer, **fields}
    return ANY_QUESTION.validate_python(made)


def number(answer: Any, **fields: Any) -> list[str]:
    return find_faults(drafted("numeric", answer, **fields))


def choice(answer: str, **fields: Any) -> list[str]:
    return find_faults(drafted("multiple_choice", answer, **{"choices": CITIES, **fields}))


def words(*answer: str, **fields: Any) -> list[str]:
    return find_faults(drafted("short_answer", list(answer), **fields))


OTHER_ANSWER = ["its explanation ends with another answer than its key"]
TELLS = ["its prompt tells the answer"]
HINTS_TELL = ["a hint before the last tells the answer"]


@pytest.mark.parametrize("field", ["explanation", "hints"])
def test_arithmetic_is_computed_again(field: str) -> None:
    text = "3 + 4 = 8, so that is it."
    given = {field: [text] if field == "hints" else text}
    assert number(8, **given) == ["3 + 4 = 8 is not true"]


@pytest.mark.parametrize(
    "explanation",
    [
        "Add. 3 + 4 = 7",
        "Add.\nThe sum is 7.",
        "It takes 7 hours.",
        "x = 7, because 2 \u00b7 7 + 1 = 15.",
        "That is 6.5 + 0.5 = 7.0",
        "Seven it is.",
        "See rule 12 of the book, which says so.",
    ],
)
def test_an_explanation_that_ends_with_the_key_or_with_no_answer_agrees(explanation: str) -> None:
    assert number(7, explanation=explanation) == []


@pytest.mark.parametrize(
    "explanation", ["Add. 3 + 5 = 8", "Add.\nThe sum is 8.", "It takes 8 hours.", "x = -7"]
)
def test_an_explanation_that_ends_with_another_number_does_not(explanation: str) -> None:
    assert number(7, explanation=explanation) == OTHER_ANSWER


@pytest.mark.parametrize(
    ("key", "explanation"),
    [
        ("1/3", "The share is 0.33."),
        ("0.25", "That is 25 %."),
        ("7/4", "The sum is 1 3/4."),
        ("1234", "In all that is 1,234 of them, or = 1,234"),
        ("-5", "So x = \u22125."),
    ],
)
def test_a_number_may_be_written_in_another_way(key: str, explanation: str) -> None:
    assert number(key, explanation=explanation) == []


def test_a_choice_is_stated_by_its_text_or_its_id() -> None:
    assert choice("a", explanation="Its seat is there. So the capital is Lisbon.") == []
    assert choice("b", explanation="Its seat is there. So the capital is Lisbon.") == OTHER_ANSWER
    assert choice("b", explanation="It is Madrid, and not Lisbon.") == []
    assert choice("b", explanation="The right one is (a).") == OTHER_ANSWER
    assert choice("a", explanation="The right one is (a).") == []
    assert choice("a", explanation="Madrid is in Spain, so it is out.") == []


def test_a_choice_may_be_a_number() -> None:
    choices = [{"id": "a", "text": "12"}, {"id": "b", "text": "15"}]
    assert choice("a", choices=choices, explanation="3 \u00b7 5 = 15") == OTHER_ANSWER
    assert choice("b", choices=choices, explanation="3 \u00b7 5 = 15") == []
    # None of the choices: it shows nothing of which is right.
    assert choice("b", choices=choices, explanation="Rule 99") == []


def test_a_word_is_stated_in_quotes_or_after_a_colon() -> None:
    assert words("Haus", explanation="The noun is \u201cBaum\u201d.") == OTHER_ANSWER
    assert words("Haus", explanation="The noun is: Baum.") == OTHER_ANSWER
    assert words("Haus", "das Haus", explanation="The noun is \u201cdas Haus\u201d.") == []
    assert words("Haus", explanation="Every dictionary has it.") == []
    assert words("four", "4", explanation="2 + 2 = 4") == []
    assert words("5", "5.0", explanation="2 + 2 = 4") == OTHER_ANSWER


def test_no_two_choices_have_one_value() -> None:
    choices = [{"id": i, "text": text} for i, text in (("a", "1/2"), ("b", "0.5"), ("c", "2"))]
    assert choice("c", choices=choices) == ["its choices a and b are equal"]
    units = [{"id": i, "text": text} for i, text in (("a", "1 m"), ("b", "1 cm"))]
    assert choice("a", choices=units) == []


def test_a_prompt_does_not_tell_the_answer() -> None:
    assert choice("a", prompt="Lisbon is the capital of Portugal. Which city is it?") == TELLS
    assert choice("a", prompt="Which is the capital of Portugal: Lisbon, Madrid or Porto?") == []
    assert words("photosynthesis", prompt="By photosynthesis leaves grow. What is it?") == TELLS
    assert number(7, prompt="The answer is 7. What is 3 + 4?") == TELLS
    # Half of all keys equal a number of their prompt.
    assert number(3, prompt="Solve x + 3 = 6.") == []


def test_only_the_last_hint_may_tell_the_answer() -> None:
    assert number(42, hints=["It is 42.", "Add."]) == HINTS_TELL
    assert number(7, hints=["3 + 4 = 7", "Add."]) == HINTS_TELL
    assert number(42, hints=["Add.", "It is 42."]) == []
    assert number(42, hints=["It is 42."]) == []
    assert number(4, hints=["There are 4 parts.", "Add."]) == []
    assert choice("a", hints=["Think of Lisbon.", "Look."]) == HINTS_TELL
    assert choice("a", hints=["It is Lisbon or Porto.", "Look."]) == []
    assert words("photosynthesis", hints=["Photosynthesis!", "Look."]) == HINTS_TELL


@pytest.mark.parametrize("source", SOURCES)
@given(chance=st.randoms(use_true_random=False))
def test_official_questions_have_no_faults(source: str, chance: Any) -> None:
    fields = SOURCES[source](chance).fields
    kind = MODEL_KINDS[fields["kind"]]
    common = {name: fields[name] for name in ("kind", "prompt", "hints", "explanation")}
    key = kind.from_model_output(fields)
    assert find_faults(kind.model_validate({"question_id": "q", **common, **key})) == []


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_texts_are_checked_without_an_error(explanation: str, hint: str) -> None:
    hints = [f"x{hint}", "The last one."]
    for question in (
        drafted("numeric", "1/3", explanation=explanation, hints=hints),
        drafted("multiple_choice", "a", choices=CITIES, explanation=explanation, hints=hints),
        drafted("multi_select", ["a"], choices=CITIES, explanation=explanation, hints=hints),
        drafted("short_answer", ["one", "1"], explanation=explanation, hints=hints),
    ):
        find_faults(question)


def of_model(kind: str) -> tuple[Question, list[str]]:
    """The kind's sample as a model writes it, and the texts of its answer."""
    module = kind_module(kind)
    absent = {"choices": None, "tolerance": None, "unit": None, "rubric": None}
    fields = {
        **absent,
        "prompt": "Well?",
        "answer": module.SAMPLE.get("answer"),
        **module.MODEL_OUTPUT,
    }
    if not isinstance(fields["answer"], list):
        fields["answer"] = [str(fields["answer"])]
    key = MODEL_KINDS[kind].from_model_output(fields)
    asked = {"question_id": "q", "kind": kind, "prompt": fields["prompt"], **key}
    return MODEL_KINDS[kind].model_validate(asked), fields["answer"]


SOLVABLE = [name for name, kind in MODEL_KINDS.items() if not kind.graded_by_model]


@pytest.mark.parametrize("kind", SOLVABLE)
def test_a_question_is_solved_by_its_key_as_a_model_writes_it(kind: str) -> None:
    question, answer = of_model(kind)
    assert question.is_solved_by(answer)


@pytest.mark.parametrize("kind", SOLVABLE)
@pytest.mark.parametrize("answer", [[], ["certainly not this"], [""], ["a", "b", "c", "d"] * 30])
def test_no_other_answer_solves_it(kind: str, answer: list[str]) -> None:
    question, _ = of_model(kind)
    assert not question.is_solved_by(answer)


def test_a_solver_may_know_several_wordings_but_not_guess() -> None:
    question = drafted("short_answer", ["octave"])
    assert question.is_solved_by(["an octave", "octave"])
    assert not question.is_solved_by(["a", "b", "c", "d", "e", "octave"])
    assert not drafted("numeric", 7).is_solved_by(["6", "7"])

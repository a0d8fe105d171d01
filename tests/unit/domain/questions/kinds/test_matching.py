"""matching: to each item one of the choices; the score is the share of right pairs."""

from typing import Any

import pytest
from hypothesis import strategies as st

from shared.domain.questions.kinds import KINDS
from shared.domain.questions.kinds.matching import Matching
from tests.unit.domain.questions.samples import (
    ANY_QUESTION,
    CHOICES,
    a_question,
    faults,
    raw,
    refusal,
    verdict_on,
)

ITEMS = [
    {"id": "1", "text": "Hottest planet"},
    {"id": "2", "text": "Our planet"},
    {"id": "3", "text": "Our satellite"},
]
SAMPLE: dict[str, Any] = {"items": ITEMS, "choices": CHOICES, "answer": ["b", "c", "d"]}
ANSWERS = st.lists(st.sampled_from(["a", "b", "c", "d"]), min_size=3, max_size=3)
MODEL_OUTPUT: dict[str, Any] = {
    "answer": ["Italy => Rome", "France => Paris", "Vatican=>Rome"],
}


@pytest.mark.parametrize(
    ("fields", "paths"),
    [
        ({"choices": ...}, {"choices"}),
        ({"items": ...}, {"items"}),
        ({"items": []}, {"items"}),
        ({"items": [ITEMS[0], ITEMS[0], ITEMS[2]]}, {"items.1.id", "items.1.text"}),
        ({"answer": ...}, {"answer"}),
        ({"answer": "bcd"}, {"answer"}),
        ({"answer": ["b", "c"]}, {"answer"}),
        ({"answer": ["b", "c", "z"]}, {"answer.2"}),
        ({"answer": ["a"] * 100_000}, {"answer"}),
    ],
)
def test_a_fault_is_named_at_its_path(fields: dict[str, Any], paths: set[str]) -> None:
    assert faults(raw("matching", **fields)) == paths


@pytest.mark.parametrize(
    "raw", ["b", [], ["b", "c"], [*"bcda"], ["b", "c", "z"], ["b", "c", 3], {}]
)
def test_an_invalid_answer_is_refused(raw: Any) -> None:
    assert refusal(a_question("matching"), raw)


def test_a_message_names_choices_by_their_ids_or_numbers() -> None:
    assert a_question("matching").answer_from_text("b, 3, d") == ["b", "c", "d"]


@pytest.mark.parametrize(
    ("raw", "score"), [("bcd", 1), ("bca", 2 / 3), ("bbb", 1 / 3), ("aaa", 0), ("dbc", 0)]
)
def test_the_score_is_the_share_of_right_pairs(raw: str, score: float) -> None:
    verdict = verdict_on(a_question("matching"), [*raw])

    assert verdict.score == pytest.approx(score)
    assert verdict.correct == (score == 1)
    assert verdict.correct_answer == ["b", "c", "d"]


def test_a_choice_may_belong_to_several_items() -> None:
    assert verdict_on(a_question("matching", answer=["b", "b", "d"]), ["b", "b", "d"]).correct


def test_a_guess_is_one_choice_of_all() -> None:
    assert a_question("matching").guess_probability == 1 / 4


def test_students_read_items_and_choices_and_no_pair() -> None:
    question = a_question("matching")

    assert question.public_fields() == {"items": ITEMS, "choices": CHOICES}
    shown = Matching.concealed(question.model_dump())
    other = a_question("matching", choices=CHOICES[::-1])
    assert shown["choices"] == Matching.concealed(other.model_dump())["choices"]


def test_the_log_has_pairs_in_words() -> None:
    assert a_question("matching").in_words(["b", "c", "d"]) == [
        "Hottest planet → Venus",
        "Our planet → Earth",
        "Our satellite → The Moon",
    ]


def test_a_model_writes_pairs_of_texts() -> None:
    fields: Any = KINDS["matching"].from_model_output(MODEL_OUTPUT)
    question = ANY_QUESTION.validate_python(raw("matching", **fields))

    assert len(fields["choices"]) == 2
    assert question.is_solved_by(["Vatican => rome", "France => Paris", "Italy =>Rome"])
    assert not question.is_solved_by(["Vatican => Rome", "France => Rome", "Italy => Rome"])
    assert not question.is_solved_by(["France => Paris"])

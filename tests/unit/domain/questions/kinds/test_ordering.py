"""ordering: all choices in their order; each pair that is in order counts."""

from itertools import permutations
from statistics import mean
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.questions.choices import shown_choices
from shared.domain.questions.kinds import KINDS
from shared.domain.questions.kinds.ordering import Ordering
from tests.unit.domain.questions.samples import (
    ANY_QUESTION,
    CHOICES,
    a_question,
    faults,
    raw,
    refusal,
    verdict_on,
)

SAMPLE: dict[str, Any] = {"choices": CHOICES, "answer": ["a", "b", "c", "d"]}
ANSWERS = st.permutations(["a", "b", "c", "d"])
MODEL_OUTPUT: dict[str, Any] = {"answer": [choice["text"] for choice in CHOICES]}


def an_ordering(**fields: Any) -> Ordering:
    question = a_question("ordering", **fields)
    assert isinstance(question, Ordering)
    return question


def of_size(count: int) -> Any:
    choices = [{"id": str(i), "text": f"option {i}"} for i in range(count)]
    return a_question("ordering", choices=choices, answer=[str(i) for i in range(count)])


@pytest.mark.parametrize(
    ("fields", "paths"),
    [
        ({"choices": ...}, {"choices"}),
        ({"answer": ...}, {"answer"}),
        ({"answer": "abcd"}, {"answer"}),
        ({"answer": ["a", "b", "c"]}, {"answer"}),
        ({"answer": ["a", "b", "c", "c"]}, {"answer.3"}),
        ({"answer": ["a", "b", "c", "z"]}, {"answer.3"}),
        ({"answer": ["a"] * 100_000}, {"answer"}),
    ],
)
def test_a_fault_is_named_at_its_path(fields: dict[str, Any], paths: set[str]) -> None:
    assert faults(raw("ordering", **fields)) == paths


@pytest.mark.parametrize(
    "raw", ["a", [], ["a", "b", "c"], [*"abcda"], [*"abca"], [*"abcz"], ["a", "b", "c", 4], {}]
)
def test_an_invalid_answer_is_refused(raw: Any) -> None:
    assert refusal(a_question("ordering"), raw)


def test_a_message_names_choices_by_their_ids_or_numbers() -> None:
    assert a_question("ordering").answer_from_text("d, 3 ,1,b") == ["d", "c", "a", "b"]


@pytest.mark.parametrize(
    ("order", "score"),
    [
        ("abcd", 1),
        ("abdc", 2 / 3),
        ("bacd", 2 / 3),
        ("badc", 1 / 3),
        ("dabc", 0),
        ("dcba", 0),
    ],
)
def test_pairs_in_order_count_and_pairs_out_of_order_cancel_them(order: str, score: float) -> None:
    verdict = verdict_on(a_question("ordering"), [*order])

    assert verdict.score == pytest.approx(score)
    assert verdict.correct == (score == 1)
    assert verdict.correct_answer == ["a", "b", "c", "d"]


@pytest.mark.parametrize("count", [2, 3, 4, 5, 6])
def test_the_guess_is_the_mean_score_of_all_orders(count: int) -> None:
    question = of_size(count)
    scores = [verdict_on(question, [*order]).score for order in permutations(question.answer)]

    assert question.guess_probability == pytest.approx(mean(scores))


@given(st.integers(2, 20))
def test_the_guess_is_between_nothing_and_a_half(count: int) -> None:
    assert 0 < of_size(count).guess_probability <= 0.5


def test_students_read_the_choices_in_an_order_that_no_key_decides() -> None:
    question = a_question("ordering")
    ids = dict(zip("abcd", "dcba", strict=True))
    swapped = [{**choice, "id": ids[choice["id"]]} for choice in CHOICES]
    reversed_ = a_question("ordering", choices=swapped, answer=["a", "b", "c", "d"])

    concealed = Ordering.concealed(question.model_dump())["choices"]

    assert concealed == Ordering.concealed(reversed_.model_dump())["choices"]
    whole: Any = ANY_QUESTION.validate_python(Ordering.concealed(question.model_dump()))
    texts = {choice["id"]: choice["text"] for choice in concealed}
    assert [texts[id_] for id_ in whole.answer] == [choice["text"] for choice in CHOICES]


def test_every_session_shows_an_order_of_its_own() -> None:
    question = an_ordering()
    shown = {tuple(question.shuffled(f"session-{n}").choice_ids) for n in range(40)}

    assert len(shown) > 10
    assert question.shuffled("one").public_fields() == {
        "choices": shown_choices(question.shuffled("one").choices)
    }


def test_a_model_tells_nothing_by_the_order_and_ids_that_it_writes() -> None:
    fields: Any = KINDS["ordering"].from_model_output(MODEL_OUTPUT)
    other = KINDS["ordering"].from_model_output({"answer": MODEL_OUTPUT["answer"][::-1]})
    question = ANY_QUESTION.validate_python(raw("ordering", **fields))

    assert fields["choices"] == other["choices"]
    assert [choice["id"] for choice in fields["choices"]] == ["1", "2", "3", "4"]
    assert question.is_solved_by(MODEL_OUTPUT["answer"])
    assert not question.is_solved_by(MODEL_OUTPUT["answer"][::-1])
    assert not question.is_solved_by(MODEL_OUTPUT["answer"][1:])

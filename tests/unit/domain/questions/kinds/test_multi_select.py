"""multi_select: several choices may be right; the score counts each of them."""

from typing import Any

import pytest
from hypothesis import strategies as st

from tests.unit.domain.questions.samples import (
    CHOICES,
    a_question,
    faults,
    raw,
    refusal,
    verdict_on,
)

SAMPLE: dict[str, Any] = {"choices": CHOICES, "answer": ["a", "b", "c"]}
ANSWERS = st.lists(st.sampled_from(["a", "b", "c", "d"]), min_size=1, unique=True)
MODEL_OUTPUT: dict[str, Any] = {"choices": CHOICES[:3], "answer": ["a", "b"]}


def test_a_question_at_its_bounds_is_accepted() -> None:
    ids = [f"{i:0100}" for i in range(20)]
    choices = [{"id": choice_id, "text": f"{i:02000}"} for i, choice_id in enumerate(ids)]

    assert a_question("multi_select", choices=choices, answer=ids).kind == "multi_select"


@pytest.mark.parametrize(
    ("fields", "paths"),
    [
        ({"choices": ...}, {"choices"}),
        ({"answer": ...}, {"answer"}),
        ({"answer": []}, {"answer"}),
        ({"answer": "a"}, {"answer"}),
        ({"answer": ["a", "a", "z", {}]}, {"answer.1", "answer.2", "answer.3"}),
        ({"answer": ["z"] * 21}, {"answer"}),
        ({"answer": ["a"] * 100_000}, {"answer"}),
    ],
)
def test_a_fault_is_named_at_its_path(fields: dict[str, Any], paths: set[str]) -> None:
    assert faults(raw("multi_select", **fields)) == paths


def test_a_student_sees_the_choices() -> None:
    public = a_question("multi_select", hints=["one", "two"]).public_view(1)

    asked = {"question_id": "q1", "kind": "multi_select", "prompt": "Well?", "hints_left": 1}
    assert public == {**asked, "choices": CHOICES}


def test_ids_of_choices_are_an_answer_in_any_order() -> None:
    assert a_question("multi_select").parse_answer(["d", "a"]) == ["d", "a"]


@pytest.mark.parametrize(
    "raw",
    ["a", [], ["z"], ["a", "a"], ["a", 1], ["a", ["b"]], [*"abcda"], {"a": True}],
)
def test_an_invalid_answer_is_refused(raw: Any) -> None:
    assert refusal(a_question("multi_select"), raw)


def test_a_message_names_choices_by_their_ids_or_numbers() -> None:
    assert a_question("multi_select").answer_from_text("a, 3 ,9") == ["a", "c", "9"]


@pytest.mark.parametrize(
    ("raw", "score"),
    [
        (["a", "b", "c"], 1),
        (["c", "a", "b"], 1),
        (["a", "b"], 2 / 3),
        (["a"], 1 / 3),
        (["a", "b", "c", "d"], 2 / 3),
        (["a", "b", "d"], 1 / 3),
        (["a", "d"], 0),
        (["d"], 0),
    ],
)
def test_several_choices_score_by_share_and_a_wrong_one_cancels_a_right_one(
    raw: list[str], score: float
) -> None:
    verdict = verdict_on(a_question("multi_select"), raw)

    assert verdict.score == pytest.approx(score)
    assert verdict.correct == (score == 1)
    assert verdict.correct_answer == ["a", "b", "c"]


def test_more_wrong_choices_than_right_ones_score_nothing() -> None:
    assert verdict_on(a_question("multi_select", answer=["a"]), ["b", "c", "d"]).score == 0


@pytest.mark.parametrize(
    ("count", "chance"), [(2, 1 / 3), (3, 1 / 7), (4, 1 / 15), (20, 1 / 1_048_575)]
)
def test_a_guess_is_right_by_the_number_of_combinations(count: int, chance: float) -> None:
    choices = [{"id": str(i), "text": f"option {i}"} for i in range(count)]

    question = a_question("multi_select", choices=choices, answer=["0"])

    assert question.guess_probability == chance

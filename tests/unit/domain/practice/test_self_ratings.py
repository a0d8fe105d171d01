"""Self-ratings: the steps that a description tells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.practice.self_ratings import (
    MAX_STEP,
    MAX_STEPS,
    is_recall,
    is_self_rating,
    rate_exercise,
    rated_exercise,
    steps_of,
)
from shared.domain.templates.template import Exercise


@pytest.mark.parametrize(
    ("description", "steps"),
    [
        ("", []),
        (" \n ", []),
        ("Metronome at 120 BPM", ["Metronome at 120 BPM"]),
        ("1-2-3-4 pattern", ["1-2-3-4 pattern"]),
        ("Up and down the neck, all strings", ["Up and down the neck, all strings"]),
        ("Read it. Then play it!", ["Read it.", "Then play it!"]),
        ("1. Read it. 2. Play it.", ["Read it.", "Play it."]),
        ("- Read it\n- Play it\n\n- Sing it", ["Read it", "Play it", "Sing it"]),
        ("Start at 60. 80 comes next; then 100", ["Start at 60.", "80 comes next", "then 100"]),
        ("Any key, e.g. a minor one.", ["Any key, e.g. a minor one."]),
        ("読む。弾く。", ["読む。", "弾く。"]),
        ("A. B. C. D. E. F. G. H.", ["A.", "B.", "C.", "D.", "E.", "F. G. H."]),
    ],
)
def test_the_lines_and_sentences_of_a_description_are_steps(
    description: str, steps: list[str]
) -> None:
    assert steps_of(description) == steps


@given(st.text(max_size=60))
def test_any_description_makes_a_bounded_number_of_steps_and_one_recall(description: str) -> None:
    ratings = rate_exercise(Exercise(name="Scales", description=description))
    ids = [rating.question_id for rating in ratings]
    assert 2 <= len(ids) - 1 <= MAX_STEPS
    assert [is_recall(id_) for id_ in ids] == [False] * (len(ids) - 1) + [True]
    assert len(set(ids)) == len(ids)
    assert len({rated_exercise(id_) for id_ in ids}) == 1
    assert None not in {rated_exercise(id_) for id_ in ids}
    assert all(is_self_rating(id_) for id_ in ids)


@pytest.mark.parametrize("description", ["", "Slowly."])
def test_only_what_is_described_can_be_looked_up(description: str) -> None:
    recall = rate_exercise(Exercise(name="Scales", description=description))[-1]
    assert ("look it up" in recall.prompt) is bool(description)


def test_a_long_step_is_cut() -> None:
    assert [len(step) for step in steps_of("x" * 1_000)] == [MAX_STEP]


@pytest.mark.parametrize("question_id", ["q1", "do-it", "rate-the-key-1", "rate-0123456789ab-10"])
def test_a_question_of_a_bank_is_no_rating(question_id: str) -> None:
    assert rated_exercise(question_id) is None
    assert not is_recall(question_id)
    assert not is_self_rating(question_id)

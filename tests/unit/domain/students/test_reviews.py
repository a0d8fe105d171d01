"""Reviews: those of py-fsrs without learning steps, one a local day, spread by a seed."""

from datetime import UTC, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from fsrs import Card as FsrsCard
from fsrs import Rating, Scheduler
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.questions.grades import Grade
from shared.domain.students.local_days import LocalDays
from shared.domain.students.reviews import Card, is_review, retrievability, review

BERLIN = "Europe/Berlin"
START = datetime(2026, 3, 1, 17, 30, tzinfo=UTC)
RATINGS = {
    Grade.AGAIN: Rating.Again,
    Grade.HARD: Rating.Hard,
    Grade.GOOD: Rating.Good,
    Grade.EASY: Rating.Easy,
}
SCHEDULER = Scheduler(learning_steps=[], relearning_steps=[], enable_fuzzing=False)
# Grades, and the days between them.
HISTORIES = [
    [(Grade.GOOD, 0)],
    [(Grade.AGAIN, 0), (Grade.GOOD, 1), (Grade.GOOD, 3), (Grade.AGAIN, 9), (Grade.GOOD, 1)],
    [(Grade.GOOD, 0), (Grade.GOOD, 2), (Grade.HARD, 11), (Grade.EASY, 40), (Grade.GOOD, 200)],
    [(Grade.EASY, 0), (Grade.AGAIN, 300), (Grade.AGAIN, 1), (Grade.AGAIN, 1)],
]


def reviewed(history: list[tuple[Grade, int]], *, seed: str = "ann:scales") -> list[Card]:
    """The cards after each review. The seed alone spreads their due dates."""
    cards: list[Card] = []
    card: Card = {}
    at = START
    for grade, days in history:
        at += timedelta(days=days)
        card, _ = review(card, grade, at, days=LocalDays(), seed=seed)
        cards.append(card)
    return cards


@pytest.mark.parametrize("history", HISTORIES)
def test_stability_and_difficulty_are_those_of_py_fsrs(history: list[tuple[Grade, int]]) -> None:
    golden = FsrsCard(card_id=1)
    at = START
    for (grade, days), card in zip(history, reviewed(history), strict=True):
        at += timedelta(days=days)
        golden, _ = SCHEDULER.review_card(golden, RATINGS[grade], at)
        assert card["stability"] == golden.stability
        assert card["difficulty"] == golden.difficulty
        assert (card["state"], card["step"]) == (golden.state.value, golden.step)
        assert datetime.fromisoformat(card["last_review"]) == golden.last_review


@pytest.mark.parametrize("history", HISTORIES)
@pytest.mark.parametrize("days", [0, 1, 9, 365])
def test_retrievability_is_that_of_py_fsrs(history: list[tuple[Grade, int]], days: int) -> None:
    card = reviewed(history)[-1]
    golden = FsrsCard.from_dict(cast("Any", card))
    at = datetime.fromisoformat(card["last_review"]) + timedelta(days=days, hours=3)
    assert retrievability(card, at) == pytest.approx(
        SCHEDULER.get_card_retrievability(golden, at), abs=1e-12
    )


def test_nothing_is_recalled_of_what_was_never_reviewed() -> None:
    assert retrievability({}, START) == 0


@given(st.sampled_from(HISTORIES), st.text(max_size=20))
def test_an_interval_is_spread_within_the_range_of_py_fsrs(
    history: list[tuple[Grade, int]], seed: str
) -> None:
    card = reviewed(history, seed=seed)[-1]
    at = datetime.fromisoformat(card["last_review"])
    exact = SCHEDULER._next_interval(stability=card["stability"])
    fuzzed = [SCHEDULER._get_fuzzed_interval(interval=timedelta(days=exact)) for _ in range(200)]
    days = (datetime.fromisoformat(card["due"]).date() - at.date()).days
    assert min(fuzzed).days - 1 <= days <= max(fuzzed).days + 1
    assert days >= 1


def test_skills_of_one_day_return_on_different_days() -> None:
    history = HISTORIES[2][:3]
    due = {reviewed(history, seed=f"ann:{skill}")[-1]["due"] for skill in range(30)}
    assert len(due) > 3


def test_the_same_review_gives_the_same_card() -> None:
    assert reviewed(HISTORIES[1]) == reviewed(HISTORIES[1])


@pytest.mark.parametrize("timezone", [BERLIN, "America/New_York", "Asia/Kolkata", "UTC"])
@pytest.mark.parametrize("days_later", [0, 27, 240])  # over both changes of the clocks
@pytest.mark.parametrize("begins", ["00:00", "04:00", "11:30"])
def test_a_review_is_due_when_its_local_day_begins(
    begins: str, timezone: str, days_later: int
) -> None:
    at = START + timedelta(days=days_later)
    _, due_at = review({}, Grade.GOOD, at, days=LocalDays(timezone, begins), seed="s")
    local = due_at.astimezone(ZoneInfo(timezone))
    assert local.time() == time.fromisoformat(begins)
    assert local.date() > at.astimezone(ZoneInfo(timezone)).date()


def test_the_first_answer_of_a_local_day_is_a_review() -> None:
    evening = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)  # 23:30 in Berlin
    card, _ = review({}, Grade.GOOD, evening, days=LocalDays(BERLIN, "00:00"), seed="s")
    for later, timezone, expected in [
        (timedelta(minutes=20), BERLIN, False),
        (timedelta(minutes=40), BERLIN, True),  # after midnight there
        (timedelta(minutes=40), "UTC", False),
        (timedelta(hours=2), "UTC", True),
        (timedelta(days=-1), BERLIN, False),  # a clock that is behind
    ]:
        assert is_review(card, evening + later, days=LocalDays(timezone, "00:00")) is expected
    assert is_review({}, evening, days=LocalDays(BERLIN))

"""Flags of sessions whose times contradict each other."""

import pytest

from shared.domain.students.timing import Flag, find_flags, is_too_fast


@pytest.mark.parametrize(
    ("characters", "seconds", "fast"),
    [(0, 0.49, True), (0, 0.5, False), (60, 1.4, True), (60, 1.5, False), (600, 10, True)],
)
def test_a_prompt_takes_its_time_to_be_read(characters: int, seconds: float, fast: bool) -> None:
    assert is_too_fast("x" * characters, seconds=seconds) == fast


def flags(**figures: int) -> list[Flag]:
    usual = {"questions": 0, "fast_answers": 0, "claimed_seconds": 0, "clock_seconds": 600}
    return find_flags(**{**usual, **figures})


def test_usual_sessions_have_no_flag() -> None:
    assert flags() == []
    assert flags(questions=40, fast_answers=2, claimed_seconds=660) == []


def test_three_fast_answers_are_flagged() -> None:
    assert flags(fast_answers=3) == [Flag.ANSWERED_TOO_FAST]


def test_more_questions_than_the_clock_leaves_time_for_are_flagged() -> None:
    assert flags(questions=1_201) == [Flag.ANSWERED_TOO_FAST]
    assert flags(questions=1_200) == []
    assert flags(questions=2, clock_seconds=0) == []


def test_more_time_than_the_clock_counted_is_flagged() -> None:
    assert flags(claimed_seconds=661) == [Flag.CLAIMED_TIME_EXCEEDS_CLOCK]
    assert flags(claimed_seconds=661, fast_answers=3) == list(Flag)

"""Score and XP. docs/architecture.md lists the product's rules, under "Score, XP and streak"."""

from enum import StrEnum

from shared.domain.common.fields import ValueObject

XP_RIGHT_AT_FIRST_TRY = 10
XP_RIGHT_LATER = 5
XP_EXERCISE_TICKED = 2
XP_SESSION_BONUS = 20
SESSION_BONUS_ITEMS = 5
XP_PER_STREAK_DAY = 5
STREAK_BONUS_DAYS = 7


class Xp(ValueObject):
    items: int = 0
    session_bonus: int = 0
    streak_bonus: int = 0
    total: int = 0


class QuestionResult(StrEnum):
    """The best result of a question in this session: XP is paid once for each question."""

    FIRST = "first"  # right at the first try
    LATER = "later"  # right at a later one
    WRONG = "wrong"


def next_question_result(
    before: QuestionResult | None, *, right: bool, hinted: bool = False
) -> QuestionResult:
    """The result of a question after one more answer. Right after a hint counts as a later try."""
    if before is None:
        first = QuestionResult.LATER if hinted else QuestionResult.FIRST
        return first if right else QuestionResult.WRONG
    if before is QuestionResult.WRONG and right:
        return QuestionResult.LATER
    return before


def score_percent(correct: int, total: int) -> float | None:
    """Share of questions answered right, 0-100 with one decimal; None when none was asked."""
    return round(100 * correct / total, 1) if total else None


def compute_xp(
    *,
    right_at_first_try: int,
    right_later: int,
    exercises_ticked: int,
    items_completed: int,
    items_count: int,
    bonus_streak_days: int,
) -> Xp:
    """XP by part. `bonus_streak_days` is 0 unless this is the day's first completed session."""
    items = (
        XP_RIGHT_AT_FIRST_TRY * right_at_first_try
        + XP_RIGHT_LATER * right_later
        + XP_EXERCISE_TICKED * exercises_ticked
    )
    earned = items_completed >= SESSION_BONUS_ITEMS or 0 < items_count == items_completed
    session_bonus = XP_SESSION_BONUS if earned else 0
    streak_bonus = XP_PER_STREAK_DAY * min(bonus_streak_days, STREAK_BONUS_DAYS)
    return Xp(
        items=items,
        session_bonus=session_bonus,
        streak_bonus=streak_bonus,
        total=items + session_bonus + streak_bonus,
    )

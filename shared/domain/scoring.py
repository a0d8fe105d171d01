"""Score, XP and streak.

The figures are the product's own rules (docs/architecture.md, "Score, XP and streak"), each named
here once. Streaks count local calendar days: dates are subtracted, never spans of 24 hours, so a
day that daylight saving makes 23 or 25 hours long is one day.
"""

from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shared.domain.fields import Value

XP_RIGHT_AT_FIRST_TRY = 10
XP_RIGHT_LATER = 5
XP_EXERCISE_TICKED = 2
XP_SESSION_BONUS = 20
SESSION_BONUS_ITEMS = 5
XP_PER_STREAK_DAY = 5
STREAK_BONUS_DAYS = 7


class Xp(Value):
    items: int = 0
    session_bonus: int = 0
    streak_bonus: int = 0
    total: int = 0


class Streak(Value):
    """Days in a row with practice. `last_local_date` is an ISO date in the student's zone."""

    current: int = 0
    longest: int = 0
    last_local_date: str | None = None


class StreakStep(NamedTuple):
    before: int
    streak: Streak
    first_of_day: bool


def score_percent(correct: int, total: int) -> float | None:
    """Share of questions answered right, 0-100 with one decimal; None when none was asked."""
    return round(100 * correct / total, 1) if total else None


def local_date(at: datetime, timezone: str) -> date:
    return at.astimezone(ZoneInfo(timezone)).date()


def streak_on(streak: Streak, today: date) -> StreakStep:
    """The streak with practice done today.

    A day that isn't later than the last one counted (a second session, or a flight westward over
    midnight) changes nothing: the streak neither grows nor breaks, and no bonus is due.
    """
    if streak.last_local_date is None:
        gap = None
    else:
        gap = (today - date.fromisoformat(streak.last_local_date)).days
    before = streak.current if gap is not None and gap <= 1 else 0
    if gap is not None and gap <= 0:
        return StreakStep(before, streak, first_of_day=False)
    current = before + 1
    after = Streak(
        current=current,
        longest=max(streak.longest, current),
        last_local_date=today.isoformat(),
    )
    return StreakStep(before, after, first_of_day=True)


def xp_for(
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

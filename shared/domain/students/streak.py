"""The streak: consecutive local calendar days with practice.

Dates are subtracted, never spans of 24 hours, so a day that daylight saving makes 23 or 25 hours
long is one day.
"""

from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shared.domain.common.fields import ValueObject


class Streak(ValueObject):
    """Days in a row with practice. `last_local_date` is an ISO date in the student's zone."""

    current: int = 0
    longest: int = 0
    last_local_date: str | None = None


class StreakStep(NamedTuple):
    before: int
    streak: Streak
    first_of_day: bool


def local_date(at: datetime, timezone: str) -> date:
    return at.astimezone(ZoneInfo(timezone)).date()


def extend_streak(streak: Streak, today: date) -> StreakStep:
    """The streak with practice done today.

    A day not later than the last one counted (a second session, or a flight westward over midnight)
    changes nothing: the streak neither grows nor breaks, and no bonus is due.
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

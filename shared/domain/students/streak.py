"""The streak: consecutive local days with practice.

Dates are subtracted, never spans of 24 hours, so a day that daylight saving makes 23 or 25 hours
long is one day. A client chooses the time zone, so dates alone would let one sitting count as
several days: a day counts only some hours after the one before, by the server's clock.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from shared.domain.common.fields import Instant, ValueObject

# Two sittings of one evening, before and after midnight, are practice of one day.
MIN_BETWEEN_DAYS = timedelta(hours=12)
# A traveller crosses zones once a day; a client that chooses zones to gain dates changes them more
# often.
MIN_BETWEEN_TIME_ZONES = timedelta(hours=24)


class Streak(ValueObject):
    """Days in a row with practice. Dates are ISO dates in the student's zone.

    `last_local_date` is the day counted last and `last_began_at` the beginning of its activity.
    `kept_date` is a later day whose activity began too soon to count: the streak does not grow by
    it, and is not broken either.
    """

    current: int = 0
    longest: int = 0
    last_local_date: str | None = None
    last_began_at: Instant | None = None
    kept_date: str | None = None


class StreakStep(NamedTuple):
    """`counts` is True if the streak has grown by this day or has begun with it."""

    before: int
    streak: Streak
    counts: bool


def may_change_time_zone(changed_at: datetime | None, *, at: datetime) -> bool:
    return changed_at is None or at - changed_at >= MIN_BETWEEN_TIME_ZONES


def extend_streak(streak: Streak, today: date, *, began_at: datetime) -> StreakStep:
    """The streak with practice done today, which began at that instant.

    A day not later than the last one counted (a second session, or a flight westward over midnight)
    changes nothing: the streak neither grows nor breaks, and no bonus is due. Nor does the streak
    grow by a day whose activity began less than MIN_BETWEEN_DAYS after that of the last one.
    """
    last = streak.kept_date or streak.last_local_date
    gap = None if last is None else (today - date.fromisoformat(last)).days
    before = streak.current if gap is not None and gap <= 1 else 0
    if today.isoformat() <= (streak.last_local_date or ""):
        return StreakStep(before, streak, counts=False)
    if streak.last_began_at is not None and began_at - streak.last_began_at < MIN_BETWEEN_DAYS:
        kept = streak.model_copy(update={"kept_date": today.isoformat()}) if gap == 1 else streak
        return StreakStep(streak.current, kept, counts=False)
    current = before + 1
    after = Streak(
        current=current,
        longest=max(streak.longest, current),
        last_local_date=today.isoformat(),
        last_began_at=began_at,
    )
    return StreakStep(before, after, counts=True)

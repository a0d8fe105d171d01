"""A student's local days: calendar days of a time zone that begin at an hour of the night.

Who practises after midnight still practises on the evening's day. Streak, caps, reviews and the
daily pack count the same days.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import AfterValidator

from shared.domain.common.json_schema import Check

# A later time would move an afternoon to the day before.
_MORNING = r"((0[0-9]|1[01]):[0-5][0-9]|12:00)"


def _require_morning(time_of_day: str) -> str:
    if not re.fullmatch(_MORNING, time_of_day):
        raise ValueError("must be a time from 00:00 to 12:00, such as 04:00")
    return time_of_day


DayBegins = Annotated[
    str,
    Check(
        AfterValidator(_require_morning),
        pattern=f"{_MORNING}$",
        description="The time at which a student's days begin, 00:00 to 12:00.",
    ),
]
DAY_BEGINS: DayBegins = "04:00"


class LocalDays(NamedTuple):
    """`timezone` is an IANA name; `begins` is the time of day, HH:MM, at which a day begins."""

    timezone: str = "UTC"
    begins: str = DAY_BEGINS

    def date_of(self, at: datetime) -> date:
        local = at.astimezone(ZoneInfo(self.timezone))
        return local.date() - timedelta(days=local.time() < time.fromisoformat(self.begins))

    def beginning_of(self, day: date) -> datetime:
        """The first instant of the day, in UTC."""
        begins = time.fromisoformat(self.begins)
        return datetime.combine(day, begins, ZoneInfo(self.timezone)).astimezone(UTC)

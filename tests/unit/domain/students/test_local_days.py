"""Local days: calendar days of a time zone that begin at an hour of the night."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.domain.students.local_days import DAY_BEGINS, DayBegins, LocalDays

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Kiritimati"]
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("at", "begins", "day"),
    [
        ("2026-03-10T03:59", "04:00", date(2026, 3, 9)),
        ("2026-03-10T04:00", "04:00", date(2026, 3, 10)),
        ("2026-03-10T00:00", "00:00", date(2026, 3, 10)),
        ("2026-03-10T11:59", "12:00", date(2026, 3, 9)),
        # The clocks go forward at 02:00 and back at 03:00: both nights belong to the day before.
        ("2026-03-29T03:30", "04:00", date(2026, 3, 28)),
        ("2026-03-29T04:00", "04:00", date(2026, 3, 29)),
        ("2026-10-25T02:30", "04:00", date(2026, 10, 24)),
    ],
)
def test_the_night_belongs_to_the_day_before(at: str, begins: str, day: date) -> None:
    instant = datetime.fromisoformat(at).replace(tzinfo=BERLIN).astimezone(UTC)
    assert LocalDays("Europe/Berlin", begins).date_of(instant) == day


@given(
    st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    st.sampled_from(ZONES),
    st.sampled_from(["00:00", DAY_BEGINS, "12:00"]),
)
def test_a_day_begins_with_its_first_instant(day: date, timezone: str, begins: str) -> None:
    days = LocalDays(timezone, begins)
    first = days.beginning_of(day)
    assert days.date_of(first) == day
    assert days.date_of(first - timedelta(microseconds=1)) == day - timedelta(days=1)


@pytest.mark.parametrize("begins", ["24:00", "12:01", "4:00", "04:60", "", "noon"])
def test_a_day_begins_at_a_time_from_midnight_to_noon(begins: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(DayBegins).validate_python(begins)


@pytest.mark.parametrize("begins", ["12:01", "13:00", "4:00", "04:60", "04:00:00", "\u06604:00"])
def test_a_day_begins_in_the_morning(begins: str) -> None:
    with pytest.raises(ValidationError, match="must be a time from 00:00 to 12:00"):
        TypeAdapter(DayBegins).validate_python(begins)

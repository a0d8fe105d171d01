"""Score, XP and streak: every figure, every boundary, time zones and clock changes."""

from datetime import UTC, date, datetime, timedelta
from inspect import signature
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.students.scoring import (
    SESSION_BONUS_ITEMS,
    STREAK_BONUS_DAYS,
    XP_EXERCISE_TICKED,
    XP_PER_STREAK_DAY,
    XP_RIGHT_AT_FIRST_TRY,
    XP_RIGHT_LATER,
    XP_SESSION_BONUS,
    Xp,
    compute_xp,
    score_percent,
)
from shared.domain.students.streak import Streak, extend_streak, local_date

TUESDAY = date(2026, 3, 10)
FIGURES = tuple(signature(compute_xp).parameters)


def xp(**figures: int) -> Xp:
    return compute_xp(**{**dict.fromkeys(FIGURES, 0), **figures})


def practised(*sessions: tuple[str, str]) -> list[int]:
    """The current streak after each session: (local time with its offset, time zone)."""
    streak = Streak()
    seen = []
    for instant, timezone in sessions:
        at = datetime.fromisoformat(instant).astimezone(UTC)
        streak = extend_streak(streak, local_date(at, timezone)).streak
        seen.append(streak.current)
    return seen


@pytest.mark.parametrize(
    ("correct", "total", "percent"),
    [(0, 0, None), (0, 3, 0.0), (1, 3, 33.3), (2, 3, 66.7), (3, 3, 100.0), (1, 8, 12.5)],
)
def test_the_score_is_the_share_of_right_answers(
    correct: int, total: int, percent: float | None
) -> None:
    assert score_percent(correct, total) == percent


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_score_is_a_percentage(correct: int, wrong: int) -> None:
    percent = score_percent(correct, correct + wrong)

    assert (percent is None) == (correct + wrong == 0)
    assert percent is None or 0 <= percent <= 100


def test_the_figures_are_those_of_the_product() -> None:
    assert (XP_RIGHT_AT_FIRST_TRY, XP_RIGHT_LATER, XP_EXERCISE_TICKED) == (10, 5, 2)
    assert (XP_SESSION_BONUS, SESSION_BONUS_ITEMS) == (20, 5)
    assert (XP_PER_STREAK_DAY, STREAK_BONUS_DAYS) == (5, 7)


def test_nothing_done_pays_nothing() -> None:
    assert xp() == Xp(items=0, session_bonus=0, streak_bonus=0, total=0)
    assert xp(items_count=4) == Xp()


def test_every_item_pays_by_its_kind() -> None:
    assert xp(right_at_first_try=3).items == 30
    assert xp(right_later=3).items == 15
    assert xp(exercises_ticked=3).items == 6
    assert xp(right_at_first_try=1, right_later=1, exercises_ticked=1).items == 17


@pytest.mark.parametrize(
    ("completed", "count", "bonus"),
    [
        (0, 0, 0),
        (0, 4, 0),
        (1, 1, 20),
        (3, 4, 0),
        (4, 4, 20),
        (4, 5, 0),
        (4, 100, 0),
        (5, 5, 20),
        (5, 100, 20),
        (6, 100, 20),
    ],
)
def test_five_items_or_all_of_them_earn_the_session_bonus(
    completed: int, count: int, bonus: int
) -> None:
    assert xp(items_completed=completed, items_count=count).session_bonus == bonus


@pytest.mark.parametrize(
    ("days", "bonus"), [(0, 0), (1, 5), (2, 10), (6, 30), (7, 35), (8, 35), (365, 35)]
)
def test_the_streak_bonus_grows_for_a_week(days: int, bonus: int) -> None:
    assert xp(bonus_streak_days=days).streak_bonus == bonus


@given(st.fixed_dictionaries(dict.fromkeys(FIGURES, st.integers(0, 100))))
def test_the_total_is_the_sum_of_its_parts(figures: dict[str, int]) -> None:
    paid = xp(**figures)

    assert paid.total == paid.items + paid.session_bonus + paid.streak_bonus
    assert min(paid.items, paid.session_bonus, paid.streak_bonus) >= 0


def test_before_the_first_day_there_is_no_streak() -> None:
    assert Streak().model_dump() == {"current": 0, "longest": 0, "last_local_date": None}


def test_the_first_day_begins_a_streak() -> None:
    step = extend_streak(Streak(), TUESDAY)

    assert step.before == 0
    assert step.first_of_day
    assert step.streak == Streak(current=1, longest=1, last_local_date="2026-03-10")


def test_the_same_day_again_changes_nothing() -> None:
    streak = Streak(current=3, longest=5, last_local_date="2026-03-10")

    step = extend_streak(streak, TUESDAY)

    assert step == (3, streak, False)


def test_the_next_day_continues_the_streak() -> None:
    streak = Streak(current=3, longest=3, last_local_date="2026-03-09")

    step = extend_streak(streak, TUESDAY)

    assert step.before == 3
    assert step.first_of_day
    assert step.streak == Streak(current=4, longest=4, last_local_date="2026-03-10")


@pytest.mark.parametrize("gap", [2, 3, 365, 10_000])
def test_a_missed_day_restarts_the_streak_and_leaves_the_longest(gap: int) -> None:
    last = (TUESDAY - timedelta(days=gap)).isoformat()

    step = extend_streak(Streak(current=8, longest=9, last_local_date=last), TUESDAY)

    assert step.before == 0
    assert step.first_of_day
    assert step.streak == Streak(current=1, longest=9, last_local_date="2026-03-10")


@pytest.mark.parametrize(
    ("sessions", "expected"),
    [
        pytest.param(
            [
                ("2026-03-10T23:59:59.999999+01:00", "Europe/Berlin"),
                ("2026-03-11T00:00:00+01:00", "Europe/Berlin"),
            ],
            [1, 2],
            id="a microsecond over midnight is the next day",
        ),
        pytest.param(
            [
                ("2026-03-10T23:59:00+01:00", "Europe/Berlin"),
                ("2026-03-11T00:01:00+01:00", "Europe/Berlin"),
                ("2026-03-11T23:59:00+01:00", "Europe/Berlin"),
            ],
            [1, 2, 2],
            id="two minutes over midnight are two days, a whole day is one",
        ),
        pytest.param(
            [
                ("2026-03-10T00:00:00-07:00", "America/Los_Angeles"),
                ("2026-03-11T23:59:59-07:00", "America/Los_Angeles"),
            ],
            [1, 2],
            id="48 hours less a second may be the next day",
        ),
        pytest.param(
            [
                ("2026-03-10T23:59:59-07:00", "America/Los_Angeles"),
                ("2026-03-12T00:00:00-07:00", "America/Los_Angeles"),
            ],
            [1, 1],
            id="24 hours and a second may leave a day out",
        ),
        pytest.param(
            [
                ("2026-03-10T20:00:00+09:00", "Asia/Tokyo"),
                ("2026-03-11T20:00:00+09:00", "Asia/Tokyo"),
            ],
            [1, 2],
            id="the day is the student's, not that of UTC",
        ),
        pytest.param(
            [
                ("2026-03-28T12:00:00+01:00", "Europe/Berlin"),
                ("2026-03-29T12:00:00+02:00", "Europe/Berlin"),
                ("2026-03-30T12:00:00+02:00", "Europe/Berlin"),
            ],
            [1, 2, 3],
            id="Berlin loses an hour on 29 March",
        ),
        pytest.param(
            [
                ("2026-03-29T00:00:00+01:00", "Europe/Berlin"),
                ("2026-03-29T23:59:59+02:00", "Europe/Berlin"),
                ("2026-03-30T00:00:00+02:00", "Europe/Berlin"),
            ],
            [1, 1, 2],
            id="a day of 23 hours is one day",
        ),
        pytest.param(
            [
                ("2026-10-24T23:59:00+02:00", "Europe/Berlin"),
                ("2026-10-25T00:00:00+02:00", "Europe/Berlin"),
                ("2026-10-25T02:30:00+02:00", "Europe/Berlin"),
                ("2026-10-25T02:30:00+01:00", "Europe/Berlin"),
                ("2026-10-25T23:59:59+01:00", "Europe/Berlin"),
                ("2026-10-26T00:00:00+01:00", "Europe/Berlin"),
            ],
            [1, 2, 2, 2, 2, 3],
            id="a day of 25 hours is one day, the hour that comes twice too",
        ),
        pytest.param(
            [
                ("2026-03-07T23:59:59-05:00", "America/New_York"),
                ("2026-03-08T01:59:59-05:00", "America/New_York"),
                ("2026-03-08T03:00:00-04:00", "America/New_York"),
                ("2026-03-09T00:00:00-04:00", "America/New_York"),
            ],
            [1, 2, 2, 3],
            id="New York springs forward on 8 March",
        ),
        pytest.param(
            [
                ("2026-10-31T23:59:59-04:00", "America/New_York"),
                ("2026-11-01T01:30:00-04:00", "America/New_York"),
                ("2026-11-01T01:30:00-05:00", "America/New_York"),
                ("2026-11-02T00:00:00-05:00", "America/New_York"),
            ],
            [1, 2, 2, 3],
            id="New York falls back on 1 November",
        ),
        pytest.param(
            [
                ("2026-09-05T23:30:00-04:00", "America/Santiago"),
                ("2026-09-06T01:00:00-03:00", "America/Santiago"),
                ("2026-09-07T00:00:00-03:00", "America/Santiago"),
            ],
            [1, 2, 3],
            id="in Santiago midnight itself is skipped",
        ),
        pytest.param(
            [
                ("2028-02-28T12:00:00+00:00", "UTC"),
                ("2028-02-29T12:00:00+00:00", "UTC"),
                ("2028-03-01T12:00:00+00:00", "UTC"),
            ],
            [1, 2, 3],
            id="a leap day is a day",
        ),
        pytest.param(
            [("2028-02-28T12:00:00+00:00", "UTC"), ("2028-03-01T12:00:00+00:00", "UTC")],
            [1, 1],
            id="a leap day left out is left out",
        ),
        pytest.param(
            [("2027-02-28T12:00:00+00:00", "UTC"), ("2027-03-01T12:00:00+00:00", "UTC")],
            [1, 2],
            id="no leap day, none left out",
        ),
        pytest.param(
            [
                ("2026-12-31T23:59:00+13:45", "Pacific/Chatham"),
                ("2027-01-01T00:01:00+13:45", "Pacific/Chatham"),
            ],
            [1, 2],
            id="the year's end is a midnight like others",
        ),
        pytest.param(
            [
                ("2026-03-10T20:00:00+09:00", "Asia/Tokyo"),
                ("2026-03-10T14:00:00-07:00", "America/Los_Angeles"),
                ("2026-03-11T09:00:00-07:00", "America/Los_Angeles"),
            ],
            [1, 1, 2],
            id="westward over the date line the same date comes twice",
        ),
        pytest.param(
            [
                ("2026-03-11T08:00:00+09:00", "Asia/Tokyo"),
                ("2026-03-10T20:00:00-07:00", "America/Los_Angeles"),
                ("2026-03-11T20:00:00-07:00", "America/Los_Angeles"),
                ("2026-03-12T08:00:00-07:00", "America/Los_Angeles"),
            ],
            [1, 1, 1, 2],
            id="westward over midnight yesterday comes again and breaks nothing",
        ),
        pytest.param(
            [
                ("2026-03-10T22:00:00-07:00", "America/Los_Angeles"),
                ("2026-03-11T20:00:00+09:00", "Asia/Tokyo"),
            ],
            [1, 2],
            id="eastward over the date line the next date comes sooner",
        ),
        pytest.param(
            [
                ("2026-03-10T12:00:00-10:00", "Pacific/Honolulu"),
                ("2026-03-12T12:00:00+14:00", "Pacific/Kiritimati"),
            ],
            [1, 1],
            id="eastward a date that was left out is left out, though 24 hours passed",
        ),
        pytest.param(
            [
                ("2026-03-10T12:00:00+01:00", "Europe/Berlin"),
                ("2026-03-11T12:00:00+01:00", "UTC"),
                ("2026-03-12T12:00:00+01:00", "Asia/Tokyo"),
            ],
            [1, 2, 3],
            id="another zone every day",
        ),
    ],
)
def test_streaks_follow_local_dates(sessions: list[tuple[str, str]], expected: list[int]) -> None:
    assert practised(*sessions) == expected


@pytest.mark.parametrize("timezone", ["Europe/Berlin", "America/New_York", "Pacific/Apia", "UTC"])
def test_noon_after_noon_is_a_streak_all_year_long(timezone: str) -> None:
    first = datetime(2026, 3, 10, 12, tzinfo=ZoneInfo(timezone))
    noons = [(first + timedelta(days=day)).astimezone(UTC) for day in range(400)]
    dates = [local_date(noon, timezone) for noon in noons]

    streak = Streak()
    for today in dates:
        streak = extend_streak(streak, today).streak

    assert streak.current == streak.longest == 400
    assert {later - earlier for earlier, later in pairwise(dates)} == {timedelta(days=1)}


days = st.dates(date(2026, 1, 1), date(2026, 2, 15))
streaks = st.builds(
    lambda current, more, last: Streak(
        current=current, longest=current + more, last_local_date=last.isoformat()
    ),
    st.integers(1, 50),
    st.integers(0, 50),
    days,
) | st.just(Streak())


@given(streaks, days)
def test_a_streak_is_never_negative_nor_longer_than_the_longest(streak: Streak, day: date) -> None:
    step = extend_streak(streak, day)

    assert step.before >= 0
    assert step.streak.longest >= max(step.streak.current, streak.longest)
    assert step.streak.current >= 1
    assert step.streak.current <= step.before + 1


@given(streaks, days)
def test_doing_the_same_day_twice_is_doing_it_once(streak: Streak, day: date) -> None:
    once = extend_streak(streak, day)
    twice = extend_streak(once.streak, day)

    assert twice.streak == once.streak
    assert not twice.first_of_day
    assert twice.before == once.streak.current


@given(streaks, days)
def test_the_last_date_never_goes_back(streak: Streak, day: date) -> None:
    after = extend_streak(streak, day).streak.last_local_date

    assert after is not None
    assert after >= (streak.last_local_date or "")
    assert after >= day.isoformat()


@given(st.lists(days, min_size=1, max_size=40))
def test_a_streak_is_the_run_of_days_that_ends_with_the_last(practice: list[date]) -> None:
    streak = Streak()
    for day in sorted(practice):
        streak = extend_streak(streak, day).streak

    done = set(practice)
    runs = dict.fromkeys(done, 1)
    for day in sorted(done):
        runs[day] = runs.get(day - timedelta(days=1), 0) + 1
    assert streak.current == runs[max(done)]
    assert streak.longest == max(runs.values())


@given(streaks, st.lists(days, max_size=20))
def test_the_bonus_of_a_day_is_due_once(streak: Streak, practice: list[date]) -> None:
    paid = []
    for day in practice:
        step = extend_streak(streak, day)
        streak = step.streak
        if step.first_of_day:
            paid.append(day)

    assert len(paid) == len(set(paid))
    assert paid == sorted(paid)


@given(st.integers(0, 4_000_000_000))
def test_a_local_date_is_within_a_day_of_utc(seconds: int) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    for timezone in ("Etc/GMT+12", "Pacific/Kiritimati", "Europe/Berlin", "Asia/Kathmandu"):
        assert abs((local_date(at, timezone) - at.date()).days) <= 1

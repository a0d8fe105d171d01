"""Score, XP and streak: every figure, every boundary, time zones and clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.students.local_days import LocalDays
from shared.domain.students.scoring import (
    MAX_CLAIMED_XP_PER_DAY,
    MAX_CLAIMED_XP_PER_SESSION,
    SESSION_BONUS_ITEMS,
    STREAK_BONUS_DAYS,
    XP_EXERCISE_TICKED,
    XP_PER_STREAK_DAY,
    XP_RIGHT_AT_FIRST_TRY,
    XP_RIGHT_LATER,
    XP_SESSION_BONUS,
    ClaimedXp,
    RightAnswers,
    Xp,
    add_claimed_xp,
    claimed_xp_on,
    compute_xp,
    is_session_bonus_due,
    question_xp,
    score_percent,
)
from shared.domain.students.streak import (
    MIN_BETWEEN_DAYS,
    Streak,
    StreakStep,
    extend_streak,
    may_change_time_zone,
)

TUESDAY = date(2026, 3, 10)
FIGURES = ("verified_items", "claimed_items", "bonus_streak_days", "claimed_today")


def xp(*, session_bonus_due: bool = False, **figures: int) -> Xp:
    given = {**dict.fromkeys(FIGURES, 0), **figures}
    return compute_xp(session_bonus_due=session_bonus_due, **given)


def extended(streak: Streak, today: date) -> StreakStep:
    """With practice that began at noon."""
    return extend_streak(streak, today, began_at=datetime.combine(today, time(12), UTC))


def practised(*sessions: tuple[str, str]) -> list[int]:
    """The current streak after each session: (local time with its offset, time zone)."""
    streak = Streak()
    seen = []
    for instant, timezone in sessions:
        at = datetime.fromisoformat(instant).astimezone(UTC)
        streak = extend_streak(streak, LocalDays(timezone, "00:00").date_of(at), began_at=at).streak
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
    assert xp() == Xp(items=0, session_bonus=0, streak_bonus=0, total=0, verified=0)
    assert question_xp(RightAnswers()) == 0


def test_a_question_pays_by_its_try() -> None:
    assert question_xp(RightAnswers(first=3)) == 30
    assert question_xp(RightAnswers(later=3)) == 15
    assert question_xp(RightAnswers(first=1, later=1)) == 15


@pytest.mark.parametrize(
    ("first", "later", "paid"),
    [(1, 0, 2), (2, 0, 5), (4, 0, 10), (0, 1, 1), (0, 4, 5), (1, 1, 3), (3, 2, 10)],
)
def test_a_repeated_question_pays_a_quarter_rounded_down_in_all(
    first: int, later: int, paid: int
) -> None:
    repeated = RightAnswers(first=first, later=later)

    assert question_xp(repeated, repeated=repeated) == paid
    more = RightAnswers(first=first + 1, later=later + 1)
    assert question_xp(more, repeated=repeated) == paid + 15


def test_verified_xp_have_no_cap_and_are_told_apart() -> None:
    assert xp(verified_items=5_000) == Xp(items=5_000, total=5_000, verified=5_000)
    assert xp(verified_items=30, claimed_items=20) == Xp(items=50, total=50, verified=30)
    assert xp(verified_items=30, claimed_items=20).claimed == 20


def test_claimed_xp_end_at_the_cap_of_a_session_bonuses_included() -> None:
    assert MAX_CLAIMED_XP_PER_SESSION == 100

    assert xp(claimed_items=6_000).total == 100
    paid = xp(claimed_items=70, session_bonus_due=True, bonus_streak_days=7)
    assert paid == Xp(items=70, session_bonus=20, streak_bonus=10, total=100)
    paid = xp(claimed_items=95, session_bonus_due=True, bonus_streak_days=7)
    assert paid == Xp(items=95, session_bonus=5, total=100)


@pytest.mark.parametrize(
    ("today", "paid"), [(0, 100), (199, 100), (201, 99), (299, 1), (300, 0), (5_000, 0)]
)
def test_claimed_xp_end_at_the_cap_of_a_local_day(today: int, paid: int) -> None:
    assert MAX_CLAIMED_XP_PER_DAY == 300

    assert xp(claimed_items=6_000, claimed_today=today).total == paid
    assert xp(verified_items=40, claimed_today=today).items == 40


def test_bonuses_of_verified_practice_are_capped_as_claims_are() -> None:
    """One answer in each of many sessions must not multiply what the answers are worth."""
    paid = xp(verified_items=10, session_bonus_due=True, bonus_streak_days=1, claimed_today=300)

    assert paid == Xp(items=10, total=10, verified=10)


def test_a_later_day_has_a_cap_of_its_own_and_an_earlier_one_has_not() -> None:
    claimed = add_claimed_xp(ClaimedXp(), 80, TUESDAY)

    assert claimed == ClaimedXp(local_date="2026-03-10", xp=80)
    assert claimed_xp_on(claimed, TUESDAY) == 80
    assert claimed_xp_on(claimed, TUESDAY + timedelta(days=1)) == 0
    assert claimed_xp_on(claimed, TUESDAY - timedelta(days=1)) == 80
    assert add_claimed_xp(claimed, 20, TUESDAY).xp == 100
    assert add_claimed_xp(claimed, 20, TUESDAY - timedelta(days=1)) == ClaimedXp(
        local_date="2026-03-10", xp=100
    )
    assert add_claimed_xp(claimed, 20, TUESDAY + timedelta(days=1)) == ClaimedXp(
        local_date="2026-03-11", xp=20
    )


@pytest.mark.parametrize(
    ("completed", "count", "due"),
    [
        (0, 0, False),
        (0, 4, False),
        (1, 1, True),
        (3, 4, False),
        (4, 4, True),
        (4, 5, False),
        (4, 100, False),
        (5, 5, True),
        (5, 100, True),
        (6, 100, True),
    ],
)
def test_five_items_or_all_of_them_earn_the_session_bonus(
    completed: int, count: int, due: bool
) -> None:
    assert is_session_bonus_due(items_completed=completed, items_count=count) == due
    assert xp(session_bonus_due=due).session_bonus == (XP_SESSION_BONUS if due else 0)


@pytest.mark.parametrize(
    ("days", "bonus"), [(0, 0), (1, 5), (2, 10), (6, 30), (7, 35), (8, 35), (365, 35)]
)
def test_the_streak_bonus_grows_for_a_week(days: int, bonus: int) -> None:
    assert xp(bonus_streak_days=days).streak_bonus == bonus


@given(st.fixed_dictionaries(dict.fromkeys(FIGURES, st.integers(0, 400))), st.booleans())
def test_the_total_is_the_sum_of_its_parts_within_the_caps(
    figures: dict[str, int], bonus: bool
) -> None:
    paid = xp(session_bonus_due=bonus, **figures)

    assert paid.total == paid.items + paid.session_bonus + paid.streak_bonus
    assert min(paid.items, paid.session_bonus, paid.streak_bonus) >= 0
    assert paid.verified == figures["verified_items"]
    assert 0 <= paid.claimed <= 100
    assert paid.claimed + figures["claimed_today"] <= max(300, figures["claimed_today"])


def test_before_the_first_day_there_is_no_streak() -> None:
    assert Streak().model_dump() == {
        "current": 0,
        "longest": 0,
        "last_local_date": None,
        "last_began_at": None,
        "kept_date": None,
    }


def on_tuesday(*, current: int, longest: int) -> Streak:
    began_at = datetime.combine(TUESDAY, time(12), UTC)
    return Streak(
        current=current,
        longest=longest,
        last_local_date="2026-03-10",
        last_began_at=began_at,
    )


def test_the_first_day_begins_a_streak() -> None:
    step = extended(Streak(), TUESDAY)

    assert step.before == 0
    assert step.counts
    assert step.streak == on_tuesday(current=1, longest=1)


def test_the_same_day_again_changes_nothing() -> None:
    streak = Streak(current=3, longest=5, last_local_date="2026-03-10")

    step = extended(streak, TUESDAY)

    assert step == (3, streak, False)


def test_the_next_day_continues_the_streak() -> None:
    streak = Streak(current=3, longest=3, last_local_date="2026-03-09")

    step = extended(streak, TUESDAY)

    assert step.before == 3
    assert step.counts
    assert step.streak == on_tuesday(current=4, longest=4)


@pytest.mark.parametrize("gap", [2, 3, 365, 10_000])
def test_a_missed_day_restarts_the_streak_and_leaves_the_longest(gap: int) -> None:
    last = (TUESDAY - timedelta(days=gap)).isoformat()

    step = extended(Streak(current=8, longest=9, last_local_date=last), TUESDAY)

    assert step.before == 0
    assert step.counts
    assert step.streak == on_tuesday(current=1, longest=9)


@pytest.mark.parametrize(
    ("sessions", "expected"),
    [
        pytest.param(
            [
                ("2026-03-10T23:59:59.999999+01:00", "Europe/Berlin"),
                ("2026-03-11T00:00:00+01:00", "Europe/Berlin"),
            ],
            [1, 1],
            id="a microsecond over midnight is the next day, and too soon to count",
        ),
        pytest.param(
            [
                ("2026-03-10T23:59:00+01:00", "Europe/Berlin"),
                ("2026-03-11T00:01:00+01:00", "Europe/Berlin"),
                ("2026-03-11T23:59:00+01:00", "Europe/Berlin"),
            ],
            [1, 1, 2],
            id="two minutes over midnight are one day, the next evening is the next",
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
            [1, 1, 1, 1, 2, 2],
            id="a day of 25 hours is one day, the hour that comes twice too",
        ),
        pytest.param(
            [
                ("2026-03-07T23:59:59-05:00", "America/New_York"),
                ("2026-03-08T01:59:59-05:00", "America/New_York"),
                ("2026-03-08T03:00:00-04:00", "America/New_York"),
                ("2026-03-09T00:00:00-04:00", "America/New_York"),
            ],
            [1, 1, 1, 2],
            id="New York springs forward on 8 March",
        ),
        pytest.param(
            [
                ("2026-10-31T23:59:59-04:00", "America/New_York"),
                ("2026-11-01T01:30:00-04:00", "America/New_York"),
                ("2026-11-01T01:30:00-05:00", "America/New_York"),
                ("2026-11-02T00:00:00-05:00", "America/New_York"),
            ],
            [1, 1, 1, 2],
            id="New York falls back on 1 November",
        ),
        pytest.param(
            [
                ("2026-09-05T23:30:00-04:00", "America/Santiago"),
                ("2026-09-06T01:00:00-03:00", "America/Santiago"),
                ("2026-09-07T00:00:00-03:00", "America/Santiago"),
            ],
            [1, 1, 2],
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
            [1, 1],
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
            [1, 1],
            id="eastward over the date line the next date comes too soon to count",
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
        pytest.param(
            [
                ("2026-03-10T21:00:00+01:00", "Europe/Berlin"),
                ("2026-03-11T07:00:00+01:00", "Europe/Berlin"),
                ("2026-03-12T07:00:00+01:00", "Europe/Berlin"),
            ],
            [1, 1, 2],
            id="a morning too soon to count keeps the streak",
        ),
        pytest.param(
            [
                ("2026-03-10T21:00:00+01:00", "Europe/Berlin"),
                ("2026-03-11T07:00:00+01:00", "Europe/Berlin"),
                ("2026-03-11T09:00:00+01:00", "Europe/Berlin"),
                ("2026-03-13T07:00:00+01:00", "Europe/Berlin"),
            ],
            [1, 1, 2, 1],
            id="twelve hours later the same day counts, and a missed day breaks",
        ),
        pytest.param(
            [
                ("2026-03-10T12:00:00-10:00", "Pacific/Honolulu"),
                ("2026-03-12T00:01:00+14:00", "Pacific/Kiritimati"),
            ],
            [1, 1],
            id="a date skipped within hours neither counts nor breaks",
        ),
    ],
)
def test_streaks_follow_local_dates(sessions: list[tuple[str, str]], expected: list[int]) -> None:
    assert practised(*sessions) == expected


@pytest.mark.parametrize("timezone", ["Europe/Berlin", "America/New_York", "Pacific/Apia", "UTC"])
def test_noon_after_noon_is_a_streak_all_year_long(timezone: str) -> None:
    first = datetime(2026, 3, 10, 12, tzinfo=ZoneInfo(timezone))
    noons = [(first + timedelta(days=day)).astimezone(UTC) for day in range(400)]
    dates = [LocalDays(timezone).date_of(noon) for noon in noons]

    streak = Streak()
    for today in dates:
        streak = extended(streak, today).streak

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
    step = extended(streak, day)

    assert step.before >= 0
    assert step.streak.longest >= max(step.streak.current, streak.longest)
    assert step.streak.current >= 1
    assert step.streak.current <= step.before + 1


@given(streaks, days)
def test_doing_the_same_day_twice_is_doing_it_once(streak: Streak, day: date) -> None:
    once = extended(streak, day)
    twice = extended(once.streak, day)

    assert twice.streak == once.streak
    assert not twice.counts
    assert twice.before == once.streak.current


@given(streaks, days)
def test_the_last_date_never_goes_back(streak: Streak, day: date) -> None:
    after = extended(streak, day).streak.last_local_date

    assert after is not None
    assert after >= (streak.last_local_date or "")
    assert after >= day.isoformat()


@given(st.lists(days, min_size=1, max_size=40))
def test_a_streak_is_the_run_of_days_that_ends_with_the_last(practice: list[date]) -> None:
    streak = Streak()
    for day in sorted(practice):
        streak = extended(streak, day).streak

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
        step = extended(streak, day)
        streak = step.streak
        if step.counts:
            paid.append(day)

    assert len(paid) == len(set(paid))
    assert paid == sorted(paid)


@given(st.integers(0, 4_000_000_000))
def test_a_local_date_is_within_a_day_of_utc(seconds: int) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    for timezone in ("Etc/GMT+12", "Pacific/Kiritimati", "Europe/Berlin", "Asia/Kathmandu"):
        assert abs((LocalDays(timezone, "00:00").date_of(at) - at.date()).days) <= 1


def test_a_day_counts_twelve_hours_after_the_one_before_and_not_a_moment_sooner() -> None:
    assert timedelta(hours=12) == MIN_BETWEEN_DAYS
    first = datetime(2026, 3, 10, 12, 30, tzinfo=UTC)
    streak = extend_streak(Streak(), TUESDAY, began_at=first).streak
    wednesday = TUESDAY + timedelta(days=1)

    early = extend_streak(
        streak, wednesday, began_at=first + timedelta(hours=12) - timedelta(microseconds=1)
    )
    in_time = extend_streak(streak, wednesday, began_at=first + timedelta(hours=12))

    assert (early.before, early.streak.current, early.counts) == (1, 1, False)
    assert early.streak == streak.model_copy(update={"kept_date": "2026-03-11"})
    assert (in_time.before, in_time.streak.current, in_time.counts) == (1, 2, True)


def test_the_time_zone_may_change_once_in_24_hours() -> None:
    changed_at = datetime(2026, 3, 10, 12, tzinfo=UTC)

    assert may_change_time_zone(None, at=changed_at)
    soon = changed_at + timedelta(hours=24) - timedelta(microseconds=1)
    assert not may_change_time_zone(changed_at, at=soon)
    assert may_change_time_zone(changed_at, at=changed_at + timedelta(hours=24))


sittings = st.lists(
    st.tuples(
        st.timedeltas(timedelta(0), timedelta(days=2)),
        st.lists(st.sampled_from(["Pacific/Honolulu", "UTC", "Pacific/Kiritimati"]), max_size=4),
    ),
    max_size=12,
)


@given(sittings)
def test_days_in_any_time_zones_are_at_most_one_in_twelve_hours(
    practice: list[tuple[timedelta, list[str]]],
) -> None:
    began_at = datetime(2026, 3, 10, tzinfo=UTC)
    streak, counted = Streak(), 0
    for pause, zones in practice:
        began_at += pause
        for zone in zones:
            step = extend_streak(streak, LocalDays(zone).date_of(began_at), began_at=began_at)
            streak, counted = step.streak, counted + step.counts

    lasted = began_at - datetime(2026, 3, 10, tzinfo=UTC)
    assert streak.longest <= counted <= 1 + lasted / MIN_BETWEEN_DAYS

"""Completion of a session: closing notes, counts, XP, streak, time spent, and repeats."""

import copy
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.common.errors import InvalidArgument, SessionNotActive
from shared.domain.common.json_object import MAX_BYTES
from shared.domain.sessions.completion import (
    Closing,
    complete_session,
    is_repeated_closing,
    summarise,
)
from shared.domain.sessions.items import Item, Tally
from shared.domain.sessions.session import Mode, Session, Status, apply_update
from shared.domain.sessions.session_data import SessionContent
from shared.domain.students.scoring import (
    XP_EXERCISE_TICKED,
    XP_PER_STREAK_DAY,
    XP_RIGHT_AT_FIRST_TRY,
    XP_RIGHT_LATER,
    XP_SESSION_BONUS,
    RightAnswers,
    Xp,
)
from shared.domain.students.streak import Streak
from shared.domain.students.student import Student
from shared.domain.students.timing import Flag
from tests.unit.domain.samples import NOON, a_session, a_student, exercises

LATER = NOON + timedelta(minutes=30)
TODAY = LATER.date().isoformat()


def closing(*, topic: str | None = None, seconds: int | None = None, **content: Any) -> Closing:
    return Closing(
        content=SessionContent.model_validate(content), topic=topic, time_spent_seconds=seconds
    )


def complete(
    session: Session,
    student: Student | None = None,
    submitted: Closing | None = None,
    at: Any = LATER,
) -> tuple[Session, Student]:
    return complete_session(session, student or a_student(), submitted or closing(), at=at)


def answering(*answers: tuple[str, bool], session: Session | None = None) -> Session:
    items = [Item(node_id=node_id, correct=correct, extra=True) for node_id, correct in answers]
    after, _ = apply_update(
        session or a_session({}),
        change=None,
        items=items,
        item_ids=[f"i{n}" for n in range(len(items))],
        revision=None,
        at=NOON,
    )
    return after


def test_a_completed_session_has_an_end_and_the_student_s_closing_notes() -> None:
    session = a_session({**exercises(2, done=1), "notes": "", "mood": 3}, revision=4)

    after, _ = complete(
        session,
        submitted=closing(
            topic="Blues",
            notes="Good",
            focus_score=8,
            energy_level=7,
            actual_duration_minutes=55,
        ),
    )

    assert after.status is Status.COMPLETED
    assert (after.ended_at, after.last_activity_at, after.duration_seconds) == (LATER, LATER, 1_800)
    assert after.revision == 5
    assert after.topic == "Blues"
    assert after.session_data.model_dump() == {
        **exercises(2, done=1),
        "notes": "Good",
        "focus_score": 8,
        "energy_level": 7,
        "actual_duration_minutes": 55,
        "mood": 3,
    }


def test_omitted_closing_fields_leave_those_of_the_session() -> None:
    data = {"notes": "kept", "focus_score": 3, "energy_level": None}

    after, _ = complete(a_session(data, topic="Kept"))

    assert after.session_data.model_dump() == data
    assert after.topic == "Kept"


def test_closing_notes_that_outgrow_the_session_are_refused() -> None:
    session = a_session({"text": "x" * (MAX_BYTES - 100)})

    with pytest.raises(InvalidArgument) as refused:
        complete(session, submitted=closing(notes="x" * 200))

    assert [error.path for error in refused.value.errors] == ["notes"]


@pytest.mark.parametrize(
    ("done", "count", "bonus"),
    [
        (0, 4, 0),
        (1, 4, 0),
        (4, 5, 0),
        (4, 4, XP_SESSION_BONUS),
        (5, 5, XP_SESSION_BONUS),
        (5, 9, XP_SESSION_BONUS),
    ],
)
def test_exercises_ticked_pay_each_and_a_bonus_for_five_or_all(
    done: int, count: int, bonus: int
) -> None:
    after, _ = complete(a_session(exercises(count, done=done)))

    assert (after.xp.items, after.xp.session_bonus) == (done * XP_EXERCISE_TICKED, bonus)


@pytest.mark.parametrize(
    ("answers", "paid"),
    [
        ([("q", True)], XP_RIGHT_AT_FIRST_TRY),
        ([("q", False)], 0),
        ([("q", False), ("q", True)], XP_RIGHT_LATER),
        ([("q", True), ("q", True), ("q", True)], XP_RIGHT_AT_FIRST_TRY),
        ([("q", False), ("q", True), ("q", True)], XP_RIGHT_LATER),
        (
            [("a", True), ("b", False), ("b", True), ("c", False)],
            XP_RIGHT_AT_FIRST_TRY + XP_RIGHT_LATER,
        ),
    ],
)
def test_a_question_pays_once_and_less_at_a_later_try(
    answers: list[tuple[str, bool]], paid: int
) -> None:
    after, _ = complete(answering(*answers))

    assert after.xp.items == paid


def test_an_item_without_exercise_or_answer_pays_only_towards_the_bonus() -> None:
    session, _ = apply_update(
        a_session({}),
        change=None,
        items=[Item(node_id=f"n{i}") for i in range(5)],
        item_ids=[f"i{i}" for i in range(5)],
        revision=None,
        at=NOON,
    )

    after, _ = complete(session)

    assert after.xp == Xp(
        session_bonus=XP_SESSION_BONUS,
        streak_bonus=XP_PER_STREAK_DAY,
        total=XP_SESSION_BONUS + XP_PER_STREAK_DAY,
    )


def test_a_ticked_exercise_that_was_a_question_pays_as_both() -> None:
    session = answering(("e0", True), session=a_session(exercises(3)))

    after, _ = complete(session)

    assert after.xp.items == XP_RIGHT_AT_FIRST_TRY + XP_EXERCISE_TICKED
    assert (after.items_count, after.items_completed) == (3, 1)


def counted_today(*, current: int, longest: int) -> Streak:
    return Streak(current=current, longest=longest, last_local_date=TODAY, last_began_at=NOON)


def yesterday_and(current: int) -> Student:
    last = (LATER.date() - timedelta(days=1)).isoformat()
    return a_student(streak=Streak(current=current, longest=current, last_local_date=last))


@pytest.mark.parametrize(("before", "days"), [(0, 1), (1, 2), (5, 6), (6, 7), (7, 7), (100, 7)])
def test_the_first_session_of_a_day_pays_for_up_to_seven_days_of_streak(
    before: int, days: int
) -> None:
    student = yesterday_and(before) if before else a_student()

    session, after = complete(a_session(exercises(2, done=1)), student)

    assert (session.streak_before, session.streak_after) == (before, before + 1)
    bonus = days * XP_PER_STREAK_DAY
    assert session.xp == Xp(
        items=XP_EXERCISE_TICKED, streak_bonus=bonus, total=XP_EXERCISE_TICKED + bonus
    )
    assert after.streak == counted_today(current=before + 1, longest=before + 1)


def test_the_second_session_of_a_day_pays_no_streak_bonus() -> None:
    _, student = complete(a_session(exercises(2, done=1)), yesterday_and(3))

    session, after = complete(a_session(exercises(2, done=1)), student)

    assert (session.streak_before, session.streak_after) == (4, 4)
    assert session.xp == Xp(items=XP_EXERCISE_TICKED, total=XP_EXERCISE_TICKED)
    assert after.streak == student.streak
    assert after.xp_total == student.xp_total + XP_EXERCISE_TICKED


def test_a_broken_streak_starts_again() -> None:
    student = a_student(streak=Streak(current=9, longest=12, last_local_date="2026-03-01"))

    session, after = complete(a_session(exercises(2, done=1)), student)

    assert (session.streak_before, session.streak_after) == (0, 1)
    assert session.xp.streak_bonus == XP_PER_STREAK_DAY
    assert after.streak == counted_today(current=1, longest=12)


@pytest.mark.parametrize(
    ("last", "shown"), [("2026-03-10", 9), ("2026-03-09", 9), ("2026-03-08", 0)]
)
def test_an_empty_session_pays_nothing_and_does_not_change_the_streak(
    last: str, shown: int
) -> None:
    student = a_student(streak=Streak(current=9, longest=9, last_local_date=last), xp_total=40)

    session, after = complete(a_session(exercises(4)), student)

    assert session.xp == Xp()
    assert (session.streak_before, session.streak_after) == (shown, shown)
    assert after.streak == student.streak
    assert after.xp_total == 40
    assert after.totals.self_practice.sessions == 1
    assert after.totals.self_practice.time_spent_seconds == 1_800


def test_a_session_of_wrong_answers_only_counts_as_practice() -> None:
    session, student = complete(answering(("q", False)))

    assert session.xp == Xp(
        session_bonus=XP_SESSION_BONUS,
        streak_bonus=XP_PER_STREAK_DAY,
        total=XP_SESSION_BONUS + XP_PER_STREAK_DAY,
    )
    assert student.streak.current == 1


def test_a_logged_item_that_completes_nothing_counts_for_the_streak() -> None:
    session = a_session({}, tally=Tally(items_logged=1, unlisted_items=1), total_questions=1)

    after, student = complete(session)

    assert after.items_completed == 0
    assert after.xp == Xp(streak_bonus=XP_PER_STREAK_DAY, total=XP_PER_STREAK_DAY)
    assert student.streak.current == 1


def test_the_day_is_the_one_at_the_end_in_the_zone_frozen_at_the_start() -> None:
    session = a_session(
        exercises(1, done=1),
        timezone="Europe/Berlin",
        started_at=datetime.fromisoformat("2026-03-11T03:50:00+01:00"),
    )

    _, student = complete(
        session,
        a_student(timezone="America/New_York"),
        at=datetime.fromisoformat("2026-03-11T04:10:00+01:00"),
    )

    assert student.streak.last_local_date == "2026-03-11"
    assert student.timezone == "Europe/Berlin"


@pytest.mark.parametrize(
    ("submitted", "noted", "spent"),
    [
        (closing(), None, 1_800),
        (closing(), 20, 1_200),
        (closing(), 0, 0),
        (closing(), 0.25, 15),
        (closing(actual_duration_minutes=55), None, 3_300),
        (closing(actual_duration_minutes=55), 20, 3_300),
        (closing(actual_duration_minutes=100_000), None, 6_000_000),
        (closing(seconds=7), None, 7),
        (closing(seconds=7), 20, 7),
        (closing(seconds=0, actual_duration_minutes=55), 20, 0),
    ],
)
def test_time_spent_is_reported_else_noted_else_measured(
    submitted: Closing, noted: float | None, spent: int
) -> None:
    session = a_session({} if noted is None else {"actual_duration_minutes": noted})

    after, student = complete(session, submitted=submitted)

    assert after.time_spent_seconds == spent
    assert after.duration_seconds == 1_800
    assert student.totals.self_practice.time_spent_seconds == spent


def test_a_session_completed_before_it_started_lasted_no_time() -> None:
    after, _ = complete(a_session(), at=NOON - timedelta(hours=1))

    assert (after.duration_seconds, after.time_spent_seconds) == (0, 0)
    assert after.ended_at == after.started_at


def test_the_summary_is_read_from_the_session_alone() -> None:
    session = answering(("q", False), ("q", True), session=a_session(exercises(4, done=2)))

    after, _ = complete(session, yesterday_and(2), closing(seconds=99))

    items_xp = XP_RIGHT_LATER + 2 * XP_EXERCISE_TICKED
    assert summarise(after).model_dump() == {
        "session_id": "session",
        "questions_correct": 1,
        "total_questions": 1,
        "score_percent": 100.0,
        "items_count": 5,
        "items_completed": 3,
        "duration_seconds": 1_800,
        "time_spent_seconds": 99,
        "xp": {
            "items": items_xp,
            "session_bonus": 0,
            "streak_bonus": 3 * XP_PER_STREAK_DAY,
            "total": items_xp + 3 * XP_PER_STREAK_DAY,
            "verified": 0,
        },
        "streak_before": 2,
        "streak_after": 3,
        "mastery": [],
    }
    assert summarise(Session.model_validate_json(after.model_dump_json())) == summarise(after)


def test_the_summary_of_an_empty_session_is_all_zeros() -> None:
    after, _ = complete(a_session({}), at=NOON)

    summary = summarise(after).model_dump(exclude={"session_id", "score_percent", "xp", "mastery"})
    assert summary == dict.fromkeys(summary, 0)
    assert summarise(after).score_percent is None
    assert summarise(after).xp == Xp()


def test_an_active_session_is_not_a_repeat() -> None:
    assert not is_repeated_closing(a_session({"notes": "same"}), closing(notes="same"))


@pytest.mark.parametrize(
    "submitted",
    [
        closing(),
        closing(notes="Good"),
        closing(notes="Good", focus_score=8, energy_level=7, actual_duration_minutes=55.0),
        closing(topic="Blues"),
        closing(seconds=3_300),
    ],
)
def test_a_closing_without_changes_is_a_repeat(submitted: Closing) -> None:
    first = closing(
        topic="Blues", notes="Good", focus_score=8, energy_level=7, actual_duration_minutes=55
    )
    after, _ = complete(a_session(), submitted=first)

    assert is_repeated_closing(after, submitted)


@pytest.mark.parametrize(
    "submitted",
    [
        closing(notes="Better"),
        closing(focus_score=9),
        closing(actual_duration_minutes=54),
        closing(topic="Jazz"),
        closing(seconds=3_301),
        closing(notes="Good", seconds=0),
    ],
)
def test_another_closing_of_a_completed_session_is_refused(submitted: Closing) -> None:
    first = closing(notes="Good", focus_score=8, actual_duration_minutes=55)
    after, _ = complete(a_session(), submitted=first)

    with pytest.raises(SessionNotActive, match="another closing"):
        is_repeated_closing(after, submitted)


def test_an_abandoned_session_is_not_completed() -> None:
    with pytest.raises(SessionNotActive, match="abandoned"):
        is_repeated_closing(a_session(status=Status.ABANDONED), closing())


answers = st.lists(st.tuples(st.sampled_from(["e0", "e1", "q"]), st.booleans()), max_size=6)


@given(answers, st.integers(0, 3), st.integers(0, 12))
def test_completion_adds_up_and_does_not_change_its_arguments(
    answered: list[tuple[str, bool]], done: int, streak_days: int
) -> None:
    session = answering(*answered, session=a_session(exercises(3, done=done)))
    student = yesterday_and(streak_days) if streak_days else a_student()
    submitted = closing(notes="n")
    inputs = copy.deepcopy((session, student, submitted))

    after, credited = complete(session, student, submitted)

    assert (session, student, submitted) == inputs
    assert after.xp.total == after.xp.items + after.xp.session_bonus + after.xp.streak_bonus
    assert credited.xp_total == student.xp_total + after.xp.total
    assert credited.streak.current == after.streak_after
    assert credited.streak.longest >= credited.streak.current
    assert is_repeated_closing(after, submitted)
    worked = bool(done or answered)
    assert (credited.streak != student.streak) == worked
    assert (after.xp.total > 0) == worked


def infinite(tally: Tally, data: Any = None, **fields: Any) -> Session:
    answered = tally.verified_first + tally.verified_later + tally.self_rated.first
    return a_session(
        data or {},
        mode=Mode.INFINITE,
        tally=tally,
        items_count=answered,
        items_completed=answered,
        total_questions=answered,
        **fields,
    )


def test_ticked_exercises_of_infinite_practice_pay_nothing() -> None:
    session = infinite(Tally(verified_first=4), exercises(200, done=200))

    after, student = complete(session)

    assert (after.xp.items, after.xp.verified) == (4 * XP_RIGHT_AT_FIRST_TRY,) * 2
    assert student.xp_verified == student.totals.self_practice.xp_verified == after.xp.verified


def test_self_rated_answers_are_claims() -> None:
    tally = Tally(verified_first=1, self_rated=RightAnswers(first=50))

    after, _ = complete(infinite(tally))

    assert (after.xp.verified, after.xp.claimed) == (XP_RIGHT_AT_FIRST_TRY, 100)


@pytest.mark.parametrize(
    ("repeated", "paid"), [(RightAnswers(first=4), 15), (RightAnswers(first=2, later=1), 26)]
)
def test_repeated_questions_of_infinite_practice_pay_a_quarter(
    repeated: RightAnswers, paid: int
) -> None:
    verified = Tally(verified_first=4, verified_later=1, verified_repeated=repeated)
    rated = Tally(self_rated=RightAnswers(first=4, later=1), self_rated_repeated=repeated)

    assert complete(infinite(verified))[0].xp.verified == paid
    assert complete(infinite(rated))[0].xp.items == paid


def test_claims_of_one_day_share_a_cap_over_all_sessions() -> None:
    student, paid = a_student(), []
    for _ in range(5):
        session, student = complete(a_session(exercises(200, done=200)), student)
        paid.append(session.xp.total)

    assert paid == [100, 100, 100, 0, 0]
    assert (student.xp_total, student.xp_verified, student.claimed.xp) == (300, 0, 300)
    tomorrow = LATER + timedelta(days=1)
    after, _ = complete(a_session(exercises(200, done=200)), student, at=tomorrow)
    assert after.xp.total == 100


def test_the_zone_that_counts_does_not_change_twice_in_a_day() -> None:
    student = a_student()
    for timezone in ("Pacific/Honolulu", "Pacific/Kiritimati", "UTC"):
        session = a_session(exercises(2, done=1), timezone=timezone)
        _, student = complete(session, student)

    assert (student.timezone, student.timezone_changed_at) == ("Pacific/Honolulu", LATER)
    # There it is before four in the morning: still the day before.
    assert student.streak.last_local_date == "2026-03-09"


def test_ten_sittings_in_zones_of_choice_do_not_make_thirty_days() -> None:
    student = a_student()
    for day in range(10):
        at = LATER + timedelta(days=day)
        for timezone in ("Pacific/Honolulu", "UTC", "Pacific/Kiritimati"):
            session = a_session(
                exercises(2, done=1),
                timezone=timezone,
                started_at=at - timedelta(minutes=5),
                last_activity_at=at,
            )
            _, student = complete(session, student, at=at)

    assert student.streak.longest <= 11


@pytest.mark.parametrize(
    ("started", "active", "began"),
    [(-8, -5, -8), (-9, -5, -5), (-30, -5, -5), (-30, -29, 0), (-30, 5, 0), (5, 5, 0)],
)
def test_a_day_begins_with_the_first_known_activity_on_it(
    started: int, active: int, began: int
) -> None:
    """Times are in hours before the completion, at noon."""
    session = a_session(
        exercises(2, done=1),
        started_at=NOON + timedelta(hours=started),
        last_activity_at=NOON + timedelta(hours=active),
    )

    _, student = complete(session, at=NOON)

    assert student.streak.last_began_at == NOON + timedelta(hours=began)


@pytest.mark.parametrize(
    ("data", "submitted", "flags"),
    [
        ({}, closing(), []),
        ({}, closing(seconds=1_860), []),
        ({}, closing(seconds=1_861), [Flag.CLAIMED_TIME_EXCEEDS_CLOCK]),
        ({}, closing(actual_duration_minutes=55), [Flag.CLAIMED_TIME_EXCEEDS_CLOCK]),
        (
            {"sections": [{"name": "s", "actual_duration_minutes": 20}] * 2},
            closing(seconds=5),
            [Flag.CLAIMED_TIME_EXCEEDS_CLOCK],
        ),
        ({"actual_duration_minutes": 20}, closing(), []),
    ],
)
def test_claimed_minutes_beyond_the_clock_are_flagged(
    data: Any, submitted: Closing, flags: list[Flag]
) -> None:
    after, _ = complete(a_session(data), submitted=submitted)

    assert after.flags == flags


def test_answers_faster_than_can_be_read_are_flagged() -> None:
    assert complete(infinite(Tally(verified_first=9, fast_answers=2)))[0].flags == []
    after, _ = complete(infinite(Tally(verified_first=9, fast_answers=3)))
    assert after.flags == [Flag.ANSWERED_TOO_FAST]
    session = answering(*[(f"q{n}", True) for n in range(20)])
    assert complete(session, at=NOON + timedelta(seconds=9))[0].flags == [Flag.ANSWERED_TOO_FAST]
    assert complete(session, at=NOON + timedelta(seconds=10))[0].flags == []

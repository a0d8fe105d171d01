"""The gradebook: totals by origin and subject, within bounds."""

import copy
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.sessions.crediting import session_credit
from shared.domain.sessions.session import Session
from shared.domain.students.scoring import ClaimedXp, Xp
from shared.domain.students.streak import Streak
from shared.domain.students.student import (
    MAX_SUBJECTS,
    NO_SUBJECT,
    OTHER_SUBJECTS,
    Origin,
    Student,
    SubjectTotals,
    Totals,
    TotalsByOrigin,
    apply_credit,
    change_time_zone,
)
from tests.unit.domain.samples import NOON, a_session, a_student

NOTHING = SubjectTotals()
TODAY = NOON.date()


def credited(student: Student, session: Session) -> Student:
    return apply_credit(student, session_credit(session), streak=student.streak, today=TODAY)


def practised(
    subject: str | None = None, origin: Origin = Origin.SELF_PRACTICE, *, times: int = 1
) -> Session:
    """A completed session in which each figure has a different value."""
    return a_session({}, subject=subject, origin=origin, ended_at=NOON).model_copy(
        update={
            "items_completed": 2 * times,
            "questions_correct": 3 * times,
            "total_questions": 5 * times,
            "time_spent_seconds": 7 * times,
            "xp": Xp(items=11 * times, total=11 * times, verified=6 * times),
        }
    )


def figures(sessions: int) -> dict[str, int]:
    return {
        "sessions": sessions,
        "items_completed": 2 * sessions,
        "questions_correct": 3 * sessions,
        "total_questions": 5 * sessions,
        "time_spent_seconds": 7 * sessions,
        "xp": 11 * sessions,
        "xp_verified": 6 * sessions,
    }


def test_a_new_student_has_nothing_yet() -> None:
    nothing = {**figures(0), "by_subject": {}}

    assert a_student().model_dump() == {
        "schema_version": 1,
        "student_id": "student",
        "timezone": "UTC",
        "timezone_changed_at": None,
        "day_begins": "04:00",
        "day_begins_changed_at": None,
        "streak": Streak().model_dump(),
        "xp_total": 0,
        "xp_verified": 0,
        "claimed": {"local_date": None, "xp": 0},
        "pack_bonus_on": None,
        "totals": {"assigned": nothing, "self_practice": nothing},
        "class_ids": [],
        "updated_at": None,
    }


def test_a_session_counts_in_its_origin_and_its_subject() -> None:
    student = a_student()
    for session in (
        practised("Music", Origin.ASSIGNED),
        practised("Music", Origin.ASSIGNED),
        practised("Maths", Origin.ASSIGNED),
        practised("Music"),
        practised(),
    ):
        student = credited(student, session)

    assert student.totals.model_dump() == {
        "assigned": {**figures(3), "by_subject": {"Music": figures(2), "Maths": figures(1)}},
        "self_practice": {
            **figures(2),
            "by_subject": {"Music": figures(1), NO_SUBJECT: figures(1)},
        },
    }
    assert (student.xp_total, student.xp_verified) == (55, 30)
    assert student.claimed == ClaimedXp(local_date="2026-03-10", xp=25)


@pytest.mark.parametrize(("hours", "zone"), [(1, "Asia/Tokyo"), (23, "Asia/Tokyo"), (24, "UTC")])
def test_the_time_zone_changes_at_most_once_in_24_hours(hours: int, zone: str) -> None:
    student = change_time_zone(a_student(), "Asia/Tokyo", at=NOON)
    assert (student.timezone, student.timezone_changed_at) == ("Asia/Tokyo", NOON)

    later = change_time_zone(student, "UTC", at=NOON + timedelta(hours=hours))

    assert later.timezone == zone


def test_practice_in_the_same_time_zone_is_no_change_of_it() -> None:
    assert change_time_zone(a_student(), "UTC", at=NOON) == a_student()


def test_the_student_takes_streak_and_time_from_the_session() -> None:
    streak = Streak(current=2, longest=4, last_local_date="2026-03-10")

    student = apply_credit(a_student(), session_credit(practised()), streak=streak, today=TODAY)

    assert student.streak == streak
    assert student.updated_at == NOON


def test_a_session_that_ended_before_others_leaves_the_time_of_the_latest() -> None:
    later = NOON + timedelta(minutes=1)

    assert credited(a_student(updated_at=later), practised()).updated_at == later


def test_a_session_without_measured_time_adds_none() -> None:
    session = practised().model_copy(update={"time_spent_seconds": None})

    assert credited(a_student(), session).totals.self_practice.xp == 11


def full() -> Totals:
    return Totals(by_subject={f"s{i}": NOTHING for i in range(MAX_SUBJECTS)})


def test_subjects_beyond_the_bound_are_counted_together() -> None:
    student = a_student(totals=TotalsByOrigin(self_practice=full()))

    for subject in ("new", "newer", "s7", None):
        student = credited(student, practised(subject))

    by_subject = student.totals.self_practice.by_subject
    assert len(by_subject) == MAX_SUBJECTS + 1
    assert by_subject[OTHER_SUBJECTS].model_dump() == figures(3)
    assert by_subject["s7"].model_dump() == figures(1)
    assert student.totals.self_practice.sessions == 4


def test_the_bound_is_counted_for_each_origin() -> None:
    student = a_student(totals=TotalsByOrigin(self_practice=full()))

    after = credited(student, practised("new", Origin.ASSIGNED))

    assert after.totals.assigned.by_subject["new"].model_dump() == figures(1)
    assert after.totals.self_practice == student.totals.self_practice


def test_the_last_subject_within_the_bound_still_gets_its_own_line() -> None:
    nearly = Totals(by_subject={f"s{i}": NOTHING for i in range(MAX_SUBJECTS - 1)})
    student = a_student(totals=TotalsByOrigin(self_practice=nearly))

    after = credited(student, practised("last"))

    assert after.totals.self_practice.by_subject["last"].sessions == 1
    assert OTHER_SUBJECTS not in after.totals.self_practice.by_subject


sessions = st.builds(
    practised,
    st.sampled_from([None, "Music", "Maths. / `x`", "Ünïcode 😀"]),
    st.sampled_from(list(Origin)),
    times=st.integers(0, 3),
)


@given(st.lists(sessions, max_size=12))
def test_totals_are_the_sum_of_their_subjects_and_nothing_is_changed_in_place(
    practice: list[Session],
) -> None:
    student = a_student()
    for session in practice:
        before = copy.deepcopy((student, session))
        after = credited(student, session)
        assert (student, session) == before
        student = after

    both = (student.totals.assigned, student.totals.self_practice)
    for totals in both:
        for field in SubjectTotals.model_fields:
            assert getattr(totals, field) == sum(
                getattr(subject, field) for subject in totals.by_subject.values()
            )
    assert sum(totals.sessions for totals in both) == len(practice)
    assert student.xp_total == sum(totals.xp for totals in both)

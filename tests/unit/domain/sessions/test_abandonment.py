"""Abandonment of a session: discarded by its student, or stale and credited with what it stored."""

import copy
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.common.errors import SessionNotActive
from shared.domain.sessions.abandonment import (
    abandon_stale_session,
    discard_session,
    is_discarded,
)
from shared.domain.sessions.items import Item, Tally
from shared.domain.sessions.session import (
    EndReason,
    Mode,
    Session,
    Status,
    apply_update,
    end_session,
    recount_items,
)
from shared.domain.students.scoring import (
    MAX_CLAIMED_XP_PER_DAY,
    XP_EXERCISE_TICKED,
    XP_RIGHT_AT_FIRST_TRY,
    ClaimedXp,
    RightAnswers,
    Xp,
)
from shared.domain.students.streak import Streak
from shared.domain.students.student import Student
from shared.domain.students.timing import Flag
from tests.unit.domain.samples import NOON, a_session, a_student, exercises

LEFT_AT = NOON + timedelta(minutes=7)
DAY = timedelta(days=1)


def left(done: int = 2, *, of: int = 2, **fields: Any) -> Session:
    """A checklist session with this many of its exercises done, left at LEFT_AT."""
    session = a_session(exercises(of, done=done), last_activity_at=LEFT_AT, revision=4, **fields)
    return recount_items(session)


def answered(count: int) -> Session:
    """A session with this many right answers, all of them claimed."""
    items = [Item(node_id=f"q{n}", correct=True, extra=True) for n in range(count)]
    ids = [item.node_id for item in items]
    after, _ = apply_update(
        a_session({}), change=None, items=items, item_ids=ids, revision=None, at=LEFT_AT
    )
    return after


def verified(first: int) -> Session:
    """Infinite practice with this many questions right at the first try."""
    return left(
        0,
        mode=Mode.INFINITE,
        items_count=first,
        items_completed=first,
        total_questions=first,
        questions_correct=first,
        tally=Tally(items_logged=first, verified_first=first),
    )


def test_a_stale_session_ended_with_its_last_activity() -> None:
    session = left()

    after, _ = abandon_stale_session(session, a_student())

    assert (after.status, after.end_reason) == (Status.ABANDONED, EndReason.STALE)
    assert after.ended_at == session.last_activity_at == after.last_activity_at
    assert (after.duration_seconds, after.time_spent_seconds) == (420, 420)
    assert after.revision == 5
    assert after.session_data == session.session_data


@pytest.mark.parametrize(
    ("session", "paid"),
    [
        (left(1), Xp(items=XP_EXERCISE_TICKED, total=XP_EXERCISE_TICKED)),
        # No bonus, though all of them are done.
        (left(6, of=6), Xp(items=6 * XP_EXERCISE_TICKED, total=6 * XP_EXERCISE_TICKED)),
        (answered(3), Xp(items=3 * XP_RIGHT_AT_FIRST_TRY, total=3 * XP_RIGHT_AT_FIRST_TRY)),
        (
            verified(8),
            Xp(
                items=8 * XP_RIGHT_AT_FIRST_TRY,
                total=8 * XP_RIGHT_AT_FIRST_TRY,
                verified=8 * XP_RIGHT_AT_FIRST_TRY,
            ),
        ),
    ],
    ids=["an exercise", "all exercises", "answers", "verified answers"],
)
def test_a_stale_session_pays_its_items_alone(session: Session, paid: Xp) -> None:
    after, student = abandon_stale_session(session, a_student())

    assert after.xp == paid
    assert (student.xp_total, student.xp_verified) == (paid.total, paid.verified)
    totals = getattr(student.totals, session.origin)
    assert (totals.sessions, totals.xp, totals.time_spent_seconds) == (1, paid.total, 420)
    assert totals.items_completed == session.items_completed
    assert totals.questions_correct == session.questions_correct


def test_the_credit_needs_no_session_data() -> None:
    session = left(2, of=3)
    bare = session.model_copy(update={"session_data": a_session({}).session_data})

    (after, student), (of_bare, same) = (
        abandon_stale_session(s, a_student()) for s in (session, bare)
    )

    assert (of_bare.xp, same) == (after.xp, student)


def test_an_empty_stale_session_credits_nothing() -> None:
    student = a_student()

    after, unchanged = abandon_stale_session(left(0), student)

    assert unchanged is student
    assert (after.end_reason, after.xp, after.streak_after) == (EndReason.STALE, Xp(), None)


@pytest.mark.parametrize(
    ("last", "current", "after", "counted"),
    [
        (None, 0, 1, NOON),
        (NOON - DAY, 3, 4, NOON),
        (NOON - 2 * DAY, 3, 1, NOON),
        (NOON, 3, 3, NOON),
        # The student has practised since: the day that the sweep finds late changes nothing.
        (NOON + DAY, 1, 1, NOON + DAY),
        (NOON + 2 * DAY, 2, 2, NOON + 2 * DAY),
    ],
    ids=["first", "next", "after a gap", "same day", "a day later", "two days later"],
)
def test_the_streak_counts_the_day_of_the_last_activity_and_no_other(
    last: Any, current: int, after: int, counted: Any
) -> None:
    streak = Streak(
        current=current,
        longest=current,
        last_local_date=last.date().isoformat() if last else None,
        last_began_at=last,
    )

    session, student = abandon_stale_session(left(), a_student(streak=streak))

    assert student.streak.current == session.streak_after == after
    assert student.streak.last_local_date == counted.date().isoformat()


def test_what_was_done_since_is_not_set_back() -> None:
    later = LEFT_AT + 2 * DAY
    student = a_student(timezone="Asia/Tokyo", updated_at=later)

    _, after = abandon_stale_session(left(timezone="America/New_York"), student)

    assert (after.timezone, after.updated_at) == ("Asia/Tokyo", later)
    _, new = abandon_stale_session(left(timezone="America/New_York"), a_student())
    assert (new.timezone, new.updated_at) == ("America/New_York", LEFT_AT)


def test_claims_of_stale_sessions_share_the_cap_of_their_day() -> None:
    paid = ClaimedXp(local_date=NOON.date().isoformat(), xp=MAX_CLAIMED_XP_PER_DAY - 10)

    after, student = abandon_stale_session(answered(3), a_student(claimed=paid))

    assert after.xp.total == 10
    assert student.claimed.xp == MAX_CLAIMED_XP_PER_DAY


def test_answers_faster_than_can_be_read_are_flagged_in_a_stale_session_too() -> None:
    tally = Tally(verified_first=3, fast_answers=3, self_rated=RightAnswers())
    session = verified(3).model_copy(update={"tally": tally})

    after, _ = abandon_stale_session(session, a_student())

    assert after.flags == [Flag.ANSWERED_TOO_FAST]


def test_a_discarded_session_pays_nothing_and_leaves_the_streak() -> None:
    at = LEFT_AT + timedelta(hours=1)
    streak = Streak(current=3, longest=3, last_local_date=NOON.date().isoformat())
    session, student = left(5, of=5), a_student(streak=streak)
    before = copy.deepcopy(session)

    after = discard_session(session, student, at=at)

    assert session == before
    assert (after.status, after.end_reason) == (Status.ABANDONED, EndReason.DISCARDED)
    assert (after.ended_at, after.last_activity_at) == (at, LEFT_AT)
    assert (after.duration_seconds, after.time_spent_seconds) == (4_020, 420)
    assert (after.xp, after.streak_before, after.streak_after) == (Xp(), 3, 3)


def test_a_session_is_discarded_once() -> None:
    session = left()
    assert not is_discarded(session)
    assert is_discarded(discard_session(session, Student(student_id="ann"), at=LEFT_AT))


@pytest.mark.parametrize("reason", [EndReason.COMPLETED, EndReason.STALE])
def test_a_session_that_ended_otherwise_is_not_discarded(reason: EndReason) -> None:
    with pytest.raises(SessionNotActive):
        is_discarded(end_session(left(), reason, at=LEFT_AT))


def test_a_session_abandoned_by_a_version_without_reasons_is_not_discarded() -> None:
    with pytest.raises(SessionNotActive, match="abandoned"):
        is_discarded(left(status=Status.ABANDONED))

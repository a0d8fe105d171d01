"""The figures that a session is credited with when it ends: XP, flags, the day of its activity."""

from shared.domain.common.fields import Instant
from shared.domain.sessions.session import Session
from shared.domain.students.local_days import LocalDays
from shared.domain.students.scoring import (
    XP_EXERCISE_TICKED,
    QuestionResult,
    RightAnswers,
    Xp,
    compute_xp,
    question_xp,
)
from shared.domain.students.student import SessionCredit
from shared.domain.students.timing import Flag, find_flags


def activity_began_at(session: Session, days: LocalDays, *, at: Instant) -> Instant:
    """The first known instant of the session on the local day of `at`.

    A session that was begun on an earlier day doesn't date its later practice back.
    """
    today = days.date_of(at)
    known = (session.started_at, session.last_activity_at, at)
    return min(instant for instant in known if days.date_of(instant) == today)


def session_flags(session: Session, time_spent_seconds: int) -> list[Flag]:
    noted = session.session_data
    minutes = max(
        noted.actual_duration_minutes or 0,
        sum(section.actual_duration_minutes or 0 for section in noted.sections),
    )
    return find_flags(
        questions=session.total_questions,
        fast_answers=session.tally.fast_answers,
        claimed_seconds=max(time_spent_seconds, minutes * 60),
        clock_seconds=session.duration_seconds or 0,
    )


def session_credit(session: Session) -> SessionCredit:
    """The figures of an ended session that count towards its student's totals."""
    return SessionCredit(
        origin=session.origin,
        subject=session.subject,
        ended_at=session.ended_at,
        items_completed=session.items_completed,
        questions_correct=session.questions_correct,
        total_questions=session.total_questions,
        time_spent_seconds=session.time_spent_seconds or 0,
        xp=session.xp,
    )


def session_xp(
    session: Session, *, bonus_due: bool, bonus_streak_days: int, claimed_today: int
) -> Xp:
    """The XP of the session's items and bonuses. The parameters are those of compute_xp."""
    return compute_xp(
        verified_items=_verified_items_xp(session),
        claimed_items=_claimed_items_xp(session),
        session_bonus_due=bonus_due,
        bonus_streak_days=bonus_streak_days,
        claimed_today=claimed_today,
    )


def _verified_items_xp(session: Session) -> int:
    tally = session.tally
    graded = RightAnswers(first=tally.verified_first, later=tally.verified_later)
    return question_xp(graded, repeated=tally.verified_repeated)


def _claimed_items_xp(session: Session) -> int:
    """XP of what the client reports. Questions asked by turns pay from their seal alone."""
    tally = session.tally
    if session.is_run_by_tutor:
        rated = question_xp(tally.self_rated, repeated=tally.self_rated_repeated)
        return rated + XP_EXERCISE_TICKED * _exercises_ticked(session)
    results = list(tally.questions.values())
    right = RightAnswers(
        first=results.count(QuestionResult.FIRST), later=results.count(QuestionResult.LATER)
    )
    return question_xp(right) + XP_EXERCISE_TICKED * _exercises_ticked(session)


def _exercises_ticked(session: Session) -> int:
    """The number of ticked exercises, from the counts: a sweep does not read `session_data`."""
    asked = session.total_questions if session.is_run_by_tutor else 0
    return session.items_completed - session.tally.unlisted_completed - asked

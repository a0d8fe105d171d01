"""Abandoning a session: discarded at its student's wish, or stale and swept."""

from shared.domain.common.fields import Instant
from shared.domain.sessions.completion import items_xp, session_credit
from shared.domain.sessions.session import (
    EndReason,
    Session,
    end_session,
    is_empty,
    require_active,
)
from shared.domain.students.streak import StreakStep, extend_streak, local_date
from shared.domain.students.student import Student, apply_credit


def is_discarded(session: Session) -> bool:
    """Whether the session was discarded before. Raises SessionNotActive when it ended otherwise."""
    if session.end_reason is EndReason.DISCARDED:
        return True
    require_active(session)
    return False


def discard_session(session: Session, student: Student, *, at: Instant) -> Session:
    """The discarded session. It pays nothing and leaves the student as they are."""
    streak = _streak_step(session, student, at=at).before
    changes = {
        "time_spent_seconds": _active_seconds(session),
        "streak_before": streak,
        "streak_after": streak,
    }
    return end_session(session, EndReason.DISCARDED, at=at).model_copy(update=changes)


def abandon_stale_session(session: Session, student: Student) -> tuple[Session, Student]:
    """The session as it was left, and the student credited with what it had stored.

    It ended with its last activity, whose local day counts for the streak. It pays the XP of its
    items, without a bonus. An empty session credits nothing. `session_data` is not needed.
    """
    at, time_spent = session.last_activity_at, _active_seconds(session)
    session = end_session(session, EndReason.STALE, at=at)
    session = session.model_copy(update={"time_spent_seconds": time_spent})
    if is_empty(session):
        return session, student
    step = _streak_step(session, student, at=at)
    changes = {
        "xp": items_xp(session),
        "streak_before": step.before,
        "streak_after": step.streak.current,
    }
    session = session.model_copy(update=changes)
    credited = apply_credit(student, session_credit(session), streak=step.streak)
    if student.updated_at is not None and student.updated_at > at:
        # The student has practised elsewhere since.
        since = {"timezone": student.timezone, "updated_at": student.updated_at}
        credited = credited.model_copy(update=since)
    return session, credited


def _streak_step(session: Session, student: Student, *, at: Instant) -> StreakStep:
    return extend_streak(student.streak, local_date(at, session.timezone))


def _active_seconds(session: Session) -> int:
    return int((session.last_activity_at - session.started_at).total_seconds())

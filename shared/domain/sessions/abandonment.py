"""Abandoning a session: discarded at its student's wish, or stale and swept."""

from shared.domain.common.errors import FieldError, InvalidArgument
from shared.domain.common.fields import Instant
from shared.domain.sessions.crediting import (
    activity_began_at,
    session_credit,
    session_flags,
    session_xp,
)
from shared.domain.sessions.document_size import fit_document
from shared.domain.sessions.session import (
    EndReason,
    Session,
    end_session,
    is_empty,
    require_active,
)
from shared.domain.students.scoring import claimed_xp_on
from shared.domain.students.streak import StreakStep, extend_streak
from shared.domain.students.student import Student, apply_credit, change_time_zone


def is_discarded(session: Session) -> bool:
    """Whether the session was discarded before. Raises SessionNotActive when it ended otherwise."""
    if session.end_reason is EndReason.DISCARDED:
        return True
    require_active(session)
    return False


def require_discardable(session: Session) -> None:
    """Raises InvalidArgument for work on an assignment, which is done once."""
    if session.assignment_id is not None:
        message = "work on an assignment can't be discarded: leave it, or complete it"
        raise InvalidArgument(errors=[FieldError("discard", message)])


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
    if student.updated_at is None or student.updated_at <= at:
        # Otherwise the student has practised elsewhere since.
        student = change_time_zone(student, session.timezone, at=at)
    today = student.local_days.date_of(at)
    step = _streak_step(session, student, at=at)
    xp = session_xp(
        session,
        bonus_due=False,
        bonus_streak_days=0,
        claimed_today=claimed_xp_on(student.claimed, today),
    )
    session = session.model_copy(
        update={
            "flags": session_flags(session, time_spent),
            "xp": xp,
            "streak_before": step.before,
            "streak_after": step.streak.current,
        }
    )
    session = fit_document(session)
    credit = session_credit(session)
    return session, apply_credit(student, credit, streak=step.streak, today=today)


def _streak_step(session: Session, student: Student, *, at: Instant) -> StreakStep:
    began_at = activity_began_at(session, student.local_days, at=at)
    return extend_streak(student.streak, student.local_days.date_of(at), began_at=began_at)


def _active_seconds(session: Session) -> int:
    return int((session.last_activity_at - session.started_at).total_seconds())

"""Completing a session: closing notes, score, XP, streak, and the summary."""

from typing import Any

from shared.domain.common.errors import SessionNotActive
from shared.domain.common.fields import Instant, Seconds, ValueObject
from shared.domain.practice.state import Practice
from shared.domain.sessions.session import (
    EndReason,
    Mode,
    Session,
    SkillProgress,
    Status,
    contains_change,
    end_session,
    is_empty,
    recount_items,
    require_active,
)
from shared.domain.sessions.session_data import SessionContent, require_storable_size
from shared.domain.students.scoring import QuestionResult, Xp, compute_xp
from shared.domain.students.streak import extend_streak, local_date
from shared.domain.students.student import SessionCredit, Student, apply_credit


class Summary(ValueObject):
    session_id: str
    questions_correct: int
    total_questions: int
    score_percent: float | None
    items_count: int
    items_completed: int
    duration_seconds: int
    time_spent_seconds: int
    xp: Xp
    streak_before: int
    streak_after: int
    mastery: list[SkillProgress]


class Closing(ValueObject):
    """The student's closing notes and figures. Fields left out leave the session's as they are."""

    content: SessionContent
    topic: str | None = None
    time_spent_seconds: Seconds | None = None

    def is_stored_in(self, session: Session) -> bool:
        return (
            contains_change(session.session_data, self.content)
            and self.topic in (None, session.topic)
            and self.time_spent_seconds in (None, session.time_spent_seconds)
        )


def is_repeated_closing(
    session: Session, closing: Closing, practice: Practice | None = None
) -> bool:
    """Whether the session was completed by this very closing before, with this state of its
    practice or a later one.

    Raises SessionNotActive when it ended in another way: this closing would be lost.
    """
    if session.status is Status.COMPLETED:
        if closing.is_stored_in(session) and _is_stored(session, practice):
            return True
        raise SessionNotActive("The session is completed already, with another closing.")
    require_active(session)
    return False


def _is_stored(session: Session, practice: Practice | None) -> bool:
    mark = session.stored
    return practice is None or (mark is not None and practice.seq <= mark.seq)


def complete_session(
    session: Session, student: Student, closing: Closing, *, at: Instant
) -> tuple[Session, Student]:
    """The completed session, and the student credited with it.

    An empty session, with no item done and no question answered, pays no XP and leaves the streak
    alone. Raises InvalidArgument when the closing notes outgrow the session's bounds.
    """
    content = require_storable_size(session.session_data.overlaid(closing.content))
    session = recount_items(session.model_copy(update={"session_data": content}))
    session = end_session(session, EndReason.COMPLETED, at=at)
    changes: dict[str, Any] = {
        "last_activity_at": session.ended_at,
        "time_spent_seconds": _time_spent(session, closing),
    }
    if closing.topic is not None:
        changes["topic"] = closing.topic
    today = local_date(at, session.timezone)
    step = extend_streak(student.streak, today)
    if not is_empty(session):
        streak = step.streak
        changes["xp"] = _xp(session, streak_days=streak.current if step.first_of_day else 0)
        changes["streak_after"] = streak.current
    else:
        streak = student.streak
        changes["streak_after"] = step.before
    changes["streak_before"] = step.before
    session = session.model_copy(update=changes)
    return session, apply_credit(student, session_credit(session), streak=streak)


def session_credit(session: Session) -> SessionCredit:
    """The figures of an ended session that count towards its student's totals."""
    return SessionCredit(
        origin=session.origin,
        subject=session.subject,
        timezone=session.timezone,
        ended_at=session.ended_at,
        items_completed=session.items_completed,
        questions_correct=session.questions_correct,
        total_questions=session.total_questions,
        time_spent_seconds=session.time_spent_seconds or 0,
        xp=session.xp.total,
    )


def _xp(session: Session, *, streak_days: int) -> Xp:
    results = list(session.tally.questions.values())
    return compute_xp(
        right_at_first_try=results.count(QuestionResult.FIRST) + session.tally.verified_first,
        right_later=results.count(QuestionResult.LATER) + session.tally.verified_later,
        exercises_ticked=_exercises_ticked(session),
        items_completed=session.items_completed,
        items_count=session.items_count,
        bonus_streak_days=streak_days,
    )


def _exercises_ticked(session: Session) -> int:
    """Infinite practice ticks none. The counts tell those of other sessions."""
    if session.mode is Mode.INFINITE:
        return 0
    return session.items_completed - session.tally.unlisted_completed


def items_xp(session: Session) -> Xp:
    """The XP of the session's items, without bonuses."""
    paid = _xp(session, streak_days=0)
    return Xp(items=paid.items, total=paid.items)


def _time_spent(session: Session, closing: Closing) -> int:
    """The seconds the student reports, else the minutes noted, else those from start to end."""
    if closing.time_spent_seconds is not None:
        return closing.time_spent_seconds
    if session.session_data.actual_duration_minutes is not None:
        return round(session.session_data.actual_duration_minutes * 60)
    return session.duration_seconds or 0


def summarise(session: Session) -> Summary:
    """The summary of an ended session, the same at every call."""
    return Summary(
        session_id=session.session_id,
        questions_correct=session.questions_correct,
        total_questions=session.total_questions,
        score_percent=session.score_percent,
        items_count=session.items_count,
        items_completed=session.items_completed,
        duration_seconds=session.duration_seconds or 0,
        time_spent_seconds=session.time_spent_seconds or 0,
        xp=session.xp,
        streak_before=session.streak_before or 0,
        streak_after=session.streak_after or 0,
        mastery=session.mastery,
    )

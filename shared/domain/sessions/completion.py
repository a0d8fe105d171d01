"""Completing a session: closing notes, score, XP, streak, and the summary."""

from shared.domain.common.errors import SessionNotActive
from shared.domain.common.fields import Instant, Seconds, ValueObject
from shared.domain.practice.state import Practice
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
    SkillProgress,
    Status,
    contains_change,
    end_session,
    is_empty,
    recount_items,
    require_active,
)
from shared.domain.sessions.session_data import SessionContent, require_storable_size
from shared.domain.students.scoring import (
    Xp,
    claimed_xp_on,
    is_session_bonus_due,
    score_percent,
)
from shared.domain.students.streak import extend_streak
from shared.domain.students.student import Student, apply_credit, change_time_zone


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
    content = require_storable_size(session.session_data.overlaid(closing.content), field="notes")
    student = change_time_zone(student, session.timezone, at=at)
    today = student.local_days.date_of(at)
    began_at = activity_began_at(session, student.local_days, at=at)
    session = recount_items(session.model_copy(update={"session_data": content}))
    session = end_session(session, EndReason.COMPLETED, at=at)
    time_spent = _time_spent(session, closing)
    step = extend_streak(student.streak, today, began_at=began_at)
    xp, streak, streak_after = Xp(), student.streak, step.before
    bonus_due = _is_bonus_due(session, student)
    if not is_empty(session):
        streak = step.streak
        streak_after = streak.current
        xp = session_xp(
            session,
            bonus_due=bonus_due,
            bonus_streak_days=streak_after if step.counts else 0,
            claimed_today=claimed_xp_on(student.claimed, today),
        )
    session = session.model_copy(
        update={
            "last_activity_at": session.ended_at,
            "time_spent_seconds": time_spent,
            "flags": session_flags(session, time_spent),
            "xp": xp,
            "streak_before": step.before,
            "streak_after": streak_after,
        }
    )
    session = fit_document(_scored(session))
    if closing.topic is not None:
        session = session.model_copy(update={"topic": closing.topic})
    credit = session_credit(session)
    student = apply_credit(student, credit, streak=streak, today=today)
    return session, _note_pack_bonus(student, session) if bonus_due else student


def _scored(session: Session) -> Session:
    """An assignment's questions that were not answered count in its score."""
    asked = session.assignment.questions if session.assignment else 0
    if not asked:
        return session
    score = score_percent(session.questions_correct, asked)
    return session.model_copy(update={"score_percent": score})


def _is_bonus_due(session: Session, student: Student) -> bool:
    """Whether enough was done for the session bonus; it is paid for one portion of a day's pack."""
    if session.pack is not None and session.pack.local_date <= (student.pack_bonus_on or ""):
        return False
    return is_session_bonus_due(
        items_completed=session.items_completed, items_count=session.items_count
    )


def _note_pack_bonus(student: Student, session: Session) -> Student:
    if session.pack is None:
        return student
    return student.model_copy(update={"pack_bonus_on": session.pack.local_date})


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

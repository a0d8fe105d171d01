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
from shared.domain.students.scoring import (
    XP_EXERCISE_TICKED,
    QuestionResult,
    RightAnswers,
    Xp,
    claimed_xp_on,
    compute_xp,
    is_session_bonus_due,
    question_xp,
)
from shared.domain.students.streak import extend_streak, local_date
from shared.domain.students.student import SessionCredit, Student, apply_credit, change_time_zone
from shared.domain.students.timing import Flag, find_flags


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
    student = change_time_zone(student, session.timezone, at=at)
    today = local_date(at, student.timezone)
    began_at = activity_began_at(session, student.timezone, at=at)
    session = recount_items(session.model_copy(update={"session_data": content}))
    session = end_session(session, EndReason.COMPLETED, at=at)
    time_spent = _time_spent(session, closing)
    changes: dict[str, Any] = {
        "last_activity_at": session.ended_at,
        "time_spent_seconds": time_spent,
        "flags": session_flags(session, time_spent),
    }
    if closing.topic is not None:
        changes["topic"] = closing.topic
    step = extend_streak(student.streak, today, began_at=began_at)
    if not is_empty(session):
        streak = step.streak
        changes["xp"] = _xp(
            session,
            streak_days=streak.current if step.counts else 0,
            claimed_today=claimed_xp_on(student.claimed, today),
        )
        changes["streak_after"] = streak.current
    else:
        streak = student.streak
        changes["streak_after"] = step.before
    changes["streak_before"] = step.before
    session = session.model_copy(update=changes)
    credit = session_credit(session)
    return session, apply_credit(student, credit, streak=streak, today=today)


def activity_began_at(session: Session, timezone: str, *, at: Instant) -> Instant:
    """The first known instant of the session on the local day of `at`.

    A session that was begun on an earlier day doesn't date its later practice back.
    """
    today = local_date(at, timezone)
    known = (session.started_at, session.last_activity_at, at)
    return min(instant for instant in known if local_date(instant, timezone) == today)


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


def _xp(session: Session, *, streak_days: int, claimed_today: int) -> Xp:
    return compute_xp(
        verified_items=_verified_items_xp(session),
        claimed_items=_claimed_items_xp(session),
        session_bonus_due=is_session_bonus_due(
            items_completed=session.items_completed, items_count=session.items_count
        ),
        bonus_streak_days=streak_days,
        claimed_today=claimed_today,
    )


def items_xp(session: Session, *, claimed_today: int) -> Xp:
    """The XP of the session's items, without bonuses."""
    return compute_xp(
        verified_items=_verified_items_xp(session),
        claimed_items=_claimed_items_xp(session),
        session_bonus_due=False,
        bonus_streak_days=0,
        claimed_today=claimed_today,
    )


def _verified_items_xp(session: Session) -> int:
    tally = session.tally
    graded = RightAnswers(first=tally.verified_first, later=tally.verified_later)
    return question_xp(graded, repeated=tally.verified_repeated)


def _claimed_items_xp(session: Session) -> int:
    """XP of what the client reports. Infinite practice pays from its seal alone."""
    tally = session.tally
    if session.mode is Mode.INFINITE:
        return question_xp(tally.self_rated, repeated=tally.self_rated_repeated)
    results = list(tally.questions.values())
    right = RightAnswers(
        first=results.count(QuestionResult.FIRST), later=results.count(QuestionResult.LATER)
    )
    return question_xp(right) + XP_EXERCISE_TICKED * _exercises_ticked(session)


def _exercises_ticked(session: Session) -> int:
    """The counts tell it, in a sweep too, which does not read `session_data`."""
    return session.items_completed - session.tally.unlisted_completed


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

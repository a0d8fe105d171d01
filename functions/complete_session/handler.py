"""Completes a session and pays it out: summary, XP, streak and totals, once."""

from datetime import datetime

from functions.complete_session.contract import CompleteSession, CompleteSessionReply
from shared.domain.advance import advanced, skill_ids, skills_practised
from shared.domain.call import Caller, Once, Reply, reply
from shared.domain.completion import Closing, completed, repeated, summary
from shared.domain.session import Session, owned
from shared.domain.session_data import SessionContent
from shared.domain.student import Student
from shared.seal import Seals, opened_own, stored_session
from shared.store.sessions import Completion, SessionStore, Skills

INTO_SESSION_DATA = {"notes", "focus_score", "energy_level", "actual_duration_minutes"}


def handle(
    command: CompleteSession,
    *,
    caller: Caller,
    once: Once,
    sessions: SessionStore,
    seals: Seals,
    now: datetime,
) -> Reply:
    closing = Closing(
        content=SessionContent(**command.model_dump(include=INTO_SESSION_DATA, exclude_none=True)),
        topic=command.topic,
        time_spent_seconds=command.time_spent_seconds,
    )

    practice = (
        opened_own(
            seals, command.stored_session, student_id=caller.uid, session_id=command.session_id
        )
        if command.stored_session is not None
        else None
    )

    def decide(stored: Session | None, student: Student, skills: Skills) -> Completion:
        session = owned(stored, by=caller.uid)
        if repeated(session, closing, practice):
            return Completion(_reply(session))
        items, changed_skills = [], []
        if practice and (
            step := advanced(session, practice, form=lambda p: stored_session(seals, p), at=now)
        ):
            session, items = step.session, step.items
            changed_skills = skills_practised(step.attempts, practice, skills)
        session, student = completed(session, student, closing, at=now)
        return Completion(_reply(session), session, student, items, changed_skills)

    return sessions.complete(
        command.session_id,
        decide,
        student_id=caller.uid,
        skill_ids=skill_ids(practice),
        once=once,
    )


def _reply(session: Session) -> Reply:
    return reply(CompleteSessionReply(session=session, summary=summary(session)))

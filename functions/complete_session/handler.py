"""Completes a session and pays it out: summary, XP, streak and totals, once."""

from datetime import datetime

from functions.complete_session.contract import CompleteSession, CompleteSessionReply
from shared.domain.call import Caller, Once, Reply, reply
from shared.domain.completion import Closing, completed, repeated, summary
from shared.domain.session import Session, owned
from shared.domain.session_data import SessionContent
from shared.domain.student import Student
from shared.store.sessions import Completion, SessionStore

INTO_SESSION_DATA = {"notes", "focus_score", "energy_level", "actual_duration_minutes"}


def handle(
    command: CompleteSession,
    *,
    caller: Caller,
    once: Once,
    sessions: SessionStore,
    now: datetime,
) -> Reply:
    closing = Closing(
        content=SessionContent(**command.model_dump(include=INTO_SESSION_DATA, exclude_none=True)),
        topic=command.topic,
        time_spent_seconds=command.time_spent_seconds,
    )

    def decide(stored: Session | None, student: Student) -> Completion:
        session = owned(stored, by=caller.uid)
        if repeated(session, closing):
            return Completion(_reply(session))
        session, student = completed(session, student, closing, at=now)
        return Completion(_reply(session), session, student)

    return sessions.complete(command.session_id, decide, student_id=caller.uid, once=once)


def _reply(session: Session) -> Reply:
    return reply(CompleteSessionReply(session=session, summary=summary(session)))

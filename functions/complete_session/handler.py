"""Completes a session and pays it out: summary, XP, streak and totals, once."""

from datetime import datetime

from functions.complete_session.contract import CompleteSession, CompleteSessionReply
from shared.domain.practice.state import trim_log
from shared.domain.sessions.completion import (
    Closing,
    complete_session,
    is_repeated_closing,
    summarise,
)
from shared.domain.sessions.session import Session, require_owned
from shared.domain.sessions.session_data import SessionContent
from shared.domain.sessions.synchronisation import practised_skill_ids, synchronise, update_skills
from shared.domain.students.student import Student
from shared.firestore.sessions import SessionCompletion, SessionStore, Skills
from shared.ports.calls import Caller, IdempotencyContext, Reply, reply
from shared.ports.sealing import PracticeSealer

INTO_SESSION_DATA = {"notes", "focus_score", "energy_level", "actual_duration_minutes"}


def handle(
    command: CompleteSession,
    *,
    caller: Caller,
    once: IdempotencyContext,
    sessions: SessionStore,
    practice_sealer: PracticeSealer,
    now: datetime,
) -> Reply:
    closing = Closing(
        content=SessionContent(**command.model_dump(include=INTO_SESSION_DATA, exclude_none=True)),
        topic=command.topic,
        time_spent_seconds=command.time_spent_seconds,
    )
    opened = stored_session = None
    if command.stored_session is not None:
        opened = practice_sealer.open(
            command.stored_session, student_id=caller.uid, session_id=command.session_id
        )
        stored_session = practice_sealer.seal(trim_log(opened.practice))
    practice = opened.practice if opened else None

    def decide(stored: Session | None, student: Student, skills: Skills) -> SessionCompletion:
        session = require_owned(stored, by=caller.uid)
        if is_repeated_closing(session, closing, practice):
            return SessionCompletion(_reply(session))
        items, changed_skills = [], []
        if (
            opened
            and stored_session
            and (step := synchronise(session, opened, stored_session=stored_session, at=now))
        ):
            session, items = step.session, step.items
            changed_skills = update_skills(step.attempts, opened.practice, skills)
        session, student = complete_session(session, student, closing, at=now)
        return SessionCompletion(_reply(session), session, student, items, changed_skills)

    return sessions.complete(
        command.session_id,
        decide,
        student_id=caller.uid,
        skill_ids=practised_skill_ids(practice),
        once=once,
    )


def _reply(session: Session) -> Reply:
    return reply(CompleteSessionReply(session=session, summary=summarise(session)))

"""Completes a session and credits it once (summary, XP, streak, totals), or discards it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from functions.complete_session.contract import CompleteSession, CompleteSessionReply
from shared.domain.classes.assignment import require_not_closed
from shared.domain.gradebook.voiding import regrade
from shared.domain.practice.client_view import ResealedPractice, StoredSession
from shared.domain.sessions.abandonment import discard_session, is_discarded, require_discardable
from shared.domain.sessions.completion import (
    Closing,
    complete_session,
    is_repeated_closing,
    summarise,
)
from shared.domain.sessions.items import LoggedItem
from shared.domain.sessions.session import Session, require_owned
from shared.domain.sessions.session_data import SessionContent
from shared.domain.sessions.synchronisation import practised_skill_ids, synchronise
from shared.domain.students.skills import Skill
from shared.domain.students.student import Student
from shared.ports.calls import Call, Reply, StoredReply
from shared.ports.sealing import PracticeSealer, reseal_if_sent
from shared.ports.sessions import SessionChange, SessionRecords, SessionRepository

SESSION_DATA_FIELDS = {"notes", "focus_score", "energy_level", "actual_duration_minutes"}


@dataclass(frozen=True)
class Dependencies:
    sessions: SessionRepository
    practice_sealer: PracticeSealer


def handle(
    command: CompleteSession, call: Call, dependencies: Dependencies
) -> Reply[CompleteSessionReply] | StoredReply:
    if command.discard:
        return _discard(command.session_id, call, dependencies.sessions)
    student_id, now = call.caller.uid, call.received_at
    closing = Closing(
        content=SessionContent(
            **command.model_dump(include=SESSION_DATA_FIELDS, exclude_none=True)
        ),
        topic=command.topic,
        time_spent_seconds=command.time_spent_seconds,
    )
    resealed = reseal_if_sent(
        dependencies.practice_sealer,
        command.stored_session,
        student_id=student_id,
        session_id=command.session_id,
    )
    practice = resealed.practice if resealed else None

    def decide(records: SessionRecords) -> SessionChange[CompleteSessionReply]:
        session = require_owned(records.session, by=student_id)
        if is_repeated_closing(session, closing, practice):
            return SessionChange(_reply(session))
        if records.assignment is not None:
            require_not_closed(records.assignment, at=now)
        items: list[LoggedItem] = []
        skills: list[Skill] = []
        given, known = resealed, records.skills
        if session.is_strict and records.kept_state is not None:
            given = _kept(dependencies.practice_sealer, records.kept_state, session)
            known = records.read_skills(practised_skill_ids(given.practice))
        voided = records.assignment.voided if records.assignment else ()
        if given and (step := synchronise(session, given, known, at=now, voided=voided)):
            session, items, skills = step
        student = records.student or Student(student_id=student_id)
        session, student = complete_session(session, student, closing, at=now)
        if voided:
            session = regrade(session, [*records.read_items(), *items], voided)
        return SessionChange(
            _reply(session), session=session, items=items, skills=skills, student=student
        )

    return dependencies.sessions.update(
        command.session_id,
        decide,
        student_id=student_id,
        idempotency=call.idempotency,
        read_student=True,
        skill_ids=practised_skill_ids(practice),
    )


def _kept(sealer: PracticeSealer, state: Mapping[str, Any], session: Session) -> ResealedPractice:
    """The state of strict work, which assignment_turn has kept."""
    opened = sealer.open(state, student_id=session.student_id, session_id=session.session_id)
    return ResealedPractice(opened, StoredSession.model_validate(state))


def _discard(
    session_id: str, call: Call, sessions: SessionRepository
) -> Reply[CompleteSessionReply] | StoredReply:
    student_id = call.caller.uid

    def decide(records: SessionRecords) -> SessionChange[CompleteSessionReply]:
        session = require_owned(records.session, by=student_id)
        if is_discarded(session):
            return SessionChange(_reply(session))
        require_discardable(session)
        student = records.student or Student(student_id=student_id)
        session = discard_session(session, student, at=call.received_at)
        return SessionChange(_reply(session), session=session)

    return sessions.update(
        session_id,
        decide,
        student_id=student_id,
        idempotency=call.idempotency,
        read_student=True,
    )


def _reply(session: Session) -> Reply[CompleteSessionReply]:
    return Reply(CompleteSessionReply(session=session, summary=summarise(session)))

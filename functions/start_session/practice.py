"""Stores infinite practice that a turn began, under the id it was given there."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from functions.start_session.contract import StartSession, StartSessionReply
from functions.start_session.reply import start_reply
from shared.domain.practice.client_view import ResealedPractice, StoredSession, hash_of
from shared.domain.practice.history import add_history
from shared.domain.practice.state import OpenedPractice, Practice, trim_log
from shared.domain.sessions.session import Mode, Session, Status, require_active
from shared.domain.sessions.session_data import SessionContent
from shared.domain.sessions.synchronisation import synchronise
from shared.domain.students.local_days import LocalDays
from shared.domain.students.skills import Skill
from shared.domain.students.student import Origin, days_of
from shared.domain.templates.template import Template, require_startable
from shared.ports.calls import Call, Reply, StoredReply
from shared.ports.sealing import PracticeSealer, reseal
from shared.ports.sessions import SessionChange, SessionRecords, SessionRepository


def store_practice(
    command: StartSession,
    sent: Mapping[str, Any],
    call: Call,
    *,
    sessions: SessionRepository,
    practice_sealer: PracticeSealer,
) -> Reply[StartSessionReply] | StoredReply:
    student_id, now = call.caller.uid, call.received_at
    resealed = reseal(practice_sealer, sent, student_id=student_id)
    practice = resealed.practice
    binding = practice.source.binding
    attempted: Reply[StartSessionReply] | None = None

    def decide(records: SessionRecords) -> SessionChange[StartSessionReply]:
        nonlocal attempted
        if records.session is not None:
            if attempted and records.session.started_at == now:
                # This very request's own: its commit took effect, and only the response got lost.
                return SessionChange(attempted)
            # Sent again; or a seal from before the session ended, which must not revive it.
            return SessionChange(start_reply(require_active(records.session), resumed=True))
        if records.active is not None:
            return SessionChange(start_reply(records.active, resumed=True))
        template = require_startable(records.template, by=student_id) if binding else None
        days = days_of(records.student, command.timezone)
        session = _new_session(command, practice, template, days=days, at=now)
        remembered = _with_history(practice_sealer, resealed, records.skills, at=now)
        step = synchronise(session, remembered, records.skills, at=now)
        if step is None:
            raise AssertionError("a session without a state takes any")
        session = step.session.model_copy(update={"revision": 1})
        attempted = start_reply(session, resumed=False)
        return SessionChange(attempted, session=session, items=step.items, skills=step.skills)

    return sessions.start(
        decide,
        student_id=student_id,
        template_id=practice.source.template_id,
        mode=Mode.INFINITE,
        session_id=practice.session_id,
        idempotency=call.idempotency,
        id_may_exist=True,
        skill_ids=[skill.skill_id for skill in practice.skills],
    )


def _new_session(
    command: StartSession,
    practice: Practice,
    template: Template | None,
    *,
    days: LocalDays,
    at: datetime,
) -> Session:
    source = practice.source
    assigned = (
        template is not None
        and source.binding is not None
        and template.is_assigned_to(practice.student_id)
        and template.is_current(source.binding.version, at=practice.began_at)
    )
    return Session(
        session_id=practice.session_id,
        student_id=practice.student_id,
        teacher_id=template.owner_id if template and assigned else None,
        template_id=source.template_id,
        template_name=source.name,
        template_version=source.binding.version if source.binding else None,
        origin=Origin.ASSIGNED if assigned else Origin.SELF_PRACTICE,
        mode=Mode.INFINITE,
        practice_mode=command.practice_mode,
        name=source.name,
        description=template.description if template else "",
        root_id=template.root_id if template else None,
        parent_ids=command.parent_ids,
        subject=source.subject,
        topic=source.topic,
        grade_level=source.grade_level,
        timezone=days.timezone,
        day_begins=days.begins,
        status=Status.ACTIVE,
        started_at=at,
        last_activity_at=at,
        session_data=SessionContent(),
    )


def _with_history(
    sealer: PracticeSealer,
    resealed: ResealedPractice,
    skills: Mapping[str, Skill | None],
    *,
    at: datetime,
) -> ResealedPractice:
    """The state of a new session with what is stored of the student's skills, by skill_id."""
    practice = add_history(resealed.practice, skills, at=at)
    if practice is resealed.practice:
        return resealed
    return ResealedPractice(
        opened=OpenedPractice(practice, hash_of(practice)),
        stored_session=StoredSession.model_validate(sealer.seal(trim_log(practice))),
        sent_hash=resealed.opened.state_hash,
    )

"""Starts a session, or resumes the active one of this student, template and mode."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from functions.start_session.assignment import begin_assignment
from functions.start_session.contract import StartSession, StartSessionReply
from functions.start_session.practice import store_practice
from functions.start_session.reply import start_reply
from shared.domain.sessions.session import Mode, Session, Status, recount_items
from shared.domain.sessions.session_data import (
    SessionContent,
    content_from_template,
    require_storable_size,
)
from shared.domain.students.local_days import LocalDays
from shared.domain.students.student import Origin, days_of
from shared.domain.templates.template import Template, require_startable
from shared.ports.calls import Call, Reply, StoredReply
from shared.ports.class_assignments import ClassAssignmentRepository
from shared.ports.sealing import PracticeSealer, TemplateSealer
from shared.ports.sessions import SessionChange, SessionRecords, SessionRepository

UNNAMED = "Practice"


@dataclass(frozen=True)
class Dependencies:
    sessions: SessionRepository
    assignments: ClassAssignmentRepository
    practice_sealer: PracticeSealer
    template_sealer: TemplateSealer
    new_id: Callable[[], str]


def handle(
    command: StartSession, call: Call, dependencies: Dependencies
) -> Reply[StartSessionReply] | StoredReply:
    sessions = dependencies.sessions
    if command.stored_session is not None:
        return store_practice(
            command,
            command.stored_session,
            call,
            sessions=sessions,
            practice_sealer=dependencies.practice_sealer,
        )
    if command.class_id is not None and command.assignment_id is not None:
        return begin_assignment(
            command,
            (command.class_id, command.assignment_id),
            call,
            assignments=dependencies.assignments,
            practice_sealer=dependencies.practice_sealer,
            template_sealer=dependencies.template_sealer,
        )
    student_id, session_id = call.caller.uid, dependencies.new_id()

    def decide(records: SessionRecords) -> SessionChange[StartSessionReply]:
        if records.active is not None:
            return SessionChange(start_reply(records.active, resumed=True))
        template = (
            require_startable(records.template, by=student_id) if command.template_id else None
        )
        session = _new_session(
            command,
            template,
            student_id=student_id,
            session_id=session_id,
            days=days_of(records.student, command.timezone),
            at=call.received_at,
        )
        return SessionChange(start_reply(session, resumed=False), session=session)

    return sessions.start(
        decide,
        student_id=student_id,
        template_id=command.template_id,
        mode=Mode(command.mode),
        session_id=session_id,
        idempotency=call.idempotency,
    )


def _new_session(
    command: StartSession,
    template: Template | None,
    *,
    student_id: str,
    session_id: str,
    days: LocalDays,
    at: datetime,
) -> Session:
    assigned = template is not None and template.is_assigned_to(student_id)
    content = content_from_template(template) if template else SessionContent()
    if command.session_data is not None:
        content = content.overlaid(command.session_data)

    def chosen(field: str) -> Any:
        """The request's value, else the template's."""
        own = getattr(command, field)
        return own if own is not None else getattr(template, field, None)

    session = Session(
        session_id=session_id,
        student_id=student_id,
        teacher_id=template.owner_id if template and assigned else None,
        template_id=template.template_id if template else None,
        template_name=template.name if template else None,
        template_version=template.version if template else None,
        origin=Origin.ASSIGNED if assigned else Origin.SELF_PRACTICE,
        mode=Mode(command.mode),
        practice_mode=command.practice_mode,
        name=chosen("name") or UNNAMED,
        description=chosen("description") or "",
        root_id=chosen("root_id"),
        parent_ids=command.parent_ids,
        subject=chosen("subject"),
        topic=chosen("topic"),
        grade_level=chosen("grade_level"),
        timezone=days.timezone,
        day_begins=days.begins,
        status=Status.ACTIVE,
        started_at=at,
        last_activity_at=at,
        session_data=require_storable_size(content),
    )
    return recount_items(session)

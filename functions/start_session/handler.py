"""Starts a session, or goes on with the active one of this student and template."""

from datetime import datetime
from typing import Any

from functions.start_session.contract import StartSession
from functions.start_session.practice import startable, started, store_practice
from shared.domain.sessions.session import Mode, Session, Status, recount_items
from shared.domain.sessions.session_data import (
    SessionContent,
    content_from_template,
    overlay_content,
)
from shared.domain.students.student import Origin
from shared.domain.templates.template import Template
from shared.firestore.sessions import Found, SessionStore, Start
from shared.ports.calls import Caller, IdempotencyContext, Reply
from shared.ports.sealing import PracticeSealer

UNNAMED = "Practice"


def handle(
    command: StartSession,
    *,
    caller: Caller,
    once: IdempotencyContext,
    sessions: SessionStore,
    practice_sealer: PracticeSealer,
    now: datetime,
    session_id: str,
) -> Reply:
    if command.stored_session is not None:
        return store_practice(
            command,
            caller=caller,
            once=once,
            sessions=sessions,
            practice_sealer=practice_sealer,
            now=now,
        )

    def decide(found: Found) -> Start:
        if found.active is not None:
            return Start(started(found.active, resumed=True))
        template = found.template
        if command.template_id is not None:
            template = startable(template, by=caller.uid)
        timezone = found.student.timezone if found.student else "UTC"
        session = _started(
            command,
            template,
            student_id=caller.uid,
            timezone=timezone,
            now=now,
            session_id=session_id,
        )
        return Start(started(session, resumed=False), session)

    return sessions.start(
        decide,
        student_id=caller.uid,
        template_id=command.template_id,
        session_id=session_id,
        with_student=command.timezone is None,
        once=once,
    )


def _started(
    command: StartSession,
    template: Template | None,
    *,
    student_id: str,
    timezone: str,
    now: datetime,
    session_id: str,
) -> Session:
    assigned = template is not None and template.assigned_to(student_id)
    content = content_from_template(template) if template else SessionContent()

    def chosen(field: str) -> Any:
        """The caller's word, else the template's."""
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
        name=chosen("name") or UNNAMED,
        description=chosen("description") or "",
        root_id=chosen("root_id"),
        parent_ids=command.parent_ids,
        subject=chosen("subject"),
        topic=chosen("topic"),
        grade_level=chosen("grade_level"),
        timezone=command.timezone or timezone,
        status=Status.ACTIVE,
        started_at=now,
        last_activity_at=now,
        session_data=overlay_content(content, command.session_data),
    )
    return recount_items(session)

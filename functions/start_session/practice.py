"""Stores infinite practice that a turn began, under the id it was given there."""

from datetime import datetime

from functions.start_session.contract import StartSession, StartSessionReply
from shared.domain.common.errors import TemplateArchived, TemplateNotFound
from shared.domain.practice.state import Practice, trim_log
from shared.domain.sessions.session import Mode, Session, Status, require_active
from shared.domain.sessions.session_data import SessionContent, next_item
from shared.domain.sessions.synchronisation import practised_skill_ids, synchronise, update_skills
from shared.domain.students.student import Origin
from shared.domain.templates.template import Template
from shared.firestore.sessions import Found, SessionStore, Start
from shared.ports.calls import Caller, IdempotencyContext, Reply, reply
from shared.ports.sealing import PracticeSealer


def store_practice(
    command: StartSession,
    *,
    caller: Caller,
    once: IdempotencyContext,
    sessions: SessionStore,
    practice_sealer: PracticeSealer,
    now: datetime,
) -> Reply:
    opened = practice_sealer.open(command.stored_session or {}, student_id=caller.uid)
    practice = opened.practice
    stored_session = practice_sealer.seal(trim_log(practice))
    binding = practice.source.binding
    attempted: Reply | None = None

    def decide(found: Found) -> Start:
        nonlocal attempted
        if found.same is not None:
            if attempted and found.same.started_at == now:
                # This very request's own: its commit took effect, and only the reply got lost.
                return Start(attempted)
            # Sent again; or a seal from before the session ended, which must not revive it.
            return Start(started(require_active(found.same), resumed=True))
        if found.active is not None:
            return Start(started(found.active, resumed=True))
        template = startable(found.template, by=caller.uid) if binding else None
        timezone = found.student.timezone if found.student else "UTC"
        session = _stored(command, practice, template, timezone=timezone, now=now)
        step = synchronise(session, opened, stored_session=stored_session, at=now)
        if step is None:
            raise AssertionError("a session without a state takes any")
        session = step.session.model_copy(update={"revision": 1})
        attempted = started(session, resumed=False)
        return Start(
            attempted,
            session,
            items=step.items,
            skills=update_skills(step.attempts, practice, found.skills),
        )

    return sessions.start(
        decide,
        student_id=caller.uid,
        template_id=binding.template_id if binding else None,
        session_id=practice.session_id,
        with_student=command.timezone is None,
        begun_elsewhere=True,
        skill_ids=practised_skill_ids(practice),
        once=once,
    )


def started(session: Session, *, resumed: bool) -> Reply:
    body = StartSessionReply(
        session=session, next_item=next_item(session.session_data), resumed=resumed
    )
    return reply(body, status=200 if resumed else 201)


def startable(template: Template | None, *, by: str) -> Template:
    """A template this user may start from. Raises TemplateNotFound or TemplateArchived."""
    if template is None or not template.readable_by(by):
        raise TemplateNotFound
    if template.archived_at is not None:
        raise TemplateArchived
    return template


def _stored(
    command: StartSession,
    practice: Practice,
    template: Template | None,
    *,
    timezone: str,
    now: datetime,
) -> Session:
    assigned = template is not None and template.assigned_to(practice.student_id)
    source = practice.source
    return Session(
        session_id=practice.session_id,
        student_id=practice.student_id,
        teacher_id=template.owner_id if template and assigned else None,
        template_id=source.binding.template_id if source.binding else None,
        template_name=source.name,
        template_version=source.binding.version if source.binding else None,
        origin=Origin.ASSIGNED if assigned else Origin.SELF_PRACTICE,
        mode=Mode.INFINITE,
        name=source.name,
        description=template.description if template else "",
        root_id=template.root_id if template else None,
        parent_ids=command.parent_ids,
        subject=source.subject,
        topic=source.topic,
        grade_level=source.grade_level,
        timezone=command.timezone or timezone,
        status=Status.ACTIVE,
        started_at=now,
        last_activity_at=now,
        session_data=SessionContent(),
    )

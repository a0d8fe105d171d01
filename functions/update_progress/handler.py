"""Keeps a session's progress: free JSON, ticked exercises, the log, the state of practice."""

from collections.abc import Callable
from datetime import datetime

from functions.update_progress.contract import UpdateProgress, UpdateProgressReply
from shared.domain.practice.state import trim_log
from shared.domain.sessions.items import LoggedItem
from shared.domain.sessions.session import Session, apply_update, require_active, require_owned
from shared.domain.sessions.session_data import next_item
from shared.domain.sessions.synchronisation import practised_skill_ids, synchronise, update_skills
from shared.firestore.sessions import SessionChange, SessionStore, Skills
from shared.ports.calls import Caller, IdempotencyContext, Reply, reply
from shared.ports.sealing import PracticeSealer


def handle(
    command: UpdateProgress,
    *,
    caller: Caller,
    once: IdempotencyContext,
    sessions: SessionStore,
    practice_sealer: PracticeSealer,
    now: datetime,
    new_id: Callable[[], str],
) -> Reply:
    # The same ids at every attempt: finding the first one stored tells that an attempt took effect.
    item_ids = [new_id() for _ in command.items]
    opened = stored_session = None
    if command.stored_session is not None:
        opened = practice_sealer.open(
            command.stored_session, student_id=caller.uid, session_id=command.session_id
        )
        stored_session = practice_sealer.seal(trim_log(opened.practice))

    def decide(stored: Session | None, skills: Skills) -> SessionChange:
        session = require_active(require_owned(stored, by=caller.uid))
        after: Session = session
        logged: list[LoggedItem] = []
        if command.session_data is not None or command.items:
            after, logged = apply_update(
                session,
                change=command.session_data,
                items=command.items,
                item_ids=item_ids,
                revision=command.revision,
                at=now,
            )
        changed_skills = []
        if (
            opened
            and stored_session
            and (step := synchronise(after, opened, stored_session=stored_session, at=now))
        ):
            after, logged = step.session, step.items
            changed_skills = update_skills(step.attempts, opened.practice, skills)
        body = UpdateProgressReply(session=after, next_item=next_item(after.session_data))
        return SessionChange(
            reply=reply(body),
            session=after if after is not session else None,
            items=logged,
            skills=changed_skills,
        )

    return sessions.change(
        command.session_id,
        decide,
        student_id=caller.uid,
        first_item_id=item_ids[0] if item_ids else None,
        skill_ids=practised_skill_ids(opened.practice if opened else None),
        once=once,
    )

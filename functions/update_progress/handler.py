"""Stores a session's progress: free JSON, ticked exercises, the log, the state of practice."""

from collections.abc import Callable
from dataclasses import dataclass

from functions.update_progress.contract import UpdateProgress, UpdateProgressReply
from shared.domain.sessions.items import LoggedItem
from shared.domain.sessions.next_item import next_item
from shared.domain.sessions.session import Session, apply_update, require_active, require_owned
from shared.domain.sessions.synchronisation import practised_skill_ids, synchronise
from shared.domain.students.skills import Skill
from shared.ports.calls import Call, Reply, StoredReply
from shared.ports.sealing import PracticeSealer, reseal_if_sent
from shared.ports.sessions import SessionChange, SessionRecords, SessionRepository


@dataclass(frozen=True)
class Dependencies:
    sessions: SessionRepository
    practice_sealer: PracticeSealer
    new_id: Callable[[], str]


def handle(
    command: UpdateProgress, call: Call, dependencies: Dependencies
) -> Reply[UpdateProgressReply] | StoredReply:
    student_id, now = call.caller.uid, call.received_at
    # The same ids at every attempt: the first one, found stored, shows that one took effect.
    item_ids = [dependencies.new_id() for _ in command.items]
    resealed = reseal_if_sent(
        dependencies.practice_sealer,
        command.stored_session,
        student_id=student_id,
        session_id=command.session_id,
    )
    practice = resealed.practice if resealed else None

    def decide(records: SessionRecords) -> SessionChange[UpdateProgressReply]:
        session = require_owned(records.session, by=student_id)
        after: Session = session
        items: list[LoggedItem] = []
        if command.session_data is None and not command.items:
            require_active(session)
        else:
            after, items = apply_update(
                session,
                change=command.session_data,
                items=command.items,
                item_ids=item_ids,
                revision=command.revision,
                at=now,
            )
        skills: list[Skill] = []
        voided = records.assignment.voided if records.assignment else ()
        if resealed and (
            step := synchronise(after, resealed, records.skills, at=now, voided=voided)
        ):
            after, items, skills = step
        body = UpdateProgressReply(session=after, next_item=next_item(after))
        changed = after if after is not session else None
        return SessionChange(
            Reply(body), session=changed, items=items, skills=skills, practice=practice
        )

    return dependencies.sessions.update(
        command.session_id,
        decide,
        student_id=student_id,
        idempotency=call.idempotency,
        # Items are refused for infinite practice, which alone has a state.
        read_state=not command.items,
        first_item_id=item_ids[0] if item_ids else None,
        skill_ids=practised_skill_ids(practice),
    )

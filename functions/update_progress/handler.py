"""Keeps a session's progress: its free JSON, its ticked exercises, its log of items."""

from collections.abc import Callable
from datetime import datetime

from functions.update_progress.contract import UpdateProgress, UpdateProgressReply
from shared.domain.call import Caller, Once, Reply, reply
from shared.domain.session import Session, owned, updated
from shared.domain.session_data import next_item
from shared.store.sessions import SessionChange, SessionStore


def handle(
    command: UpdateProgress,
    *,
    caller: Caller,
    once: Once,
    sessions: SessionStore,
    now: datetime,
    new_id: Callable[[], str],
) -> Reply:
    # The same ids at every attempt: finding the first one stored tells that an attempt took effect.
    item_ids = [new_id() for _ in command.items]

    def decide(stored: Session | None) -> SessionChange:
        session = owned(stored, by=caller.uid)
        after, logged = updated(
            session,
            change=command.session_data,
            items=command.items,
            item_ids=item_ids,
            revision=command.revision,
            at=now,
        )
        body = UpdateProgressReply(session=after, next_item=next_item(after.session_data))
        return SessionChange(
            reply=reply(body), session=after if after is not session else None, items=logged
        )

    return sessions.change(
        command.session_id,
        decide,
        first_item_id=item_ids[0] if item_ids else None,
        once=once,
    )

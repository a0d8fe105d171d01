"""Reads the next item of a session."""

from dataclasses import dataclass

from functions.get_next_item.contract import GetNextItem, GetNextItemReply
from shared.domain.sessions.next_item import next_item
from shared.domain.sessions.session import require_owned
from shared.ports.calls import Call, Reply
from shared.ports.sessions import SessionRepository


@dataclass(frozen=True)
class Dependencies:
    sessions: SessionRepository


def handle(command: GetNextItem, call: Call, dependencies: Dependencies) -> Reply[GetNextItemReply]:
    stored = dependencies.sessions.read(command.session_id)
    session = require_owned(stored, by=call.caller.uid)
    return Reply(
        GetNextItemReply(
            session_id=session.session_id,
            status=session.status,
            revision=session.revision,
            next_item=next_item(session),
        )
    )

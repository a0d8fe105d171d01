"""Reads what comes next in a session."""

from dataclasses import dataclass

from functions.get_next_item.contract import GetNextItem, GetNextItemReply
from shared.domain.sessions.next_item import next_item
from shared.domain.sessions.session import require_owned
from shared.ports.calls import Call, Reply, StoredReply
from shared.ports.sessions import SessionChange, SessionRecords, SessionRepository


@dataclass(frozen=True)
class Dependencies:
    sessions: SessionRepository


def handle(
    command: GetNextItem, call: Call, dependencies: Dependencies
) -> Reply[GetNextItemReply] | StoredReply:
    student_id = call.caller.uid

    def decide(records: SessionRecords) -> SessionChange[GetNextItemReply]:
        session = require_owned(records.session, by=student_id)
        body = GetNextItemReply(
            session_id=session.session_id,
            status=session.status,
            revision=session.revision,
            next_item=next_item(session),
        )
        return SessionChange(Reply(body))

    return dependencies.sessions.update(
        command.session_id,
        decide,
        student_id=student_id,
        idempotency=call.idempotency,
        read_state=True,
    )

"""The reply of start_session."""

from functions.start_session.contract import StartSessionReply
from shared.domain.sessions.next_item import next_item
from shared.domain.sessions.session import Session
from shared.ports.calls import Reply


def start_reply(session: Session, *, resumed: bool) -> Reply[StartSessionReply]:
    if session.is_strict:  # its state is known to assignment_turn alone
        session = session.model_copy(update={"stored_session": None})
    body = StartSessionReply(session=session, next_item=next_item(session), resumed=resumed)
    return Reply(body, status=200 if resumed else 201)

"""get_next_item: GET ?session_id= → 200 {session_id, status, revision, next_item}."""

from pydantic import BaseModel

from shared.contract.command import Command
from shared.contract.examples import SESSION_ID
from shared.contract.operation import Operation, Tag
from shared.domain.common.errors import SessionNotFound
from shared.domain.common.fields import Id
from shared.domain.sessions.next_item import AnyNextItem
from shared.domain.sessions.session import Status
from shared.environment import Use


class GetNextItem(Command):
    session_id: Id


class GetNextItemReply(BaseModel):
    """`next_item` is null when nothing is left, and when the session has ended."""

    session_id: str
    status: Status
    revision: int
    next_item: AnyNextItem | None


OPERATION = Operation(
    function="get_next_item",
    method="GET",
    request=GetNextItem,
    replies={200: GetNextItemReply},
    tag=Tag.SESSIONS,
    place=4,
    summary="Read the next item of a session",
    description="It writes nothing, so an app may call it at each launch.",
    refusals=(SessionNotFound,),
    honours_idempotency_key=False,
    uses=frozenset({Use.DATABASE}),
    example={"session_id": SESSION_ID},
)

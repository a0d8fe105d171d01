"""update_progress: POST → 200 {session, next_item}."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.contract.command import Command
from shared.contract.examples import SESSION_ID
from shared.contract.links import SESSION_LINKS
from shared.contract.operation import Operation, Tag
from shared.contract.sent_session import SealedSession
from shared.domain.common.entries import Entries, at_most
from shared.domain.common.errors import (
    ContextForked,
    RateLimited,
    RevisionMismatch,
    SessionContextTampered,
    SessionNotActive,
    SessionNotFound,
    StrictSession,
)
from shared.domain.common.fields import Id, Text, WholeNumber
from shared.domain.common.json_schema import Schema
from shared.domain.questions.grades import SentGrade
from shared.domain.sessions.items import Item
from shared.domain.sessions.next_item import AnyNextItem
from shared.domain.sessions.session import Session
from shared.domain.sessions.session_data import SessionData

MAX_ITEMS_PER_CALL = 200


SOME_PROGRESS: Schema = {
    "if": {
        "properties": {"session_data": {"type": "null"}, "stored_session": {"type": "null"}},
    },
    "then": {
        "required": ["items"],
        "properties": {"items": {"minItems": 1}},
        "additionalProperties": True,
    },
}


class ReportedItem(Item, Command):
    """One exercise done or question answered. It ticks the exercise that `node_id` names.

    In a session with exercises, an item that names none of them needs `extra`.
    """

    grade: SentGrade | None = None
    answer: Text | None = None


class UpdateProgress(Command):
    """Top-level keys of `session_data` replace the stored ones; `items` are appended to the log.

    With `revision` the change applies to that revision only, without it to any stored revision.
    `stored_session` is the session of the last turn of infinite practice; the session in the reply
    has a new seal for the next turn.
    """

    model_config = ConfigDict(json_schema_extra=SOME_PROGRESS)

    session_id: Id
    revision: Annotated[WholeNumber, Field(ge=1)] | None = None
    session_data: SessionData | None = None
    items: Annotated[Entries[ReportedItem], at_most(MAX_ITEMS_PER_CALL)] = []
    stored_session: SealedSession | None = None

    @model_validator(mode="after")
    def _require_change(self) -> Self:
        if self.session_data is None and not self.items and self.stored_session is None:
            raise ValueError("send session_data, items or stored_session")
        return self


class UpdateProgressReply(BaseModel):
    session: Session
    next_item: AnyNextItem | None


OPERATION = Operation(
    function="update_progress",
    request=UpdateProgress,
    replies={200: UpdateProgressReply},
    tag=Tag.SESSIONS,
    place=2,
    summary="Store a session's progress",
    refusals=(
        SessionNotFound,
        SessionNotActive,
        RevisionMismatch,
        SessionContextTampered,
        StrictSession,
        ContextForked,
        RateLimited,
    ),
    links=SESSION_LINKS,
    example={
        "session_id": SESSION_ID,
        "items": [{"node_id": "c-major", "grade": "good", "notes": "Evenly, at 90"}],
    },
)

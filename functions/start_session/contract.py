"""start_session: POST → 201 {session, next_item, resumed: false}, or 200 with resumed: true."""

from typing import Literal, Self

from pydantic import BaseModel, JsonValue, model_validator

from shared.contract.command import Command
from shared.contract.operation import Operation, Tag
from shared.domain.common.errors import (
    SessionContextTampered,
    SessionNotActive,
    TemplateArchived,
    TemplateNotFound,
)
from shared.domain.common.fields import Id, Ids, Label, Name, Text, TimeZone
from shared.domain.common.validation import validation_error
from shared.domain.sessions.session import Session
from shared.domain.sessions.session_data import NextItem, SessionData


class StartSession(Command):
    """Without a template the session starts blank, filled with `session_data` alone.

    Fields left out come from the template; `timezone` from the student's last session, or UTC.
    `stored_session` is the `full_session_payload` of infinite practice's first concept; it is
    stored under its own id.
    """

    template_id: Id | None = None
    mode: Literal["checklist", "daily"] = "checklist"
    session_data: SessionData | None = None
    name: Name | None = None
    description: Text | None = None
    root_id: Id | None = None
    parent_ids: Ids = []
    subject: Label | None = None
    topic: Label | None = None
    grade_level: Label | None = None
    timezone: TimeZone | None = None
    stored_session: dict[str, JsonValue] | None = None

    @model_validator(mode="after")
    def _practice_brings_the_rest(self) -> Self:
        if self.stored_session is not None:
            brought = self.model_fields_set - {"stored_session", "timezone", "parent_ids"}
            if brought:
                raise validation_error(
                    "StartSession",
                    [((name,), "must be left out beside stored_session") for name in brought],
                )
        return self


class StartSessionReply(BaseModel):
    session: Session
    next_item: NextItem | None
    resumed: bool


OPERATION = Operation(
    function="start_session",
    request=StartSession,
    replies={200: StartSessionReply, 201: StartSessionReply},
    tag=Tag.SESSIONS,
    summary="Start a session, or go on with the active one",
    description="201 with a new session. 200 with `resumed: true` and, as it is, the one that is "
    "active for this student and template already.",
    refusals=(TemplateNotFound, TemplateArchived, SessionContextTampered, SessionNotActive),
    example={"template_id": "5c0e4f7c9a4f0f6f1c9f2d3a", "timezone": "Europe/Berlin"},
)

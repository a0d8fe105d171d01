"""complete_session: POST → 200 {session, summary}."""

from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from shared.contract.command import Command
from shared.contract.examples import SESSION_ID
from shared.contract.operation import Operation, Tag
from shared.contract.sent_session import SealedSession
from shared.domain.common.errors import (
    AssignmentClosed,
    ContextForked,
    RateLimited,
    SessionContextTampered,
    SessionNotActive,
    SessionNotFound,
    StrictSession,
)
from shared.domain.common.fields import Id, Label, LongText, Minutes, ScoreOutOfTen, Seconds
from shared.domain.common.json_schema import Schema
from shared.domain.common.validation import validation_error
from shared.domain.sessions.completion import Summary
from shared.domain.sessions.session import Session

SENT_TO_DISCARD = {"session_id", "discard"}


WAYS_TO_END: Schema = {
    "if": {"required": ["discard"], "properties": {"discard": {"const": True}}},
    "then": {"propertyNames": {"enum": sorted(SENT_TO_DISCARD)}},
}


class CompleteSession(Command):
    """Notes, scores and minutes are stored in `session_data`; omitted fields leave it unchanged.

    `stored_session` is the last state of infinite practice. It is stored before the completion.
    `discard` abandons the session instead, at its student's wish: it pays nothing, and another one
    can be started. It takes no other field but `session_id`.
    """

    model_config = ConfigDict(json_schema_extra=WAYS_TO_END)

    session_id: Id
    notes: LongText | None = None
    focus_score: ScoreOutOfTen | None = None
    energy_level: ScoreOutOfTen | None = None
    actual_duration_minutes: Minutes | None = None
    time_spent_seconds: Seconds | None = None
    topic: Label | None = None
    stored_session: SealedSession | None = None
    discard: bool = False

    @model_validator(mode="after")
    def _require_nothing_to_discard(self) -> Self:
        if self.discard and (lost := self.model_fields_set - SENT_TO_DISCARD):
            violations = [((name,), "must be omitted with discard") for name in sorted(lost)]
            raise validation_error("CompleteSession", violations)
        return self


class CompleteSessionReply(BaseModel):
    session: Session
    summary: Summary


OPERATION = Operation(
    function="complete_session",
    request=CompleteSession,
    replies={200: CompleteSessionReply},
    tag=Tag.SESSIONS,
    place=3,
    summary="Complete a session and award its XP once, or discard it",
    description="A repeated call returns the stored summary. With other notes or scores it is "
    "refused with SESSION_NOT_ACTIVE, because they would be lost. With `discard` the session is "
    "abandoned and pays nothing.",
    refusals=(
        SessionNotFound,
        SessionNotActive,
        SessionContextTampered,
        StrictSession,
        ContextForked,
        AssignmentClosed,
        RateLimited,
    ),
    example={
        "session_id": SESSION_ID,
        "focus_score": 8,
        "notes": "Went well",
    },
)

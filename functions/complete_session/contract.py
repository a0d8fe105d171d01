"""complete_session: POST → 200 {session, summary}."""

from pydantic import BaseModel

from shared.contract.command import Command
from shared.contract.examples import SESSION_ID
from shared.contract.operation import Operation, Tag
from shared.domain.common.errors import (
    ContextForked,
    SessionContextTampered,
    SessionNotActive,
    SessionNotFound,
)
from shared.domain.common.fields import Id, Label, LongText, Minutes, ScoreOutOfTen, Seconds
from shared.domain.practice.client_view import SentSession
from shared.domain.sessions.completion import Summary
from shared.domain.sessions.session import Session


class CompleteSession(Command):
    """Notes, scores and minutes are stored in `session_data`; omitted fields leave it unchanged.

    `stored_session` is the last state of infinite practice. It is stored before the completion.
    """

    session_id: Id
    notes: LongText | None = None
    focus_score: ScoreOutOfTen | None = None
    energy_level: ScoreOutOfTen | None = None
    actual_duration_minutes: Minutes | None = None
    time_spent_seconds: Seconds | None = None
    topic: Label | None = None
    stored_session: SentSession | None = None


class CompleteSessionReply(BaseModel):
    session: Session
    summary: Summary


OPERATION = Operation(
    function="complete_session",
    request=CompleteSession,
    replies={200: CompleteSessionReply},
    tag=Tag.SESSIONS,
    place=3,
    summary="Complete a session and award its XP once",
    description="A repeated call returns the stored summary. With other notes or scores it is "
    "refused with SESSION_NOT_ACTIVE, because they would be lost.",
    refusals=(SessionNotFound, SessionNotActive, SessionContextTampered, ContextForked),
    example={
        "session_id": SESSION_ID,
        "focus_score": 8,
        "notes": "Went well",
    },
)

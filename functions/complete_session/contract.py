"""complete_session: POST → 200 {session, summary}."""

from pydantic import BaseModel, JsonValue

from shared.domain.completion import Summary
from shared.domain.fields import Id, Label, LongText, Minutes, Score10, Seconds
from shared.domain.session import Session
from shared.endpoint.command import Command


class CompleteSession(Command):
    """Notes, scores and minutes go into session_data; fields left out leave it as it is.

    `stored_session` is a last state of infinite practice, to be stored first.
    """

    session_id: Id
    notes: LongText | None = None
    focus_score: Score10 | None = None
    energy_level: Score10 | None = None
    actual_duration_minutes: Minutes | None = None
    time_spent_seconds: Seconds | None = None
    topic: Label | None = None
    stored_session: dict[str, JsonValue] | None = None


class CompleteSessionReply(BaseModel):
    session: Session
    summary: Summary

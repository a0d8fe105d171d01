"""complete_session: POST → 200 {session, summary}."""

from pydantic import BaseModel, JsonValue

from shared.contract.command import Command
from shared.domain.common.fields import Id, Label, LongText, Minutes, ScoreOutOfTen, Seconds
from shared.domain.sessions.completion import Summary
from shared.domain.sessions.session import Session


class CompleteSession(Command):
    """Notes, scores and minutes go into session_data; fields left out leave it as it is.

    `stored_session` is a last state of infinite practice, to be stored first.
    """

    session_id: Id
    notes: LongText | None = None
    focus_score: ScoreOutOfTen | None = None
    energy_level: ScoreOutOfTen | None = None
    actual_duration_minutes: Minutes | None = None
    time_spent_seconds: Seconds | None = None
    topic: Label | None = None
    stored_session: dict[str, JsonValue] | None = None


class CompleteSessionReply(BaseModel):
    session: Session
    summary: Summary

"""start_session: POST → 201 {session, next_item, resumed: false}, or 200 with resumed: true."""

from typing import Literal

from pydantic import BaseModel

from shared.domain.fields import Id, Ids, Label, Name, Text, TimeZone
from shared.domain.session import Session
from shared.domain.session_data import NextItem, SessionData
from shared.endpoint.command import Command


class StartSession(Command):
    """Without a template the session starts blank, filled with `session_data` alone.

    Fields left out come from the template; `timezone` from the student's last session, or UTC.
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


class StartSessionReply(BaseModel):
    session: Session
    next_item: NextItem | None
    resumed: bool

"""start_session: POST → 201 {session, next_item, resumed: false}, or 200 with resumed: true."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from shared.contract.command import Command
from shared.contract.examples import TEMPLATE_ID
from shared.contract.links import SESSION_LINKS
from shared.contract.operation import Operation, Tag
from shared.contract.sent_session import SealedSession
from shared.domain.common.errors import (
    AssignmentClosed,
    AssignmentNotFound,
    AssignmentNotOpen,
    RateLimited,
    SessionContextTampered,
    SessionNotActive,
    StrictSession,
    TemplateArchived,
    TemplateNotFound,
)
from shared.domain.common.fields import Id, Ids, Label, Name, PracticeMode, Text, TimeZone
from shared.domain.common.json_schema import Schema
from shared.domain.common.validation import validation_error
from shared.domain.sessions.next_item import AnyNextItem
from shared.domain.sessions.session import Session
from shared.domain.sessions.session_data import SessionData
from shared.environment import USUAL_USES, Use

ALLOWED_WITH_STORED_SESSION = ("timezone", "parent_ids", "practice_mode")
OF_ASSIGNMENT = ("class_id", "assignment_id")
ALLOWED_WITH_ASSIGNMENT = (*OF_ASSIGNMENT, "timezone", "practice_mode")

WAYS_TO_START: Schema = {
    "if": {"required": ["stored_session"], "properties": {"stored_session": {"type": "object"}}},
    "then": {
        "propertyNames": {"enum": ["stored_session", *ALLOWED_WITH_STORED_SESSION]},
    },
}


class StartSession(Command):
    """Without a template the session starts blank; `session_data` is its only content.

    Omitted fields have the template's values. `practice_mode` is the app's own name for the way of
    practising, such as "exam" or "flash cards"; sessions can be listed by it. The default of
    `timezone` is that of the student's last completed session, else UTC. `stored_session` is the
    `full_session_payload` of the first concept of infinite practice; it is stored under its own id.
    With `class_id` and `assignment_id` it is the student's one session of that assignment.
    """

    model_config = ConfigDict(json_schema_extra=WAYS_TO_START)

    template_id: Id | None = None
    mode: Literal["checklist", "daily"] = "checklist"
    practice_mode: PracticeMode | None = None
    session_data: SessionData | None = None
    name: Name | None = None
    description: Text | None = None
    root_id: Id | None = None
    parent_ids: Ids = []
    subject: Label | None = None
    topic: Label | None = None
    grade_level: Label | None = None
    timezone: TimeZone | None = None
    stored_session: SealedSession | None = None
    class_id: Id | None = None
    assignment_id: Id | None = None

    @model_validator(mode="after")
    def _require_no_redundant_fields(self) -> Self:
        if self.stored_session is not None:
            redundant = self.model_fields_set - {"stored_session", *ALLOWED_WITH_STORED_SESSION}
            if redundant:
                raise validation_error(
                    "StartSession",
                    [((name,), "must be omitted with stored_session") for name in redundant],
                )
        return self

    @model_validator(mode="after")
    def _require_whole_assignment(self) -> Self:
        sent = [name for name in OF_ASSIGNMENT if getattr(self, name) is not None]
        if not sent:
            return self
        missing = [((name,), "must be sent too") for name in OF_ASSIGNMENT if name not in sent]
        redundant = self.model_fields_set - set(ALLOWED_WITH_ASSIGNMENT)
        if violations := missing + [
            ((name,), "must be omitted with assignment_id") for name in sorted(redundant)
        ]:
            raise validation_error("StartSession", violations)
        return self


class StartSessionReply(BaseModel):
    session: Session
    next_item: AnyNextItem | None
    resumed: bool


OPERATION = Operation(
    function="start_session",
    request=StartSession,
    replies={200: StartSessionReply, 201: StartSessionReply},
    tag=Tag.SESSIONS,
    place=1,
    summary="Start a session or resume the active one",
    description="201 with a new session; 200 with `resumed: true` and the unchanged session that "
    "is already active for this student, template and mode.",
    refusals=(
        TemplateNotFound,
        TemplateArchived,
        SessionContextTampered,
        StrictSession,
        SessionNotActive,
        AssignmentNotFound,
        AssignmentNotOpen,
        AssignmentClosed,
        RateLimited,
    ),
    uses=USUAL_USES | {Use.SESSION_STARTS},
    links=SESSION_LINKS,
    example={"template_id": TEMPLATE_ID, "timezone": "Europe/Berlin"},
)

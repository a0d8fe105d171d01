"""update_assignment: PUT → 200 {assignment}."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.contract.command import Command
from shared.contract.examples import ASSIGNMENT_ID, ASSIGNMENT_REPLY, CLASS_ID
from shared.contract.operation import Operation, Tag
from shared.domain.classes.assignment import Assignment, NamedStudents, Points
from shared.domain.common.closed_model import refuse_nulls
from shared.domain.common.errors import (
    AssignmentNotFound,
    ClassArchived,
    ClassNotFound,
    RateLimited,
    RevisionMismatch,
)
from shared.domain.common.fields import Id, Name, SentInstant, WholeNumber
from shared.domain.common.json_schema import Schema, without_null
from shared.environment import Use

IDS = {"class_id", "assignment_id", "version"}
NOT_NULLABLE = ("version", "title", "archived")


def _describe_changes(schema: Schema) -> None:
    for name in NOT_NULLABLE:
        schema["properties"][name] = without_null(schema["properties"][name])
    # The ids and a change; with the version alone nothing would change.
    schema |= {
        "minProperties": 3,
        "not": {"properties": {"version": {}}, "required": ["version"], "maxProperties": 3},
    }


class UpdateAssignment(Command):
    """Omitted fields keep their values; null clears a date, the points, or the list of students.

    `version` is the version that was read: if another one is stored, the refusal is
    REVISION_MISMATCH. `archived: true` withdraws the assignment; work on it stays.
    """

    model_config = ConfigDict(json_schema_extra=_describe_changes)

    class_id: Id
    assignment_id: Id
    version: Annotated[WholeNumber, Field(ge=1)] | None = None
    title: Name | None = None
    opens_at: SentInstant | None = None
    due_at: SentInstant | None = None
    closes_at: SentInstant | None = None
    points: Points | None = None
    student_ids: NamedStudents | None = None
    archived: bool | None = None

    @model_validator(mode="after")
    def _require_change(self) -> Self:
        if self.model_fields_set <= IDS:
            raise ValueError("send at least one field to change")
        refuse_nulls(self, NOT_NULLABLE)
        return self


class UpdateAssignmentReply(BaseModel):
    assignment: Assignment


OPERATION = Operation(
    function="update_assignment",
    method="PUT",
    request=UpdateAssignment,
    replies={200: UpdateAssignmentReply},
    tag=Tag.CLASSES,
    place=6,
    summary="Change an assignment's dates, points or students, or withdraw it",
    description="What its students practise stays as it was assigned.",
    refusals=(ClassNotFound, ClassArchived, AssignmentNotFound, RevisionMismatch, RateLimited),
    uses=frozenset({Use.DATABASE, Use.LIMITS, Use.WRITES, Use.TEMPLATE_WRITES}),
    example={
        "class_id": CLASS_ID,
        "assignment_id": ASSIGNMENT_ID,
        "due_at": "2026-03-16T17:00:00Z",
    },
    reply_example=ASSIGNMENT_REPLY,
)

"""override_grade: PUT → 200 {cell}."""

from typing import Annotated

from pydantic import BaseModel, Field

from shared.contract.command import Command
from shared.contract.examples import ASSIGNMENT_ID, CELL_REPLY, CLASS_ID
from shared.contract.operation import Operation, Tag
from shared.domain.common.errors import (
    AssignmentNotFound,
    ClassArchived,
    ClassNotFound,
    MemberNotFound,
    RateLimited,
    RevisionMismatch,
)
from shared.domain.common.fields import Id, Text, UserId, WholeNumber
from shared.domain.gradebook.rows import Cell, Grade
from shared.environment import Use


class OverrideGrade(Command):
    """`score_percent` takes the place of the computed score, "exempt" excuses the student, and null
    restores the computed score, which stays beneath. `revision` is that of the cell as it was read,
    0 where there was none. `note` says why, for the audit log.
    """

    class_id: Id
    assignment_id: Id
    student_id: UserId
    revision: Annotated[WholeNumber, Field(ge=0)]
    score_percent: Grade | None
    note: Text = ""


class OverrideGradeReply(BaseModel):
    cell: Cell


OPERATION = Operation(
    function="override_grade",
    method="PUT",
    request=OverrideGrade,
    replies={200: OverrideGradeReply},
    tag=Tag.CLASSES,
    place=7,
    summary="Set a student's grade, excuse them, or restore the computed score",
    description="Every change is kept in the class's audit log: who, when, from what, to what, "
    "and why.",
    refusals=(
        ClassNotFound,
        ClassArchived,
        AssignmentNotFound,
        MemberNotFound,
        RevisionMismatch,
        RateLimited,
    ),
    uses=frozenset({Use.DATABASE, Use.LIMITS, Use.WRITES}),
    example={
        "class_id": CLASS_ID,
        "assignment_id": ASSIGNMENT_ID,
        "student_id": "sam",
        "revision": 0,
        "score_percent": 90,
        "note": "Was interrupted at the last question",
    },
    reply_example=CELL_REPLY,
)

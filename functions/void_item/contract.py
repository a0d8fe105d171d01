"""void_item: POST → 200 {assignment}."""

from pydantic import BaseModel

from shared.contract.command import Command
from shared.contract.examples import ASSIGNMENT_ID, ASSIGNMENT_REPLY, CLASS_ID
from shared.contract.operation import Operation, Tag
from shared.domain.classes.assignment import Assignment
from shared.domain.common.errors import (
    AssignmentNotFound,
    ClassArchived,
    ClassNotFound,
    RateLimited,
)
from shared.domain.common.fields import Id, NodeId, Text
from shared.environment import Use


class VoidItem(Command):
    """`question_id` is that of a question of the assignment. `note` says why, for the audit log."""

    class_id: Id
    assignment_id: Id
    question_id: NodeId
    note: Text = ""


class VoidItemReply(BaseModel):
    """`assignment.regrading` says how far the work is graded without the question."""

    assignment: Assignment


OPERATION = Operation(
    function="void_item",
    request=VoidItem,
    replies={200: VoidItemReply},
    tag=Tag.CLASSES,
    place=8,
    summary="Take a bad question out of an assignment, and grade all work without it",
    description="A request grades for ten seconds. Repeat it until `regrading.finished_at` is set: "
    "it goes on where the last one ended. A question can't be put back.",
    refusals=(ClassNotFound, ClassArchived, AssignmentNotFound, RateLimited),
    honours_idempotency_key=False,
    uses=frozenset({Use.DATABASE, Use.LIMITS, Use.WRITES}),
    example={
        "class_id": CLASS_ID,
        "assignment_id": ASSIGNMENT_ID,
        "question_id": "q-1",
        "note": "Two of the choices are right.",
    },
    reply_example={
        "assignment": {
            **ASSIGNMENT_REPLY["assignment"],
            "voided": ["q-1"],
            "regrading": {
                "sessions": 28,
                "done": 20,
                "skills_left": 0,
                "after": "3b5d5c3712955042212316173ccf37be8001f4a0",
                "finished_at": None,
            },
        }
    },
)

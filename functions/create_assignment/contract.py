"""create_assignment: POST → 201 {assignment}."""

from pydantic import BaseModel

from shared.contract.command import Command
from shared.contract.examples import ASSIGNMENT_REPLY, CLASS_ID, TEMPLATE_ID
from shared.contract.links import ASSIGNMENT_LINKS
from shared.contract.operation import Operation, Tag
from shared.domain.classes.assignment import (
    Assignment,
    AssignmentMode,
    Feedback,
    NamedStudents,
    Points,
    Policy,
)
from shared.domain.common.errors import (
    ClassArchived,
    ClassNotFound,
    RateLimited,
    SessionContextTampered,
    TemplateArchived,
    TemplateNotFound,
)
from shared.domain.common.fields import Id, Name, SentInstant
from shared.environment import Use


class CreateAssignment(Command):
    """`title` is the template's name by default. Without `student_ids` it is for the whole class,
    who join later too. `policy` is strict by default where there are points for questions: answers
    go to assignment_turn, which stores each before anything is said about it.
    """

    class_id: Id
    template_id: Id
    title: Name | None = None
    mode: AssignmentMode = AssignmentMode.QUESTIONS
    opens_at: SentInstant | None = None
    due_at: SentInstant | None = None
    closes_at: SentInstant | None = None
    points: Points | None = None
    policy: Policy | None = None
    feedback: Feedback = Feedback.IMMEDIATE
    student_ids: NamedStudents | None = None


class CreateAssignmentReply(BaseModel):
    assignment: Assignment


OPERATION = Operation(
    function="create_assignment",
    request=CreateAssignment,
    replies={201: CreateAssignmentReply},
    tag=Tag.CLASSES,
    place=5,
    summary="Assign a template to a class",
    description="The class practises a copy of the template as it is now, whatever becomes of it.",
    refusals=(
        ClassNotFound,
        ClassArchived,
        TemplateNotFound,
        TemplateArchived,
        SessionContextTampered,
        RateLimited,
    ),
    uses=frozenset({Use.DATABASE, Use.SEALS, Use.LIMITS, Use.WRITES, Use.TEMPLATE_WRITES}),
    links=ASSIGNMENT_LINKS,
    example={
        "class_id": CLASS_ID,
        "template_id": TEMPLATE_ID,
        "due_at": "2026-03-09T17:00:00Z",
        "points": 10,
    },
    reply_example=ASSIGNMENT_REPLY,
)

"""create_template: POST → 201 {template}."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from shared.contract.command import Command
from shared.contract.examples import TEMPLATE_DATA
from shared.contract.links import TEMPLATE_LINKS
from shared.contract.operation import Operation, Tag
from shared.domain.common.errors import PermissionDenied, RateLimited
from shared.domain.common.fields import Id, Label, Name, StudentIds, Text
from shared.domain.students.mastery import MasteryCriterion
from shared.domain.templates.template import VALID_AUDIENCE, Template, TemplateData, Visibility
from shared.environment import USUAL_USES, Use


class CreateTemplate(Command):
    """`visibility` defaults to `assigned` where `student_ids` are given, else to `private`."""

    model_config = ConfigDict(json_schema_extra=VALID_AUDIENCE)

    name: Name
    description: Text = ""
    root_id: Id | None = None
    subject: Label | None = None
    topic: Label | None = None
    grade_level: Label | None = None
    visibility: Visibility | None = None
    student_ids: StudentIds = []
    template_data: TemplateData
    mastery_criterion: MasteryCriterion | None = None


class CreateTemplateReply(BaseModel):
    template: Template


EXAMPLE: dict[str, Any] = {
    "name": "Daily scales",
    "description": "Ten minutes before anything else",
    "subject": "Music",
    "visibility": "assigned",
    "student_ids": ["sam"],
    "template_data": TEMPLATE_DATA,
}

OPERATION = Operation(
    function="create_template",
    request=CreateTemplate,
    replies={201: CreateTemplateReply},
    tag=Tag.TEMPLATES,
    place=1,
    summary="Create a template",
    description="Every signed-in user may own templates. Only a teacher (custom claim "
    "`role: teacher`) may set `student_ids`, or a `visibility` other than `private`.",
    refusals=(PermissionDenied, RateLimited),
    uses=USUAL_USES | {Use.TEMPLATE_WRITES},
    links=TEMPLATE_LINKS,
    example=EXAMPLE,
)

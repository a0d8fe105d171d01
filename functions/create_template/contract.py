"""create_template: POST → 201 {template}."""

from pydantic import BaseModel

from shared.contract.command import Command
from shared.domain.common.fields import Id, Label, Name, Text, UserIds
from shared.domain.students.mastery import MasteryCriterion
from shared.domain.templates.template import Template, TemplateData, Visibility


class CreateTemplate(Command):
    """`visibility` is `private`, or `assigned` where students are given, unless it is set."""

    name: Name
    description: Text = ""
    root_id: Id | None = None
    subject: Label | None = None
    topic: Label | None = None
    grade_level: Label | None = None
    visibility: Visibility | None = None
    student_ids: UserIds = []
    template_data: TemplateData
    mastery_criterion: MasteryCriterion | None = None


class CreateTemplateReply(BaseModel):
    template: Template

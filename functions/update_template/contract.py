"""update_template: PUT → 200 {template}."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, Field, model_validator

from shared.domain.faults import invalid
from shared.domain.fields import Id, Label, Name, Text, UserIds, Whole
from shared.domain.template import MasteryCriterion, Template, TemplateData, Visibility
from shared.endpoint.command import Command

NOT_NULLABLE = ("name", "description", "visibility", "student_ids", "template_data")


class UpdateTemplate(Command):
    """Fields left out stay as they are; null clears those that may be empty.

    `version` is the one the change was made to; another one stored is a REVISION_MISMATCH.
    """

    method: ClassVar[Literal["POST", "PUT", "DELETE"]] = "PUT"

    template_id: Id
    version: Annotated[Whole, Field(ge=1)]
    name: Name | None = None
    description: Text | None = None
    root_id: Id | None = None
    subject: Label | None = None
    topic: Label | None = None
    grade_level: Label | None = None
    visibility: Visibility | None = None
    student_ids: UserIds | None = None
    template_data: TemplateData | None = None
    mastery_criterion: MasteryCriterion | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if self.model_fields_set <= {"template_id", "version"}:
            raise ValueError("send at least one field to change")
        nulls = [name for name in NOT_NULLABLE if getattr(self, name, None) is None]
        if faults := [
            ((name,), "must not be null") for name in nulls if name in self.model_fields_set
        ]:
            raise invalid("UpdateTemplate", faults)
        return self


class UpdateTemplateReply(BaseModel):
    template: Template

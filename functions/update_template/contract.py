"""update_template: PUT → 200 {template}."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.contract.command import Command
from shared.contract.examples import TEMPLATE_ID
from shared.contract.links import TEMPLATE_LINKS
from shared.contract.operation import Operation, Tag
from shared.domain.common.closed_model import refuse_nulls
from shared.domain.common.errors import (
    PermissionDenied,
    RateLimited,
    RevisionMismatch,
    TemplateArchived,
    TemplateNotFound,
)
from shared.domain.common.fields import Id, Label, Name, StudentIds, Text, WholeNumber
from shared.domain.common.json_schema import Schema, without_null
from shared.domain.students.mastery import MasteryCriterion
from shared.domain.templates.template import VALID_AUDIENCE, Template, TemplateData, Visibility
from shared.environment import USUAL_USES, Use

NOT_NULLABLE = ("name", "description", "visibility", "student_ids", "template_data")


def _describe_changes(schema: Schema) -> None:
    for name in NOT_NULLABLE:
        schema["properties"][name] = without_null(schema["properties"][name])
    schema |= {"minProperties": 3, **VALID_AUDIENCE}  # template_id, version and a change


class UpdateTemplate(Command):
    """Omitted fields keep their values; null clears those that may be empty.

    `version` is the version that was read; if another one is stored, the refusal is
    REVISION_MISMATCH.
    """

    model_config = ConfigDict(json_schema_extra=_describe_changes)

    template_id: Id
    version: Annotated[WholeNumber, Field(ge=1)]
    name: Name | None = None
    description: Text | None = None
    root_id: Id | None = None
    subject: Label | None = None
    topic: Label | None = None
    grade_level: Label | None = None
    visibility: Visibility | None = None
    student_ids: StudentIds | None = None
    template_data: TemplateData | None = None
    mastery_criterion: MasteryCriterion | None = None

    @model_validator(mode="after")
    def _require_change(self) -> Self:
        if self.model_fields_set <= {"template_id", "version"}:
            raise ValueError("send at least one field to change")
        refuse_nulls(self, NOT_NULLABLE)
        return self


class UpdateTemplateReply(BaseModel):
    template: Template


OPERATION = Operation(
    function="update_template",
    method="PUT",
    request=UpdateTemplate,
    replies={200: UpdateTemplateReply},
    tag=Tag.TEMPLATES,
    place=2,
    summary="Update a template",
    description="`template_data` replaces the whole value. An update that is already in place "
    "answers 200.",
    refusals=(TemplateNotFound, TemplateArchived, RevisionMismatch, PermissionDenied, RateLimited),
    uses=USUAL_USES | {Use.TEMPLATE_WRITES},
    links=TEMPLATE_LINKS,
    example={
        "template_id": TEMPLATE_ID,
        "version": 1,
        "description": "Five minutes before anything else",
    },
)

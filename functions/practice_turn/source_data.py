"""The shape of `source_data`, which the function takes as free JSON: its template's seal is checked
before its fields, and a violation of either has a refusal of its own.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, RootModel

from shared.domain.common.fields import Label, Name
from shared.domain.common.json_schema import exclude_each_other
from shared.domain.students.mastery import MasteryCriterion
from shared.domain.templates.template import TemplateData


class SourceTemplate(BaseModel):
    """A template as an SDK reads it, as plain fields, or as a client made it up."""

    # These models are never validated, so not built when the function starts.
    model_config = ConfigDict(extra="allow", defer_build=True)

    name: Name
    subject: Label | None = None
    topic: Label | None = None
    grade_level: Label | None = None
    mastery_criterion: MasteryCriterion | None = None
    template_data: TemplateData
    seal: str | None = None


class SourceFields(BaseModel):
    """Fields in Firestore's notation, such as `{"stringValue": "Daily scales"}`."""

    model_config = ConfigDict(
        extra="allow",
        # A condition, because tools that generate code take no typed values of other names.
        json_schema_extra={"if": {}, "then": {"additionalProperties": {"type": "object"}}},
        defer_build=True,
    )

    name: dict[str, Any]
    template_data: dict[str, Any]


class SourceDocument(BaseModel):
    """A template's document as Firestore's REST API has it."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={"propertyNames": {"not": {"const": "template_data"}}},
        defer_build=True,
    )

    name: str | None = Field(default=None, description="The document's path.")
    fields: SourceFields


class SourceData(RootModel[Any]):
    """A template as a client read it: by an SDK, as plain fields, or by REST, in Firestore's own
    notation.

    With a `seal` it must be the template that the seal was made for. Without one the client may
    have made it up, with its answer keys, and practice counts as self-practice.
    """

    model_config = ConfigDict(json_schema_extra=exclude_each_other, defer_build=True)

    # A document has no `template_data`.
    root: SourceTemplate | SourceDocument

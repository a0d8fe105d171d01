"""The shape of `source_data`, which the function takes as free JSON: its template's seal is checked
before its fields, and a violation of either has a refusal of its own.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, WithJsonSchema

from shared.domain.common.fields import Label, Name
from shared.domain.common.json_schema import Schema
from shared.domain.students.mastery import MasteryCriterion
from shared.domain.templates.template import TemplateData


def _describe_ways_to_read(schema: Schema) -> None:
    """The fields as an SDK reads them, or a document as Firestore's REST API has it."""
    fields = {"type": "object"}
    by_rest = {
        "type": "object",
        "properties": {
            "name": {"type": "string", "description": "The document's path."},
            "fields": {
                "type": "object",
                "properties": {"name": fields, "template_data": fields},
                "required": ["name", "template_data"],
                "additionalProperties": fields,
            },
        },
        "required": ["fields"],
        "not": {"required": ["template_data"]},
        "additionalProperties": True,
    }
    description = schema.pop("description")
    by_sdk = dict(schema)
    schema.clear()
    schema |= {"description": description, "anyOf": [by_sdk, by_rest]}


class SourceData(BaseModel):
    """A template as a client read it: by an SDK, as plain fields, or by REST, in Firestore's own
    notation.

    With a `seal` it must be the template that the seal was made for. Without one the client may
    have made it up, with its answer keys, and practice counts as self-practice.
    """

    # Never validated, so not built when the function starts.
    model_config = ConfigDict(
        extra="allow", json_schema_extra=_describe_ways_to_read, defer_build=True
    )

    name: Name
    subject: Label | None = None
    topic: Label | None = None
    grade_level: Label | None = None
    mastery_criterion: MasteryCriterion | None = None
    template_data: TemplateData
    seal: Annotated[str | None, WithJsonSchema({"type": ["string", "null"]})] = None

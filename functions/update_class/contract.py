"""update_class: PUT → 200 {class, join}."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.contract.command import Command
from shared.contract.examples import CLASS_ID, CLASS_REPLY
from shared.contract.operation import Operation, Tag
from shared.domain.classes.join_code import JoinSettings, MaxStudents
from shared.domain.classes.school_class import SchoolClass, SentTeacherIds
from shared.domain.common.closed_model import ClosedModel, refuse_nulls
from shared.domain.common.errors import (
    ClassArchived,
    ClassNotFound,
    PermissionDenied,
    RateLimited,
    RevisionMismatch,
)
from shared.domain.common.fields import Id, Label, Name, SentInstant, TimeZone, WholeNumber
from shared.domain.common.json_schema import Schema, without_null
from shared.domain.common.validation import validation_error
from shared.environment import Use

NULLABLE = frozenset({"subject"})


def _describe_join(schema: Schema) -> None:
    _without_nulls(schema)
    schema |= {
        "minProperties": 1,
        "not": {"properties": {"enabled": {}}, "required": ["enabled"], "minProperties": 2},
    }


def _describe_changes(schema: Schema) -> None:
    _without_nulls(schema)
    # class_id and a change; with class_id and version alone nothing would change.
    schema |= {
        "minProperties": 2,
        "not": {"properties": {"version": {}}, "required": ["version"], "maxProperties": 2},
    }


def _without_nulls(schema: Schema) -> None:
    for name, field in schema["properties"].items():
        if name not in NULLABLE and "anyOf" in field:
            schema["properties"][name] = without_null(field)


class JoinChange(ClosedModel):
    """`rotate` makes a new code; the one before opens the class no more. `enabled: false` switches
    the code off. `expires_at` and `max_students` change the code there is, or go with the new one.
    """

    model_config = ConfigDict(json_schema_extra=_describe_join)

    rotate: Literal[True] | None = None
    enabled: Literal[False] | None = None
    expires_at: SentInstant | None = None
    max_students: MaxStudents | None = None

    @model_validator(mode="after")
    def _require_one_change(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("send rotate, enabled, expires_at or max_students")
        refuse_nulls(self, sorted(self.model_fields_set - NULLABLE))
        if self.enabled is not None and len(self.model_fields_set) > 1:
            raise validation_error("JoinChange", [(("enabled",), "must be sent alone")])
        return self


class UpdateClass(Command):
    """Omitted fields keep their values. `version` is the version that was read: if another one is
    stored, the refusal is REVISION_MISMATCH; without it the change is made to whatever is stored.
    """

    model_config = ConfigDict(json_schema_extra=_describe_changes)

    class_id: Id
    version: Annotated[WholeNumber, Field(ge=1)] | None = None
    name: Name | None = None
    subject: Label | None = None
    timezone: TimeZone | None = None
    teacher_ids: SentTeacherIds | None = None
    shows_roster: bool | None = None
    archived: bool | None = None
    join: JoinChange | None = None

    @model_validator(mode="after")
    def _require_change(self) -> Self:
        if self.model_fields_set <= {"class_id", "version"}:
            raise ValueError("send at least one field to change")
        refuse_nulls(self, sorted(self.model_fields_set - NULLABLE))
        if self.archived and self.join is not None:
            raise validation_error("UpdateClass", [(("join",), "must not be sent with archived")])
        return self


class UpdateClassReply(BaseModel):
    """`join` has the code for students, which only teachers of the class may read."""

    model_config = ConfigDict(serialize_by_alias=True)

    school_class: SchoolClass = Field(alias="class")
    join: JoinSettings


OPERATION = Operation(
    function="update_class",
    method="PUT",
    request=UpdateClass,
    replies={200: UpdateClassReply},
    tag=Tag.CLASSES,
    place=2,
    summary="Update a class, its teachers or its join code",
    description="By a teacher of the class. `teacher_ids` replaces the list; the owner stays in "
    "it, and a co-teacher may only leave it. `archived: true` switches the code off. An update "
    "that is already in place answers 200.",
    refusals=(ClassNotFound, ClassArchived, RevisionMismatch, PermissionDenied, RateLimited),
    uses=frozenset({Use.DATABASE, Use.LIMITS, Use.WRITES, Use.TEMPLATE_WRITES}),
    example={"class_id": CLASS_ID, "version": 1, "shows_roster": True},
    reply_example={
        **CLASS_REPLY,
        "class": {**CLASS_REPLY["class"], "shows_roster": True, "version": 2},
    },
)

"""Classes: who teaches them, and which changes a teacher may make."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from shared.domain.common.errors import (
    ClassArchived,
    ClassNotFound,
    FieldError,
    InvalidArgument,
    PermissionDenied,
)
from shared.domain.common.fields import (
    NOT_A_NAME_OR_ADDRESS,
    UNIQUE,
    Id,
    Instant,
    Label,
    Name,
    TimeZone,
    UserId,
    ValueObject,
)

MAX_TEACHERS = 20

TeacherIds = Annotated[list[UserId], Field(max_length=MAX_TEACHERS), UNIQUE]
# As a request names them: an e-mail address is a mistake that nobody would notice.
SentTeacherIds = Annotated[
    list[Annotated[UserId, NOT_A_NAME_OR_ADDRESS]],
    Field(min_length=1, max_length=MAX_TEACHERS),
    UNIQUE,
]


class SchoolClass(ValueObject):
    """A class. `teacher_ids` has the owner too, and decides who may read and change it.

    `owner_id` is None, and the class archived, where its last teacher's data were erased. With
    `shows_roster` members may read the names of the other members.
    """

    schema_version: Literal[1] = 1
    class_id: Id
    name: Name
    subject: Label | None
    owner_id: UserId | None
    teacher_ids: TeacherIds
    timezone: TimeZone
    shows_roster: bool = False
    archived_at: Instant | None = None
    version: Annotated[int, Field(ge=1)]
    created_at: Instant
    updated_at: Instant

    def is_taught_by(self, uid: str) -> bool:
        return uid in self.teacher_ids


def require_taught(school_class: SchoolClass | None, *, by: str) -> SchoolClass:
    """A class of this teacher. Raises ClassNotFound for a missing one, or one of others."""
    if school_class is None or not school_class.is_taught_by(by):
        raise ClassNotFound
    return school_class


def require_current(school_class: SchoolClass) -> SchoolClass:
    """Raises ClassArchived."""
    if school_class.archived_at is not None:
        raise ClassArchived
    return school_class


def change_class(
    school_class: SchoolClass, changes: Mapping[str, Any], *, by: str, at: Instant
) -> SchoolClass:
    """The next version. Raises ClassArchived, PermissionDenied or InvalidArgument.

    `archived` among the changes sets or clears `archived_at`. An archived class changes only
    together with `archived: false`.
    """
    fields = dict(changes)
    archived = fields.pop("archived", school_class.archived_at is not None)
    if archived and school_class.archived_at is not None:
        raise ClassArchived
    if "teacher_ids" in fields:
        _require_valid_teachers(school_class, fields["teacher_ids"], by=by)
    return SchoolClass.model_validate(
        {
            **school_class.model_dump(),
            **fields,
            "archived_at": at if archived else None,
            "version": school_class.version + 1,
            "updated_at": at,
        }
    )


def has_changes(school_class: SchoolClass, changes: Mapping[str, Any]) -> bool:
    """Whether any of the changes is not in place yet."""
    fields = dict(changes)
    archived = fields.pop("archived", None)
    if archived is not None and archived is not (school_class.archived_at is not None):
        return True
    stored = school_class.model_dump()
    return any(stored[name] != value for name, value in fields.items())


def without_teacher(school_class: SchoolClass, uid: str, *, at: Instant) -> SchoolClass:
    """The class as the erasure of this teacher's data leaves it.

    Where the owner goes, the next co-teacher owns the class; without one it is archived.
    """
    left = [teacher for teacher in school_class.teacher_ids if teacher != uid]
    owner = school_class.owner_id if school_class.owner_id != uid else next(iter(left), None)
    return school_class.model_copy(
        update={
            "teacher_ids": left,
            "owner_id": owner,
            "archived_at": school_class.archived_at if owner else (school_class.archived_at or at),
            "version": school_class.version + 1,
            "updated_at": at,
        }
    )


def _require_valid_teachers(
    school_class: SchoolClass, teacher_ids: Sequence[str], *, by: str
) -> None:
    if school_class.owner_id not in teacher_ids:
        raise InvalidArgument(
            errors=[FieldError("teacher_ids", "must have the class's owner, who stays")]
        )
    left = [teacher for teacher in school_class.teacher_ids if teacher != by]
    unchanged = school_class.teacher_ids
    if by != school_class.owner_id and list(teacher_ids) not in (left, unchanged):
        raise PermissionDenied(
            "Only the owner of a class adds and removes co-teachers. A co-teacher may leave: "
            "send teacher_ids without yourself."
        )

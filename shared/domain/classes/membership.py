"""Members of a class: joining, leaving, and joining again."""

from enum import StrEnum
from typing import Literal

from shared.domain.classes.join_code import JoinCode
from shared.domain.classes.school_class import SchoolClass
from shared.domain.common.errors import (
    ClassNotFound,
    JoinCodeNotValid,
    MemberNotFound,
    TeacherCannotJoin,
)
from shared.domain.common.fields import Id, Instant, JsonEnum, Name, UserId, ValueObject


class MemberStatus(JsonEnum):
    ACTIVE = "active"
    REMOVED = "removed"


class Entry(StrEnum):
    """What a request to join does for a student."""

    NEW = "new"
    AGAIN = "again"  # after a removal
    MEMBER = "member"  # who is one already


class Member(ValueObject):
    """A student in a class. The document stays when the student leaves or is removed."""

    schema_version: Literal[1] = 1
    class_id: Id
    student_id: UserId
    display_name: Name
    status: MemberStatus
    joined_at: Instant
    removed_at: Instant | None = None

    @property
    def is_active(self) -> bool:
        return self.status is MemberStatus.ACTIVE


def entry_of(
    uid: str,
    code: JoinCode | None,
    school_class: SchoolClass | None,
    member: Member | None,
    *,
    at: Instant,
) -> Entry:
    """How this student enters, if a place is left.

    Raises TeacherCannotJoin, or JoinCodeNotValid: one refusal, so that codes can't be probed. Who
    was removed needs a code that was made afterwards.
    """
    if code is None or school_class is None:
        raise JoinCodeNotValid
    if school_class.is_taught_by(uid):
        raise TeacherCannotJoin
    if member is not None and member.is_active:
        return Entry.MEMBER
    if not code.is_valid(at=at) or school_class.archived_at is not None:
        raise JoinCodeNotValid
    if member is None:
        return Entry.NEW
    if member.removed_at is None or code.created_at <= member.removed_at:
        raise JoinCodeNotValid
    return Entry.AGAIN


def join(class_id: str, uid: str, display_name: str, *, at: Instant) -> Member:
    return Member(
        class_id=class_id,
        student_id=uid,
        display_name=display_name,
        status=MemberStatus.ACTIVE,
        joined_at=at,
    )


def rename(member: Member, display_name: str) -> Member:
    return member.model_copy(update={"display_name": display_name})


def remove(member: Member, *, at: Instant) -> Member:
    if not member.is_active:
        return member
    return member.model_copy(update={"status": MemberStatus.REMOVED, "removed_at": at})


def require_removable(
    school_class: SchoolClass | None, member: Member | None, student_id: str, *, by: str
) -> Member:
    """A member whom the caller may remove: a teacher any, a student only themself.

    Raises ClassNotFound for everybody else, and MemberNotFound where a teacher names no member.
    """
    is_teacher = school_class is not None and school_class.is_taught_by(by)
    if not is_teacher and (member is None or by != student_id):
        raise ClassNotFound
    if member is None:
        raise MemberNotFound
    return member

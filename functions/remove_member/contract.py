"""remove_member: POST → 200 {member}."""

from pydantic import BaseModel

from shared.contract.command import Command
from shared.contract.examples import CLASS_ID, INSTANT
from shared.contract.operation import Operation, Tag
from shared.domain.classes.membership import Member
from shared.domain.common.errors import ClassNotFound, MemberNotFound, RateLimited
from shared.domain.common.fields import Id, UserId
from shared.environment import Use


class RemoveMember(Command):
    """`student_id` is a member of the class or, by a student who leaves, their own uid."""

    class_id: Id
    student_id: UserId


class RemoveMemberReply(BaseModel):
    member: Member


OPERATION = Operation(
    function="remove_member",
    request=RemoveMember,
    replies={200: RemoveMemberReply},
    tag=Tag.CLASSES,
    place=4,
    summary="Remove a student from a class, or leave it",
    description="By a teacher of the class, or by the student. The place is free again. The "
    "student can join again only with a code that is made afterwards.",
    refusals=(ClassNotFound, MemberNotFound, RateLimited),
    uses=frozenset({Use.DATABASE, Use.LIMITS, Use.WRITES}),
    example={"class_id": CLASS_ID, "student_id": "sam"},
    reply_example={
        "member": {
            "schema_version": 1,
            "class_id": CLASS_ID,
            "student_id": "sam",
            "display_name": "Sam",
            "status": "removed",
            "joined_at": INSTANT,
            "removed_at": INSTANT,
        }
    },
)

"""join_class: POST → 201 {class, resumed: false}, or 200 with resumed: true for a member."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.contract.command import Command
from shared.contract.examples import CLASS_REPLY
from shared.contract.operation import Operation, Tag
from shared.domain.classes.school_class import SchoolClass
from shared.domain.common.errors import JoinCodeNotValid, RateLimited, TeacherCannotJoin
from shared.domain.common.fields import Name
from shared.environment import Use


class JoinClass(Command):
    """`code` may be typed in any case, with hyphens or spaces, and with O for 0 and I or L for 1.
    `display_name` is shown to the teachers of the class, and to its members where a teacher chose
    so; joining again changes it.
    """

    code: Annotated[str, Field(max_length=64)]
    display_name: Name


class JoinClassReply(BaseModel):
    model_config = ConfigDict(serialize_by_alias=True)

    school_class: SchoolClass = Field(alias="class")
    resumed: bool


OPERATION = Operation(
    function="join_class",
    request=JoinClass,
    replies={200: JoinClassReply, 201: JoinClassReply},
    tag=Tag.CLASSES,
    place=3,
    summary="Join a class with its code",
    description="A wrong, an expired, a switched-off and a used-up code have one refusal. A "
    "student who was removed needs a code that was made afterwards. Refused codes are limited.",
    refusals=(JoinCodeNotValid, TeacherCannotJoin, RateLimited),
    uses=frozenset({Use.DATABASE, Use.LIMITS, Use.WRITES, Use.JOINS}),
    example={"code": "7KQ-2M4D", "display_name": "Sam"},
    reply_example={"class": CLASS_REPLY["class"], "resumed": False},
)

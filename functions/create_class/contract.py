"""create_class: POST → 201 {class, join}."""

from pydantic import BaseModel, ConfigDict, Field

from shared.contract.command import Command
from shared.contract.examples import CLASS_REPLY
from shared.contract.links import CLASS_LINKS
from shared.contract.operation import Operation, Tag
from shared.domain.classes.join_code import DEFAULT_MAX_STUDENTS, JoinSettings, MaxStudents
from shared.domain.classes.school_class import SchoolClass
from shared.domain.common.errors import RateLimited
from shared.domain.common.fields import Label, Name, TimeZone
from shared.environment import Use


class CreateClass(Command):
    name: Name
    subject: Label | None = None
    timezone: TimeZone = "UTC"
    max_students: MaxStudents = DEFAULT_MAX_STUDENTS


class CreateClassReply(BaseModel):
    """`join` has the code for students, which only teachers of the class may read."""

    model_config = ConfigDict(serialize_by_alias=True)

    school_class: SchoolClass = Field(alias="class")
    join: JoinSettings


OPERATION = Operation(
    function="create_class",
    request=CreateClass,
    replies={201: CreateClassReply},
    tag=Tag.CLASSES,
    place=1,
    summary="Create a class",
    description="Every signed-in user may create classes, as every one may own templates: students "
    "join by their own choice. The class has a join code, which is valid for thirty days.",
    refusals=(RateLimited,),
    uses=frozenset({Use.DATABASE, Use.LIMITS, Use.WRITES, Use.TEMPLATE_WRITES}),
    links=CLASS_LINKS,
    example={"name": "Guitar, Tuesdays", "subject": "Music", "timezone": "Europe/Berlin"},
    reply_example=CLASS_REPLY,
)

"""A student's daily pack: what is due for review on a local day, and a little that is new."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from shared.domain.common.closed_model import ClosedModel
from shared.domain.common.fields import (
    Id,
    Instant,
    Label,
    NodeId,
    TimeZone,
    ValueObject,
    WholeNumber,
)
from shared.domain.common.json_schema import DescribedAs
from shared.domain.practice.client_view import ShownStem
from shared.domain.templates.template import Block

MAX_REVIEWS = 20
MAX_NEW = 10


class PackStatus(StrEnum):
    """`empty` where nothing was due and nothing new was found: no session is made, nothing is
    stored.
    """

    EMPTY = "empty"
    ACTIVE = "active"
    COMPLETED = "completed"
    ABANDONED = "abandoned"


class PackLimits(ClosedModel):
    """The most items of a portion."""

    review: Annotated[WholeNumber, Field(ge=0, le=MAX_REVIEWS)] = 20
    new: Annotated[WholeNumber, Field(ge=0, le=MAX_NEW)] = 5


class PackItem(ValueObject):
    """A question of the pack, shown as its session shows it: without the answer key.

    `item_id` is the question's id in the session, `node_id` the one in the template `template_id`,
    `stem` what the question is a step of. `retrievability` is the probability, 0-1, that the skill
    is recalled as the pack is made; 0 before its first review.
    """

    item_id: NodeId
    skill_id: str
    skill: str
    template_id: Id
    node_id: NodeId
    question: Annotated[dict[str, Any], DescribedAs("ShownQuestion")]
    stem: ShownStem | SkipJsonSchema[None] = Field(
        default=None, exclude_if=lambda stem: stem is None
    )
    due_at: Instant | None
    retrievability: Annotated[float, Field(ge=0, le=1)]


class PackBlocks(ValueObject):
    """What a template brings along in `template_data.blocks`, passed through unchanged."""

    dialog: Block | None = None
    pronunciation_drill: Block | None = None


class Pack(ValueObject):
    """The pack of a local day, with its latest portion, which `session_id` practises.

    `due_total` counts the skills that were due as the portion was made, up to 60; `deferred` are
    those of them that it leaves for the next. Each of the `blocks`, which a template brought, is an
    exercise of the session, to be ticked under its name.
    """

    schema_version: Literal[1] = 1
    pack_id: Id
    session_id: Id | None
    portion: Annotated[int, Field(ge=0)]
    local_date: str
    timezone: TimeZone
    subject: Label | None = None
    status: PackStatus
    due_total: Annotated[int, Field(ge=0)]
    deferred: Annotated[int, Field(ge=0)]
    review_items: list[PackItem] = []
    new_items: list[PackItem] = []
    blocks: PackBlocks = PackBlocks()
    created_at: Instant


def pack_id_of(local_date: date) -> str:
    return f"daily_{local_date.isoformat()}"

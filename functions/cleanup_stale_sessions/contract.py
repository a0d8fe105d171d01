"""cleanup_stale_sessions: POST → 200 {scanned, abandoned, remaining, next?}."""

from typing import Annotated

from pydantic import BaseModel, Field

from shared.contract.command import Command
from shared.contract.examples import INSTANT
from shared.contract.operation import Operation, Security, Tag
from shared.domain.common.errors import PermissionDenied
from shared.domain.common.fields import Instant, WholeNumber
from shared.environment import MAX_MINUTES, Use


class CleanupStaleSessions(Command):
    """Abandons up to `limit` stale sessions, oldest activity first. `dry_run` only counts them."""

    limit: Annotated[WholeNumber, Field(ge=1, le=20_000)] = 5_000
    dry_run: bool = False
    stale_after_minutes: Annotated[WholeNumber, Field(ge=1, le=MAX_MINUTES)] | None = None


class CleanupStaleSessionsReply(BaseModel):
    """`next` is the earliest last activity of the remaining stale sessions, null if none remain."""

    scanned: int
    abandoned: int
    remaining: int
    next: Instant | None


OPERATION = Operation(
    function="cleanup_stale_sessions",
    request=CleanupStaleSessions,
    replies={200: CleanupStaleSessionsReply},
    tag=Tag.SCHEDULE,
    summary="Abandon stale sessions",
    refusals=(PermissionDenied,),
    security=Security.SCHEDULER,
    uses=frozenset({Use.DATABASE}),
    example={"limit": 1000, "dry_run": True},
    reply_example={"scanned": 40, "abandoned": 0, "remaining": 40, "next": INSTANT},
)

"""cleanup_stale_sessions: POST → 200 {scanned, abandoned, remaining, next?}."""

from typing import Annotated

from pydantic import BaseModel, Field

from shared.contract.command import Command
from shared.domain.common.fields import Instant, WholeNumber


class CleanupStaleSessions(Command):
    """Sweeps up to `limit` sessions, oldest first; `dry_run` counts them and changes nothing."""

    limit: Annotated[WholeNumber, Field(ge=1, le=20_000)] = 5_000
    dry_run: bool = False
    stale_after_minutes: Annotated[WholeNumber, Field(ge=1, le=525_600)] | None = None


class CleanupStaleSessionsReply(BaseModel):
    """`next` is the last activity of the oldest session left, null when none is."""

    scanned: int
    abandoned: int
    remaining: int
    next: Instant | None

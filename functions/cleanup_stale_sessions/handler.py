"""Abandons the sessions that their students left, as far as one call's time and limit reach."""

import logging
from datetime import datetime, timedelta

from functions.cleanup_stale_sessions.contract import (
    CleanupStaleSessions,
    CleanupStaleSessionsReply,
)
from shared.firestore.sweep import StaleSessionSweep, SweepResult
from shared.ports.calls import Caller, IdempotencyContext, Reply, reply

logger = logging.getLogger("practice.sweep")


def handle(
    command: CleanupStaleSessions,
    *,
    caller: Caller,
    once: IdempotencyContext,
    sweep: StaleSessionSweep,
    now: datetime,
    stale_after_minutes: int,
) -> Reply:
    stale_after = timedelta(minutes=command.stale_after_minutes or stale_after_minutes)
    return sweep.run(
        _reply,
        stale_before=now - stale_after,
        limit=command.limit,
        dry_run=command.dry_run,
        once=once,
    )


def _reply(swept: SweepResult) -> Reply:
    fields = {
        "sweep_scanned": swept.scanned,
        "sweep_abandoned": swept.abandoned,
        "sweep_remaining": swept.remaining,
    }
    logger.info("swept", extra={"fields": fields})
    return reply(
        CleanupStaleSessionsReply(
            scanned=swept.scanned,
            abandoned=swept.abandoned,
            remaining=swept.remaining,
            next=swept.next_at,
        )
    )

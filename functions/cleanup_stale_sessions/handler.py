"""Abandons stale sessions, as many as one call's time and limit allow."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from functions.cleanup_stale_sessions.contract import (
    CleanupStaleSessions,
    CleanupStaleSessionsReply,
)
from shared.ports.calls import Call, Reply, StoredReply
from shared.ports.sessions import StaleSessionSweeper, SweepResult

logger = logging.getLogger("practice.sweep")


@dataclass(frozen=True)
class Dependencies:
    """`stale_after_minutes` applies where the request has none of its own."""

    sweeper: StaleSessionSweeper
    stale_after_minutes: int


def handle(
    command: CleanupStaleSessions, call: Call, dependencies: Dependencies
) -> Reply[CleanupStaleSessionsReply] | StoredReply:
    minutes = command.stale_after_minutes or dependencies.stale_after_minutes
    return dependencies.sweeper.sweep(
        _reply_to,
        stale_before=call.received_at - timedelta(minutes=minutes),
        limit=command.limit,
        dry_run=command.dry_run,
        idempotency=call.idempotency,
    )


def _reply_to(result: SweepResult) -> Reply[CleanupStaleSessionsReply]:
    fields = {
        "sweep_scanned": result.scanned,
        "sweep_abandoned": result.abandoned,
        "sweep_remaining": result.remaining,
    }
    logger.info("sweep completed", extra={"fields": fields})
    return Reply(
        CleanupStaleSessionsReply(
            scanned=result.scanned,
            abandoned=result.abandoned,
            remaining=result.remaining,
            next=result.next_at,
        )
    )

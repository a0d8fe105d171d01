"""`cleanup`: abandons stale sessions, as the scheduled function does."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from admin.errors import CommandFailed
from admin.output import print_result, progress_bar
from admin.target import DatabaseId, ProjectOption, Target, Yes
from shared.environment import MAX_MINUTES, STALE_AFTER_MINUTES
from shared.firestore.sweep import PAGE, FirestoreStaleSessionSweeper
from shared.ports.calls import IdempotencyContext, Reply
from shared.ports.sessions import StaleSessionSweeper, SweepResult

# The most sessions that a sweep reads to get past those that can't be abandoned.
MAX_SCANNED = 20_000


def cleanup(
    *,
    project: ProjectOption,
    database: DatabaseId = "(default)",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    limit: Annotated[
        int | None, typer.Option(min=1, help="The maximum number of sessions, oldest first.")
    ] = None,
    stale_after_minutes: Annotated[
        int,
        typer.Option(
            min=1,
            max=MAX_MINUTES,
            envvar="STALE_AFTER_MINUTES",
            help="A session is stale after this time without activity.",
        ),
    ] = STALE_AFTER_MINUTES,
    yes: Yes = False,
) -> None:
    """Abandon stale sessions and credit what they stored. An interrupted run can be repeated."""
    target = Target(project, database)
    if not dry_run:
        target.require_confirmable(yes=yes)
    sweep = _Sweep(
        FirestoreStaleSessionSweeper(target.open_database()),
        datetime.now(UTC) - timedelta(minutes=stale_after_minutes),
    )
    stale = sweep.count()
    wanted = min(stale, limit or stale)
    swept = SweepResult(0, 0, stale, None)
    if wanted and not dry_run:
        target.confirm(f"{wanted} sessions in {project} will be abandoned.", yes=yes)
        swept = _abandon(sweep, wanted)
    print_result(
        "Stale sessions",
        {
            **target.describe(),
            "dry_run": dry_run,
            "stale_after_minutes": stale_after_minutes,
            "found": stale,
            "abandoned": swept.abandoned,
            "would_abandon": wanted if dry_run else 0,
            "remaining": swept.remaining,
        },
    )
    if not dry_run and limit is None and swept.remaining:
        raise CommandFailed(
            f"{swept.remaining} sessions can't be abandoned. The log lines above name them."
        )


class _Sweep:
    """The sweep of cleanup_stale_sessions, with one `stale_before` for all pages, so it ends."""

    def __init__(self, sweeper: StaleSessionSweeper, stale_before: datetime) -> None:
        self._sweeper = sweeper
        self._stale_before = stale_before

    def count(self) -> int:
        """The number of stale sessions."""
        return self._run(1, dry_run=True).remaining

    def abandon(self, limit: int) -> SweepResult:
        """Abandons the oldest stale sessions, `limit` at most."""
        return self._run(limit, dry_run=False)

    def _run(self, limit: int, *, dry_run: bool) -> SweepResult:
        results: list[SweepResult] = []

        def reply_to(result: SweepResult) -> Reply[None]:
            results.append(result)
            return Reply(None)

        self._sweeper.sweep(
            reply_to,
            stale_before=self._stale_before,
            limit=limit,
            dry_run=dry_run,
            idempotency=IdempotencyContext("admin", "cleanup", None, "", datetime.now(UTC)),
        )
        return results[-1]


def _abandon(sweep: _Sweep, wanted: int) -> SweepResult:
    """Abandons page by page, until `wanted` are abandoned or none of the rest can be."""
    abandoned = scanned = 0
    with progress_bar("Abandoning", total=wanted) as progress:
        while True:
            page = sweep.abandon(min(PAGE, wanted - abandoned))
            if not page.abandoned and page.remaining:
                # The oldest sessions can't be abandoned: read past them.
                page = sweep.abandon(min(MAX_SCANNED, page.scanned + wanted - abandoned))
            abandoned += page.abandoned
            scanned += page.scanned
            progress.advance(page.abandoned)
            if not page.abandoned or not page.remaining or abandoned >= wanted:
                return SweepResult(scanned, abandoned, page.remaining, page.next_at)

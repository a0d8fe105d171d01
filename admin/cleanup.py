"""`cleanup`: the sweep that the scheduler makes, by hand."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from admin.failures import Failed
from admin.output import bar, result
from admin.target import DatabaseId, Project, Target, Yes
from shared.environment import MAX_MINUTES
from shared.firestore.sweep import PAGE, FirestoreStaleSessionSweeper
from shared.ports.calls import IdempotencyContext, Reply
from shared.ports.sessions import StaleSessionSweeper, SweepResult

ALL = 10**9
BEYOND_UNSOUND = 20_000


def cleanup(
    *,
    project: Project,
    database: DatabaseId = "(default)",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    limit: Annotated[
        int | None, typer.Option(min=1, help="At most so many sessions, the oldest first.")
    ] = None,
    stale_after_minutes: Annotated[
        int,
        typer.Option(
            min=1,
            max=MAX_MINUTES,
            envvar="STALE_AFTER_MINUTES",
            help="Without activity for so long.",
        ),
    ] = 24 * 60,
    yes: Yes = False,
) -> None:
    """Abandon the sessions that their students left. Safe to cut off and to repeat."""
    target = Target(project, database)
    if not dry_run:
        target.can_ask(yes=yes)
    sweeping = _Sweeping(
        FirestoreStaleSessionSweeper(target.open()),
        datetime.now(UTC) - timedelta(minutes=stale_after_minutes),
    )
    stale = sweeping.look().remaining
    wanted = min(stale, limit or ALL)
    swept = SweepResult(0, 0, stale, None)
    if wanted and not dry_run:
        target.confirm(f"{wanted} sessions in {project} will be abandoned.", yes=yes)
        swept = _swept(sweeping, wanted)
    result(
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
        raise Failed(f"{swept.remaining} sessions can't be abandoned: the log says which, and why.")


class _Sweeping:
    """The function's own sweep. Where "stale" begins is fixed, so that it comes to an end."""

    def __init__(self, sweeper: StaleSessionSweeper, stale_before: datetime) -> None:
        self._sweeper = sweeper
        self._stale_before = stale_before

    def look(self) -> SweepResult:
        return self._run(1, dry_run=True)

    def page(self, limit: int) -> SweepResult:
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


def _swept(sweeping: _Sweeping, wanted: int) -> SweepResult:
    """Page by page, until as many as wanted are abandoned or none that is left can be."""
    abandoned = scanned = 0
    with bar("Abandoning", total=wanted) as progress:
        while True:
            page = sweeping.page(min(PAGE, wanted - abandoned))
            if not page.abandoned and page.remaining:
                # Those that can't be abandoned stand first: go on behind them.
                page = sweeping.page(min(BEYOND_UNSOUND, page.scanned + wanted - abandoned))
            abandoned += page.abandoned
            scanned += page.scanned
            progress.advance(page.abandoned)
            if not page.abandoned or not page.remaining or abandoned >= wanted:
                return SweepResult(scanned, abandoned, page.remaining, page.next_at)

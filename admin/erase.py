"""`erase`: deletes all data stored about one person."""

import sys
from collections import Counter
from typing import Annotated

import typer

from admin.accounts import Accounts
from admin.errors import CommandFailed
from admin.output import ProgressBar, print_result, progress_bar
from admin.target import DatabaseId, LimitsDatabaseId, ProjectOption, Target, Uid, Yes
from admin.throttle import WRITES_PER_SECOND, WritesPerSecond, WriteThrottle
from shared.firestore.erasure import ErasedCounts, Erasure
from shared.firestore.personal_data import OF_SESSIONS, DataKind, PersonalData

MAX_PASSES = 10
IS_TEACHER = (
    "{uid} shares templates or is the teacher of other people's sessions. Erasing their data "
    "also takes the templates from their students: add --teacher to do so."
)
STILL_ACTIVE = (
    "Each of {passes} passes found new documents: {uid} is still active. Disable the account "
    "with --auth-account and run the same command again."
)


def erase(
    uid: Uid,
    *,
    project: ProjectOption,
    database: DatabaseId = "(default)",
    limits_database: LimitsDatabaseId = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    auth_account: Annotated[
        bool, typer.Option("--auth-account", help="Disable the account first, delete it last.")
    ] = False,
    teacher: Annotated[
        bool, typer.Option("--teacher", help="Erase even a person whose templates others use.")
    ] = False,
    writes_per_second: WritesPerSecond = WRITES_PER_SECOND,
    yes: Yes = False,
) -> None:
    """Erase all data stored about one person. An interrupted run can be repeated."""
    target = Target(project, database, limits_database)
    if not dry_run:
        target.require_confirmable(yes=yes)
    accounts = Accounts(target) if auth_account else None
    data = target.personal_data(uid)
    counts = data.counts()
    if dry_run:
        _print_dry_run(target, data, counts, accounts)
        return
    erasure = Erasure(data)
    if erasure.has_shared_templates() and not teacher:
        raise CommandFailed(IS_TEACHER.format(uid=uid))
    target.confirm(
        f"All data of {uid} in {project} will be erased for good: {_summary(counts)}.",
        yes=yes,
        answer=uid,
    )
    account = accounts if accounts and accounts.exists(uid) else None
    if account:
        account.disable(uid)
    erased, passes = erase_in_passes(erasure, uid, sum(counts.values()), writes_per_second)
    if left := {kind: n for kind, n in data.counts().items() if n}:
        raise CommandFailed(f"Some data of {uid} is left: {_summary(left)}. Run it again.")
    if account:
        account.delete(uid)
    print_result(
        f"Erased {uid}",
        {
            **target.describe(),
            "uid": uid,
            "erased": {kind.value: erased[kind] for kind in DataKind},
            "passes": passes,
            "left": 0,
            "auth_account": "deleted" if account else "none" if accounts else "kept",
        },
    )


def _print_dry_run(
    target: Target, data: PersonalData, counts: dict[DataKind, int], accounts: Accounts | None
) -> None:
    of_sessions = Counter[DataKind]()
    with progress_bar("Counting items by session", total=counts[DataKind.SESSIONS]) as progress:
        for of_session in data.count_of_sessions():
            of_sessions += of_session
            progress.advance()
    found = counts | {kind: of_sessions[kind] for kind in OF_SESSIONS}
    print_result(
        f"Found about {data.uid}, nothing was changed",
        {
            **target.describe(),
            "uid": data.uid,
            "dry_run": True,
            "found": {kind.value: found[kind] for kind in DataKind},
            "teaches": Erasure(data).has_shared_templates(),
            "auth_account": None if accounts is None else accounts.exists(data.uid),
        },
    )


def erase_in_passes(
    erasure: Erasure, uid: str, total: int, writes_per_second: int
) -> tuple[ErasedCounts, int]:
    """Repeats the erasure until a pass finds nothing: functions may write in the meantime.

    `total` is the estimated number of documents. Returns the documents erased by kind and the
    number of passes. Raises CommandFailed after MAX_PASSES.
    """
    erased, throttle = ErasedCounts(), WriteThrottle(writes_per_second)
    try:
        with progress_bar("Erasing", total=total) as progress:
            for number in range(1, MAX_PASSES + 1):
                before = erased.total()
                for added in erasure.run_pass():
                    erased += added
                    _show_progress(progress, added, erased)
                    throttle.wait(added.total())
                if erased.total() == before:
                    return erased, number
    except KeyboardInterrupt:
        print(
            f"Interrupted: {erased.total()} documents were erased, the rest is left. "
            "Run the same command again to continue.",
            file=sys.stderr,
        )
        raise
    raise CommandFailed(STILL_ACTIVE.format(passes=MAX_PASSES, uid=uid))


def _show_progress(progress: ProgressBar, added: ErasedCounts, erased: ErasedCounts) -> None:
    items = erased[DataKind.ITEMS]
    label = f"Erasing (and {items} items)" if items else "Erasing"
    of_sessions = sum(added[kind] for kind in OF_SESSIONS)
    progress.advance(added.total() - of_sessions, label=label)


def _summary(counts: dict[DataKind, int]) -> str:
    return ", ".join(f"{n} {kind.value}" for kind, n in counts.items() if n) or "nothing is stored"

"""`erase`: all that is stored about one person."""

import sys
import time
from typing import Annotated

import typer

from admin.accounts import Accounts
from admin.failures import Failed
from admin.output import Bar, bar, result
from admin.target import DatabaseId, LimitsDatabaseId, Project, Target, Uid, Yes
from shared.firestore.erasure import Erasure, Step
from shared.firestore.personal_data import DataKind, PersonalData

MAX_PASSES = 10
TEACHES = (
    "{uid} shares templates or is named as the teacher of others' sessions. Erasing them takes "
    "the templates from their students: say --teacher if that is meant."
)
STILL_WRITING = (
    "{passes} passes each found something new: {uid} is still at work. Close the account "
    "(--auth-account), and run the same command again."
)


class Pace:
    """Keeps the writes of a second below a bound, so that the functions don't suffer."""

    def __init__(self, per_second: int) -> None:
        self._per_second = per_second
        self._free_at = time.monotonic()

    def wait(self, writes: int) -> None:
        self._free_at = max(self._free_at, time.monotonic()) + writes / self._per_second
        time.sleep(max(0.0, self._free_at - time.monotonic()))


def erase(
    uid: Uid,
    *,
    project: Project,
    database: DatabaseId = "(default)",
    limits_database: LimitsDatabaseId = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    auth_account: Annotated[
        bool, typer.Option("--auth-account", help="Close the account first, delete it at the end.")
    ] = False,
    teacher: Annotated[
        bool, typer.Option("--teacher", help="Even somebody whose templates others practise.")
    ] = False,
    writes_per_second: Annotated[int, typer.Option(min=1, help="At most so many.")] = 500,
    yes: Yes = False,
) -> None:
    """Erase all that is stored about one person. Run it again where it was cut off."""
    target = Target(project, database, limits_database)
    if not dry_run:
        target.can_ask(yes=yes)
    accounts = Accounts(target) if auth_account else None
    person = target.person(uid)
    found = person.counts()
    if dry_run:
        _say_what_is_there(target, person, found, accounts)
        return
    erasure = Erasure(person)
    if erasure.shares() and not teacher:
        raise Failed(TEACHES.format(uid=uid))
    target.confirm(
        f"All data of {uid} in {project} will be gone for good: {_words(found)}.",
        yes=yes,
        answer=uid,
    )
    account = accounts if accounts and accounts.exists(uid) else None
    if account:
        account.close(uid)
    erased, passes = _until_nothing_is_found(erasure, uid, sum(found.values()), writes_per_second)
    if left := {kind: n for kind, n in person.counts().items() if n}:
        raise Failed(f"Not everything of {uid} is gone: {_words(left)}. Run it again.")
    if account:
        account.delete(uid)
    result(
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


def _say_what_is_there(
    target: Target, person: PersonalData, found: dict[DataKind, int], accounts: Accounts | None
) -> None:
    items = 0
    with bar("Counting items by session", total=found[DataKind.SESSIONS]) as progress:
        for of_session in person.count_items():
            items += of_session
            progress.advance()
    result(
        f"Found of {person.uid}, nothing was changed",
        {
            **target.describe(),
            "uid": person.uid,
            "dry_run": True,
            "found": {kind.value: {**found, DataKind.ITEMS: items}[kind] for kind in DataKind},
            "teaches": Erasure(person).shares(),
            "auth_account": None if accounts is None else accounts.exists(person.uid),
        },
    )


def _until_nothing_is_found(
    erasure: Erasure, uid: str, total: int, writes_per_second: int
) -> tuple[Step, int]:
    """Passes until one finds nothing: what a function wrote meanwhile is erased as well."""
    erased, pace = Step(), Pace(writes_per_second)
    try:
        with bar("Erasing", total=total) as progress:
            for number in range(1, MAX_PASSES + 1):
                before = erased.total()
                for step in erasure.one_pass():
                    erased += step
                    _show(progress, step, erased)
                    pace.wait(step.total())
                if erased.total() == before:
                    return erased, number
    except KeyboardInterrupt:
        print(
            f"Interrupted: {erased.total()} documents were erased, the rest is left. "
            "Run the same command again to go on.",
            file=sys.stderr,
        )
        raise
    raise Failed(STILL_WRITING.format(passes=MAX_PASSES, uid=uid))


def _show(progress: Bar, step: Step, erased: Step) -> None:
    items = erased[DataKind.ITEMS]
    label = f"Erasing (and {items} items)" if items else "Erasing"
    progress.advance(step.total() - step[DataKind.ITEMS], label=label)


def _words(counts: dict[DataKind, int]) -> str:
    return ", ".join(f"{n} {kind.value}" for kind, n in counts.items() if n) or "nothing is stored"

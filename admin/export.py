"""`export`: all that is stored about one person, as one JSON file of the shape in docs/admin.md."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Annotated

import typer

from admin.accounts import Accounts
from admin.exporter import PersonalDataExporter
from admin.failures import Failed
from admin.output import bar, result
from admin.target import DatabaseId, LimitsDatabaseId, Project, Target, Uid
from shared.firestore.documents import digest


def export(
    uid: Uid,
    *,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", help="The file to write, or the folder to write it to."),
    ],
    project: Project,
    database: DatabaseId = "(default)",
    limits_database: LimitsDatabaseId = "",
    auth_account: Annotated[
        bool, typer.Option("--auth-account", help="What the account holds as well.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write all that is stored about one person to a JSON file, as of one instant."""
    path = output / f"{_file_name(uid)}.json" if output.is_dir() else output
    if path.exists() and not force:
        raise Failed(f"{path} is there already: --force replaces it.")
    target = Target(project, database, limits_database)
    accounts = Accounts(target) if auth_account else None
    person = target.person(uid)
    found = person.counts()
    account = accounts.record(uid) if accounts else None
    if not account and not any(found.values()):
        raise Failed(f"Nothing is stored about {uid} in {project}.")
    with bar("Exporting", total=sum(found.values())) as progress, _whole_or_not_at_all(path) as out:
        dossier = PersonalDataExporter(person, out, seen=progress.advance)
        dossier.write(about=target.describe(), account=account)
    result(
        f"Exported {uid}",
        {
            **target.describe(),
            "uid": uid,
            "file": str(path),
            "bytes": path.stat().st_size,
            "as_of": dossier.as_of.isoformat(),
            "counts": dossier.counts,
        },
    )


def _file_name(uid: str) -> str:
    """A user id may hold what a file's name can't."""
    return uid if re.fullmatch(r"[A-Za-z0-9_-]+", uid) else digest(uid)


@contextmanager
def _whole_or_not_at_all(path: Path) -> Iterator[IO[str]]:
    """A file that only we may read, and that bears its name once it is complete."""
    descriptor, partial = tempfile.mkstemp(
        dir=path.parent, prefix=f".{path.name}.", suffix=".partial"
    )
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        Path(partial).replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(partial).unlink()
        raise

"""`export`: all data stored about one person, as a JSON file described in docs/admin.md."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Annotated

import typer

from admin.accounts import Accounts
from admin.errors import CommandFailed
from admin.exporter import PersonalDataExporter
from admin.output import print_result, progress_bar
from admin.target import DatabaseId, LimitsDatabaseId, ProjectOption, Target, Uid
from shared.domain.common.digest import digest


def export(
    uid: Uid,
    *,
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            help="The file to write, or the folder to write it to: one that exists, or that ends "
            "with / and is made.",
        ),
    ],
    project: ProjectOption,
    database: DatabaseId = "(default)",
    limits_database: LimitsDatabaseId = "",
    auth_account: Annotated[
        bool, typer.Option("--auth-account", help="Also export the account.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
) -> None:
    """Write all data stored about one person, as of one instant, to a JSON file."""
    path = _file(output, uid)
    if path.exists() and not force:
        raise CommandFailed(f"{path} exists already. Use --force to replace it.")
    target = Target(project, database, limits_database)
    accounts = Accounts(target) if auth_account else None
    data = target.personal_data(uid)
    counts = data.counts()
    account = accounts.export(uid) if accounts else None
    if not account and not any(counts.values()):
        raise CommandFailed(f"Nothing is stored about {uid} in {project}.")
    with (
        progress_bar("Exporting", total=sum(counts.values())) as progress,
        atomic_file(path) as out,
    ):
        exporter = PersonalDataExporter(data, out, on_document=progress.advance)
        exporter.write(about=target.describe(), account=account)
    print_result(
        f"Exported {uid}",
        {
            **target.describe(),
            "uid": uid,
            "file": str(path),
            "bytes": path.stat().st_size,
            "as_of": exporter.as_of.isoformat(),
            "counts": exporter.counts,
        },
    )


def _file(output: str, uid: str) -> Path:
    """The file to write. Makes the folder if `output` ends with a slash."""
    if output.endswith("/"):
        Path(output).mkdir(parents=True, exist_ok=True)
    is_folder = Path(output).is_dir()
    return Path(output, f"{_file_name(uid)}.json") if is_folder else Path(output)


def _file_name(uid: str) -> str:
    """The user id, or its hash if it has characters that are unsafe in a file name."""
    return uid if re.fullmatch(r"[A-Za-z0-9_-]+", uid) else digest(uid)


@contextmanager
def atomic_file(path: Path) -> Iterator[IO[str]]:
    """A text file that only its owner can read. It appears at `path` once it is complete.

    An exception leaves `path` as it was.
    """
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

"""`import-questions`: the questions of a file as a new template, or in the bank of one."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter, ValidationError

from admin.content.bank import WRITES, Bank, BankFull, Outcome, Part, ReportLine
from admin.content.formats import MAX_FILE_BYTES, READERS, Format, format_of
from admin.content.items import FileRefused, Item
from admin.errors import CommandFailed, UsageError
from admin.output import print_result, progress_bar
from admin.sealer import sealer_of_project
from admin.target import (
    DatabaseId,
    ProjectOption,
    Target,
    Yes,
    optional_template_id,
    optional_user_id,
)
from admin.template_store import StoredTemplate, TemplateStore, TemplateWriter
from shared.domain.common.digest import digest
from shared.domain.common.fields import ExerciseName, Label, Name

MAX_PARTS = 1_000
DOES_NOT_FIT = (
    "The questions do not fit into the template, which holds 200 KB. Nothing was stored. Import "
    "them as new templates, with --owner and --name."
)


def import_questions(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The file.", exists=True, dir_okay=False)
    ],
    *,
    project: ProjectOption,
    database: DatabaseId = "(default)",
    owner: Annotated[
        str | None,
        typer.Option(help="The owner of a new template, by user id.", callback=optional_user_id),
    ] = None,
    name: Annotated[str | None, typer.Option(help="The name of a new template.")] = None,
    template: Annotated[
        str | None,
        typer.Option(
            help="The id of the template to add the questions to.", callback=optional_template_id
        ),
    ] = None,
    file_format: Annotated[
        Format | None,
        typer.Option("--format", help="The file's format.", show_default="by its name"),
    ] = None,
    section: Annotated[str, typer.Option(help="The section of new exercises.")] = "Questions",
    exercise: Annotated[
        str | None,
        typer.Option(
            help="The exercise of questions for which the file names none.",
            show_default="the file's name",
        ),
    ] = None,
    subject: Annotated[str | None, typer.Option(help="The subject of a new template.")] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace questions that have the same id.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Import nothing if anything is refused.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only report what would be done.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Import questions from CSV, GIFT, Moodle XML or QTI. The same file twice adds nothing twice.
    Needs PRACTICE_SEAL_KEYS.
    """
    target = Target(project, database)
    wanted = _wanted(owner, name, template, subject)
    _require(ExerciseName, exercise, "--exercise")
    _require(Name, section, "--section")
    sealer = None if dry_run else sealer_of_project()
    if not dry_run:
        target.require_confirmable(yes=yes)
    items = _read(file, file_format)
    store = TemplateStore(target.open_database())
    stored = list(wanted.stored(store))
    bank = Bank(
        parts=[Part(found.content) for found in stored],
        section=section,
        exercise=exercise or file.stem,
        may_grow=wanted.template is None,
        replaces=replace,
    )
    lines = _add_all(bank, items)
    blocked = strict and bank.counts[Outcome.REFUSED] > 0
    written: list[str] = []
    count = sum(bank.counts[outcome] for outcome in WRITES)
    if sealer and count and not blocked:
        target.confirm(f"{count} questions will be stored in {project}.", yes=yes)
        written = _store(wanted, bank, stored, TemplateWriter(store.database, sealer))
    print_result(
        "Would be imported" if dry_run else "Imported",
        {
            **target.describe(),
            "dry_run": dry_run,
            "file": str(file),
            "templates": written,
            **{outcome.value: bank.counts[outcome] for outcome in Outcome},
            "items": _shown(lines),
        },
    )
    if blocked:
        raise CommandFailed("Items are refused, so nothing was imported (--strict).")
    if not lines:
        raise CommandFailed(f"{file} has no questions.")
    if bank.counts[Outcome.REFUSED] == len(lines):
        raise CommandFailed("All items are refused.")


@dataclass(frozen=True)
class _Wanted:
    """Where the questions go: into one template, or into those of a name and owner."""

    template: str | None
    owner: str
    name: str
    subject: str | None

    def template_id(self, number: int) -> str:
        """A hash of names, so that a run that is repeated finds what the first one stored."""
        return digest("import", self.owner, self.name, str(number))[:24]

    def template_name(self, number: int) -> str:
        return self.name if number == 0 else f"{self.name} ({number + 1})"

    def stored(self, store: TemplateStore) -> Iterator[StoredTemplate]:
        """The templates that are there already. Raises CommandFailed for one that was deleted."""
        if self.template is not None:
            yield store.load(self.template)
            return
        for number in range(MAX_PARTS):
            found = store.find(self.template_id(number))
            if found is None:
                return
            yield found


def _wanted(
    owner: str | None, name: str | None, template: str | None, subject: str | None
) -> _Wanted:
    if template is not None:
        if owner or name or subject:
            raise UsageError("--owner, --name and --subject are those of a new template.")
        return _Wanted(template, "", "", None)
    if not owner or not name:
        raise UsageError("Name a template with --template, or a new one with --owner and --name.")
    _require(Name, f"{name} ({MAX_PARTS})", "--name")
    _require(Label, subject, "--subject")
    return _Wanted(None, owner, name, subject)


def _require(kind: Any, value: str | None, option: str) -> None:
    try:
        TypeAdapter(kind | None).validate_python(value)
    except ValidationError as error:
        raise UsageError(f"{option} {error.errors()[0]['msg']}.") from error


def _read(file: Path, file_format: Format | None) -> list[Item]:
    """The items of the file. Raises CommandFailed for one that can't be read at all."""
    if file.stat().st_size > MAX_FILE_BYTES:
        raise CommandFailed(f"{file} is larger than {MAX_FILE_BYTES // 1024 // 1024} MB.")
    data = file.read_bytes()
    items: list[Item] = []
    try:
        chosen = file_format or format_of(file.name, data)
        with progress_bar("Reading", total=1) as progress:
            for item in READERS[chosen](data, file.name):
                items.append(item)
                progress.advance()
    except FileRefused as refusal:
        raise CommandFailed(f"{file}: {refusal}") from refusal
    return items


def _add_all(bank: Bank, items: list[Item]) -> list[ReportLine]:
    try:
        with progress_bar("Checking", total=len(items)) as progress:
            lines = []
            for item in items:
                lines.append(bank.add(item))
                progress.advance()
            return lines
    except BankFull as full:
        raise CommandFailed(DOES_NOT_FIT) from full


def _store(
    wanted: _Wanted, bank: Bank, stored: Sequence[StoredTemplate], writer: TemplateWriter
) -> list[str]:
    """Stores each changed template in one commit. Their ids.

    A run that is interrupted between two is completed by the same command.
    """
    changed = [n for n, part in enumerate(bank.parts) if part.is_changed]
    ids: list[str] = []
    with progress_bar("Storing", total=len(changed)) as progress:
        for number in changed:
            content = bank.parts[number].content
            if number < len(stored):
                ids.append(writer.update(stored[number].template, content))
            else:
                fields = {"name": wanted.template_name(number), "subject": wanted.subject}
                template_id = wanted.template_id(number)
                ids.append(writer.create(template_id, wanted.owner, fields, content))
            progress.advance()
    return ids


def _shown(lines: list[ReportLine]) -> list[dict[str, Any]]:
    """Every item; on a terminal only those of which something is to be said."""
    all_of_them = not sys.stdout.isatty()
    return [line.as_json() for line in lines if all_of_them or line.notes]

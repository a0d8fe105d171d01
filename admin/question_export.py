"""`export-questions`: the questions of a template, with their keys, as a file of another format."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from admin.content.formats import WRITERS, WrittenFormat
from admin.content.written import Written
from admin.errors import CommandFailed, UsageError
from admin.export import atomic_file
from admin.output import print_result
from admin.target import DatabaseId, ProjectOption, Target, optional_template_id
from admin.template_store import TemplateStore
from shared.domain.templates.decimal_marks import with_decimal_marks


def export_questions(
    template: Annotated[
        str,
        typer.Argument(
            metavar="TEMPLATE", help="The template's id.", callback=optional_template_id
        ),
    ],
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")],
    project: ProjectOption,
    database: DatabaseId = "(default)",
    file_format: Annotated[
        WrittenFormat | None,
        typer.Option("--format", help="The file's format.", show_default="by its name"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
) -> None:
    """Write the questions of a template, with their keys, to a CSV or GIFT file."""
    ending = output.suffix.removeprefix(".").lower()
    if file_format is None and ending not in list(WrittenFormat):
        raise UsageError(f"The name {output} does not say its format: name it with --format.")
    if output.exists() and not force:
        raise CommandFailed(f"{output} exists already. Use --force to replace it.")
    target = Target(project, database)
    stored = TemplateStore(target.open_database()).load(template)
    written = Written()
    write = WRITERS[file_format or WrittenFormat(ending)]
    with atomic_file(output) as out:
        for part in write(questions_of(with_decimal_marks(stored.content)), written):
            out.write(part)
    print_result(
        f"Exported {stored.template.name}",
        {
            **target.describe(),
            "template_id": template,
            "file": str(output),
            "questions": written.count,
            "changed": written.lost,
            "refused": written.refused,
        },
    )


def questions_of(content: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Pairs of an exercise's name and a question, in the template's order."""
    for section in content["sections"]:
        for exercise in section.get("exercises") or []:
            for question in exercise.get("questions") or []:
                yield exercise["name"], question

"""`export-statements`: the work on a class's assignments as statements of the Experience API."""

import json
from pathlib import Path
from typing import Annotated

import typer

from admin.errors import CommandFailed
from admin.export import atomic_file
from admin.output import print_result, progress_bar
from admin.statements.xapi import Course, statements
from admin.target import DatabaseId, ProjectOption, Target, class_id, home_address
from shared.firestore.class_data import ClassData


def export_statements(
    school_class: Annotated[
        str, typer.Argument(metavar="CLASS", help="The class's id.", callback=class_id)
    ],
    *,
    home: Annotated[
        str,
        typer.Option(
            help="The app's address, such as https://practice.example: accounts and activities "
            "are named below it.",
            callback=home_address,
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")],
    project: ProjectOption,
    database: DatabaseId = "(default)",
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
) -> None:
    """Write the work on a class's assignments as xAPI 1.0.3 statements, one JSON object a line."""
    if output.exists() and not force:
        raise CommandFailed(f"{output} exists already. Use --force to replace it.")
    target = Target(project, database)
    data = ClassData(target.open_database(), school_class)
    found = data.school_class()
    if found is None:
        raise CommandFailed(f"There is no class {school_class} in {project}.")
    course = Course(home, found, data.assignments())
    names = data.names()
    sessions = written = 0
    with (
        atomic_file(output) as out,
        progress_bar("Sessions", total=data.count_sessions()) as bar,
    ):
        for session in data.sessions():
            name = names.get(session.student_id)
            for statement in statements(course, session, data.items(session), name=name):
                out.write(json.dumps(statement, ensure_ascii=False) + "\n")
                written += 1
            sessions += 1
            bar.advance()
    print_result(
        f"Exported {found.name}",
        {
            **target.describe(),
            "class_id": school_class,
            "file": str(output),
            "sessions": sessions,
            "statements": written,
        },
    )

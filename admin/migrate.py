"""`migrate`: brings documents that an older version stored into the form of this one."""

from collections import Counter
from typing import Annotated

import typer

from admin.output import print_result, progress_bar
from admin.target import DatabaseId, ProjectOption, Target, Yes
from admin.throttle import WRITES_PER_SECOND, WritesPerSecond, WriteThrottle
from shared.firestore.migration import TemplateMigration
from shared.firestore.session_migration import SessionMigration

# The writes of one template besides those of its students: the template and the list of students.
WRITES_OF_A_TEMPLATE = 2


def migrate(
    *,
    project: ProjectOption,
    database: DatabaseId = "(default)",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    writes_per_second: WritesPerSecond = WRITES_PER_SECOND,
    yes: Yes = False,
) -> None:
    """Move the students of templates out of them, and drop the state of ended sessions. An
    interrupted run can be repeated.
    """
    target = Target(project, database)
    if not dry_run:
        target.require_confirmable(yes=yes)
    opened = target.open_database()
    templates, sessions = TemplateMigration(opened), SessionMigration(opened)
    total, total_sessions = templates.count(), sessions.count()
    if not dry_run:
        question = (
            f"{total} templates in {project} will be checked, and students in them moved. "
            f"{total_sessions} sessions of infinite practice will be checked, "
            "and the state of ended ones dropped."
        )
        target.confirm(question, yes=yes)
    counts: Counter[str] = Counter()
    throttle = WriteThrottle(writes_per_second)
    with progress_bar("Templates", total=total) as progress:
        for students in templates.run(dry_run=dry_run):
            if students is None:
                counts["already"] += 1
            else:
                counts["templates"] += 1
                counts["students"] += students
            if students is not None and not dry_run:
                throttle.wait(WRITES_OF_A_TEMPLATE + students)
            progress.advance()
    with progress_bar("Sessions", total=total_sessions) as progress:
        for kept_state in sessions.run(dry_run=dry_run):
            counts["sessions"] += kept_state
            if kept_state and not dry_run:
                throttle.wait(1)
            progress.advance()
    print_result(
        "Would be migrated" if dry_run else "Migrated",
        {
            **target.describe(),
            "dry_run": dry_run,
            "templates": counts["templates"],
            "students": counts["students"],
            "already_migrated": counts["already"],
            "ended_sessions": counts["sessions"],
        },
    )

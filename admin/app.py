"""The command line. Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted by Ctrl-C."""

import sys

import typer

from admin import (
    cleanup,
    erase,
    export,
    migrate,
    question_export,
    question_import,
    role,
    score_sending,
    seed,
    statement_export,
    uid,
)
from admin.accounts import ACCOUNT_ERRORS
from admin.errors import CommandFailed, UsageError
from shared.domain.common.errors import Unavailable
from shared.firestore.personal_data import ERRORS as DATABASE_ERRORS

PROGRAM = "python -m admin"

app = typer.Typer(
    name=PROGRAM,
    help="Administration of a project: roles, user ids, one person's data, seeds, questions "
    "of other systems, learning records, scores for an LMS, the sweep, migration. "
    "See docs/admin.md.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("role")(role.role)
app.command("uid")(uid.uid)
app.command("export")(export.export)
app.command("erase")(erase.erase)
app.command("seed")(seed.seed)
app.command("import-questions")(question_import.import_questions)
app.command("export-questions")(question_export.export_questions)
app.command("export-statements")(statement_export.export_statements)
app.command("send-scores")(score_sending.send_scores)
app.command("cleanup")(cleanup.cleanup)
app.command("migrate")(migrate.migrate)


def main() -> int:
    """Runs the command that `sys.argv` names; the exit code."""
    try:
        app(prog_name=PROGRAM)
    except UsageError as error:
        return _report_error(2, str(error))
    except CommandFailed as error:
        return _report_error(1, str(error))
    except Unavailable:
        return _report_error(
            1, "Firestore does not answer. Run the same command again to continue."
        )
    except (*DATABASE_ERRORS, *ACCOUNT_ERRORS, OSError) as error:
        return _report_error(1, f"{type(error).__name__}: {error}")
    return 0


def _report_error(exit_code: int, message: str) -> int:
    print(f"Error: {message}", file=sys.stderr)
    return exit_code

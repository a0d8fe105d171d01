"""The commands. To a shell they end with 0 done, 1 failed, 2 misused or 130 Ctrl-C."""

import sys

import typer

from admin import cleanup, erase, export, role, seed
from admin.accounts import ACCOUNT_ERRORS
from admin.failures import Failed, Misused
from shared.domain.common.errors import Unavailable
from shared.firestore.personal_data import ERRORS as DATABASE_ERRORS

PROGRAM = "python -m admin"

app = typer.Typer(
    name=PROGRAM,
    help="Runs a project: roles, one person's data, seeds, the sweep. See docs/admin.md.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("role")(role.role)
app.command("export")(export.export)
app.command("erase")(erase.erase)
app.command("seed")(seed.seed)
app.command("cleanup")(cleanup.cleanup)


def main() -> int:
    try:
        app(prog_name=PROGRAM)
    except Misused as error:
        return _ended(2, str(error))
    except Failed as error:
        return _ended(1, str(error))
    except Unavailable:
        return _ended(1, "Firestore does not answer. The same command, run again, goes on.")
    except (*DATABASE_ERRORS, *ACCOUNT_ERRORS, OSError) as error:
        return _ended(1, f"{type(error).__name__}: {error}")
    return 0


def _ended(code: int, words: str) -> int:
    print(f"Error: {words}", file=sys.stderr)
    return code

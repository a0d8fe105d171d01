"""The project that a command works on, and the checks before it is read or changed."""

import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer
from pydantic import TypeAdapter, ValidationError

from admin.errors import CommandFailed, UsageError
from shared.domain.common.fields import Id, UserId
from shared.firestore.client import Client
from shared.firestore.database import Database
from shared.firestore.personal_data import PersonalData
from shared.limits.stored_counters import possible_counters
from shared.settings import EMULATOR_VARIABLES, LIMITS_DATABASE

FIRESTORE_EMULATOR, AUTH_EMULATOR = EMULATOR_VARIABLES

NO_AUTH_EMULATOR = (
    "{project} is a local project, and the accounts of the local stack have no roles to set: a "
    "teacher's token is made by `python -m local.tokens UID --teacher`. To use the Auth emulator, "
    "set FIREBASE_AUTH_EMULATOR_HOST to its address."
)


def user_id(text: str) -> str:
    """Checks an option's value. Raises typer.BadParameter."""
    return _checked(text, UserId, "is not a user id")


def optional_user_id(text: str | None) -> str | None:
    """As user_id, of an option that may be left out."""
    return None if text is None else user_id(text)


def optional_template_id(text: str | None) -> str | None:
    """As user_id, of a template's id."""
    return None if text is None else _checked(text, Id, "is not the id of a template")


def class_id(text: str) -> str:
    """As user_id, of a class's id."""
    return _checked(text, Id, "is not the id of a class")


def optional_assignment_id(text: str | None) -> str | None:
    """As user_id, of an assignment's id."""
    return None if text is None else _checked(text, Id, "is not the id of an assignment")


def home_address(text: str) -> str:
    """Checks the address of an app. Raises typer.BadParameter."""
    address = urlsplit(text)
    if address.scheme not in ("http", "https") or not address.hostname or address.query:
        raise typer.BadParameter("is not an address such as https://practice.example")
    return text.rstrip("/")


def _checked(text: str, kind: Any, message: str) -> str:
    try:
        return str(TypeAdapter(kind).validate_python(text))
    except ValidationError as error:
        raise typer.BadParameter(message) from error


Uid = Annotated[str, typer.Argument(metavar="UID", help="The person's user id.", callback=user_id)]
ProjectOption = Annotated[
    str,
    typer.Option(
        "--project",
        envvar="GOOGLE_CLOUD_PROJECT",
        metavar="ID",
        help="The project. An id that starts with demo- means a local one, in emulators.",
    ),
]
DatabaseId = Annotated[
    str,
    typer.Option("--database", envvar="FIRESTORE_DATABASE", help="The Firestore database."),
]
LimitsDatabaseId = Annotated[
    str,
    typer.Option(
        "--limits-database",
        envvar="LIMITS_DATABASE",
        help="The Firestore database of the limits' counters.",
        show_default=f"{LIMITS_DATABASE}; for a local project, the one of --database",
    ),
]
Yes = Annotated[
    bool, typer.Option("--yes", help="Change a real project without asking for confirmation.")
]


@dataclass(frozen=True)
class Target:
    """Raises UsageError if an emulator is set for a real project.

    An empty `limits_database` stands for the default; see `counters_database`.
    """

    project: str
    database: str = "(default)"
    limits_database: str = ""

    def __post_init__(self) -> None:
        for variable in EMULATOR_VARIABLES:
            if variable in os.environ and not self.is_local:
                raise UsageError(
                    f"{variable} is set, but {self.project} is a real project: emulators serve "
                    "only projects whose id starts with demo-."
                )

    @property
    def is_local(self) -> bool:
        return self.project.startswith("demo-")

    @property
    def counters_database(self) -> str:
        """The database of the limits' counters, by default the one that a deployment creates."""
        return self.limits_database or (self.database if self.is_local else LIMITS_DATABASE)

    def describe(self) -> dict[str, str | None]:
        """The fields with which every result begins."""
        return {
            "project": self.project,
            "database": self.database,
            "emulator": os.environ.get(FIRESTORE_EMULATOR),
        }

    def open_database(self) -> Database:
        """Announces the project. Raises UsageError for a local project without an emulator."""
        if self.is_local and not os.environ.get(FIRESTORE_EMULATOR):
            raise UsageError(
                f"{self.project} is a local project: set {FIRESTORE_EMULATOR} to its emulator "
                "(with `make run`: 127.0.0.1:8085)."
            )
        self.announce()
        return self._database(self.database)

    def personal_data(self, uid: str) -> PersonalData:
        """The person's data, including the limits' counters. Raises as open_database does."""
        limits = [counter.id for counter in possible_counters(uid, at=datetime.now(UTC))]
        return PersonalData(
            self.open_database(),
            uid,
            limits=limits,
            limits_in=self._database(self.counters_database),
        )

    def _database(self, name: str) -> Database:
        return Database(Client(project=self.project, database=name))

    def require_auth_emulator(self) -> None:
        """Raises UsageError for a local project without an Auth emulator."""
        if self.is_local and not os.environ.get(AUTH_EMULATOR):
            raise UsageError(NO_AUTH_EMULATOR.format(project=self.project))

    def announce(self) -> None:
        """Prints to stderr which project the command works on."""
        where = (
            f"emulator at {os.environ.get(FIRESTORE_EMULATOR) or os.environ.get(AUTH_EMULATOR)}"
            if self.is_local
            else "REAL"
        )
        print(f"Project {self.project} ({where}), database {self.database}", file=sys.stderr)

    def require_confirmable(self, *, yes: bool) -> None:
        """Raises UsageError for a real project if there is neither --yes nor a terminal.

        Called before anything is read or changed.
        """
        if not (self.is_local or yes or sys.stdin.isatty()):
            raise UsageError(f"{self.project} is a real project: without a terminal, add --yes.")

    def confirm(self, question: str, *, yes: bool, answer: str = "y") -> None:
        """Asks before a real project is changed, unless `yes`.

        Raises CommandFailed unless exactly `answer` is typed, UsageError without a terminal.
        """
        self.require_confirmable(yes=yes)
        if self.is_local or yes:
            return
        print(f"{question} Type {answer} to continue: ", end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip() != answer:
            raise CommandFailed("Nothing was changed.")

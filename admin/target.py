"""Which project a command is for, and whether it may touch it."""

import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError

from admin.failures import Failed, Misused
from shared.domain.common.fields import UserId
from shared.firestore.client import Client
from shared.firestore.database import Database
from shared.firestore.personal_data import PersonalData
from shared.limits.stored_counters import counters_about
from shared.settings import EMULATOR_VARIABLES, LIMITS_DATABASE

FIRESTORE_EMULATOR, AUTH_EMULATOR = EMULATOR_VARIABLES

NO_AUTH_EMULATOR = (
    "The project {project} is a local one, and the local stack has no accounts: its tokens are "
    "made by `python -m local.tokens UID --teacher`. To use the Auth emulator, say where it is "
    "in FIREBASE_AUTH_EMULATOR_HOST."
)


def user_id(text: str) -> str:
    try:
        return TypeAdapter(UserId).validate_python(text)
    except ValidationError as error:
        raise typer.BadParameter("is not a user id") from error


Uid = Annotated[str, typer.Argument(metavar="UID", help="The person's user id.", callback=user_id)]
Project = Annotated[
    str,
    typer.Option(
        "--project",
        envvar="GOOGLE_CLOUD_PROJECT",
        metavar="ID",
        help="The project; one whose id starts with demo- lives in emulators.",
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
        help="The Firestore database with the counts of the limits.",
        show_default=f"{LIMITS_DATABASE}; of a local project, --database's",
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask before a real project is changed.")]


@dataclass(frozen=True)
class Target:
    project: str
    database: str = "(default)"
    limits_database: str = ""

    def __post_init__(self) -> None:
        for variable in EMULATOR_VARIABLES:
            if variable in os.environ and not self.is_local:
                raise Misused(
                    f"{variable} is set, and {self.project} is no demo- project: emulators are "
                    "for projects whose id starts with demo-."
                )

    @property
    def is_local(self) -> bool:
        return self.project.startswith("demo-")

    def describe(self) -> dict[str, str | None]:
        return {
            "project": self.project,
            "database": self.database,
            "emulator": os.environ.get(FIRESTORE_EMULATOR),
        }

    def open(self) -> Database:
        """Raises Misused for a local project without an emulator."""
        if self.is_local and not os.environ.get(FIRESTORE_EMULATOR):
            raise Misused(
                f"The project {self.project} is a local one: say where its emulator is in "
                f"{FIRESTORE_EMULATOR} (with `make run`: 127.0.0.1:8085)."
            )
        self.announce()
        return self._database(self.database)

    def person(self, uid: str) -> PersonalData:
        limits = [counter.id for counter in counters_about(uid, at=datetime.now(UTC))]
        data = self.open()
        return PersonalData(data, uid, limits=limits, limits_in=self._database(self.counts_in))

    @property
    def counts_in(self) -> str:
        """Unless it is said, where a deployment keeps them: in a database of their own."""
        return self.limits_database or (self.database if self.is_local else LIMITS_DATABASE)

    def _database(self, name: str) -> Database:
        return Database(Client(project=self.project, database=name))

    def need_accounts(self) -> None:
        if self.is_local and not os.environ.get(AUTH_EMULATOR):
            raise Misused(NO_AUTH_EMULATOR.format(project=self.project))

    def announce(self) -> None:
        where = (
            f"emulator at {os.environ.get(FIRESTORE_EMULATOR) or os.environ.get(AUTH_EMULATOR)}"
            if self.is_local
            else "REAL"
        )
        print(f"Project {self.project} ({where}), database {self.database}", file=sys.stderr)

    def can_ask(self, *, yes: bool) -> None:
        """Raises Misused where nobody could be asked: before anything has been read or done."""
        if not (self.is_local or yes or sys.stdin.isatty()):
            raise Misused(f"{self.project} is a real project: --yes is needed without a terminal.")

    def confirm(self, question: str, *, yes: bool, answer: str = "y") -> None:
        """Asks before a real project is changed. Raises Failed for any other answer."""
        self.can_ask(yes=yes)
        if self.is_local or yes:
            return
        print(f"{question} Type {answer} to go on: ", end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip() != answer:
            raise Failed("Nothing was changed.")

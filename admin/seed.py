"""`seed`: templates and people to try a project with, the same as in the local stack."""

import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Annotated

import typer
from pydantic import ValidationError

from admin.accounts import Accounts, with_role
from admin.failures import Misused
from admin.output import bar, result
from admin.target import DatabaseId, Project, Target, Yes, user_id
from functions.create_template.contract import CreateTemplate
from functions.create_template.handler import Dependencies, handle
from local.seed import STUDENTS, TEACHER, TEMPLATES
from shared.firestore.database import Database
from shared.firestore.documents import digest
from shared.firestore.personal_data import DataKind, PersonalData
from shared.firestore.templates import FirestoreTemplateRepository
from shared.ports.calls import Call, Caller, IdempotencyContext
from shared.ports.sealing import TemplateSealer
from shared.sealing.fernet_box import FernetBox
from shared.sealing.template_sealer import FernetTemplateSealer


def seed(
    *,
    project: Project,
    database: DatabaseId = "(default)",
    teacher: Annotated[
        str, typer.Option(help="Whose the templates are.", callback=user_id)
    ] = TEACHER,
    student: Annotated[
        list[str],
        typer.Option(
            help="To whom; may be repeated.",
            default_factory=lambda: list(STUDENTS),
            show_default=", ".join(STUDENTS),
        ),
    ],
    make_accounts: Annotated[
        bool, typer.Option("--accounts", help="Make their accounts and the teacher's role too.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Create the example templates where they are missing. Needs PRACTICE_SEAL_KEYS."""
    target = Target(project, database)
    sealer, wanted = _sealer(), dict(_wanted(teacher, student))
    accounts = Accounts(target) if make_accounts else None
    target.confirm(f"Templates of {teacher} will be created in {project}.", yes=yes)
    created, found = _sown(target.open(), wanted, sealer, teacher)
    result(
        "Seeded",
        {
            **target.describe(),
            "teacher": teacher,
            "students": student,
            "created": created,
            "found": found,
            "accounts_created": _made(accounts, teacher, student) if accounts else None,
        },
    )


def _sealer() -> TemplateSealer:
    """With the keys of the project's functions, which must be able to open the seals."""
    keys = [key.strip() for key in os.environ.get("PRACTICE_SEAL_KEYS", "").split(",")]
    try:
        return FernetTemplateSealer(FernetBox([key for key in keys if key]))
    except ValueError as error:
        raise Misused(
            "PRACTICE_SEAL_KEYS must hold the keys of this project's functions. `make run` makes "
            "up its own unless it is set there too, and seeds by itself."
        ) from error


def _sown(
    database: Database, wanted: Mapping[str, CreateTemplate], sealer: TemplateSealer, teacher: str
) -> tuple[dict[str, str], dict[str, str]]:
    """The ids of the templates by name: those created now, and those that were there."""
    there = {
        (template.fields or {})["name"]: template.id
        for page in PersonalData(database, teacher).pages(
            DataKind.TEMPLATES, size=300, only=["name"]
        )
        for template in page
    }
    created: dict[str, str] = {}
    with bar("Seeding", total=len(wanted)) as progress:
        for template_id, command in wanted.items():
            if command.name not in there:
                now = datetime.now(UTC)
                idempotency = IdempotencyContext(teacher, "create_template", None, "", now)
                handle(
                    command,
                    Call(Caller(teacher, is_teacher=True), idempotency, now),
                    Dependencies(
                        templates=FirestoreTemplateRepository(database),
                        template_sealer=sealer,
                        new_id=partial(str, template_id),
                    ),
                )
                created[command.name] = template_id
            progress.advance()
    names = {command.name for command in wanted.values()}
    return created, {name: there[name] for name in names & there.keys()}


def _wanted(teacher: str, students: list[str]) -> Iterator[tuple[str, CreateTemplate]]:
    """The id is made of names, so that two who seed at a time don't create it twice."""
    for key, template in TEMPLATES.items():
        fields = {**template, **({"student_ids": students} if "student_ids" in template else {})}
        try:
            command = CreateTemplate.model_validate_json(json.dumps(fields))
        except ValidationError as error:
            raise Misused(f"{', '.join(students)}: these are no user ids.") from error
        yield digest("seed", teacher, key)[:24], command


def _made(accounts: Accounts, teacher: str, students: list[str]) -> list[str]:
    made = [uid for uid in (teacher, *students) if accounts.create(uid)]
    claims = accounts.find(uid=teacher).custom_claims
    if claims != with_role(claims, "teacher"):
        accounts.set_claims(teacher, with_role(claims, "teacher"))
    return made

"""`seed`: creates the example templates and people of the local stack in any project."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Annotated

import typer
from pydantic import ValidationError

from admin.accounts import Accounts, with_role
from admin.errors import UsageError
from admin.output import print_result, progress_bar
from admin.sealer import sealer_of_project
from admin.target import DatabaseId, ProjectOption, Target, Yes, user_id
from functions.create_template.contract import CreateTemplate
from functions.create_template.handler import Dependencies, handle
from local.people import PEOPLE, TEACHER
from local.seed import ASSIGNED, SEED_TEMPLATES
from shared.domain.common.digest import digest
from shared.firestore.database import Database
from shared.firestore.personal_data import DataKind, PersonalData
from shared.firestore.templates import FirestoreTemplateRepository
from shared.ports.calls import Call, Caller, IdempotencyContext
from shared.ports.sealing import TemplateSealer


def seed(
    *,
    project: ProjectOption,
    database: DatabaseId = "(default)",
    teacher: Annotated[
        str, typer.Option(help="The owner of the templates.", callback=user_id)
    ] = TEACHER.uid,
    student: Annotated[
        list[str],
        typer.Option(
            help="A student to assign them to; may be repeated.",
            default_factory=lambda: list(ASSIGNED),
            show_default=", ".join(ASSIGNED),
        ),
    ],
    make_accounts: Annotated[
        bool,
        typer.Option("--accounts", help="Also create the accounts and set the teacher's role."),
    ] = False,
    yes: Yes = False,
) -> None:
    """Create the example templates that are missing. Needs PRACTICE_SEAL_KEYS."""
    target = Target(project, database)
    sealer, wanted = sealer_of_project(), dict(_seed_commands(teacher, student))
    accounts = Accounts(target) if make_accounts else None
    target.confirm(f"Templates of {teacher} will be created in {project}.", yes=yes)
    created, found = _create_missing(target.open_database(), wanted, sealer, teacher)
    print_result(
        "Seeded",
        {
            **target.describe(),
            "teacher": teacher,
            "students": student,
            "created": created,
            "found": found,
            "accounts_created": _create_accounts(accounts, teacher, student) if accounts else None,
        },
    )


def _create_missing(
    database: Database, wanted: Mapping[str, CreateTemplate], sealer: TemplateSealer, teacher: str
) -> tuple[dict[str, str], dict[str, str]]:
    """Two mappings of template names to ids: created now, and already there."""
    existing = {
        (template.fields or {})["name"]: template.id
        for page in PersonalData(database, teacher).pages(
            DataKind.TEMPLATES, size=300, only=["name"]
        )
        for template in page
    }
    created: dict[str, str] = {}
    with progress_bar("Seeding", total=len(wanted)) as progress:
        for template_id, command in wanted.items():
            if command.name not in existing:
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
    return created, {name: existing[name] for name in names & existing.keys()}


def _seed_commands(teacher: str, students: list[str]) -> Iterator[tuple[str, CreateTemplate]]:
    """The commands by template id, a hash of names: simultaneous runs create the same documents."""
    for key, template in SEED_TEMPLATES.items():
        fields = {**template, **({"student_ids": students} if "student_ids" in template else {})}
        try:
            command = CreateTemplate.model_validate_json(json.dumps(fields))
        except ValidationError as error:
            raise UsageError(f"Not all of these are user ids: {', '.join(students)}") from error
        yield digest("seed", teacher, key)[:24], command


def _create_accounts(accounts: Accounts, teacher: str, students: list[str]) -> list[str]:
    """Creates missing accounts and sets the teacher's role. The user ids of the new accounts."""
    created = [uid for uid in (teacher, *students) if accounts.create(uid, PEOPLE.get(uid))]
    claims = accounts.find(uid=teacher).custom_claims
    if claims != with_role(claims, "teacher"):
        accounts.set_claims(teacher, with_role(claims, "teacher"))
    return created

"""Seeding of any project: the initial data of the local stack, created once."""

from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.fernet import Fernet

from local.api import User
from local.emulator import RULES, Emulator
from local.people import PEOPLE, TEACHER
from local.seed import ASSIGNED, SEED_TEMPLATES
from local.stack import Stack, free_port, start_functions
from tests.integration.admin.command import on_a_terminal, run
from tests.integration.admin.conftest import Admin
from tests.integration.admin.identity import Identity
from tests.integration.admin.school import all_documents
from tests.support.answers import ok
from tests.support.firestore.world import World

KEY = Fernet.generate_key().decode()
NAMES = {template["name"] for template in SEED_TEMPLATES.values()}


def templates(world: World) -> dict[str, dict[str, Any]]:
    return {
        fields["name"]: fields
        for path, fields in world.documents().items()
        if path.startswith("session_templates/") and path.count("/") == 1
    }


def test_templates_are_created_once(world: World, admin: Admin) -> None:
    first = admin("seed", PRACTICE_SEAL_KEYS=KEY).result
    assert (first["created"].keys(), first["found"]) == (NAMES, {})
    stored = all_documents(world)
    again = admin("seed", PRACTICE_SEAL_KEYS=KEY).result
    assert (again["created"], again["found"]) == ({}, first["created"])
    assert all_documents(world) == stored
    assert {fields["owner_id"] for fields in templates(world).values()} == {TEACHER.uid}


def test_a_lost_template_is_created_again(world: World, admin: Admin) -> None:
    first = admin("seed", PRACTICE_SEAL_KEYS=KEY).result["created"]
    (name, template_id), *_ = first.items()
    world.client.recursive_delete(world.client.document(f"session_templates/{template_id}"))
    assert admin("seed", PRACTICE_SEAL_KEYS=KEY).result["created"] == {name: template_id}


def test_teacher_and_students_can_be_named(world: World, admin: Admin) -> None:
    admin(
        "seed", "--teacher", "tom", "--student", "ann", "--student", "bob", PRACTICE_SEAL_KEYS=KEY
    )
    stored = templates(world).values()
    assert {fields["owner_id"] for fields in stored} == {"tom"}
    assigned = {
        tuple(fields["student_ids"])
        for path, fields in world.documents().items()
        if path.endswith("/private/assigned")
    }
    assert assigned == {("ann", "bob")}


@pytest.fixture
def stack(world: World, emulator: Emulator) -> Iterator[Stack]:
    """The functions of the seeded project, with the same keys."""
    project = str(world.client.project)
    emulator.load_rules(project, RULES.read_text())
    with start_functions(
        emulator,
        port=free_port(),
        project_id=project,
        quiet=True,
        environment={"PRACTICE_SEAL_KEYS": KEY},
    ) as running:
        yield running


def test_the_functions_accept_seeded_templates_as_genuine(admin: Admin, stack: Stack) -> None:
    created = admin("seed", PRACTICE_SEAL_KEYS=KEY).result["created"]
    student = User(stack, ASSIGNED[0])
    template_id = created[SEED_TEMPLATES["theory"]["name"]]
    source = student.get(f"session_templates/{template_id}").json()
    turn = ok(student.call("practice_turn", {"session_context": {"source_data": source}}))
    assert turn["session_context"]["stored_session"]["template_id"] == template_id


@pytest.mark.parametrize("keys", [{}, {"PRACTICE_SEAL_KEYS": "too-short"}])
def test_without_the_functions_keys_nothing_is_seeded(
    world: World, admin: Admin, keys: dict[str, str]
) -> None:
    ran = admin("seed", **keys)
    assert (ran.code, ran.out) == (2, "")
    assert "PRACTICE_SEAL_KEYS must hold the keys" in ran.err
    assert all_documents(world) == {}


def test_missing_accounts_are_created(admin: Admin, identity: Identity) -> None:
    identity.add(ASSIGNED[0], grade=4)
    identity.add(TEACHER.uid, school="north")
    with_accounts = {"PRACTICE_SEAL_KEYS": KEY, "FIREBASE_AUTH_EMULATOR_HOST": identity.host}
    result = admin("seed", "--accounts", **with_accounts).result
    assert result["accounts_created"] == ASSIGNED[1:]
    assert set(identity.accounts) == set(PEOPLE)
    assert identity.claims(TEACHER.uid) == {"school": "north", "role": "teacher"}
    assert identity.claims(ASSIGNED[0]) == {"grade": 4}


@pytest.mark.parametrize("who", [("--student", "a/b"), ("--teacher", "..")])
def test_an_invalid_user_id_is_a_wrong_command_line(
    world: World, admin: Admin, who: tuple[str, str]
) -> None:
    ran = admin("seed", *who, PRACTICE_SEAL_KEYS=KEY)
    assert (ran.code, ran.out) == (2, "")
    assert all_documents(world) == {}


REAL = {"GOOGLE_CLOUD_PROJECT": "school", "PRACTICE_SEAL_KEYS": KEY, "NO_GCE_CHECK": "true"}


def test_a_real_project_is_named_and_requires_confirmation() -> None:
    ran = on_a_terminal("seed", env=REAL, typed="n\n")
    assert ran.code == 1
    assert "will be created in school" in ran.out
    assert "Nothing was changed." in ran.out


@pytest.mark.parametrize("arguments", [("seed", "--yes"), ("cleanup", "--dry-run")])
def test_a_real_project_without_credentials_is_a_failure(arguments: tuple[str, ...]) -> None:
    ran = run(*arguments, env=REAL)
    assert (ran.code, ran.out) == (1, "")
    assert "Project school (REAL), database (default)" in ran.err
    assert "DefaultCredentialsError" in ran.err
    assert "Traceback" not in ran.err

"""The role of a teacher: a claim, set through the real client of Firebase."""

from collections.abc import Callable

import pytest

from tests.integration.admin.command import CommandResult, run
from tests.integration.admin.identity import Identity

PROJECT = "demo-school"
Role = Callable[..., CommandResult]


@pytest.fixture
def role(identity: Identity) -> Role:
    env = {"GOOGLE_CLOUD_PROJECT": PROJECT, "FIREBASE_AUTH_EMULATOR_HOST": identity.host}
    return lambda *arguments: run("role", *arguments, env=env)


def test_a_person_becomes_a_teacher_and_keeps_all_other_claims(
    role: Role, identity: Identity
) -> None:
    identity.add("ann", school="north", grade=4)
    result = role("ann", "teacher").result
    assert identity.claims("ann") == {"school": "north", "grade": 4, "role": "teacher"}
    assert (result["before"], result["after"], result["changed"]) == ("none", "teacher", True)
    assert result["other_claims"] == ["grade", "school"]
    assert "within an hour" in result["in_force"]


def test_a_teacher_becomes_an_ordinary_person_and_keeps_all_other_claims(
    role: Role, identity: Identity
) -> None:
    identity.add("ann", school="north", role="teacher")
    assert role("ann", "none").result["before"] == "teacher"
    assert identity.claims("ann") == {"school": "north"}


def test_the_last_claim_is_removed_too(role: Role, identity: Identity) -> None:
    identity.add("ann", role="teacher")
    role("ann", "none")
    assert identity.claims("ann") == {}


def test_a_person_is_found_by_email(role: Role, identity: Identity) -> None:
    identity.add("ann", email="a@school.example")
    identity.add("bob", email="b@school.example")
    assert role("--email", "b@school.example", "teacher").result["uid"] == "bob"
    assert (identity.claims("ann"), identity.claims("bob")) == ({}, {"role": "teacher"})


def test_a_person_who_already_has_the_role_is_unchanged(role: Role, identity: Identity) -> None:
    identity.add("ann", role="teacher")
    assert role("ann", "teacher").result["changed"] is False
    assert identity.methods == ["lookup"]


def test_signing_out_revokes_earlier_sign_ins(role: Role, identity: Identity) -> None:
    identity.add("ann", role="teacher")
    assert role("ann", "none", "--sign-out").result["signed_out"] is True
    assert int(identity.accounts["ann"]["validSince"]) > 1_700_000_000


@pytest.mark.parametrize("who", [("nobody",), ("--email", "nobody@school.example")])
def test_an_unknown_person_is_reported_as_a_failure(
    role: Role, identity: Identity, who: tuple[str, ...]
) -> None:
    ran = role(*who, "teacher")
    assert (ran.code, ran.out) == (1, "")
    assert f"has no account {who[-1]}" in ran.err
    assert identity.methods == ["lookup"]


def test_an_unknown_role_is_a_wrong_command_line(role: Role, identity: Identity) -> None:
    ran = role("ann", "headmaster")
    assert (ran.code, ran.out, identity.calls) == (2, "", [])


def test_the_local_stack_has_no_accounts_and_the_command_names_the_alternative() -> None:
    ran = run("role", "ann", "teacher", env={"GOOGLE_CLOUD_PROJECT": PROJECT})
    assert ran.code == 2
    assert "local.tokens UID --teacher" in ran.err


def test_an_emulator_is_refused_for_a_real_project(identity: Identity) -> None:
    env = {"GOOGLE_CLOUD_PROJECT": "school", "FIREBASE_AUTH_EMULATOR_HOST": identity.host}
    ran = run("role", "ann", "teacher", "--yes", env=env)
    assert (ran.code, identity.calls) == (2, [])
    assert "FIREBASE_AUTH_EMULATOR_HOST is set" in ran.err

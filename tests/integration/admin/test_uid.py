"""E-mail addresses are looked up through the real client of Firebase."""

from collections.abc import Callable

import pytest

from tests.integration.admin.command import CommandResult, run
from tests.integration.admin.identity import Identity

PROJECT = "demo-school"
FindUids = Callable[..., CommandResult]


@pytest.fixture
def uid(identity: Identity) -> FindUids:
    env = {"GOOGLE_CLOUD_PROJECT": PROJECT, "FIREBASE_AUTH_EMULATOR_HOST": identity.host}
    return lambda *arguments: run("uid", *arguments, env=env)


def test_a_class_is_found_by_its_addresses_in_any_case(uid: FindUids, identity: Identity) -> None:
    identity.add("u1", email="ann@school.example")
    identity.add("u2", email="bob@school.example")
    identity.add("u3", email="cyd@school.example")
    found = uid("Bob@School.example", "ann@school.example").result
    assert found == {
        "project": PROJECT,
        "uids": {"Bob@School.example": "u2", "ann@school.example": "u1"},
    }
    assert identity.methods == ["lookup"]


def test_a_large_class_is_found_in_several_calls(uid: FindUids, identity: Identity) -> None:
    addresses = [f"pupil-{n}@school.example" for n in range(130)]
    for n, address in enumerate(addresses):
        identity.add(f"u{n}", email=address)
    assert uid(*addresses).result["uids"] == {a: f"u{n}" for n, a in enumerate(addresses)}
    assert identity.methods == ["lookup"] * 2


def test_an_address_without_an_account_is_named_and_the_others_are_printed(
    uid: FindUids, identity: Identity
) -> None:
    identity.add("u1", email="ann@school.example")
    ran = uid("ann@school.example", "nobody@school.example")
    assert ran.code == 1
    assert '"ann@school.example": "u1"' in ran.out
    assert "has no account nobody@school.example" in ran.err


def test_a_text_that_is_no_address_is_a_failure(uid: FindUids, identity: Identity) -> None:
    ran = uid("ann")
    assert (ran.code, ran.out, identity.calls) == (1, "", [])
    assert "ann" in ran.err

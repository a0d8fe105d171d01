"""join_class: a student becomes a member, and wrong codes tell nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from local.api import User
from shared.firestore.client import Client
from tests.conftest import NewUser
from tests.integration.functions.classes.people import (
    Json,
    changed,
    joined,
    path_of,
    removed,
    taught,
)
from tests.integration.functions.classes.test_create_class import places
from tests.support.answers import invalid, ok, refused

REFUSED = "JOIN_CODE_NOT_VALID"


def test_a_student_joins_and_reads_the_class_and_their_own_membership(
    teacher: User, student: User
) -> None:
    of = taught(teacher)
    assert student.get(path_of(of)).status_code == 403

    reply = joined(student, of, name="Sam")

    assert reply == {"class": of["class"], "resumed": False}
    assert student.read(path_of(of))["name"] == "Guitar, Tuesdays"
    member = student.read(f"{path_of(of)}/members/{student.uid}")
    assert member["joined_at"]
    assert {name: member[name] for name in member if name != "joined_at"} == {
        "schema_version": 1,
        "class_id": of["class"]["class_id"],
        "student_id": student.uid,
        "display_name": "Sam",
        "status": "active",
        "removed_at": None,
    }


def test_joining_twice_is_the_same_as_once_and_takes_another_name(
    teacher: User, student: User, client: Client
) -> None:
    of = taught(teacher, max_students=2)
    joined(student, of, name="Sam")
    first = student.read(f"{path_of(of)}/members/{student.uid}")

    again = joined(student, of, name="Sam", status=200)

    assert again == {"class": of["class"], "resumed": True}
    assert student.read(f"{path_of(of)}/members/{student.uid}") == first
    joined(student, of, name="Samuel", status=200)
    renamed = student.read(f"{path_of(of)}/members/{student.uid}")
    assert renamed == {**first, "display_name": "Samuel"}
    assert sum(places(client, of["join"]["code"])) == 1


@pytest.mark.parametrize(
    "typed",
    [
        lambda code: code.lower(),
        lambda code: f" {code[:3]}-{code[3:]} ",
        lambda code: code.replace("0", "o").replace("1", "l"),
        lambda code: code.replace("0", "O").replace("1", "I"),
        lambda code: f"{code[:3]}\u2013{code[3:]}",
    ],
)
def test_a_code_is_read_however_it_is_typed(teacher: User, student: User, typed: Any) -> None:
    of = taught(teacher)
    code = typed(of["join"]["code"])
    ok(student.call("join_class", {"code": code, "display_name": "Sam"}), 201)


def _wrong(_: User, of: Json, __: Client) -> str:
    code: str = of["join"]["code"]
    return code[:-1] + ("7" if code[-1] != "7" else "8")


def _no_code(*_: Any) -> str:
    return "what is this"


def _expired(_: User, of: Json, client: Client) -> str:
    code: str = of["join"]["code"]
    past = datetime.now(UTC) - timedelta(seconds=1)
    client.document(f"join_codes/{code}").update({"expires_at": past})
    return code


def _off(teacher: User, of: Json, __: Client) -> str:
    changed(teacher, of, join={"enabled": False})
    return str(of["join"]["code"])


def _rotated(teacher: User, of: Json, __: Client) -> str:
    changed(teacher, of, join={"rotate": True})
    return str(of["join"]["code"])


def _archived(teacher: User, of: Json, __: Client) -> str:
    changed(teacher, of, archived=True)
    return str(of["join"]["code"])


def _full(_: User, of: Json, __: Client) -> str:
    student = User(_.stack, f"first-{of['class']['class_id']}")
    joined(student, of)
    return str(of["join"]["code"])


CLOSED = [_wrong, _no_code, _expired, _off, _rotated, _archived, _full]


@pytest.mark.parametrize("close", CLOSED)
def test_codes_that_open_no_class_have_one_refusal(
    teacher: User, student: User, client: Client, close: Any
) -> None:
    of = taught(teacher, max_students=1)
    code = close(teacher, of, client)
    response = student.call("join_class", {"code": code, "display_name": "Sam"})
    assert _without_id(refused(response, REFUSED)) == _without_id(
        refused(student.call("join_class", {"code": "0000000", "display_name": "Sam"}), REFUSED)
    )
    assert _headers(response) == _headers(
        student.call("join_class", {"code": "0000000", "display_name": "Sam"})
    )
    assert not client.document(f"{path_of(of)}/members/{student.uid}").get().exists


def _without_id(body: Json) -> Json:
    return {name: value for name, value in body.items() if name != "request_id"}


def _headers(response: requests.Response) -> set[str]:
    return set(response.headers)


def test_a_teacher_of_the_class_cannot_join_it(teacher: User, user: NewUser) -> None:
    of = taught(teacher)
    other = user("other", teacher=True)
    changed(teacher, of, teacher_ids=[teacher.uid, other.uid])
    for by in (teacher, other):
        body = {"code": of["join"]["code"], "display_name": "Me"}
        refused(by.call("join_class", body), "TEACHER_CANNOT_JOIN")


def test_a_teacher_of_another_class_may_join(teacher: User, user: NewUser) -> None:
    joined(user("other", teacher=True), taught(teacher))


def test_who_was_removed_needs_a_code_that_was_made_afterwards(
    teacher: User, student: User
) -> None:
    of = taught(teacher)
    joined(student, of, name="Sam")
    first = student.read(f"{path_of(of)}/members/{student.uid}")
    removed(teacher, of, student)
    again = {"code": of["join"]["code"], "display_name": "Sam"}
    refused(student.call("join_class", again), REFUSED)

    of = changed(teacher, of, join={"rotate": True})
    joined(student, of, name="Samuel")

    member = student.read(f"{path_of(of)}/members/{student.uid}")
    assert (member["status"], member["removed_at"]) == ("active", None)
    assert member["display_name"] == "Samuel"
    assert member["joined_at"] > first["joined_at"]


def test_a_removed_student_reads_nothing_of_the_class_but_their_own_membership(
    teacher: User, student: User, user: NewUser
) -> None:
    of = taught(teacher)
    changed(teacher, of, shows_roster=True)
    other = user("other")
    joined(student, of)
    joined(other, of, name="Ann")
    assert student.read(f"{path_of(of)}/members/{other.uid}")["display_name"] == "Ann"

    removed(teacher, of, student)

    assert student.get(path_of(of)).status_code == 403
    assert student.get(f"{path_of(of)}/members/{other.uid}").status_code == 403
    assert student.read(f"{path_of(of)}/members/{student.uid}")["status"] == "removed"


@pytest.mark.parametrize(
    ("fields", "paths"),
    [
        ({"code": 1234567}, ["code"]),
        ({"code": "0" * 65}, ["code"]),
        ({"display_name": ""}, ["display_name"]),
        ({"display_name": " "}, ["display_name"]),
        ({"display_name": "a\nb"}, ["display_name"]),
        ({"display_name": "x" * 121}, ["display_name"]),
        ({"class_id": "other"}, ["class_id"]),
    ],
)
def test_a_wrong_field_is_refused_by_its_name(
    student: User, fields: Json, paths: list[str]
) -> None:
    body = {"code": "0000000", "display_name": "Sam", **fields}
    assert invalid(student.call("join_class", body)) == paths

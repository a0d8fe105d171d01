"""update_class: names, teachers, the archive and the join code."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.api import User, found
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
from tests.support.stored import with_instants

SOON = (datetime.now(UTC) + timedelta(days=2)).replace(microsecond=0)


def body_of(of: Json, **fields: Any) -> Json:
    return {"class_id": of["class"]["class_id"], **fields}


def test_fields_that_are_sent_change_and_others_stay(teacher: User) -> None:
    of = taught(teacher, subject="Music")
    sent = {"name": "Guitar", "subject": None, "timezone": "Asia/Tokyo", "shows_roster": True}

    after = changed(teacher, of, version=1, **sent)

    assert after["join"] == of["join"]
    assert after["class"] == {
        **of["class"],
        **sent,
        "version": 2,
        "updated_at": after["class"]["updated_at"],
    }
    shown = {name: value for name, value in after["class"].items() if name != "class_id"}
    assert with_instants(teacher.read(path_of(of))) == with_instants(shown)


def test_another_version_is_refused_and_a_change_without_one_is_made(teacher: User) -> None:
    of = taught(teacher)
    changed(teacher, of, version=1, name="Lute")
    refused(teacher.call("update_class", body_of(of, version=1, name="Harp")), "REVISION_MISMATCH")
    assert changed(teacher, of, name="Harp")["class"]["version"] == 3


def test_a_change_that_is_in_place_answers_as_it_is(teacher: User) -> None:
    of = taught(teacher)
    first = changed(teacher, of, version=1, name="Lute", shows_roster=True)
    assert changed(teacher, of, version=1, name="Lute", shows_roster=True) == first
    assert changed(teacher, of, archived=False) == first


def test_a_co_teacher_reads_and_changes_until_the_owner_removes_them(
    teacher: User, student: User, user: NewUser
) -> None:
    of, other = taught(teacher), user("other")
    joined(student, of)
    paths = [
        path_of(of),
        f"{path_of(of)}/private/join",
        f"{path_of(of)}/members/{student.uid}",
    ]
    assert {other.get(path).status_code for path in paths} == {403}

    changed(teacher, of, teacher_ids=[teacher.uid, other.uid])

    assert {other.get(path).status_code for path in paths} == {200}
    assert len(found(other.query(roster(), parent=f"/{path_of(of)}"))) == 1
    assert changed(other, of, name="Ours")["class"]["name"] == "Ours"
    assert len(found(other.query(taught_by(other)))) == 1

    changed(teacher, of, teacher_ids=[teacher.uid])

    assert {other.get(path).status_code for path in paths} == {403}
    assert other.query(roster(), parent=f"/{path_of(of)}").status_code == 403
    assert found(other.query(taught_by(other))) == []
    refused(other.call("update_class", body_of(of, name="Mine")), "CLASS_NOT_FOUND")
    removal = body_of(of, student_id=student.uid)
    refused(other.call("remove_member", removal), "CLASS_NOT_FOUND")


def roster() -> Json:
    return {"from": [{"collectionId": "members"}]}


def taught_by(teacher: User) -> Json:
    return {
        "from": [{"collectionId": "classes"}],
        "where": {
            "fieldFilter": {
                "field": {"fieldPath": "teacher_ids"},
                "op": "ARRAY_CONTAINS",
                "value": {"stringValue": teacher.uid},
            }
        },
    }


def test_a_co_teacher_may_leave_and_change_no_other_teacher(teacher: User, user: NewUser) -> None:
    of, first, second = taught(teacher), user("first"), user("second")
    changed(teacher, of, teacher_ids=[teacher.uid, first.uid, second.uid])
    for ids in ([teacher.uid, first.uid], [teacher.uid, first.uid, second.uid, "third"]):
        refused(
            first.call("update_class", body_of(of, teacher_ids=ids, name="New")),
            "PERMISSION_DENIED",
        )
    left = changed(first, of, teacher_ids=[teacher.uid, second.uid])
    assert left["class"]["teacher_ids"] == [teacher.uid, second.uid]
    refused(first.call("update_class", body_of(of, name="Mine")), "CLASS_NOT_FOUND")


def test_the_owner_stays_and_a_student_is_no_teacher(teacher: User, student: User) -> None:
    of = taught(teacher)
    assert invalid(teacher.call("update_class", body_of(of, teacher_ids=["other"]))) == [
        "teacher_ids"
    ]
    joined(student, of)
    both = body_of(of, teacher_ids=[teacher.uid, student.uid])
    assert invalid(teacher.call("update_class", both)) == ["teacher_ids"]
    removed(teacher, of, student)
    ok(teacher.call("update_class", both))


def test_only_a_teacher_of_the_class_changes_it(
    teacher: User, student: User, user: NewUser
) -> None:
    of = taught(teacher)
    joined(student, of)
    for by in (student, user("stranger", teacher=True)):
        refused(by.call("update_class", body_of(of, name="Mine")), "CLASS_NOT_FOUND")
    missing = {"class_id": "none", "name": "Mine"}
    refused(teacher.call("update_class", missing), "CLASS_NOT_FOUND")


def test_an_archived_class_has_no_code_and_changes_only_when_it_is_taken_back(
    teacher: User, student: User, client: Client
) -> None:
    of = taught(teacher)
    joined(student, of)
    archived = changed(teacher, of, archived=True)
    assert archived["class"]["archived_at"] is not None
    assert (archived["join"]["code"], archived["join"]["max_students"]) == (None, 40)
    assert not client.document(f"join_codes/{of['join']['code']}").get().exists
    assert places(client, of["join"]["code"]) == []
    assert changed(teacher, of, archived=True) == archived
    assert student.read(path_of(of))["archived_at"] is not None
    for change in ({"name": "New"}, {"join": {"rotate": True}}):
        refused(teacher.call("update_class", body_of(of, **change)), "CLASS_ARCHIVED")

    back = changed(teacher, of, archived=False, join={"rotate": True}, name="New")

    assert (back["class"]["archived_at"], back["class"]["name"]) == (None, "New")
    assert back["join"]["code"] not in (None, of["join"]["code"])


def test_rotation_makes_a_code_with_the_places_that_are_left(
    teacher: User, student: User, user: NewUser, client: Client
) -> None:
    of = taught(teacher, max_students=3)
    joined(student, of)

    rotated = changed(teacher, of, join={"rotate": True})

    code = rotated["join"]["code"]
    assert code != of["join"]["code"]
    assert rotated["join"]["max_students"] == 3
    assert sum(places(client, code)) == 2
    assert places(client, of["join"]["code"]) == []
    stored = teacher.read(f"{path_of(of)}/private/join")
    assert with_instants(stored) == with_instants(rotated["join"])
    for name in ("first", "second"):
        joined(user(name), rotated)
    last = {"code": code, "display_name": "Late"}
    refused(user("third").call("join_class", last), "JOIN_CODE_NOT_VALID")


def test_a_code_gets_another_end_and_another_number_of_students(
    teacher: User, student: User, client: Client
) -> None:
    of = taught(teacher, max_students=3)
    joined(student, of)

    after = changed(teacher, of, join={"expires_at": SOON.isoformat(), "max_students": 12})

    assert after["join"]["code"] == of["join"]["code"]
    assert datetime.fromisoformat(after["join"]["expires_at"]) == SOON
    code = client.document(f"join_codes/{of['join']['code']}").get()
    assert code.get("expires_at") == SOON
    assert sum(places(client, of["join"]["code"])) == 11
    few = body_of(of, join={"max_students": 1})
    assert ok(teacher.call("update_class", few))["join"]["max_students"] == 1
    assert sum(places(client, of["join"]["code"])) == 0


def test_a_class_has_at_least_as_many_places_as_students(teacher: User, user: NewUser) -> None:
    of = taught(teacher)
    for name in ("first", "second"):
        joined(user(name), of)
    few = body_of(of, join={"max_students": 1})
    assert invalid(teacher.call("update_class", few)) == ["join.max_students"]


def test_a_code_is_switched_off_and_another_one_made(teacher: User, student: User) -> None:
    of = taught(teacher)
    off = changed(teacher, of, join={"enabled": False})
    assert (off["join"]["code"], off["join"]["expires_at"]) == (None, None)
    assert changed(teacher, of, join={"enabled": False}) == off
    alone = body_of(of, join={"expires_at": SOON.isoformat()})
    assert invalid(teacher.call("update_class", alone)) == ["join.expires_at"]
    assert changed(teacher, of, join={"max_students": 7})["join"]["max_students"] == 7
    on = changed(teacher, of, join={"rotate": True, "expires_at": SOON.isoformat()})
    assert on["join"]["max_students"] == 7
    assert datetime.fromisoformat(on["join"]["expires_at"]) == SOON
    joined(student, on)


@pytest.mark.parametrize(
    ("fields", "paths"),
    [
        ({}, [""]),
        ({"version": 1}, [""]),
        ({"version": 0, "name": "New"}, ["version"]),
        ({"name": None}, ["name"]),
        ({"archived": None}, ["archived"]),
        ({"teacher_ids": []}, ["teacher_ids"]),
        ({"teacher_ids": ["a", "a"]}, ["teacher_ids"]),
        ({"teacher_ids": ["a@example.org"]}, ["teacher_ids.0"]),
        ({"teacher_ids": [f"t{n}" for n in range(21)]}, ["teacher_ids"]),
        ({"join": {}}, ["join"]),
        ({"join": {"rotate": False}}, ["join.rotate"]),
        ({"join": {"enabled": True}}, ["join.enabled"]),
        ({"join": {"enabled": False, "rotate": True}}, ["join.enabled"]),
        ({"join": {"max_students": 501}}, ["join.max_students"]),
        ({"join": {"expires_at": "2020-01-01T00:00:00Z"}}, ["join.expires_at"]),
        ({"join": {"expires_at": "2999-01-01T00:00:00Z"}}, ["join.expires_at"]),
        ({"join": {"expires_at": "2026-03-02"}}, ["join.expires_at"]),
        ({"join": {"expires_at": "2026-03-02T17:00:00"}}, ["join.expires_at"]),
        ({"join": {"expires_at": 1_800_000_000}}, ["join.expires_at"]),
        ({"join": {"expires_at": "9999-12-31T23:59:59-23:00"}}, ["join.expires_at"]),
        ({"join": {"expires_at": "0001-01-01T00:00:00+23:00"}}, ["join.expires_at"]),
        ({"join": {"code": "0000000"}}, ["join.code"]),
        ({"archived": True, "join": {"rotate": True}}, ["join"]),
        ({"owner_id": "me"}, ["owner_id"]),
    ],
)
def test_a_wrong_field_is_refused_by_its_name(
    teacher: User, fields: Json, paths: list[str]
) -> None:
    of = taught(teacher)
    assert invalid(teacher.call("update_class", body_of(of, **fields))) == paths
    assert with_instants(teacher.read(path_of(of)))["version"] == 1

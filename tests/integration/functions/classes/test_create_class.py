"""create_class: a class of its own teacher, with a code that nobody else has."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from local.api import User
from shared.domain.classes.join_code import CODE, MAX_STUDENTS, SHARDS
from shared.firestore.client import Client
from tests.integration.functions.classes.people import path_of, taught
from tests.support.answers import invalid
from tests.support.stored import with_instants


def places(client: Client, code: str) -> list[int]:
    stored = client.collection(f"join_codes/{code}/places").stream()
    return [place.get("left") for place in stored]


def test_the_reply_has_what_is_stored_and_its_teacher_reads_both(teacher: User) -> None:
    created = taught(teacher, subject="Music", timezone="Europe/Berlin")

    school_class = created["class"]
    assert school_class["owner_id"] == teacher.uid
    assert school_class["teacher_ids"] == [teacher.uid]
    assert (school_class["version"], school_class["archived_at"]) == (1, None)
    assert school_class["shows_roster"] is False
    shown = {name: value for name, value in school_class.items() if name != "class_id"}
    assert with_instants(teacher.read(path_of(created))) == with_instants(shown)
    stored = teacher.read(f"{path_of(created)}/private/join")
    assert with_instants(stored) == with_instants(created["join"])


def test_a_class_needs_no_more_than_a_name(student: User) -> None:
    created = taught(student)
    assert (created["class"]["subject"], created["class"]["timezone"]) == (None, "UTC")
    join = created["join"]
    assert CODE.fullmatch(join["code"])
    assert join["max_students"] == 40
    valid_for = datetime.fromisoformat(join["expires_at"]) - datetime.fromisoformat(
        join["created_at"]
    )
    assert valid_for == timedelta(days=30)


def test_the_places_of_a_code_are_shared_over_ten_documents(teacher: User, client: Client) -> None:
    code = taught(teacher, max_students=34)["join"]["code"]
    left = places(client, code)
    assert len(left) == SHARDS
    assert sum(left) == 34
    assert set(left) == {3, 4}
    stored = client.document(f"join_codes/{code}").get().to_dict() or {}
    assert stored.keys() == {"schema_version", "class_id", "expires_at", "created_at"}


@pytest.mark.parametrize(
    ("fields", "paths"),
    [
        ({"name": ""}, ["name"]),
        ({"name": None}, ["name"]),
        ({"subject": ""}, ["subject"]),
        ({"timezone": "Berlin"}, ["timezone"]),
        ({"max_students": 0}, ["max_students"]),
        ({"max_students": MAX_STUDENTS + 1}, ["max_students"]),
        ({"max_students": "40"}, ["max_students"]),
        ({"teacher_ids": ["me"]}, ["teacher_ids"]),
        ({"owner_id": "me"}, ["owner_id"]),
    ],
)
def test_a_wrong_field_is_refused_by_its_name(
    teacher: User, fields: dict[str, Any], paths: list[str]
) -> None:
    assert invalid(teacher.call("create_class", {"name": "Guitar", **fields})) == paths

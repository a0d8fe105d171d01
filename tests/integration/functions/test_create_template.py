"""create_template: the stored document, its visibility, and refusals."""

from typing import Any

import pytest

from local.api import User
from tests.conftest import NewUser
from tests.integration.functions.conftest import ROUTINE, TEMPLATE, StoredDocuments, created
from tests.support.answers import invalid, ok, refused
from tests.support.stored import matches_document, of_collection

FULL: dict[str, Any] = {
    "name": "Routine",
    "description": "Every day,\neven on Sundays",
    "root_id": "learn-guitar",
    "subject": "Music",
    "topic": "Blues / Jazz.",
    "grade_level": "7",
    "visibility": "public",
    "template_data": {**ROUTINE, "tags": ["guitar"], "tuning": {"a.b": ["E", None, 4.5]}},
    "mastery_criterion": {"kind": "m_of_n", "m": 3, "n": 5},
}


def test_the_reply_is_what_is_stored(teacher: User, student: User) -> None:
    body = {**FULL, "student_ids": [student.uid]}

    reply = ok(teacher.call("create_template", body), 201)["template"]

    for reader in (teacher, student):
        document = reader.read(f"session_templates/{reply['template_id']}")
        assert matches_document(reply, document, own_id="template_id")
    assert {name: document[name] for name in FULL} == FULL
    assert reply["student_ids"] == body["student_ids"]
    assert document["owner_id"] == teacher.uid
    assert (document["version"], document["schema_version"]) == (1, 1)
    assert document["created_at"] == document["updated_at"]
    assert document["archived_at"] is None
    assert len(document["content_hash"]) == 64


def test_a_minimal_template_is_private_to_its_owner(
    student: User, user: NewUser, stored_documents: StoredDocuments
) -> None:
    body = {"name": "Mine", "template_data": {"sections": []}}

    reply = ok(student.call("create_template", body), 201)["template"]

    assert reply["owner_id"] == student.uid
    assert (reply["visibility"], reply["student_ids"]) == ("private", [])
    assert (reply["description"], reply["mastery_criterion"]) == ("", None)
    path = f"session_templates/{reply['template_id']}"
    assert matches_document(reply, student.read(path), own_id="template_id")
    assert user("stranger").get(path).status_code == 403
    assert list(stored_documents(student)) == [path]


@pytest.mark.parametrize(
    ("given", "visibility"),
    [
        ({}, "private"),
        ({"visibility": None}, "private"),
        ({"student_ids": []}, "private"),
        ({"student_ids": ["ann"]}, "assigned"),
        ({"student_ids": ["ann"], "visibility": "public"}, "public"),
        ({"visibility": "assigned"}, "assigned"),
        ({"visibility": "public"}, "public"),
    ],
)
def test_visibility_follows_from_the_students_unless_it_is_set(
    teacher: User, given: dict[str, Any], visibility: str
) -> None:
    assert created(teacher, **given)["visibility"] == visibility


@pytest.mark.parametrize(
    "given", [{}, {"student_ids": []}, {"visibility": "private"}, {"visibility": None}]
)
def test_a_learner_may_own_private_templates(student: User, given: dict[str, Any]) -> None:
    assert created(student, **given)["visibility"] == "private"


@pytest.mark.parametrize(
    "given",
    [
        {"student_ids": ["ann"]},
        {"visibility": "assigned"},
        {"visibility": "public"},
        {"student_ids": ["ann"], "visibility": "private"},
        {"student_ids": ["ann"], "visibility": "public"},
    ],
)
def test_a_learner_may_not_share_and_nothing_is_stored(
    student: User, stored_documents: StoredDocuments, given: dict[str, Any]
) -> None:
    response = student.call(
        "create_template", {**TEMPLATE, **given}, headers={"Idempotency-Key": "k"}
    )

    refused(response, "PERMISSION_DENIED")
    assert stored_documents(student) == {}


def test_a_learner_may_not_assign_a_template_to_themselves(
    student: User, stored_documents: StoredDocuments
) -> None:
    response = student.call("create_template", {**TEMPLATE, "student_ids": [student.uid]})

    refused(response, "PERMISSION_DENIED")
    assert stored_documents(student) == {}


SECTION: dict[str, Any] = {"name": "S"}


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        ({"name": ""}, ["name"]),
        ({"name": " \t"}, ["name"]),
        ({"name": "x" * 10_000}, ["name"]),
        ({"name": "two\nlines"}, ["name"]),
        ({"name": None}, ["name"]),
        ({"name": 7}, ["name"]),
        ({"description": "x" * 2_001}, ["description"]),
        ({"description": None}, ["description"]),
        ({"subject": ""}, ["subject"]),
        ({"subject": "__id__"}, ["subject"]),
        ({"topic": "x" * 121}, ["topic"]),
        ({"grade_level": 7}, ["grade_level"]),
        ({"visibility": "secret"}, ["visibility"]),
        ({"student_ids": "ann"}, ["student_ids"]),
        ({"student_ids": None}, ["student_ids"]),
        ({"student_ids": ["ann", "ann"]}, ["student_ids"]),
        ({"student_ids": ["ann", "a/b", ""]}, ["student_ids.1", "student_ids.2"]),
        ({"student_ids": ["ann@school.example", "ann"]}, ["student_ids.0"]),
        ({"student_ids": ["ann", "Ann Smith", "bob "]}, ["student_ids.1", "student_ids.2"]),
        ({"student_ids": ["ann"], "visibility": "private"}, ["visibility"]),
        ({"template_data": None}, ["template_data"]),
        ({"template_data": []}, ["template_data"]),
        ({"template_data": {}}, ["template_data.sections"]),
        ({"template_data": {"sections": SECTION}}, ["template_data.sections"]),
        ({"template_data": {"sections": ["S"]}}, ["template_data.sections.0"]),
        ({"template_data": {"sections": [[SECTION]]}}, ["template_data.sections.0"] * 2),
        (
            {"template_data": {"sections": [{**SECTION, "duration_minutes": -1}]}},
            ["template_data.sections.0.duration_minutes"],
        ),
        (
            {"template_data": {"sections": [{**SECTION, "exercises": {}}]}},
            ["template_data.sections.0.exercises"],
        ),
        (
            {"template_data": {"sections": [], "total_duration_minutes": -0.5}},
            ["template_data.total_duration_minutes"],
        ),
        ({"template_data": {"sections": [], "x": {"__id__": 1}}}, ["template_data.x.__id__"]),
        ({"template_data": {"sections": [], "x": 2**53}}, ["template_data.x"]),
        ({"mastery_criterion": {"kind": "m_of_n", "m": 2, "n": 1}}, ["mastery_criterion"]),
        (
            {"mastery_criterion": {"kind": "guess", "m": 0, "x": 1}},
            [f"mastery_criterion.{name}" for name in ("kind", "m", "n", "x")],
        ),
        ({"owner_id": "ann"}, ["owner_id"]),
        ({"template_id": "mine", "version": 9}, ["template_id", "version"]),
        ({"content_hash": "0", "archived_at": None}, ["content_hash", "archived_at"]),
    ],
)
def test_bad_values_are_refused_by_path_and_nothing_is_stored(
    teacher: User, stored_documents: StoredDocuments, changes: dict[str, Any], paths: list[str]
) -> None:
    response = teacher.call(
        "create_template", {**TEMPLATE, **changes}, headers={"Idempotency-Key": "k"}
    )

    assert invalid(response) == paths
    assert stored_documents(teacher) == {}


def test_every_bad_value_is_named_at_once(teacher: User) -> None:
    body = {
        "description": 1,
        "visibility": "secret",
        "template_data": {
            "sections": [{"name": "", "duration_minutes": -1}, 5],
            "tags": ["", 1],
            "extra": [[1]],
        },
        "colour": "red",
    }

    assert set(invalid(teacher.call("create_template", body))) == {
        "name",
        "description",
        "visibility",
        "template_data.sections.0.name",
        "template_data.sections.0.duration_minutes",
        "template_data.sections.1",
        "template_data.tags.0",
        "template_data.tags.1",
        "template_data.extra.0",
        "colour",
    }


def test_the_same_template_twice_is_two_templates_of_one_content(
    teacher: User, stored_documents: StoredDocuments
) -> None:
    one, other = created(teacher), created(teacher)

    assert one["template_id"] != other["template_id"]
    assert one["content_hash"] == other["content_hash"]
    assert set(of_collection(stored_documents(teacher), "session_templates")) == {
        one["template_id"],
        other["template_id"],
    }

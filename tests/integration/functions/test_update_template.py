"""update_template: the next version is stored, or a refusal changes nothing."""

from typing import Any

import pytest

from local.api import User
from tests.conftest import NewUser
from tests.integration.functions.conftest import (
    ROUTINE,
    TEMPLATE,
    StoredDocuments,
    created,
    started,
)
from tests.support.answers import invalid, ok, refused
from tests.support.stored import matches_document, with_instants

CHANGES: dict[str, Any] = {
    "name": "Another",
    "description": "New words",
    "root_id": "another-goal",
    "subject": "Maths",
    "topic": "Sums",
    "grade_level": "8",
    "visibility": "public",
    "student_ids": ["ann", "bob"],
    "template_data": {"sections": [{"name": "Only"}], "extra": {"a.b": True}},
    "mastery_criterion": {"kind": "m_of_n", "m": 1, "n": 2},
}


def update(owner: User, template: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Updates the template from its current version, or from a given one."""
    body = {"template_id": template["template_id"], "version": template["version"], **fields}
    updated: dict[str, Any] = ok(owner.call("update_template", body))["template"]
    return updated


def test_the_reply_is_the_next_version_as_it_is_stored(teacher: User) -> None:
    before = created(teacher)

    reply = update(teacher, before, **CHANGES)

    document = teacher.read(f"session_templates/{before['template_id']}")
    assert matches_document(reply, document, own_id="template_id")
    assert {name: reply[name] for name in CHANGES} == CHANGES
    assert document["version"] == 2
    assert document["content_hash"] != before["content_hash"]
    instants = with_instants(document)
    assert instants["updated_at"] > instants["created_at"]
    for name in ("owner_id", "created_at", "archived_at", "schema_version"):
        assert reply[name] == before[name]


@pytest.mark.parametrize("field", list(CHANGES))
def test_a_single_field_may_be_changed(teacher: User, field: str) -> None:
    before = created(teacher, visibility="assigned")

    reply = update(teacher, before, **{field: CHANGES[field]})

    # A seal covers one version and differs each time.
    moved = {field, "version", "content_hash", "content_changes", "updated_at", "seal"}
    assert reply[field] == CHANGES[field]
    assert {k: v for k, v in reply.items() if k not in moved} == {
        k: v for k, v in before.items() if k not in moved
    }
    audience = field in ("visibility", "student_ids")
    assert (reply["content_hash"] == before["content_hash"]) is audience
    changed_with = [change["version"] for change in reply["content_changes"]]
    assert changed_with == ([1] if audience else [1, 2])


@pytest.mark.parametrize(
    "field", ["root_id", "subject", "topic", "grade_level", "mastery_criterion"]
)
def test_null_clears_an_optional_field(teacher: User, field: str) -> None:
    before = created(teacher, **CHANGES)

    assert update(teacher, before, **{field: None})[field] is None


def test_replacing_one_with_true_is_a_change(teacher: User) -> None:
    before = created(teacher, template_data={"sections": [], "x": 1})

    reply = update(teacher, before, template_data={"sections": [], "x": True})

    stored = teacher.read(f"session_templates/{before['template_id']}")["template_data"]
    assert stored["x"] is reply["template_data"]["x"] is True


def test_a_teacher_removes_students_before_hiding_a_template(
    teacher: User, student: User, stored_documents: StoredDocuments
) -> None:
    template = created(teacher, student_ids=[student.uid])
    before = stored_documents(teacher)
    body = {"template_id": template["template_id"], "version": 1}

    hidden = teacher.call("update_template", {**body, "visibility": "private"})
    assert invalid(hidden) == ["visibility"]
    assert stored_documents(teacher) == before

    updated = update(teacher, template, visibility="private", student_ids=[])
    assert (updated["visibility"], updated["student_ids"]) == ("private", [])
    assert student.get(f"session_templates/{template['template_id']}").status_code == 403


def test_assigning_a_private_template_requires_a_new_visibility(teacher: User) -> None:
    template = created(teacher)
    body = {"template_id": template["template_id"], "version": 1, "student_ids": ["ann"]}

    assert invalid(teacher.call("update_template", body)) == ["visibility"]
    assert ok(teacher.call("update_template", {**body, "visibility": "assigned"}))


@pytest.mark.parametrize(
    "changes",
    [
        {"student_ids": ["ann"]},
        {"visibility": "public"},
        {"visibility": "assigned"},
        {"name": "New", "visibility": "public"},
    ],
)
def test_a_learner_may_not_share_a_template_by_update(
    student: User, stored_documents: StoredDocuments, changes: dict[str, Any]
) -> None:
    template = created(student)
    before = stored_documents(student)

    body = {"template_id": template["template_id"], "version": 1, **changes}
    refused(
        student.call("update_template", body, headers={"Idempotency-Key": "k"}), "PERMISSION_DENIED"
    )

    assert stored_documents(student) == before


def test_a_learner_may_set_a_private_template_to_private_again(student: User) -> None:
    template = created(student)

    assert update(student, template, visibility="private", student_ids=[])["version"] == 2


@pytest.mark.parametrize("version", [1, 3, 10**18])
def test_another_version_is_refused_and_nothing_changes(
    teacher: User, stored_documents: StoredDocuments, version: int
) -> None:
    template = update(teacher, created(teacher), name="Second")
    before = stored_documents(teacher)

    body = {"template_id": template["template_id"], "version": version, "name": "Third"}
    response = teacher.call("update_template", body, headers={"Idempotency-Key": "k"})

    problem = refused(response, "REVISION_MISMATCH")
    assert "at version 2" in problem["detail"]
    assert stored_documents(teacher) == before


def test_the_same_change_sent_again_is_not_a_conflict(
    teacher: User, stored_documents: StoredDocuments
) -> None:
    template = created(teacher)
    first = update(teacher, template, name="Second", template_data=ROUTINE)
    before = stored_documents(teacher)

    assert update(teacher, template, name="Second", template_data=ROUTINE) == first
    assert stored_documents(teacher) == before


def test_the_second_of_two_changes_of_one_version_is_refused(teacher: User) -> None:
    template = created(teacher)
    update(teacher, template, name="From the phone")

    body = {"template_id": template["template_id"], "version": 1, "topic": "From the desk"}
    refused(teacher.call("update_template", body), "REVISION_MISMATCH")

    stored = teacher.read(f"session_templates/{template['template_id']}")
    assert (stored["name"], stored["topic"]) == ("From the phone", None)


def test_a_running_session_keeps_its_snapshot(teacher: User, student: User) -> None:
    template = created(teacher, student_ids=[student.uid])
    session = started(student, template_id=template["template_id"])

    update(teacher, template, name="Second", template_data={"sections": []})

    again = ok(student.call("start_session", {"template_id": template["template_id"]}))
    assert again["session"] == session
    assert again["session"]["template_version"] == 1
    assert again["session"]["items_count"] == 3


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        ({"name": ""}, ["name"]),
        ({"name": "x" * 10_000}, ["name"]),
        ({"name": None}, ["name"]),
        ({"description": None}, ["description"]),
        ({"visibility": None, "student_ids": None}, ["visibility", "student_ids"]),
        ({"visibility": "secret"}, ["visibility"]),
        ({"template_data": None}, ["template_data"]),
        ({"template_data": {"sections": "S"}}, ["template_data.sections"]),
        (
            {"template_data": {"sections": [{"name": "S", "duration_minutes": -1}]}},
            ["template_data.sections.0.duration_minutes"],
        ),
        ({"mastery_criterion": {"kind": "m_of_n", "m": 1}}, ["mastery_criterion.n"]),
        ({"version": 0, "name": "New"}, ["version"]),
        ({"version": "1", "name": "New"}, ["version"]),
        ({"version": 1.5, "name": "New"}, ["version"]),
        ({"version": None, "name": "New"}, ["version"]),
        ({"owner_id": "ann"}, ["owner_id"]),
        ({"content_hash": "0", "archived_at": None}, ["content_hash", "archived_at"]),
        ({}, [""]),
    ],
)
def test_bad_values_are_refused_by_path_and_nothing_changes(
    teacher: User, stored_documents: StoredDocuments, changes: dict[str, Any], paths: list[str]
) -> None:
    template = created(teacher)
    before = stored_documents(teacher)

    body = {"template_id": template["template_id"], "version": 1, **changes}
    response = teacher.call("update_template", body, headers={"Idempotency-Key": "k"})

    assert invalid(response) == paths
    assert stored_documents(teacher) == before


def test_a_version_must_be_named(teacher: User) -> None:
    body = {"template_id": created(teacher)["template_id"], "name": "New"}

    assert invalid(teacher.call("update_template", body)) == ["version"]


def test_an_update_must_leave_room_for_a_sessions_notes(
    teacher: User, stored_documents: StoredDocuments
) -> None:
    template = created(teacher)
    before = stored_documents(teacher)
    too_big = {**ROUTINE, "text": "x" * 190_000}

    body = {"template_id": template["template_id"], "version": 1, "template_data": too_big}

    assert invalid(teacher.call("update_template", body)) == ["template_data"]
    assert stored_documents(teacher) == before


def test_a_former_teacher_may_still_change_a_shared_template(user: NewUser) -> None:
    teacher = user("teacher", teacher=True)
    template = created(teacher, visibility="public")
    demoted = User(teacher.stack, teacher.uid)

    assert update(demoted, template, name=TEMPLATE["name"] + "!")["visibility"] == "public"
    refused(
        demoted.call(
            "update_template",
            {"template_id": template["template_id"], "version": 2, "student_ids": ["ann"]},
        ),
        "PERMISSION_DENIED",
    )

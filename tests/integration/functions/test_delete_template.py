"""delete_template: the template is archived, running sessions continue, no new one starts."""

from typing import Any

import pytest

from local.api import User
from tests.integration.functions.conftest import StoredDocuments, created, started
from tests.support.answers import invalid, ok, refused
from tests.support.stored import with_instants


def test_a_deleted_template_is_archived_and_can_still_be_read(teacher: User, student: User) -> None:
    template = created(teacher, student_ids=[student.uid])
    path = f"session_templates/{template['template_id']}"
    before = with_instants(teacher.read(path))

    gone = teacher.call("delete_template", {"template_id": template["template_id"]})

    assert gone.status_code == 204
    assert gone.content == b""
    assert "Content-Type" not in gone.headers
    for reader in (teacher, student):
        after = with_instants(reader.read(path))
        assert after["archived_at"] == after["updated_at"] > before["updated_at"]
        moved = {"archived_at", "updated_at"}
        assert {k: v for k, v in after.items() if k not in moved} == {
            k: v for k, v in before.items() if k not in moved
        }


def test_deleting_again_succeeds_and_changes_nothing(
    teacher: User, stored_documents: StoredDocuments
) -> None:
    body = {"template_id": created(teacher)["template_id"]}
    assert teacher.call("delete_template", body).status_code == 204
    before = stored_documents(teacher)

    for _ in range(2):
        again = teacher.call("delete_template", body)
        assert (again.status_code, again.content) == (204, b"")

    assert stored_documents(teacher) == before


def test_no_session_starts_from_a_deleted_template(
    teacher: User, student: User, stored_documents: StoredDocuments
) -> None:
    body = {"template_id": created(teacher, student_ids=[student.uid])["template_id"]}
    teacher.call("delete_template", body)
    stored = stored_documents(teacher)

    for anyone in (student, teacher):
        refused(
            anyone.call("start_session", body, headers={"Idempotency-Key": "k"}),
            "TEMPLATE_ARCHIVED",
        )

    assert stored_documents(student) == {}
    assert stored_documents(teacher) == stored


def test_a_deleted_template_cannot_be_changed(
    teacher: User, stored_documents: StoredDocuments
) -> None:
    template_id = created(teacher)["template_id"]
    teacher.call("delete_template", {"template_id": template_id})
    before = stored_documents(teacher)

    for version in (1, 2):
        body = {"template_id": template_id, "version": version, "name": "Back again"}
        response = teacher.call("update_template", body, headers={"Idempotency-Key": "k"})
        refused(response, "TEMPLATE_ARCHIVED")

    assert stored_documents(teacher) == before


def test_a_running_session_continues_to_its_end(teacher: User, student: User) -> None:
    body = {"template_id": created(teacher, student_ids=[student.uid])["template_id"]}
    session = started(student, **body)
    teacher.call("delete_template", body)

    resumed = ok(student.call("start_session", body))
    assert resumed["resumed"] is True
    assert resumed["session"] == session
    ticked = {"session_id": session["session_id"], "items": [{"node_id": "Scales"}]}
    assert ok(student.call("update_progress", ticked))["session"]["items_completed"] == 1
    done = ok(student.call("complete_session", {"session_id": session["session_id"]}))
    assert done["session"]["origin"] == "assigned"
    refused(student.call("start_session", body), "TEMPLATE_ARCHIVED")


@pytest.mark.parametrize(
    ("query", "paths"),
    [
        ({}, ["template_id"]),
        ({"template_id": ["a", "b"]}, ["template_id"]),
        ({"template_id": "a", "version": "1"}, ["version"]),
        ({"id": "a"}, ["template_id", "id"]),
    ],
)
def test_the_query_names_one_template_and_nothing_else(
    teacher: User, query: dict[str, Any], paths: list[str]
) -> None:
    assert invalid(teacher.call("delete_template", query)) == paths

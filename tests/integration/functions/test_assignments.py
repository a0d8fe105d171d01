"""Access to the students of a template, and the reads and lists open to an assigned student."""

from collections.abc import Callable
from typing import Any

import pytest

from local.api import User, found
from tests.conftest import NewUser
from tests.integration.functions.conftest import ROUTINE, TEMPLATE, created, started
from tests.support.answers import ok, refused

NEWEST_FIRST = [{"field": {"fieldPath": "assigned_at"}, "direction": "DESCENDING"}]
MANY = 1_000


def listed(student: User) -> list[dict[str, Any]]:
    """The student's assignments under the rules."""
    query = {"from": [{"collectionId": "assigned_templates"}], "orderBy": NEWEST_FIRST}
    return found(student.query(query, parent=f"/students/{student.uid}"))


def status_of(reader: User, path: str) -> int:
    return reader.get(path).status_code


@pytest.mark.parametrize("visibility", ["assigned", "public"])
def test_nobody_but_the_owner_sees_the_students_of_a_template(
    user: NewUser, visibility: str
) -> None:
    teacher, stranger = user("teacher", teacher=True), user("stranger", teacher=True)
    ann, bob = user("ann"), user("bob")
    template = created(teacher, student_ids=[ann.uid, bob.uid], visibility=visibility)
    path = f"session_templates/{template['template_id']}"

    readers = [ann, bob, *([stranger] if visibility == "public" else [])]
    for reader in readers:
        text = reader.get(path).text
        assert ROUTINE["sections"][0]["name"] in text
        assert ann.uid not in text
        assert bob.uid not in text
    for other in (ann, bob, stranger):
        assert status_of(other, f"{path}/private/assigned") == 403
    assert status_of(ann, f"students/{bob.uid}/assigned_templates/{template['template_id']}") == 403
    assert template["student_ids"] == [ann.uid, bob.uid]
    assert teacher.read(f"{path}/private/assigned")["student_ids"] == [ann.uid, bob.uid]


def test_an_assigned_student_lists_and_reads_the_template(user: NewUser) -> None:
    teacher, student, other = user("teacher", teacher=True), user("student"), user("other")
    first = created(teacher, name="First", student_ids=[student.uid], root_id="goal")
    second = created(teacher, name="Second", student_ids=[student.uid, other.uid])

    shown = listed(student)

    assert [entry["name"] for entry in shown] == ["Second", "First"]
    assert shown[1] == {
        "schema_version": 1,
        "owner_id": teacher.uid,
        "name": "First",
        "root_id": "goal",
        "subject": None,
        "topic": None,
        "grade_level": None,
        "archived_at": None,
        "assigned_at": shown[1]["assigned_at"],
    }
    assert [entry["name"] for entry in listed(other)] == ["Second"]
    assert student.read(f"session_templates/{first['template_id']}")["name"] == "First"
    assert status_of(other, f"session_templates/{first['template_id']}") == 403
    assert started(other, template_id=second["template_id"])["origin"] == "assigned"


def renamed(teacher: User, template: dict[str, Any]) -> None:
    body = {"template_id": template["template_id"], "version": 1, "name": "Renamed"}
    ok(teacher.call("update_template", body))


def archived(teacher: User, template: dict[str, Any]) -> None:
    response = teacher.call("delete_template", {"template_id": template["template_id"]})
    assert response.status_code == 204


@pytest.mark.parametrize("change", [renamed, archived])
def test_a_students_list_shows_what_became_of_the_template(
    user: NewUser, change: Callable[[User, dict[str, Any]], None]
) -> None:
    teacher, student = user("teacher", teacher=True), user("student")
    template = created(teacher, student_ids=[student.uid])
    (before,) = listed(student)

    change(teacher, template)

    (after,) = listed(student)
    stored = student.read(f"session_templates/{template['template_id']}")
    assert after["name"] == stored["name"]
    assert after["archived_at"] == stored["archived_at"]
    assert (after["name"], after["archived_at"]) != (before["name"], before["archived_at"])
    assert after["assigned_at"] == before["assigned_at"]


def test_a_removed_student_can_neither_read_list_nor_start(user: NewUser) -> None:
    teacher, student, other = user("teacher", teacher=True), user("student"), user("other")
    template = created(teacher, student_ids=[student.uid, other.uid])
    body = {"template_id": template["template_id"]}

    ok(teacher.call("update_template", {**body, "version": 1, "student_ids": [other.uid]}))

    assert listed(student) == []
    assert status_of(student, f"session_templates/{template['template_id']}") == 403
    refused(student.call("start_session", body), "TEMPLATE_NOT_FOUND")
    assert [entry["name"] for entry in listed(other)] == ["Routine"]


@pytest.mark.parametrize("wrong", ["ann@school.example", "Ann Smith", "+4915112345678"])
@pytest.mark.parametrize("function", ["create_template", "update_template"])
def test_an_address_or_a_name_is_no_user_id_and_the_refusal_says_what_to_do(
    user: NewUser, function: str, wrong: str
) -> None:
    teacher = user("teacher", teacher=True)
    body: dict[str, Any] = {**TEMPLATE, "student_ids": ["ann", wrong]}
    if function == "update_template":
        body |= {"template_id": created(teacher)["template_id"], "version": 1}

    (error,) = refused(teacher.call(function, body), "INVALID_ARGUMENT")["errors"]

    assert error["path"] == "student_ids.1"
    assert "not a name, an e-mail address or a phone number" in error["message"]
    assert "python -m admin uid EMAIL" in error["message"]


def test_a_template_is_assigned_to_the_maximum_of_students_and_taken_from_them(
    user: NewUser,
) -> None:
    teacher, student = user("teacher", teacher=True), user("student")
    many = [f"{'u' * 100}-{n}" for n in range(MANY - 1)]
    template = created(teacher, student_ids=[*many, student.uid])
    others = [f"{'v' * 100}-{n}" for n in range(MANY)]
    body = {"template_id": template["template_id"], "version": 1, "student_ids": others}
    assert len(listed(student)) == 1

    assert ok(teacher.call("update_template", body))["template"]["student_ids"] == others

    assert listed(student) == []

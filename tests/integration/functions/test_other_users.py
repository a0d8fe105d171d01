"""Another user's document is refused byte for byte like a missing one, without writes."""

from typing import Any

import pytest
import requests

from local.api import User
from shared.contract.operation import function_names, main_operation
from tests.conftest import NewUser
from tests.integration.functions.conftest import ROUTINE, Abandon, StoredDocuments, created, started
from tests.support.answers import ok, refused

MISSING = "0123456789abcdef01234567"
# Valid requests about one document, by function.
OF_TEMPLATES, OF_SESSIONS = (
    {
        operation.function: dict(operation.example)
        for operation in map(main_operation, function_names())
        # Of a template for a class: the class is looked for first.
        if id_field in operation.request.model_fields and operation.function != "create_assignment"
    }
    for id_field in ("template_id", "session_id")
)
HEADERS = {"X-Request-Id": "same-for-all", "Idempotency-Key": "same-for-all"}


def visible_response(response: requests.Response) -> tuple[int, bytes, dict[str, str]]:
    """The whole response without its time."""
    headers = {name: value for name, value in response.headers.items() if name != "Date"}
    return response.status_code, response.content, headers


def both(caller: User, function: str, id_field: str, real_id: str) -> list[requests.Response]:
    """The same call for an existing and for a missing document."""
    body = {**OF_TEMPLATES, **OF_SESSIONS}[function]
    return [
        caller.call(function, {**body, id_field: document_id}, headers=HEADERS)
        for document_id in (real_id, MISSING)
    ]


@pytest.mark.parametrize("function", OF_TEMPLATES)
@pytest.mark.parametrize("archived", [False, True])
def test_another_users_template_is_refused_like_a_missing_one(
    user: NewUser, stored_documents: StoredDocuments, function: str, archived: bool
) -> None:
    owner, stranger = user("owner", teacher=True), user("stranger", teacher=True)
    template_id = created(owner, student_ids=["ann"])["template_id"]
    if archived:
        owner.call("delete_template", {"template_id": template_id})
    before = stored_documents(owner)

    there, missing = both(stranger, function, "template_id", template_id)

    refused(there, "TEMPLATE_NOT_FOUND")
    assert visible_response(there) == visible_response(missing)
    assert stored_documents(owner) == before
    assert stored_documents(stranger) == {}


@pytest.mark.parametrize("function", ["update_template", "delete_template"])
@pytest.mark.parametrize("audience", ["listed", "public"])
def test_a_reader_of_a_template_may_not_change_it(
    teacher: User, student: User, stored_documents: StoredDocuments, function: str, audience: str
) -> None:
    sharing: dict[str, Any] = (
        {"visibility": "public"} if audience == "public" else {"student_ids": [student.uid]}
    )
    template_id = created(teacher, **sharing)["template_id"]
    before = stored_documents(teacher)

    there, missing = both(student, function, "template_id", template_id)

    refused(there, "TEMPLATE_NOT_FOUND")
    assert visible_response(there) == visible_response(missing)
    assert stored_documents(teacher) == before
    assert stored_documents(student) == {}


@pytest.mark.parametrize("function", OF_SESSIONS)
@pytest.mark.parametrize("status", ["active", "completed", "abandoned"])
def test_another_users_session_is_refused_like_a_missing_one(
    user: NewUser, stored_documents: StoredDocuments, abandon: Abandon, function: str, status: str
) -> None:
    student, stranger = user("student"), user("stranger")
    session_id = started(student, session_data=ROUTINE)["session_id"]
    if status == "completed":
        ok(student.call("complete_session", {"session_id": session_id}))
    if status == "abandoned":
        abandon(session_id)
    before = stored_documents(student)

    there, missing = both(stranger, function, "session_id", session_id)

    refused(there, "SESSION_NOT_FOUND")
    assert visible_response(there) == visible_response(missing)
    assert stored_documents(student) == before
    assert stored_documents(stranger) == {}


@pytest.mark.parametrize("function", OF_SESSIONS)
def test_a_teacher_reads_an_assigned_session_and_does_not_change_it(
    teacher: User, student: User, stored_documents: StoredDocuments, function: str
) -> None:
    template_id = created(teacher, student_ids=[student.uid])["template_id"]
    session_id = started(student, template_id=template_id)["session_id"]
    assert teacher.read(f"practice_sessions/{session_id}")["teacher_id"] == teacher.uid
    before = stored_documents(student), stored_documents(teacher)

    there, missing = both(teacher, function, "session_id", session_id)

    refused(there, "SESSION_NOT_FOUND")
    assert visible_response(there) == visible_response(missing)
    assert (stored_documents(student), stored_documents(teacher)) == before


@pytest.mark.parametrize("function", [*OF_TEMPLATES, *OF_SESSIONS])
def test_a_session_id_is_not_accepted_as_a_template_id_or_the_reverse(
    teacher: User, function: str
) -> None:
    template_id = created(teacher)["template_id"]
    session_id = started(teacher)["session_id"]
    of_template = function in OF_TEMPLATES
    field, other_id = ("template_id", session_id) if of_template else ("session_id", template_id)

    there, missing = both(teacher, function, field, other_id)

    refused(there, "TEMPLATE_NOT_FOUND" if of_template else "SESSION_NOT_FOUND")
    assert visible_response(there) == visible_response(missing)

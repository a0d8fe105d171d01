"""Idempotency-Key: the same request of the same user gets the first reply again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from local.api import User
from shared.contract.operation import Security, all_operations
from shared.firestore.client import Client
from tests.conftest import NewUser
from tests.integration.functions.conftest import (
    ROUTINE,
    TEMPLATE,
    StoredDocuments,
    Sweep,
    created,
    started,
)
from tests.support.answers import invalid, ok, refused
from tests.support.stored import of_collection

KEY = {"Idempotency-Key": "a key of 1 to 255 characters"}


@dataclass(frozen=True)
class Case:
    """How to call a function: its preconditions, a request, and a different request."""

    status: int
    body: Callable[[User], dict[str, Any]]
    other: dict[str, Any]
    bad: dict[str, Any]


def _of_session(**fields: Any) -> Callable[[User], dict[str, Any]]:
    def body(user: User) -> dict[str, Any]:
        return {"session_id": started(user, session_data=ROUTINE)["session_id"], **fields}

    return body


def _of_template(**fields: Any) -> Callable[[User], dict[str, Any]]:
    return lambda user: {"template_id": created(user)["template_id"], **fields}


def _practising(user: User) -> dict[str, Any]:
    """Of a user who has something to practise."""
    created(user)
    return {}


def _answered(user: User) -> dict[str, Any]:
    session_id = started(user)["session_id"]
    items = [{"node_id": "q1", "correct": False}]
    user.call("update_progress", {"session_id": session_id, "items": items})
    return {"session_id": session_id, "question_id": "q1", "note": "Wrong."}


def _taught(owner: User) -> dict[str, Any]:
    return ok(owner.call("create_class", {"name": "Guitar"}), 201)


def _of_class(user: User) -> dict[str, Any]:
    return {"class_id": _taught(user)["class"]["class_id"]}


def _with_code(user: User) -> dict[str, Any]:
    """A class of a teacher of its own, for this user to join."""
    teacher = User(user.stack, f"teacher-of-{user.uid}", teacher=True)
    return {"code": _taught(teacher)["join"]["code"], "display_name": "Sam"}


def _member(user: User) -> dict[str, Any]:
    reply = ok(user.call("join_class", _with_code(user)), 201)
    return {"class_id": reply["class"]["class_id"], "student_id": user.uid}


def _of_assignment(user: User) -> dict[str, Any]:
    """An assignment of a class of the user."""
    of = _of_class(user)
    return {**of, "assignment_id": _assigned(user, of)}


def _assigned(user: User, of: dict[str, Any]) -> str:
    body = {**of, "template_id": created(user)["template_id"], "mode": "checklist"}
    assignment = ok(user.call("create_assignment", body), 201)["assignment"]
    assignment_id: str = assignment["assignment_id"]
    return assignment_id


def _to_assign(user: User) -> dict[str, Any]:
    of = _of_class(user)
    return {**of, "template_id": created(user)["template_id"], "mode": "checklist"}


def _to_grade(user: User) -> dict[str, Any]:
    """Of a student of a class of the user."""
    taught = _taught(user)
    student = User(user.stack, f"student-of-{user.uid}")
    joining = {"code": taught["join"]["code"], "display_name": "Sam"}
    of = {"class_id": ok(student.call("join_class", joining), 201)["class"]["class_id"]}
    ids = {**of, "assignment_id": _assigned(user, of), "student_id": student.uid}
    return {**ids, "revision": 0, "score_percent": 90}


CASES = {
    "create_template": Case(201, lambda _: TEMPLATE, {"name": "Other"}, {"name": ""}),
    "update_template": Case(
        200, _of_template(version=1, name="New"), {"name": "Other"}, {"name": ""}
    ),
    "delete_template": Case(204, _of_template(), {"template_id": "another"}, {"template_id": "."}),
    "start_session": Case(201, _of_template(), {"name": "Other"}, {"name": ""}),
    "update_progress": Case(
        200, _of_session(items=[{"node_id": "Scales"}]), {"revision": 1}, {"revision": 0}
    ),
    "daily_pack": Case(201, _practising, {"limits": {"new": 1}}, {"limits": {"new": -1}}),
    "report_question": Case(201, _answered, {"note": "Other."}, {"question_id": ""}),
    "create_class": Case(201, lambda _: {"name": "Guitar"}, {"name": "Other"}, {"name": ""}),
    "update_class": Case(
        200, lambda user: {**_of_class(user), "name": "New"}, {"name": "Other"}, {"name": ""}
    ),
    "join_class": Case(201, _with_code, {"display_name": "Other"}, {"display_name": ""}),
    "create_assignment": Case(201, _to_assign, {"title": "Other"}, {"title": ""}),
    "update_assignment": Case(
        200, lambda user: {**_of_assignment(user), "points": 5}, {"points": 6}, {"points": 0}
    ),
    "override_grade": Case(200, _to_grade, {"score_percent": 80}, {"score_percent": 101}),
    "remove_member": Case(200, _member, {"student_id": "other"}, {"student_id": "."}),
    "complete_session": Case(
        200, _of_session(notes="Good"), {"notes": "Other"}, {"focus_score": 11}
    ),
}
EVERY = pytest.mark.parametrize("function", CASES)


def test_every_function_of_users_that_honours_a_key_has_a_case() -> None:
    of_users = [o for o in all_operations() if o.security is Security.USER]
    assert set(CASES) == {o.function for o in of_users if o.honours_idempotency_key}


def first(response: requests.Response, status: int) -> requests.Response:
    assert response.status_code == status, response.text
    assert "Idempotent-Replayed" not in response.headers
    return response


def replayed(response: requests.Response, original: requests.Response) -> None:
    assert response.headers["Idempotent-Replayed"] == "true"
    own = {"Date", "X-Request-Id", "Idempotent-Replayed"}
    assert (response.status_code, response.content) == (original.status_code, original.content)
    assert {name: value for name, value in response.headers.items() if name not in own} == {
        name: value for name, value in original.headers.items() if name not in own
    }


@EVERY
def test_the_same_request_again_gets_the_first_reply_and_changes_nothing(
    teacher: User, stored_documents: StoredDocuments, function: str
) -> None:
    case = CASES[function]
    body = case.body(teacher)

    original = first(teacher.call(function, body, headers=KEY), case.status)
    before = stored_documents(teacher)
    for _ in range(2):
        replayed(teacher.call(function, body, headers=KEY), original)

    assert stored_documents(teacher) == before
    (record,) = of_collection(before, "idempotency").values()
    assert record["expire_at"] - record["created_at"] >= timedelta(days=14)


@EVERY
def test_the_first_reply_is_returned_after_later_changes(teacher: User, function: str) -> None:
    case = CASES[function]
    body = case.body(teacher)
    original = first(teacher.call(function, body, headers=KEY), case.status)

    if "session_id" in body:
        teacher.call("update_progress", {"session_id": body["session_id"], "session_data": {}})
        teacher.call("complete_session", {"session_id": body["session_id"]})
    elif "template_id" in body:
        teacher.call("update_template", {**body, "version": 2, "name": "Later"})
        teacher.call("delete_template", {"template_id": body["template_id"]})

    replayed(teacher.call(function, body, headers=KEY), original)


@EVERY
def test_another_request_under_the_same_key_is_refused_and_changes_nothing(
    teacher: User, stored_documents: StoredDocuments, function: str
) -> None:
    case = CASES[function]
    body = case.body(teacher)
    original = first(teacher.call(function, body, headers=KEY), case.status)
    before = stored_documents(teacher)

    refused(teacher.call(function, {**body, **case.other}, headers=KEY), "IDEMPOTENCY_KEY_REUSED")

    assert stored_documents(teacher) == before
    replayed(teacher.call(function, body, headers=KEY), original)


@EVERY
def test_a_request_without_a_key_stores_no_reply(
    teacher: User, stored_documents: StoredDocuments, function: str
) -> None:
    case = CASES[function]

    first(teacher.call(function, case.body(teacher)), case.status)

    assert of_collection(stored_documents(teacher), "idempotency") == {}


@EVERY
def test_another_key_is_another_request(
    teacher: User, stored_documents: StoredDocuments, function: str
) -> None:
    case = CASES[function]
    body = case.body(teacher)
    first(teacher.call(function, body, headers=KEY), case.status)

    again = teacher.call(function, body, headers={"Idempotency-Key": "another"})

    assert again.ok
    assert "Idempotent-Replayed" not in again.headers
    assert len(of_collection(stored_documents(teacher), "idempotency")) == 2


@EVERY
def test_the_same_key_of_another_user_is_another_key(user: NewUser, function: str) -> None:
    case = CASES[function]
    ann, bob = user("ann"), user("bob")

    original = first(ann.call(function, ann_body := case.body(ann), headers=KEY), case.status)
    first(bob.call(function, case.body(bob), headers=KEY), case.status)

    replayed(ann.call(function, ann_body, headers=KEY), original)


def test_the_same_key_for_another_function_is_another_key(
    teacher: User, stored_documents: StoredDocuments
) -> None:
    calls = [(function, case.body(teacher), case.status) for function, case in CASES.items()]

    originals = [
        first(teacher.call(name, body, headers=KEY), status) for name, body, status in calls
    ]

    assert len(of_collection(stored_documents(teacher), "idempotency")) == len(CASES)
    for (name, body, _), original in zip(calls, originals, strict=True):
        replayed(teacher.call(name, body, headers=KEY), original)


@EVERY
def test_a_refused_request_stores_no_reply(
    teacher: User, stored_documents: StoredDocuments, function: str
) -> None:
    case = CASES[function]
    body = case.body(teacher)
    before = stored_documents(teacher)

    invalid(teacher.call(function, {**body, **case.bad}, headers=KEY))
    assert stored_documents(teacher) == before

    original = first(teacher.call(function, body, headers=KEY), case.status)
    replayed(teacher.call(function, body, headers=KEY), original)


@EVERY
def test_an_expired_key_counts_as_new(
    teacher: User, client: Client, stored_documents: StoredDocuments, function: str
) -> None:
    case = CASES[function]
    body = case.body(teacher)
    first(teacher.call(function, body, headers=KEY), case.status)
    (record_id,) = of_collection(stored_documents(teacher), "idempotency")
    past = datetime.now(UTC) - timedelta(seconds=1)
    client.document(f"idempotency/{record_id}").update({"expire_at": past})

    again = teacher.call(function, body, headers=KEY)

    assert again.ok
    assert "Idempotent-Replayed" not in again.headers
    (record,) = of_collection(stored_documents(teacher), "idempotency").values()
    assert record["expire_at"] > datetime.now(UTC)
    assert record["status"] == again.status_code
    replayed(teacher.call(function, body, headers=KEY), again)


@EVERY
def test_an_expired_key_may_come_with_another_request(
    teacher: User, client: Client, stored_documents: StoredDocuments, function: str
) -> None:
    case = CASES[function]
    first(teacher.call(function, case.body(teacher), headers=KEY), case.status)
    (record_id,) = of_collection(stored_documents(teacher), "idempotency")
    past = datetime.now(UTC) - timedelta(seconds=1)
    client.document(f"idempotency/{record_id}").update({"expire_at": past})

    # The pack of the day is there by now.
    status = 200 if function == "daily_pack" else case.status
    first(teacher.call(function, case.body(teacher), headers=KEY), status)


def test_a_key_that_resumed_a_session_answers_so_again(teacher: User) -> None:
    body = {"template_id": created(teacher)["template_id"]}
    session = started(teacher, **body)

    original = first(teacher.call("start_session", body, headers=KEY), 200)
    assert ok(original)["session"] == session
    replayed(teacher.call("start_session", body, headers=KEY), original)


def test_spaces_and_key_order_do_not_make_a_different_request(student: User) -> None:
    def send(text: str) -> requests.Response:
        return requests.post(
            f"{student.stack.url}/start_session",
            data=text,
            headers={
                **KEY,
                "Authorization": f"Bearer {student.token}",
                "Content-Type": "application/json",
            },
            timeout=30,
        )

    original = first(send('{"name":"A","session_data":{"a":1,"b":"é"}}'), 201)

    replayed(send('{ "session_data": {"b": "\\u00e9", "a": 1},\n "name": "A" }'), original)
    refused(send('{"name":"A","session_data":{"a":true,"b":"é"}}'), "IDEMPOTENCY_KEY_REUSED")


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\there", "é" * 256])
def test_an_invalid_key_is_refused(
    student: User, stored_documents: StoredDocuments, key: str
) -> None:
    response = student.call("start_session", {}, headers={"Idempotency-Key": key})

    assert invalid(response) == ["Idempotency-Key"]
    assert stored_documents(student) == {}


@pytest.mark.parametrize("key", ["x", "x" * 255, "a/b", "__x__", ".", "é", "with spaces"])
def test_any_short_text_is_a_key(student: User, key: str) -> None:
    headers = {"Idempotency-Key": key}

    original = first(student.call("start_session", {}, headers=headers), 201)

    replayed(student.call("start_session", {}, headers=headers), original)


def test_the_sweep_answers_a_repeated_key_without_sweeping_again(
    student: User, client: Client, sweep: Sweep
) -> None:
    headers = {"Idempotency-Key": f"sweep for {student.uid}"}
    original = first(sweep(headers=headers), 200)
    session_id = started(student)["session_id"]
    reference = client.document(f"practice_sessions/{session_id}")
    long_ago = datetime.now(UTC) - timedelta(days=730)
    reference.update({"started_at": long_ago, "last_activity_at": long_ago})

    replayed(sweep(headers=headers), original)

    assert reference.get(["status"]).get("status") == "active"
    refused(sweep(headers=headers, limit=1), "IDEMPOTENCY_KEY_REUSED")
    assert ok(sweep())["abandoned"] >= 1

"""Access attempts outside the table: other operations, other queries, unusual uids."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.integration.rules.conftest import NewProject, StoreClient
from tests.integration.rules.rest_client import (
    Caller,
    RulesProject,
    encoded,
    encoded_fields,
    structured,
)
from tests.support.queries import Filter

MISSING_AND_OTHERS = [
    ("session_templates/missing", "session_templates/private"),
    ("session_templates/missing/private/source", "session_templates/private/private/source"),
    ("practice_sessions/missing", "practice_sessions/assigned"),
    ("practice_sessions/missing/items/first", "practice_sessions/assigned/items/first"),
    ("practice_sessions/assigned/items/missing", "practice_sessions/assigned/items/first"),
    (
        "practice_sessions/missing/state/current",
        "practice_sessions/self_practice/state/current",
    ),
    ("students/missing", "students/student"),
    ("students/student/skills/missing", "students/student/skills/scales"),
    (
        "students/assigned/assigned_templates/missing",
        "students/assigned/assigned_templates/assigned",
    ),
    ("session_templates/private/private/assigned", "session_templates/public/private/assigned"),
    ("active_sessions/missing", "active_sessions/lock"),
    ("idempotency/missing", "idempotency/record"),
]


@pytest.mark.parametrize(("missing", "others"), MISSING_AND_OTHERS)
def test_a_missing_document_and_another_users_are_denied_alike(
    missing: str, others: str, project: RulesProject
) -> None:
    stranger = project.signed_in("stranger", teacher=True)
    ways: list[Callable[[str], requests.Response]] = [
        stranger.get,
        stranger.delete,
        lambda path: stranger.create(path, {"owner_id": "stranger"}),
        lambda path: stranger.update(path, {"owner_id": "stranger"}),
        lambda path: stranger.get_all([path]),
        lambda path: stranger.commit(
            {"delete": stranger.name(path), "currentDocument": {"exists": True}}
        ),
        lambda path: stranger.commit(_set(stranger, path, exists=True)),
        lambda path: stranger.commit(_set(stranger, path, exists=False)),
    ]
    for ask in ways:
        assert _refusal(ask(missing)) == _refusal(ask(others)) == (403, "PERMISSION_DENIED")


def _set(caller: Caller, path: str, *, exists: bool) -> dict[str, Any]:
    return {
        "update": {"name": caller.name(path), "fields": encoded_fields({"owner_id": "stranger"})},
        "currentDocument": {"exists": exists},
    }


def _refusal(response: requests.Response) -> tuple[int, str]:
    body = response.json()
    error = (body[0] if isinstance(body, list) else body).get("error", {})
    return response.status_code, error.get("status", "")


@pytest.mark.parametrize("actor", ["owner", "student", "teacher"])
@pytest.mark.parametrize(
    "collection",
    [
        "session_templates",
        "private",
        "practice_sessions",
        "items",
        "skills",
        "packs",
        "assigned_templates",
    ],
)
def test_a_collection_may_not_be_queried_across_its_parents(
    collection: str, actor: str, project: RulesProject
) -> None:
    caller = project.signed_in(actor)
    for owner in ("owner_id", "student_id", "teacher_id"):
        asked = structured(collection, where=[Filter(owner, "==", actor)], descendants=True)
        assert caller.query(asked).status_code == 403


@pytest.mark.parametrize("actor", ["student", "without uid", "without token"])
def test_sessions_without_a_teacher_may_not_be_listed(actor: str, project: RulesProject) -> None:
    askers = {
        "student": project.signed_in("student"),
        "without uid": project.without_uid(),
        "without token": project.without_token(),
    }
    teacherless = structured("practice_sessions", where=[Filter("teacher_id", "==", None)])
    assert askers[actor].query(teacherless).status_code == 403


WIDENED = {
    "in, with another": lambda field, me: _field(field, "IN", [me, "another"]),
    "not in": lambda field, me: _field(field, "NOT_IN", ["another"]),
    "not equal": lambda field, me: _field(field, "NOT_EQUAL", "another"),
    "from mine on": lambda field, me: _field(field, "GREATER_THAN_OR_EQUAL", me),
    "mine or another's": lambda field, me: _any_of(
        _field(field, "EQUAL", me), _field(field, "EQUAL", "another")
    ),
    "mine or anything": lambda field, me: _any_of(
        _field(field, "EQUAL", me), _field("name", "EQUAL", "Scales")
    ),
}


@pytest.mark.parametrize("way", WIDENED)
@pytest.mark.parametrize(
    ("collection", "field"),
    [
        ("session_templates", "owner_id"),
        ("practice_sessions", "student_id"),
        ("practice_sessions", "teacher_id"),
    ],
)
def test_a_query_that_could_find_another_users_documents_is_denied_as_a_whole(
    collection: str, field: str, way: str, project: RulesProject
) -> None:
    asked = {**structured(collection), "where": WIDENED[way](field, "student")}
    student = project.signed_in("student")
    assert student.query(asked).status_code == 403
    assert student.count(asked).status_code == 403


@pytest.mark.parametrize("visibility", ["private", "assigned"])
def test_only_public_templates_may_be_listed_by_visibility(
    visibility: str, project: RulesProject
) -> None:
    asked = structured("session_templates", where=[Filter("visibility", "==", visibility)])
    assert project.signed_in("assigned").query(asked).status_code == 403


def test_documents_may_be_counted_only_where_they_may_be_listed(project: RulesProject) -> None:
    student = project.signed_in("student")
    mine = structured("practice_sessions", where=[Filter("student_id", "==", "student")])
    (counted,) = student.count(mine).json()
    assert counted["result"]["aggregateFields"]["documents"]["integerValue"] == "7"
    assert student.count(structured("practice_sessions")).status_code == 403


def test_a_batch_with_one_document_of_another_user_is_denied_as_a_whole(
    project: RulesProject,
) -> None:
    student = project.signed_in("student")
    mine = ["practice_sessions/assigned", "students/student"]
    assert student.get_all(mine).status_code == 200
    assert student.get_all([*mine, "practice_sessions/others"]).status_code == 403


@pytest.mark.parametrize("actor", ["owner", "student"])
@pytest.mark.parametrize(
    "parent",
    ["", "/session_templates/private", "/practice_sessions/assigned", "/students/student"],
)
def test_collections_may_not_be_enumerated(actor: str, parent: str, project: RulesProject) -> None:
    assert project.signed_in(actor).collections(parent).status_code == 403


def test_a_field_of_an_own_document_may_not_be_incremented(project: RulesProject) -> None:
    student = project.signed_in("student")
    for path in ("students/student", "practice_sessions/assigned", "practice_sessions/new"):
        total = {"fieldPath": "xp_total", "increment": {"integerValue": "1000"}}
        write = {"transform": {"document": student.name(path), "fieldTransforms": [total]}}
        assert student.commit(write).status_code == 403
    session = student.get("practice_sessions/assigned").json()
    assert session["fields"]["student_id"] == encoded("student")
    assert "xp_total" not in session["fields"]


ODD_UIDS = [
    "o'brien",
    "with space",
    "naïve.é",
    "日本語",
    "100%25",
    "a+b@example.org",
    "x|y:z",
    "*",
    "{uid}",
    "$(database)",
    "..x",
    "u" * 128,
]


@pytest.mark.parametrize("uid", ODD_UIDS)
def test_an_unusual_uid_grants_access_to_its_own_documents_only(
    uid: str, new_project: NewProject, store_client: StoreClient
) -> None:
    project = new_project("demo-odd-uids")
    with store_client(project.project_id) as client:
        client.document("students", uid).set({"xp_total": 7})
        client.document("students", "plain").set({"xp_total": 7})
        client.document("practice_sessions", "mine").set({"student_id": uid, "teacher_id": None})
        client.document("session_templates", "mine").set(
            {"owner_id": "plain", "visibility": "assigned"}
        )
        client.document("students", uid, "assigned_templates", "mine").set({"owner_id": "plain"})
    odd, plain = project.signed_in(uid), project.signed_in("plain")
    # By batch get, as the SDKs do: in a URL the emulator undoes percent-encoding twice.
    for path in (f"students/{uid}", "practice_sessions/mine", "session_templates/mine"):
        (answer,) = odd.get_all([path]).json()
        assert answer["found"]["name"] == odd.name(path)
    mine = structured("practice_sessions", where=[Filter("student_id", "==", uid)])
    assert odd.query(mine).status_code == 200
    assert odd.get_all(["students/plain"]).status_code == 403
    assert plain.get_all([f"students/{uid}"]).status_code == 403


def test_a_uid_with_a_slash_grants_access_to_no_documents(project: RulesProject) -> None:
    for uid in ("student/skills", "student/../student", "x/student"):
        assert project.signed_in(uid).get("students/student").status_code == 403
        assert project.signed_in(uid).get("students/student/skills/scales").status_code == 403


def _field(field: str, op: str, value: Any) -> dict[str, Any]:
    return {"fieldFilter": {"field": {"fieldPath": field}, "op": op, "value": encoded(value)}}


def _any_of(*filters: dict[str, Any]) -> dict[str, Any]:
    return {"compositeFilter": {"op": "OR", "filters": list(filters)}}

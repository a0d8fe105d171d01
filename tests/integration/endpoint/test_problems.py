"""Refusals over HTTP, and the table of their statuses."""

import pkgutil
from importlib import import_module

import pytest
import requests

import functions
import shared
from shared.contract.refusals import STATUS_OF
from shared.domain.common.errors import all_refusals
from tests.support.edge import TIMEOUT_SECONDS, Edge, Post, assert_problem

# The contract with clients, which also holds for future functions.
CONTRACT = {
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "INVALID_JSON": 400,
    "INVALID_ARGUMENT": 422,
    "IDEMPOTENCY_KEY_REUSED": 422,
    "NOT_FOUND": 404,
    "TEMPLATE_NOT_FOUND": 404,
    "SESSION_NOT_FOUND": 404,
    "ANSWER_NOT_FOUND": 404,
    "METHOD_NOT_ALLOWED": 405,
    "SESSION_NOT_ACTIVE": 409,
    "TEMPLATE_ARCHIVED": 409,
    "CLASS_NOT_FOUND": 404,
    "MEMBER_NOT_FOUND": 404,
    "ASSIGNMENT_NOT_FOUND": 404,
    "ASSIGNMENT_NOT_OPEN": 409,
    "ASSIGNMENT_CLOSED": 409,
    "STRICT_SESSION": 409,
    "ANSWER_COMMITTED": 409,
    "JOIN_CODE_NOT_VALID": 404,
    "CLASS_ARCHIVED": 409,
    "TEACHER_CANNOT_JOIN": 409,
    "REVISION_MISMATCH": 412,
    "PAYLOAD_TOO_LARGE": 413,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "SESSION_CONTEXT_TAMPERED": 422,
    "STALE_CONTEXT": 409,
    "CONTEXT_FORKED": 409,
    "RATE_LIMITED": 429,
    "INTERNAL": 500,
    "TUTOR_UNAVAILABLE": 503,
    "UNAVAILABLE": 503,
}
MARK = "SECRET-7f3a"


def test_every_refusal_has_a_status_and_every_status_a_refusal() -> None:
    for package in (functions, shared):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    reasons = [refusal.reason for refusal in all_refusals()]
    assert len(reasons) == len(set(reasons))
    assert set(reasons) == set(STATUS_OF)


def test_a_reason_has_the_status_that_was_promised() -> None:
    assert {reason: int(status) for reason, status in STATUS_OF.items()}.items() <= CONTRACT.items()


def test_a_refusal_has_a_fixed_title_and_its_own_detail(post: Post) -> None:
    empty = assert_problem(post(b""), 400, "INVALID_JSON")
    broken = assert_problem(post(b"{"), 400, "INVALID_JSON")
    assert empty["title"] == broken["title"]
    assert empty["detail"] != broken["detail"]


def test_unknown_fields_are_refused_by_name(post: Post) -> None:
    body = b'{"nmae": "Scales", "owner_id": "ann", "template_data": {"sections": []}, "name": "S"}'
    problem = assert_problem(post(body), 422, "INVALID_ARGUMENT")
    assert {error["path"] for error in problem["errors"]} == {"nmae", "owner_id"}


def test_every_invalid_field_is_listed_and_no_value_repeated(post: Post) -> None:
    body = f"""{{
        "name": "",
        "description": ["{MARK}"],
        "subject": "{MARK}\\u0000",
        "visibility": "{MARK}",
        "student_ids": ["ann", "{MARK}/", 7],
        "template_data": {{"sections": [
            {{"name": "Warm-up", "exercises": "{MARK}"}},
            {{"name": "Scales", "duration_minutes": -1,
              "exercises": [{{"name": "C"}}, {{"name": "{MARK * 40}"}}]}}
        ]}},
        "mastery_criterion": {{"kind": "{MARK}", "m": "{MARK}", "n": 0}},
        "unknown": "{MARK}"
    }}"""
    refused = post(body.encode())
    problem = assert_problem(refused, 422, "INVALID_ARGUMENT")
    assert [error["path"] for error in problem["errors"]] == [
        "name",
        "description",
        "subject",
        "visibility",
        "student_ids.1",
        "student_ids.2",
        "template_data.sections.0.exercises",
        "template_data.sections.1.duration_minutes",
        "template_data.sections.1.exercises.1.name",
        "mastery_criterion.kind",
        "mastery_criterion.m",
        "mastery_criterion.n",
        "unknown",
    ]
    assert all(error.keys() == {"path", "message"} for error in problem["errors"])
    assert all(error["message"] for error in problem["errors"])
    assert MARK not in refused.text


def test_a_flood_of_invalid_fields_gets_a_short_answer(post: Post) -> None:
    body = "{" + ", ".join(f'"field{n}": 1' for n in range(5_000)) + "}"
    refused = post(body.encode())
    assert len(assert_problem(refused, 422, "INVALID_ARGUMENT")["errors"]) == 100
    assert len(refused.content) < 20_000


def test_a_very_long_field_name_gets_a_short_answer(post: Post) -> None:
    refused = post(b'{"' + b"k" * 900_000 + b'": 1}')
    assert_problem(refused, 422, "INVALID_ARGUMENT")
    assert len(refused.content) < 2_000


@pytest.mark.parametrize(
    "key", ["", "k" * 256, b"caf\x85", b"\xa0"], ids=["empty", "256 long", "control", "blank"]
)
def test_an_invalid_idempotency_key_is_refused_by_the_name_of_the_header(
    post: Post, key: str | bytes
) -> None:
    problem = assert_problem(post(headers={"Idempotency-Key": key}), 422, "INVALID_ARGUMENT")
    assert [error["path"] for error in problem["errors"]] == ["Idempotency-Key"]


@pytest.mark.parametrize("length", [1, 255])
def test_an_idempotency_key_may_be_as_long_as_promised(post: Post, length: int) -> None:
    body = b'{"name": "Scales", "template_data": {"sections": []}}'
    assert post(body, headers={"Idempotency-Key": "k" * length}).status_code == 201


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "BREW"])
def test_a_refusal_of_a_method_names_the_allowed_one(edge: Edge, method: str) -> None:
    refused = requests.request(
        method, f"{edge.url}/create_template", data=b"{}", timeout=TIMEOUT_SECONDS
    )
    assert_problem(refused, 405, "METHOD_NOT_ALLOWED")
    assert refused.headers["Allow"] == "POST, OPTIONS"


def test_a_head_request_gets_the_head_of_the_refusal(edge: Edge) -> None:
    refused = requests.head(f"{edge.url}/create_template", timeout=TIMEOUT_SECONDS)
    assert refused.status_code == 405
    assert refused.headers["Allow"] == "POST, OPTIONS"
    assert refused.content == b""


@pytest.mark.parametrize(
    ("query", "paths"),
    [
        ("", ["template_id"]),
        ("?template_id=", ["template_id"]),
        ("?template_id=a&template_id=b", ["template_id"]),
        ("?template_id=a%2Fb", ["template_id"]),
        ("?template_id=%ED%A0%80", ["template_id"]),
        ("?template_id=a&force=true", ["force"]),
        ("?templateId=a", ["template_id", "templateId"]),
    ],
)
def test_the_query_of_a_delete_is_validated_as_strictly(
    edge: Edge, query: str, paths: list[str]
) -> None:
    refused = requests.delete(
        f"{edge.url}/delete_template{query}",
        headers={"Authorization": f"Bearer {edge.token()}"},
        timeout=TIMEOUT_SECONDS,
    )
    problem = assert_problem(refused, 422, "INVALID_ARGUMENT")
    assert [error["path"] for error in problem["errors"]] == paths


@pytest.mark.parametrize(
    "path", ["/index.html", "/no_such_function", "/create_template2", "/healthz/x"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_local_stack_lists_its_functions(edge: Edge, method: str, path: str) -> None:
    refused = requests.request(method, f"{edge.url}{path}", timeout=TIMEOUT_SECONDS)
    assert "/create_template" in assert_problem(refused, 404, "NOT_FOUND")["detail"]


def test_the_local_stacks_health_is_read_only(edge: Edge) -> None:
    assert requests.get(f"{edge.url}/healthz", timeout=TIMEOUT_SECONDS).text == "ok\n"
    refused = requests.post(f"{edge.url}/healthz", timeout=TIMEOUT_SECONDS)
    assert_problem(refused, 405, "METHOD_NOT_ALLOWED")
    assert "GET" in refused.headers["Allow"]

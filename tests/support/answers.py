"""Checks of a function's response: success, or a refusal for the expected reason."""

from typing import Any

import requests

PROBLEM_JSON = "application/problem+json"
STATUS_OF = {
    "PERMISSION_DENIED": 403,
    "TEMPLATE_NOT_FOUND": 404,
    "SESSION_NOT_FOUND": 404,
    "ANSWER_NOT_FOUND": 404,
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
    "SESSION_NOT_ACTIVE": 409,
    "TEMPLATE_ARCHIVED": 409,
    "REVISION_MISMATCH": 412,
    "INVALID_ARGUMENT": 422,
    "IDEMPOTENCY_KEY_REUSED": 422,
}


def ok(response: requests.Response, status: int = 200) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/json"
    body: dict[str, Any] = response.json()
    return body


def refused(response: requests.Response, reason: str) -> dict[str, Any]:
    assert response.headers["Content-Type"] == PROBLEM_JSON, response.text
    body: dict[str, Any] = response.json()
    assert (body["reason"], body["status"]) == (reason, response.status_code), body
    assert response.status_code == STATUS_OF[reason]
    return body


def invalid(response: requests.Response) -> list[str]:
    """The paths that a request is refused for, in the order of the reply."""
    body = refused(response, "INVALID_ARGUMENT")
    assert all(error["message"] for error in body["errors"])
    return [error["path"] for error in body["errors"]]

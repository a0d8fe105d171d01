"""Refusals as HTTP responses: application/problem+json (RFC 9457)."""

import json
from http import HTTPStatus
from typing import Any

from flask import Response

from shared.contract.refusals import STATUS_OF
from shared.domain.common.entries import MAX_ERRORS
from shared.domain.common.errors import FieldError, Refusal

PROBLEM_JSON = "application/problem+json"
# A browser that opens a reply must not take what it quotes for a page.
NOT_TO_BE_SNIFFED = {"X-Content-Type-Options": "nosniff"}


def problem_response(refusal: Refusal, *, request_id: str) -> Response:
    status = STATUS_OF[refusal.reason]
    body: dict[str, Any] = {
        "type": f"urn:problem:{refusal.reason.lower().replace('_', '-')}",
        "title": refusal.default_detail,
        "status": status,
        "detail": refusal.detail,
        "reason": refusal.reason,
        "request_id": request_id,
    }
    if refusal.errors:
        body["errors"] = [_listed(error) for error in refusal.errors[:MAX_ERRORS]]
    response = Response(
        json.dumps(body, ensure_ascii=False), status=status, content_type=PROBLEM_JSON
    )
    response.headers.update(NOT_TO_BE_SNIFFED)
    if refusal.retry_after_seconds is not None:
        response.headers["Retry-After"] = str(refusal.retry_after_seconds)
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _listed(error: FieldError) -> dict[str, str]:
    return {"path": error.path, "message": error.message}

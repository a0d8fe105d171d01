"""Refusals on the wire: application/problem+json (RFC 9457), and the one table of statuses."""

import json
from http import HTTPStatus
from typing import Any

from flask import Response

from shared.domain.common.errors import FieldError, Refusal

PROBLEM_JSON = "application/problem+json"
MAX_LISTED_ERRORS = 100


class InvalidJson(Refusal):
    reason = "INVALID_JSON"
    default_detail = "The body is not valid JSON."


class MethodNotAllowed(Refusal):
    reason = "METHOD_NOT_ALLOWED"
    default_detail = "This method is not supported here."


class NotFound(Refusal):
    reason = "NOT_FOUND"
    default_detail = "Nothing here answers this."


class PayloadTooLarge(Refusal):
    reason = "PAYLOAD_TOO_LARGE"
    default_detail = "The body is larger than 1 MiB."


class UnsupportedMediaType(Refusal):
    reason = "UNSUPPORTED_MEDIA_TYPE"
    default_detail = "Send the body as Content-Type: application/json."


class InternalError(Refusal):
    reason = "INTERNAL"
    default_detail = "Something is wrong on our side. Quote the request id when you report it."


STATUS_OF = {
    "UNAUTHENTICATED": HTTPStatus.UNAUTHORIZED,
    "PERMISSION_DENIED": HTTPStatus.FORBIDDEN,
    "INVALID_JSON": HTTPStatus.BAD_REQUEST,
    "INVALID_ARGUMENT": HTTPStatus.UNPROCESSABLE_ENTITY,
    "IDEMPOTENCY_KEY_REUSED": HTTPStatus.UNPROCESSABLE_ENTITY,
    "NOT_FOUND": HTTPStatus.NOT_FOUND,
    "TEMPLATE_NOT_FOUND": HTTPStatus.NOT_FOUND,
    "SESSION_NOT_FOUND": HTTPStatus.NOT_FOUND,
    "SESSION_CONTEXT_TAMPERED": HTTPStatus.UNPROCESSABLE_ENTITY,
    "CONTEXT_FORKED": HTTPStatus.CONFLICT,
    "METHOD_NOT_ALLOWED": HTTPStatus.METHOD_NOT_ALLOWED,
    "SESSION_NOT_ACTIVE": HTTPStatus.CONFLICT,
    "TEMPLATE_ARCHIVED": HTTPStatus.CONFLICT,
    "REVISION_MISMATCH": HTTPStatus.PRECONDITION_FAILED,
    "PAYLOAD_TOO_LARGE": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "UNSUPPORTED_MEDIA_TYPE": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "RATE_LIMITED": HTTPStatus.TOO_MANY_REQUESTS,
    "UNAVAILABLE": HTTPStatus.SERVICE_UNAVAILABLE,
    "INTERNAL": HTTPStatus.INTERNAL_SERVER_ERROR,
}


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
        body["errors"] = [_listed(error) for error in refusal.errors[:MAX_LISTED_ERRORS]]
    response = Response(
        json.dumps(body, ensure_ascii=False), status=status, content_type=PROBLEM_JSON
    )
    if refusal.retry_after_seconds is not None:
        response.headers["Retry-After"] = str(refusal.retry_after_seconds)
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _listed(error: FieldError) -> dict[str, str]:
    return {"path": error.path, "message": error.message}

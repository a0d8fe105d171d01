"""Refusals as HTTP responses: application/problem+json (RFC 9457)."""

from http import HTTPStatus

from flask import Response

from shared.contract.refusals import Problem
from shared.domain.common.errors import Refusal

PROBLEM_JSON = "application/problem+json"
# A reply may quote the request, so a browser must not show it as a web page.
NOT_TO_BE_SNIFFED = {"X-Content-Type-Options": "nosniff"}


def problem_response(refusal: Refusal, *, request_id: str) -> Response:
    problem = Problem.of(refusal, request_id=request_id)
    response = Response(problem.model_dump_json(), status=problem.status, content_type=PROBLEM_JSON)
    response.headers.update(NOT_TO_BE_SNIFFED)
    if refusal.retry_after_seconds is not None:
        response.headers["Retry-After"] = str(refusal.retry_after_seconds)
    if problem.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response

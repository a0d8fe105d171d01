"""Cross-origin access for web clients (https://fetch.spec.whatwg.org/#http-cors-protocol)."""

from collections.abc import Sequence

from flask import Request, Response

REQUEST_HEADERS = (
    "Authorization, Content-Type, Idempotency-Key, Traceparent, X-Firebase-AppCheck, X-Request-Id"
)
EXPOSED_HEADERS = "Idempotent-Replayed, Retry-After, X-Request-Id"
PREFLIGHT_MAX_AGE_SECONDS = 7_200


def is_preflight(request: Request) -> bool:
    return request.method == "OPTIONS"


def preflight(method: str) -> Response:
    response = Response(status=204)
    response.headers["Access-Control-Allow-Methods"] = f"{method}, OPTIONS"
    response.headers["Access-Control-Allow-Headers"] = REQUEST_HEADERS
    response.headers["Access-Control-Max-Age"] = str(PREFLIGHT_MAX_AGE_SECONDS)
    return response


def allow_origin(request: Request, response: Response, allowed: Sequence[str]) -> None:
    """Lets an allowed origin read the response. Tokens travel in a header: no credentials."""
    origin = request.headers.get("Origin")
    if "*" in allowed:
        response.headers["Access-Control-Allow-Origin"] = "*"
    else:
        response.headers.add("Vary", "Origin")
        if origin in allowed:
            response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = EXPOSED_HEADERS

"""The refusals that HTTP adds to those of the domain, and the status of every refusal."""

from http import HTTPStatus

from pydantic import BaseModel

from shared.domain.common.errors import Refusal


class InvalidJson(Refusal):
    reason = "INVALID_JSON"
    default_detail = "The body is not valid JSON."


class MethodNotAllowed(Refusal):
    reason = "METHOD_NOT_ALLOWED"
    default_detail = "This path does not support the method."


class NotFound(Refusal):
    reason = "NOT_FOUND"
    default_detail = "No such path."


class PayloadTooLarge(Refusal):
    reason = "PAYLOAD_TOO_LARGE"
    default_detail = "The body is larger than 1 MiB."


class UnsupportedMediaType(Refusal):
    reason = "UNSUPPORTED_MEDIA_TYPE"
    default_detail = "Send the body as Content-Type: application/json."


class InternalError(Refusal):
    reason = "INTERNAL"
    default_detail = "An internal error occurred. Quote the request id when you report it."


class ErrorEvent(BaseModel):
    """The last event of a stream that failed: a refusal's reason and detail.

    The session that the client holds stays valid.
    """

    error: str
    message: str


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

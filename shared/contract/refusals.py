"""The refusals of calls, beside those of the domain; the status of every refusal, and its body."""

from http import HTTPStatus
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from shared.domain.common.entries import MAX_ERRORS
from shared.domain.common.errors import Refusal
from shared.domain.common.json_schema import Inlined


class Unauthenticated(Refusal):
    reason = "UNAUTHENTICATED"
    default_detail = "A valid ID token is needed: Authorization: Bearer <token>."


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


class IdempotencyKeyReused(Refusal):
    reason = "IDEMPOTENCY_KEY_REUSED"
    default_detail = "This Idempotency-Key was used before with another request."


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
    "ANSWER_NOT_FOUND": HTTPStatus.NOT_FOUND,
    "CLASS_NOT_FOUND": HTTPStatus.NOT_FOUND,
    "MEMBER_NOT_FOUND": HTTPStatus.NOT_FOUND,
    "ASSIGNMENT_NOT_FOUND": HTTPStatus.NOT_FOUND,
    "JOIN_CODE_NOT_VALID": HTTPStatus.NOT_FOUND,
    "SESSION_CONTEXT_TAMPERED": HTTPStatus.UNPROCESSABLE_ENTITY,
    "CONTEXT_FORKED": HTTPStatus.CONFLICT,
    "METHOD_NOT_ALLOWED": HTTPStatus.METHOD_NOT_ALLOWED,
    "SESSION_NOT_ACTIVE": HTTPStatus.CONFLICT,
    "TEMPLATE_ARCHIVED": HTTPStatus.CONFLICT,
    "CLASS_ARCHIVED": HTTPStatus.CONFLICT,
    "ASSIGNMENT_NOT_OPEN": HTTPStatus.CONFLICT,
    "STRICT_SESSION": HTTPStatus.CONFLICT,
    "ANSWER_COMMITTED": HTTPStatus.CONFLICT,
    "ASSIGNMENT_CLOSED": HTTPStatus.CONFLICT,
    "TEACHER_CANNOT_JOIN": HTTPStatus.CONFLICT,
    "REVISION_MISMATCH": HTTPStatus.PRECONDITION_FAILED,
    "PAYLOAD_TOO_LARGE": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "UNSUPPORTED_MEDIA_TYPE": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "RATE_LIMITED": HTTPStatus.TOO_MANY_REQUESTS,
    "UNAVAILABLE": HTTPStatus.SERVICE_UNAVAILABLE,
    "INTERNAL": HTTPStatus.INTERNAL_SERVER_ERROR,
}


# The next two are built at the first refusal, not when a function starts.
class InvalidField(BaseModel):
    """One invalid value. `path` is dotted from the root of the request."""

    model_config = ConfigDict(defer_build=True)

    path: str
    message: str


class Problem(BaseModel):
    """A refusal (RFC 9457). Clients decide by `reason`; `detail` is for people. A refusal changes
    nothing.
    """

    model_config = ConfigDict(defer_build=True)

    type: Annotated[str, Field(json_schema_extra={"format": "uri"})]
    title: str
    status: int
    detail: str
    reason: Annotated[str, Field(json_schema_extra={"enum": sorted(STATUS_OF)})]
    request_id: str
    errors: Annotated[
        list[Annotated[InvalidField, Inlined()]],
        Field(
            description=f"Every invalid field at once, up to {MAX_ERRORS} of them.",
            max_length=MAX_ERRORS,
            exclude_if=lambda errors: not errors,
        ),
    ] = []
    committed: Annotated[
        dict[str, Any] | SkipJsonSchema[None],
        Field(
            description="With ANSWER_COMMITTED: the reply to the answer that was stored.",
            exclude_if=lambda committed: committed is None,
        ),
    ] = None

    @classmethod
    def of(cls, refusal: Refusal, *, request_id: str) -> Self:
        return cls(
            type=f"urn:problem:{refusal.reason.lower().replace('_', '-')}",
            title=refusal.default_detail,
            status=STATUS_OF[refusal.reason],
            detail=refusal.detail,
            reason=refusal.reason,
            request_id=request_id,
            errors=[
                InvalidField(path=error.path, message=error.message)
                for error in refusal.errors[:MAX_ERRORS]
            ],
            committed=dict(refusal.committed) if refusal.committed is not None else None,
        )

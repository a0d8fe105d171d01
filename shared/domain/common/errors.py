"""Everything the product refuses to do, by name. How it looks on the wire is not known here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class FieldError:
    """One invalid value: `path` is dotted from the root of the request, list positions included."""

    path: str
    message: str


class Refusal(Exception):
    """Base of all refusals. `reason` is stable; clients switch on it. `detail` is for people.

    `retry_after_seconds` says when the same request may do better; None: it won't.
    """

    reason: ClassVar[str]
    default_detail: ClassVar[str]
    retry_after_seconds: int | None = None

    def __init__(self, detail: str = "", *, errors: Sequence[FieldError] = ()) -> None:
        self.detail = detail or self.default_detail
        self.errors = tuple(errors)
        super().__init__(self.detail)


class Unauthenticated(Refusal):
    reason = "UNAUTHENTICATED"
    default_detail = "A valid ID token is needed: Authorization: Bearer <token>."


class PermissionDenied(Refusal):
    reason = "PERMISSION_DENIED"
    default_detail = "You may not do this."


class InvalidArgument(Refusal):
    reason = "INVALID_ARGUMENT"
    default_detail = "The request has invalid fields."


class IdempotencyKeyReused(Refusal):
    reason = "IDEMPOTENCY_KEY_REUSED"
    default_detail = "This Idempotency-Key was used before with another request."


class TemplateNotFound(Refusal):
    """Also said of somebody else's template, so that ids can't be probed."""

    reason = "TEMPLATE_NOT_FOUND"
    default_detail = "There is no such template."


class SessionNotFound(Refusal):
    """Also said of somebody else's session, so that ids can't be probed."""

    reason = "SESSION_NOT_FOUND"
    default_detail = "There is no such session."


class TemplateArchived(Refusal):
    reason = "TEMPLATE_ARCHIVED"
    default_detail = "The template was deleted; running sessions go on, new ones can't be started."


class SessionNotActive(Refusal):
    reason = "SESSION_NOT_ACTIVE"
    default_detail = "The session is no longer active."


class RevisionMismatch(Refusal):
    reason = "REVISION_MISMATCH"
    default_detail = "Someone changed it in the meantime: read it again, then repeat your change."


class SessionContextTampered(Refusal):
    """What the client sent back is not what it was given, or was given to somebody else."""

    reason = "SESSION_CONTEXT_TAMPERED"
    default_detail = "The session context is not the one that was handed out."


class ContextForked(Refusal):
    """Two devices went on from the same state. The branch that was stored first stays."""

    reason = "CONTEXT_FORKED"
    default_detail = "Another device went on from here: read the stored session, go on from there."


class RateLimited(Refusal):
    """More of it than anybody needs, in the minute that is on."""

    reason = "RATE_LIMITED"
    default_detail = "These are too many turns in a minute. Wait a little, then go on."

    def __init__(self, detail: str = "", *, retry_after_seconds: int = 60) -> None:
        super().__init__(detail)
        self.retry_after_seconds = retry_after_seconds


class Unavailable(Refusal):
    """Nothing is known to be wrong with the request; the same request may be sent again."""

    reason = "UNAVAILABLE"
    retry_after_seconds = 2
    default_detail = "The service can't be reached right now. Nothing is lost; try again."


def all_refusals(base: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    """Every refusal there is, wherever it is defined."""
    for refusal in base.__subclasses__():
        yield refusal
        yield from all_refusals(refusal)

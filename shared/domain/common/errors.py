"""The refusals of the domain, by name. Their form in HTTP is not known here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

MAX_ECHOED_CHARACTERS = 200


def echoed(value: object) -> str:
    """A text that came with the request, short enough to be repeated in a refusal's detail."""
    text = str(value)
    return text if len(text) <= MAX_ECHOED_CHARACTERS else f"{text[:MAX_ECHOED_CHARACTERS]}…"


@dataclass(frozen=True)
class FieldError:
    """One invalid value: `path` is dotted from the root of the request, list positions included."""

    path: str
    message: str


class Refusal(Exception):
    """Base of all refusals. `reason` is stable; clients switch on it. `detail` is for people.

    `retry_after_seconds` is the time after which the same request may succeed, None where it can't.
    `committed` is the reply that was stored for what this request wants to do differently.
    """

    reason: ClassVar[str]
    default_detail: ClassVar[str]
    retry_after_seconds: int | None = None
    committed: Mapping[str, Any] | None = None

    def __init__(self, detail: str = "", *, errors: Sequence[FieldError] = ()) -> None:
        self.detail = detail or self.default_detail
        self.errors = tuple(errors)
        super().__init__(self.detail)


class PermissionDenied(Refusal):
    reason = "PERMISSION_DENIED"
    default_detail = "The caller may not do this."


class InvalidArgument(Refusal):
    reason = "INVALID_ARGUMENT"
    default_detail = "The request has invalid fields."


class TemplateNotFound(Refusal):
    """The template is missing or not visible to the caller: one refusal, so ids can't be probed."""

    reason = "TEMPLATE_NOT_FOUND"
    default_detail = "No such template."


class SessionNotFound(Refusal):
    """The session is missing or another student's: one refusal, so ids can't be probed."""

    reason = "SESSION_NOT_FOUND"
    default_detail = "No such session."


class AnswerNotFound(Refusal):
    reason = "ANSWER_NOT_FOUND"
    default_detail = (
        "The session has no stored answer to the question that question_id names: "
        "store the answer with update_progress first."
    )


class ClassNotFound(Refusal):
    """The class is missing or not the caller's: one refusal, so ids can't be probed."""

    reason = "CLASS_NOT_FOUND"
    default_detail = "No such class."


class MemberNotFound(Refusal):
    reason = "MEMBER_NOT_FOUND"
    default_detail = "The class has no such student."


class JoinCodeNotValid(Refusal):
    """The code is wrong, expired, off or used up: one refusal, so codes can't be probed."""

    reason = "JOIN_CODE_NOT_VALID"
    default_detail = "This code doesn't open a class. Check it, or ask your teacher for a new one."


class TeacherCannotJoin(Refusal):
    reason = "TEACHER_CANNOT_JOIN"
    default_detail = "You teach this class, so you can't join it as a student."


class ClassArchived(Refusal):
    reason = "CLASS_ARCHIVED"
    default_detail = "The class is archived. Send archived: false to change it."


class AssignmentNotFound(Refusal):
    """The assignment is missing or not for the caller: one refusal, so ids can't be probed."""

    reason = "ASSIGNMENT_NOT_FOUND"
    default_detail = "No such assignment."


class AssignmentNotOpen(Refusal):
    reason = "ASSIGNMENT_NOT_OPEN"
    default_detail = "The assignment is not open yet."


class AssignmentClosed(Refusal):
    reason = "ASSIGNMENT_CLOSED"
    default_detail = "The assignment is closed."


class StrictSession(Refusal):
    reason = "STRICT_SESSION"
    default_detail = (
        "The session is of an assignment whose answers are stored before they are graded: "
        "send them to assignment_turn."
    )


class AnswerCommitted(Refusal):
    """`committed` has the reply to the answer that was stored, None while it is being graded."""

    reason = "ANSWER_COMMITTED"
    default_detail = "Another answer was stored for this seq, and it counts."


class TemplateArchived(Refusal):
    reason = "TEMPLATE_ARCHIVED"
    default_detail = "The template was deleted. Its sessions continue; new ones can't be started."


class SessionNotActive(Refusal):
    reason = "SESSION_NOT_ACTIVE"
    default_detail = "The session is no longer active."


class RevisionMismatch(Refusal):
    reason = "REVISION_MISMATCH"
    default_detail = (
        "Another request changed the document in the meantime. "
        "Read it again, then repeat the change."
    )


class SessionContextTampered(Refusal):
    """The session that the client sent was altered, or was issued to another student."""

    reason = "SESSION_CONTEXT_TAMPERED"
    default_detail = "The session context is not the one that was issued."


class ContextForked(Refusal):
    """Two devices continued from the same state. The branch that was stored first stays."""

    reason = "CONTEXT_FORKED"
    default_detail = "Another device continued from this state: resume from the stored session."


class RateLimited(Refusal):
    """The caller exceeded a limit on requests; the detail says which."""

    reason = "RATE_LIMITED"
    default_detail = "The caller exceeded a limit on requests. Retry after the time given."

    def __init__(self, detail: str = "", *, retry_after_seconds: int = 60) -> None:
        super().__init__(detail)
        self.retry_after_seconds = retry_after_seconds


class Unavailable(Refusal):
    """The service failed, not the request: the same request may be sent again."""

    reason = "UNAVAILABLE"
    retry_after_seconds = 2
    default_detail = "The service is temporarily unavailable. Send the same request again."


def all_refusals(base: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    """Every refusal, wherever it is defined."""
    for refusal in base.__subclasses__():
        yield refusal
        yield from all_refusals(refusal)

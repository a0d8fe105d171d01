"""An operation: one method and path of a function, with its request, replies and refusals.

A function declares its operations in the modules of its folder whose names end in `contract`.
Routing, the API document, the deployment and the tests of completeness read them from there.
"""

import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import import_module
from typing import Any, Generic, Literal, Self, TypeVar

from pydantic import BaseModel

from shared.contract.command import Command
from shared.contract.refusals import (
    STATUS_OF,
    IdempotencyKeyReused,
    InternalError,
    InvalidJson,
    MethodNotAllowed,
    PayloadTooLarge,
    Unauthenticated,
    UnsupportedMediaType,
)
from shared.domain.common.errors import InvalidArgument, Refusal, Unavailable
from shared.environment import USUAL_USES, Use

Method = Literal["GET", "POST", "PUT", "DELETE"]
METHODS_WITHOUT_BODY: frozenset[Method] = frozenset({"GET", "DELETE"})

REFUSALS_OF_ANY_REQUEST: tuple[type[Refusal], ...] = (
    Unauthenticated,
    MethodNotAllowed,
    InvalidArgument,
    Unavailable,
    InternalError,
)
REFUSALS_OF_BODIES: tuple[type[Refusal], ...] = (InvalidJson, PayloadTooLarge, UnsupportedMediaType)

C_co = TypeVar("C_co", bound=Command, covariant=True)


class Tag(StrEnum):
    """The groups in which the API document lists operations, in its order."""

    description: str

    def __new__(cls, name: str, description: str) -> Self:
        tag = str.__new__(cls, name)
        tag._value_ = name
        tag.description = description
        return tag

    TEMPLATES = "Templates", "Exercises and questions, with answer keys that students never see."
    SESSIONS = (
        "Sessions",
        "Started from a template or blank, updated during practice, and completed once for XP.",
    )
    CLASSES = (
        "Classes",
        "A teacher shows a code, and students join with it.",
    )
    PRACTICE = (
        "Practice without end",
        "One turn per request. The request carries the session, and the reply returns it.",
    )
    LANGGRAPH = (
        "Practice for LangGraph's clients",
        "The same turn in the shape of a stateless LangGraph run.",
    )
    AGUI = (
        "Practice for AG-UI's clients",
        "The same turn in the shape of a run of an AG-UI agent.",
    )
    SCHEDULE = "Schedule", "Called by a scheduler, not by users."


class Security(StrEnum):
    """The token that a caller sends: a user's Firebase ID token or the scheduler's OIDC token."""

    USER = "user"
    SCHEDULER = "scheduler"


class EventStream(BaseModel):
    """A reply of server-sent events; docs/api.md lists them."""


@dataclass(frozen=True)
class PathParameter:
    """A segment of the path that the caller chooses."""

    name: str
    description: str
    example: str


@dataclass(frozen=True)
class Link:
    """An operation that can follow, and the places of its fields in this operation's reply.

    `fields` has the shape of the next request; its leaves are OpenAPI runtime expressions such as
    `$response.body#/session/session_id`.
    """

    operation_id: str
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Operation(Generic[C_co]):
    """One operation of a function.

    `request` is validated from the JSON body, or from the query where the method has no body.
    `replies` maps each success status to its reply model, None for an empty body. `path` is below
    the function's own URL. `refusals` are those of the use case alone. `example` is a valid
    request. `reply_example` is a valid reply, needed where openapi/replies.json lacks one of its
    fields. `honours_idempotency_key` is False for operations that store nothing. The main operation
    declares the `uses` of the whole function. `place` orders the operations of a tag in lists.
    `when_too_large` tells the sender of a body that is too large what to leave out.
    """

    function: str
    request: type[C_co]
    replies: Mapping[int, type[BaseModel] | None]
    tag: Tag
    summary: str
    example: Mapping[str, Any]
    reply_example: Mapping[str, Any] | None = None
    description: str = ""
    method: Method = "POST"
    path: str = ""
    path_parameters: tuple[PathParameter, ...] = ()
    refusals: tuple[type[Refusal], ...] = ()
    honours_idempotency_key: bool = True
    security: Security = Security.USER
    uses: frozenset[Use] = USUAL_USES
    operation_id: str = ""
    links: tuple[Link, ...] = ()
    place: int = 99
    when_too_large: str = ""

    def __post_init__(self) -> None:
        if not self.operation_id:
            object.__setattr__(self, "operation_id", self.function)

    @property
    def has_body(self) -> bool:
        return self.method not in METHODS_WITHOUT_BODY

    @property
    def url_path(self) -> str:
        """The path on the local stack, where all functions share one URL."""
        return f"/{self.function}{self.path}"

    def matches(self, path: str) -> bool:
        """Whether a path below the function's URL is that of the operation.

        Empty segments are ignored; one in braces stands for any segment.
        """
        expected, found = _segments(self.path), _segments(path)
        return len(expected) == len(found) and all(
            name.startswith("{") or name == segment
            for name, segment in zip(expected, found, strict=True)
        )

    @property
    def all_refusals(self) -> list[type[Refusal]]:
        """The refusals of the use case and of any such request, in the order of STATUS_OF."""
        possible = {*self.refusals, *REFUSALS_OF_ANY_REQUEST}
        possible.update(REFUSALS_OF_BODIES if self.has_body else ())
        possible.update((IdempotencyKeyReused,) if self.honours_idempotency_key else ())
        by_reason = {refusal.reason: refusal for refusal in possible}
        return [by_reason[reason] for reason in STATUS_OF if reason in by_reason]


def _segments(path: str) -> list[str]:
    return [segment for segment in path.split("/") if segment]


def function_names() -> list[str]:
    """The names of all functions: the packages below `functions`."""
    return sorted(m.name for m in pkgutil.iter_modules(import_module("functions").__path__))


@cache
def operations_of(function: str) -> tuple[Operation[Command], ...]:
    """The operations that the contracts of one function declare, in the order of declaration."""
    package = import_module(f"functions.{function}")
    names = sorted(m.name for m in pkgutil.iter_modules(package.__path__))
    modules = [import_module(f"{package.__name__}.{n}") for n in names if n.endswith("contract")]
    values = [value for module in modules for value in vars(module).values()]
    return tuple(value for value in values if isinstance(value, Operation))


def main_operation(function: str) -> Operation[Command]:
    """The operation at the function's own URL, by which the function is listed."""
    return next(o for o in operations_of(function) if o.operation_id == function)


def uses_of(function: str) -> frozenset[Use]:
    """The parts of the back end that a function uses, from which its settings follow."""
    operation = main_operation(function)
    caller = Use.USERS if operation.security is Security.USER else Use.SCHEDULER
    return operation.uses | {caller}


def all_operations() -> list[Operation[Command]]:
    """Every operation of every function, in the order of tags and places."""
    found = [o for function in function_names() for o in operations_of(function)]
    return sorted(found, key=lambda operation: (list(Tag).index(operation.tag), operation.place))

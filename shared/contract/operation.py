"""An operation: one method and path of a function, with what it takes, answers and refuses.

A function declares its operations in the modules of its folder whose names end in `contract`.
Routing, the OpenAPI document, the deployment and the tests of completeness read them from there.
"""

import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import import_module
from types import ModuleType
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel

from shared.contract.command import Command
from shared.domain.common.errors import Refusal
from shared.environment import USUAL_USES, Use

Method = Literal["GET", "POST", "PUT", "DELETE"]
WITHOUT_BODY: frozenset[Method] = frozenset({"GET", "DELETE"})

C_co = TypeVar("C_co", bound=Command, covariant=True)


class Tag(StrEnum):
    """The groups under which the API document lists operations."""

    TEMPLATES = "Templates"
    SESSIONS = "Sessions"
    PRACTICE = "Practice without end"
    LANGGRAPH = "Practice for LangGraph's clients"
    SCHEDULE = "Schedule"


class Security(StrEnum):
    """Whose token an operation takes: a user's Firebase ID token or the scheduler's OIDC token."""

    USER = "user"
    SCHEDULER = "scheduler"


class EventStream(BaseModel):
    """A reply of server-sent events; docs/api.md lists them."""


@dataclass(frozen=True)
class Operation(Generic[C_co]):
    """One operation of a function.

    `request` is validated from the JSON body, or from the query where the method has no body.
    `replies` maps each success status to its reply model, None for an empty body. `refusals` are
    those of the use case; the ones that any request can meet are added by the document. `example`
    is a valid request. `honours_idempotency_key` is False for operations that store nothing.
    `uses` are those of the whole function, declared by the operation at the function's own URL.
    """

    function: str
    request: type[C_co]
    replies: Mapping[int, type[BaseModel] | None]
    tag: Tag
    summary: str
    example: Mapping[str, Any]
    description: str = ""
    method: Method = "POST"
    path: str = ""
    refusals: tuple[type[Refusal], ...] = ()
    honours_idempotency_key: bool = True
    security: Security = Security.USER
    uses: frozenset[Use] = USUAL_USES
    operation_id: str = field(default="")

    def __post_init__(self) -> None:
        if not self.operation_id:
            object.__setattr__(self, "operation_id", self.function)

    @property
    def has_body(self) -> bool:
        return self.method not in WITHOUT_BODY


def operations_of(function: str) -> list[Operation[Command]]:
    """The operations that the contracts of one function declare, in the order of declaration."""
    package = import_module(f"functions.{function}")
    names = sorted(m.name for m in pkgutil.iter_modules(package.__path__))
    found: list[Operation[Command]] = []
    for name in names:
        if name.endswith("contract"):
            found += _declared(import_module(f"functions.{function}.{name}"))
    return found


def uses_of(function: str) -> frozenset[Use]:
    """The parts of the back end that a function uses, from which its settings follow."""
    operation = next(o for o in operations_of(function) if not o.path)
    caller = Use.USERS if operation.security is Security.USER else Use.SCHEDULER
    return operation.uses | {caller}


def function_names() -> list[str]:
    """The names of all functions: the packages below `functions`."""
    return sorted(m.name for m in pkgutil.iter_modules(import_module("functions").__path__))


def _declared(module: ModuleType) -> Iterator[Operation[Command]]:
    return (value for value in vars(module).values() if isinstance(value, Operation))

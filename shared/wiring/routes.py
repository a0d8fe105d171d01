"""The paths of a function that has several operations."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import Request, Response

from shared.contract.command import Command
from shared.contract.operation import Operation
from shared.contract.refusals import NotFound
from shared.domain.common.errors import RateLimited
from shared.ports.calls import Call, Reply, StreamingReply
from shared.wiring.endpoints import user_endpoint
from shared.wiring.limits import admit_turn

C = TypeVar("C", bound=Command)
D = TypeVar("D")


@dataclass(frozen=True)
class Route(Generic[C, D]):
    """An operation, and the use case that handles its command."""

    operation: Operation[C]
    handle: Callable[[C, Call, D], Reply[Any] | StreamingReply]

    def serve(self, request: Request, dependencies: Callable[[], D]) -> Response:
        admit = admit_turn if RateLimited in self.operation.refusals else None
        return user_endpoint().serve(
            request, self.operation, self.handle, dependencies, admit=admit
        )


def serve_turns(
    request: Request,
    native: Route[Any, D],
    doors: Callable[[], Sequence[Route[Any, D]]],
    dependencies: Callable[[], D],
) -> Response:
    """The response of the operation at the request's path. Those that may be refused with
    RateLimited count as turns. `doors` is called for another path than the function's own.
    """
    if native.operation.matches(request.path):
        return native.serve(request, dependencies)
    others = doors()
    for route in others:
        if route.operation.matches(request.path):
            return route.serve(request, dependencies)
    paths = ", ".join(route.operation.path or "/" for route in (native, *others))
    refusal = NotFound(f"There are POST {paths}.")
    return user_endpoint().refuse(request, refusal, function=native.operation.function)

"""The channel between repository and database: counts calls, loses replies, adds competitors."""

import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

import grpc

from testkit.faults.plans import COMMIT, DEADLINE_EXCEEDED, READ, UNAVAILABLE

Action = Callable[[], object]
ALWAYS = 1_000


@dataclass(frozen=True)
class Rpc:
    """One call, the number of documents it read or wrote, and their fields, unless it was all."""

    method: str
    documents: int
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fault:
    """A failed call. `effective`: it reached the database, and only its reply was lost."""

    code: grpc.StatusCode
    effective: bool = False
    hangs: bool = False


class Failure(grpc.RpcError):
    """An error as a channel raises it. gRPC also calls its `result`, as if it were the call."""

    def __init__(self, code: grpc.StatusCode) -> None:
        super().__init__(code)
        self._code = code

    def code(self) -> grpc.StatusCode:
        return self._code

    def details(self) -> str:
        return "made by a test"

    def trailing_metadata(self) -> tuple[()]:
        return ()

    def result(self, timeout: float | None = None) -> NoReturn:
        raise self


class FaultyChannel(grpc.UnaryUnaryClientInterceptor, grpc.UnaryStreamClientInterceptor):
    """A client's interceptor. Events planned for a method happen to its next calls, in order."""

    def __init__(self) -> None:
        self.calls: list[Rpc] = []
        self._faults: defaultdict[str, deque[Fault | None]] = defaultdict(deque)
        self._actions: defaultdict[str, deque[Action]] = defaultdict(deque)

    @property
    def methods(self) -> list[str]:
        return [call.method for call in self.calls]

    def lose(self, method: str, code: grpc.StatusCode = UNAVAILABLE, *, times: int = 1) -> None:
        """The call takes effect; its reply never arrives."""
        self._faults[method].extend([Fault(code, effective=True)] * times)

    def refuse(self, method: str, code: grpc.StatusCode = UNAVAILABLE, *, times: int = 1) -> None:
        """The call never reaches the database."""
        self._faults[method].extend([Fault(code, effective=False)] * times)

    def spare(self, method: str) -> None:
        """The call succeeds; events planned after this happen to later calls."""
        self._faults[method].append(None)

    def hang(self, method: str, *, times: int = 1) -> None:
        """The call gets no reply until the caller's own deadline is over."""
        self._faults[method].extend([Fault(DEADLINE_EXCEEDED, hangs=True)] * times)

    def before(self, method: str, *actions: Action) -> None:
        """Each action runs just before one call: a competing client is faster."""
        self._actions[method].extend(actions)

    def clear_faults(self) -> None:
        self._faults.clear()
        self._actions.clear()

    def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
        fault = self._met(details, request)
        if fault is None:
            return continuation(details, request)
        if fault.effective:
            continuation(details, request).result()
        raise Failure(fault.code)

    def intercept_unary_stream(self, continuation: Any, details: Any, request: Any) -> Any:
        fault = self._met(details, request)
        if fault is None:
            return continuation(details, request)
        if not fault.effective:
            raise Failure(fault.code)
        return _broken_midway(continuation(details, request), fault.code)

    def _met(self, details: Any, request: Any) -> Fault | None:
        method = details.method.rpartition("/")[2]
        if method == READ:
            only = tuple(request.mask.field_paths)
            self.calls.append(Rpc(method, len(request.documents), only))
        else:
            self.calls.append(Rpc(method, len(request.writes) if method == COMMIT else 0))
        if self._actions[method]:
            self._actions[method].popleft()()
        fault = self._faults[method].popleft() if self._faults[method] else None
        if fault and fault.hangs:
            time.sleep(details.timeout)
        return fault


def _broken_midway(replies: Iterator[Any], code: grpc.StatusCode) -> Iterator[Any]:
    yield next(replies)
    raise Failure(code)

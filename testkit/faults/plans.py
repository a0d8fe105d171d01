"""Faults that a proxy can inject, and their plans: scripts, or seeds that can be replayed."""

import random
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import grpc

UNAVAILABLE = grpc.StatusCode.UNAVAILABLE
DEADLINE_EXCEEDED = grpc.StatusCode.DEADLINE_EXCEEDED
ABORTED = grpc.StatusCode.ABORTED

READ = "BatchGetDocuments"
COMMIT = "Commit"
QUERY = "RunQuery"
COUNT = "RunAggregationQuery"


@dataclass(frozen=True)
class Refuse:
    """The call never reaches the database."""

    code: grpc.StatusCode = UNAVAILABLE


@dataclass(frozen=True)
class Lose:
    """The call takes effect, but its reply is lost: the client gets `code` instead."""

    code: grpc.StatusCode = UNAVAILABLE


@dataclass(frozen=True)
class Hang:
    """The call gets no reply until the client gives up. `effective`: it still takes effect."""

    effective: bool = False


@dataclass(frozen=True)
class Delay:
    """The call is forwarded later, even if its client has given up by then."""

    seconds: float


@dataclass(frozen=True)
class Cut:
    """A stream breaks after `after` messages, or at its end if it has fewer."""

    after: int
    code: grpc.StatusCode = UNAVAILABLE


@dataclass(frozen=True)
class Hold:
    """Stops the call and sets `reached`, until it is released or its client is gone.

    It is stopped before it is forwarded or, if `effective`, once the database has answered. A held
    call whose client goes away is never forwarded.
    """

    effective: bool = False
    reached: threading.Event = field(default_factory=threading.Event, compare=False)
    wake: threading.Event = field(default_factory=threading.Event, compare=False)

    def release(self) -> None:
        self.wake.set()


Fault = Refuse | Lose | Hang | Delay | Cut | Hold

# From the method's name and the number of its earlier calls to the fault of this call.
Plan = Callable[[str, int], Fault | None]


class Script:
    """For each method the faults of its next calls, in order; None lets one pass."""

    def __init__(self) -> None:
        self._lines: defaultdict[str, deque[Fault | None]] = defaultdict(deque)

    def add(self, method: str, faults: Iterable[Fault | None]) -> None:
        self._lines[method].extend(faults)

    def __call__(self, method: str, _number: int) -> Fault | None:
        lines = self._lines[method]
        return lines.popleft() if lines else None

    @property
    def left(self) -> dict[str, int]:
        """The number of unused lines by method, empty once every planned fault has happened."""
        return {method: len(lines) for method, lines in self._lines.items() if lines}


class Seeded:
    """Random faults: `rates` gives each method its faults, each with its probability in 0..1.

    The fault of a method's n-th call depends on the seed alone, so a run with the same seed has
    the same faults in any order of its threads.
    """

    def __init__(self, seed: int, rates: Mapping[str, Sequence[tuple[float, Fault]]]) -> None:
        for method, faults in rates.items():
            if sum(rate for rate, _ in faults) > 1:
                raise ValueError(f"the rates of {method} are more than 1 together")
        self.seed = seed
        self._rates = rates

    def __call__(self, method: str, number: int) -> Fault | None:
        drawn = random.Random(f"{self.seed}/{method}/{number}").random()
        for rate, fault in self._rates.get(method, ()):
            if drawn < rate:
                return fault
            drawn -= rate
        return None

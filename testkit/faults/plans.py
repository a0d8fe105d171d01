"""What a proxy may do to a call, and when: by script, or by a seed that can be played again."""

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
    """The call takes effect, its reply does not arrive: the client sees `code` instead."""

    code: grpc.StatusCode = UNAVAILABLE


@dataclass(frozen=True)
class Hang:
    """Nothing answers until the client gives up. `effective`: the call takes effect nonetheless."""

    effective: bool = False


@dataclass(frozen=True)
class Delay:
    """The call is passed on later, and also when its client has given up by then."""

    seconds: float


@dataclass(frozen=True)
class Cut:
    """A stream breaks after so many messages, or at its end when it has no more."""

    after: int
    code: grpc.StatusCode = UNAVAILABLE


@dataclass(frozen=True)
class Hold:
    """Stops the call and sets `reached`, until it is released or its client is gone.

    It is stopped before it is passed on, or if `effective` once the database has answered. A held
    call whose client goes away is never passed on.
    """

    effective: bool = False
    reached: threading.Event = field(default_factory=threading.Event, compare=False)
    wake: threading.Event = field(default_factory=threading.Event, compare=False)

    def release(self) -> None:
        self.wake.set()


Fault = Refuse | Lose | Hang | Delay | Cut | Hold

# From the method's name, and how many of its calls came before, to what happens to this one.
Plan = Callable[[str, int], Fault | None]


class Script:
    """For each method what happens to its next calls, in order; None spares one."""

    def __init__(self) -> None:
        self._lines: defaultdict[str, deque[Fault | None]] = defaultdict(deque)

    def add(self, method: str, faults: Iterable[Fault | None]) -> None:
        self._lines[method].extend(faults)

    def __call__(self, method: str, _number: int) -> Fault | None:
        lines = self._lines[method]
        return lines.popleft() if lines else None

    @property
    def left(self) -> dict[str, int]:
        """How many lines are still to come: none, when all that was planned has happened."""
        return {method: len(lines) for method, lines in self._lines.items() if lines}


class Seeded:
    """Faults by chance: `rates` gives each method its faults with the probability of each.

    What happens to the n-th call of a method follows from the seed alone, so a run with the same
    seed meets the same faults in whatever order its threads come.
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

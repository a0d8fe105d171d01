"""One layer of retries, with jitter and a time limit that holds.

The library's own retries are switched off at every call (`retry=None`): they exceed the timeout,
and they repeat a commit whose response was lost although it may have taken effect.
"""

import logging
import time
from collections.abc import Callable
from random import SystemRandom
from typing import TypeVar

from google.api_core import exceptions

from shared.domain.common.errors import Unavailable
from shared.traces import spans

DEADLINE_SECONDS = 8.0
# Of one step of an operator's command. No request waits meanwhile, and a page of whole sessions may
# be large and far away.
COMMAND_DEADLINE_SECONDS = 60.0
RPC_TIMEOUT_SECONDS = 3.0
# The time ends a request first: after the first few, a pause takes half a second on average. Fewer
# attempts could be used up while the channel still waits to reconnect.
MAX_ATTEMPTS = 40
FIRST_PAUSE_SECONDS = 0.05
LONGEST_PAUSE_SECONDS = 1.0

_random = SystemRandom()

# Another request, or a commit of this one whose response was lost, was first: read again.
CONFLICTS = (
    exceptions.AlreadyExists,
    exceptions.FailedPrecondition,
    exceptions.Aborted,
    exceptions.NotFound,
)
# The call may or may not have taken effect.
TRANSIENT = (exceptions.ServerError, exceptions.TooManyRequests, exceptions.Cancelled)

logger = logging.getLogger("practice.store")

T = TypeVar("T")


class Deadline:
    """The time one request may spend on the database."""

    def __init__(self, seconds: float = DEADLINE_SECONDS) -> None:
        self._ends = time.monotonic() + seconds

    @property
    def remaining_seconds(self) -> float:
        return self._ends - time.monotonic()

    def timeout(self) -> float:
        """The limit for the next RPC, in seconds. Raises Unavailable when the time is used up."""
        if (remaining := self.remaining_seconds) <= 0:
            raise Unavailable
        return min(RPC_TIMEOUT_SECONDS, remaining)

    def pause(self, attempt: int) -> None:
        """Waits a random time (full jitter), so that contenders don't collide again."""
        longest = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2**attempt)
        seconds = _random.uniform(0, longest)
        time.sleep(max(0.0, min(seconds, self.remaining_seconds)))


def retry_until_settled(step: Callable[[Deadline], T], *, seconds: float = DEADLINE_SECONDS) -> T:
    """The result of the step, which is repeated on conflicts and transient errors.

    The step reads, decides and commits, and may run again at any time. Raises Unavailable when the
    attempts or the time are used up.
    """
    deadline = Deadline(seconds)
    for attempt in range(MAX_ATTEMPTS):
        try:
            with spans.span("store attempt", {"attempt": attempt + 1}):
                return step(deadline)
        except (*CONFLICTS, *TRANSIENT) as error:
            # The code alone: a message may quote a document.
            logger.info("store attempt %d failed with %s", attempt + 1, type(error).__name__)
            deadline.pause(attempt)
    raise Unavailable

"""A call as a use case sees it, and the replies that a use case can give."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from shared.domain.common.errors import Refusal

R = TypeVar("R", bound=BaseModel | None)
R_co = TypeVar("R_co", bound=BaseModel | None, covariant=True)

# Clients keep unsent work through a holiday, and a session can be resumed for three days: what took
# effect without a reply must not take effect again when it is sent once more.
IDEMPOTENCY_RETENTION = timedelta(days=14)


@dataclass(frozen=True)
class Caller:
    """The authenticated caller, from the verified token."""

    uid: str
    is_teacher: bool = False


@dataclass(frozen=True)
class IdempotencyContext:
    """The identity of a request that must take effect once, however often it arrives.

    `key` is the client's Idempotency-Key. Without one no reply is stored for a replay, and
    `request_hash` is empty. `at` is when the request was received.
    """

    uid: str
    function: str
    key: str | None
    request_hash: str
    at: datetime


@dataclass(frozen=True)
class Call:
    """One valid request. `received_at` (UTC) is the time of everything that it does."""

    caller: Caller
    idempotency: IdempotencyContext
    received_at: datetime


@dataclass(frozen=True)
class Reply(Generic[R_co]):
    """A successful reply. A `body` of None is an empty one."""

    body: R_co
    status: int = 200

    @cached_property
    def json(self) -> str | None:
        """The body as JSON text. It is made once, for the stored record and the response alike."""
        return None if self.body is None else self.body.model_dump_json()


@dataclass(frozen=True)
class StoredReply:
    """The reply that was stored under an Idempotency-Key; `json` is its body as text.

    `replayed` is False where this very request stored it, in a commit whose response was lost.
    """

    status: int
    json: str | None
    replayed: bool = True


# Sends an event to the client: its name, and a value for JSON.
EmitEvent = Callable[[str, Any], None]
# The name of events that have their type in their data.
UNNAMED = ""


@dataclass(frozen=True)
class StreamingReply:
    """A successful reply that is sent as a stream of events while `work` runs.

    `work` emits the events, the last of which marks the end. An exception it raises is sent as the
    last event, so requests that can be refused at once are refused before the stream begins.
    Emitting raises once the client has disconnected, so that no work is done in vain.
    `describe_error` returns the data of that last event, which then has no name, where it is not
    the usual one.
    """

    work: Callable[[EmitEvent], None]
    describe_error: Callable[[Refusal], BaseModel] | None = None

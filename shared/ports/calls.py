"""What a use case knows of the call it serves, and what it answers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel


@dataclass(frozen=True)
class Caller:
    """Who calls, as the verified token says."""

    uid: str
    is_teacher: bool = False


@dataclass(frozen=True)
class IdempotencyContext:
    """The identity of a request that must take effect once, however often it arrives.

    Without a `key` the client makes no such promise, nothing is kept for a replay, and there is no
    `request_hash`.
    """

    uid: str
    function: str
    key: str | None
    request_hash: str
    at: datetime


@dataclass(frozen=True)
class Reply:
    """A successful answer. `json` is the body as text, None for an empty one."""

    status: int
    json: str | None
    replayed: bool = False


# An event's name, with a value for JSON.
EmitEvent = Callable[[str, Any], None]


@dataclass(frozen=True)
class StreamingReply:
    """A successful answer that is told while it comes about.

    `work` does it and tells its events, the last of which says that all is told. Whatever it raises
    is told too, as the last event; what can be refused at once isn't left to it. To tell raises
    once nobody listens any more, so that nothing is worked out in vain.
    """

    work: Callable[[EmitEvent], None]


def reply(body: BaseModel | None, *, status: int = 200) -> Reply:
    return Reply(status, None if body is None else body.model_dump_json())

"""Replies sent as a stream of server-sent events.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import time
from collections.abc import Generator
from contextvars import Context, copy_context
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Any

from pydantic_core import to_json

from shared.contract.refusals import ErrorEvent, InternalError
from shared.domain.common.errors import Refusal, Unavailable
from shared.endpoint.logs import logger
from shared.ports.calls import UNNAMED, StreamingReply

EVENT_STREAM = "text/event-stream"
# Proxies close an idle connection; clients ignore comments.
KEEP_ALIVE_SECONDS = 15.0
KEEP_ALIVE = b": keep-alive\n\n"
# A disconnected client may go unnoticed, so every stream has a limit.
LIMIT_SECONDS = 120.0


class ClientDisconnected(Exception):
    """The client has disconnected, or the stream has reached its time limit."""


def event_stream_frames(reply: StreamingReply) -> Generator[bytes, None, None]:
    """The frames of the events that the reply's work emits, each as soon as it is emitted.

    The work runs in a thread of its own, in the context of the calling request. Its exception
    becomes the last event. When the client disconnects or the time limit is reached, the work
    ends at its next event; a call of the model that has begun is completed.
    """
    return _frames(reply, copy_context())


def _frames(reply: StreamingReply, context: Context) -> Generator[bytes, None, None]:
    frames: SimpleQueue[bytes | None] = SimpleQueue()  # None marks the end
    over = Event()

    def emit(name: str, data: Any) -> None:
        if over.is_set():
            raise ClientDisconnected
        frames.put(_frame(name, data))

    def run() -> None:
        try:
            reply.work(emit)
        except ClientDisconnected:
            pass
        except Refusal as refusal:
            frames.put(_error(refusal, reply))
        except Exception:
            logger.exception("unhandled exception")
            frames.put(_error(InternalError(), reply))
        finally:
            frames.put(None)

    until = time.monotonic() + LIMIT_SECONDS
    Thread(target=context.run, args=(run,), daemon=True).start()
    try:
        while (remaining := until - time.monotonic()) > 0:
            try:
                frame = frames.get(timeout=min(remaining, KEEP_ALIVE_SECONDS))
            except Empty:
                yield KEEP_ALIVE
                continue
            if frame is None:
                return
            yield frame
        overdue = Unavailable("The stream reached its time limit. Send the same request again.")
        yield _error(overdue, reply)
    finally:
        over.set()


def _frame(name: str, data: Any) -> bytes:
    # A client may send numbers too large for JSON, such as 1e999, and they may be sent back.
    text = to_json(data, inf_nan_mode="null")
    event = b"" if name == UNNAMED else b"event: %b\n" % name.encode()
    return b"%bdata: %b\n\n" % (event, text)


def _error(refusal: Refusal, reply: StreamingReply) -> bytes:
    if reply.describe_error is None:
        return _frame("error", ErrorEvent(error=refusal.reason, message=refusal.detail))
    return _frame(UNNAMED, reply.describe_error(refusal))

"""Answers told while they come about, as server-sent events.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import time
from collections.abc import Callable, Iterator
from contextvars import Context, copy_context
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Any

from pydantic_core import to_json

from shared.contract.refusals import ErrorEvent, InternalError
from shared.domain.common.errors import Refusal, Unavailable
from shared.endpoint.logs import logger
from shared.ports.calls import EmitEvent

EVENT_STREAM = "text/event-stream"
# Proxies close a connection on which nothing is said for too long; clients pass comments over.
KEEP_ALIVE_SECONDS = 15.0
KEEP_ALIVE = b": keep-alive\n\n"
# A client that went away may never be noticed, so no stream is longer than this.
LIMIT_SECONDS = 120.0


class ClientDisconnected(Exception):
    """The client is gone, or its time is up."""


def event_stream_frames(work: Callable[[EmitEvent], None]) -> Iterator[bytes]:
    """What the work tells, on the wire, each event as soon as there is one; the work is done in a
    thread of its own.

    What it raises becomes an `error` event. When the client is gone, or its time is up, the work
    ends with the next event, after what it is at: a call of the model goes on to its own end. Logs
    and spans belong to the request that asks for the frames, which has been answered when they are
    told.
    """
    return _frames(work, copy_context())


def _frames(work: Callable[[EmitEvent], None], context: Context) -> Iterator[bytes]:
    told: SimpleQueue[bytes | None] = SimpleQueue()
    over = Event()

    def tell(name: str, data: Any) -> None:
        if over.is_set():
            raise ClientDisconnected
        told.put(_frame(name, data))

    def working() -> None:
        try:
            work(tell)
        except ClientDisconnected:
            pass
        except Refusal as refusal:
            told.put(_error(refusal))
        except Exception:
            logger.exception("unexpected")
            told.put(_error(InternalError()))
        finally:
            told.put(None)

    until = time.monotonic() + LIMIT_SECONDS
    Thread(target=context.run, args=(working,), daemon=True).start()
    try:
        while (left := until - time.monotonic()) > 0:
            try:
                frame = told.get(timeout=min(left, KEEP_ALIVE_SECONDS))
            except Empty:
                yield KEEP_ALIVE
                continue
            if frame is None:
                return
            yield frame
        yield _error(Unavailable("This takes too long. Nothing is lost; try again."))
    finally:
        over.set()


def _frame(name: str, data: Any) -> bytes:
    # A number that is too great to be one, sent by the client and said again, is no JSON.
    text = to_json(data, inf_nan_mode="null")
    return b"event: %b\ndata: %b\n\n" % (name.encode(), text)


def _error(refusal: Refusal) -> bytes:
    return _frame("error", ErrorEvent(error=refusal.reason, message=refusal.detail))

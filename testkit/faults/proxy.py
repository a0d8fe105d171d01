"""A proxy between a Firestore client and the emulator that injects faults into calls.

It uses gRPC on both sides and forwards bytes and metadata unchanged, so that clients and
functions need no changes:

    with proxied(emulator) as proxy:
        with start_functions(emulator, port=free_port(), project_id=PROJECT_ID, quiet=True,
                     environment={"FIRESTORE_EMULATOR_HOST": proxy.host}) as stack:
            proxy.script(COMMIT, Lose())                 # the next commit; or, for a long run:
            proxy.plan = Seeded(seed, {COMMIT: [(0.1, Lose()), (0.1, Refuse(ABORTED))]})
            ...
            proxy.clear_faults()                         # from here on all calls pass
            assert proxy.harmed                          # what was done, and to which calls

The script takes precedence; where it has no line for a method, the plan decides. A client on
`emulator.host` bypasses both. Choose the rates of a plan by how often a fault ends a request: the
adapter tries again and again for eight seconds, so a Refuse or a Lose at 0.3 nearly always ends
in success, while every Hang costs the three seconds of a call's own deadline.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import grpc

from local.emulator import Emulator
from testkit.faults.plans import (
    COUNT,
    DEADLINE_EXCEEDED,
    QUERY,
    READ,
    UNAVAILABLE,
    Cut,
    Delay,
    Fault,
    Hang,
    Hold,
    Lose,
    Plan,
    Refuse,
    Script,
)

STREAMS = {READ, QUERY, COUNT}
NOT_SPOKEN = {"Listen", "Write"}
AT_ONCE = 64
UPSTREAM_SECONDS = 15
SETTLE_SECONDS = 60
OPTIONS = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]
# Headers of one connection: gRPC sets them again.
OWN_METADATA = ("grpc-", "user-agent", ":")


@dataclass
class ProxiedCall:
    """One received call, the fault injected into it, and its progress.

    `effective`: the database answered it, or began to. `messages`: number forwarded of its reply.
    """

    method: str
    number: int
    fault: Fault | None = None
    effective: bool = False
    messages: int = 0


class Proxy:
    """Created by `proxied`. May be scripted and queried while calls arrive."""

    def __init__(self, emulator: Emulator) -> None:
        self.plan: Plan | None = None
        self._lock = threading.Lock()
        self._script = Script()
        self._calls: list[ProxiedCall] = []
        self._counts: Counter[str] = Counter()
        self._at_work = 0
        self._idle = threading.Condition(self._lock)
        self._closing = threading.Event()
        self._upstream = grpc.insecure_channel(emulator.host, options=OPTIONS)
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="proxy")
        self._server = grpc.server(self._threads, options=[*OPTIONS, ("grpc.so_reuseport", 0)])
        self._server.add_generic_rpc_handlers((_Handlers(self),))
        self.host = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()

    def script(self, method: str, *faults: Fault | None) -> None:
        """Adds faults for the method's next calls, in order; None lets one pass."""
        with self._lock:
            self._script.add(method, faults)

    def clear_faults(self) -> None:
        """Clears script and plan; the record of past calls remains."""
        with self._lock:
            self._script = Script()
            self.plan = None

    def forget(self) -> None:
        """Clears the record and counts calls from 0 again."""
        with self._lock:
            self._calls.clear()
            self._counts.clear()

    @property
    def calls(self) -> list[ProxiedCall]:
        """Every call, in the order of arrival."""
        with self._lock:
            return [replace(call) for call in self._calls]

    @property
    def harmed(self) -> list[ProxiedCall]:
        return [call for call in self.calls if call.fault is not None]

    @property
    def unplayed(self) -> dict[str, int]:
        """The number of unused lines of the script, by method."""
        with self._lock:
            return self._script.left

    def settle(self) -> None:
        """Waits for all calls in progress, including delayed ones whose clients are gone.

        Raises TimeoutError if a call is held and not released.
        """
        with self._idle:
            if not self._idle.wait_for(lambda: self._at_work == 0, SETTLE_SECONDS):
                raise TimeoutError(f"{self._at_work} calls are still at work")

    def close(self) -> None:
        """Ends all calls, held and hanging ones included, and waits for them."""
        self._closing.set()
        self._server.stop(None).wait()
        self._threads.shutdown(wait=True)
        self._upstream.close()

    def handle(self, method: str, request: bytes, context: Any) -> Iterator[bytes]:
        """Handles one call; raises the error for the client through the context."""
        call = self._met(method.rpartition("/")[2])
        try:
            yield from self._played(method, request, context, call)
        finally:
            with self._idle:
                self._at_work -= 1
                self._idle.notify_all()

    def _played(
        self, method: str, request: bytes, context: Any, call: ProxiedCall
    ) -> Iterator[bytes]:
        match call.fault:
            case Refuse(code):
                context.abort(code, "refused by the proxy")
            case Hang(effective=False):
                self._wait_until_gone(context, threading.Event())
            case Hold(effective=False) as hold:
                self._hold(hold, context)
            case Delay(seconds):
                if self._closing.wait(seconds):
                    context.abort(UNAVAILABLE, "the proxy closes")
        replies = self._forward(method, request, context, call)
        match call.fault:
            case Cut(after, code):
                yield from self._cut(replies, after, call)
                context.abort(code, "cut by the proxy")
            case Lose() | Hang() | Hold():
                yield from self._after_effect(list(replies), context, call)
            case _:
                yield from self._counted(replies, call)

    def _met(self, name: str) -> ProxiedCall:
        with self._lock:
            number = self._counts[name]
            self._counts[name] += 1
            self._at_work += 1
            fault = self._script(name, number)
            if fault is None and self.plan:
                fault = self.plan(name, number)
            call = ProxiedCall(name, number, fault)
            self._calls.append(call)
            return call

    def _after_effect(
        self, replies: list[bytes], context: Any, call: ProxiedCall
    ) -> Iterator[bytes]:
        match call.fault:
            case Lose(code):
                context.abort(code, "reply lost by the proxy")
            case Hang():
                self._wait_until_gone(context, threading.Event())
            case Hold(effective=True) as hold:
                self._hold(hold, context)
        yield from self._counted(iter(replies), call)

    def _counted(self, replies: Iterator[bytes], call: ProxiedCall) -> Iterator[bytes]:
        for number, reply in enumerate(replies, 1):
            call.messages = number
            yield reply

    def _cut(self, replies: Iterator[bytes], after: int, call: ProxiedCall) -> Iterator[bytes]:
        if after:
            for number, reply in enumerate(self._counted(replies, call), 1):
                yield reply
                if number == after:
                    return

    def _hold(self, hold: Hold, context: Any) -> None:
        hold.reached.set()
        self._wait_until_gone(context, hold.wake)

    def _wait_until_gone(self, context: Any, wake: threading.Event) -> None:
        """Returns when woken; ends the call when the client is gone or the proxy closes."""
        if context.add_callback(wake.set):
            wake.wait()
        if not context.is_active():
            context.abort(DEADLINE_EXCEEDED, "given up by the client")

    def _forward(
        self, method: str, request: bytes, context: Any, call: ProxiedCall
    ) -> Iterator[bytes]:
        metadata = [
            (key, value)
            for key, value in context.invocation_metadata()
            if not key.startswith(OWN_METADATA)
        ]
        try:
            if call.method in STREAMS:
                stream = self._upstream.unary_stream(method)(
                    request, metadata=metadata, timeout=UPSTREAM_SECONDS
                )
                context.add_callback(stream.cancel)
                for reply in stream:
                    call.effective = True
                    yield reply
            else:
                reply = self._upstream.unary_unary(method)(
                    request, metadata=metadata, timeout=UPSTREAM_SECONDS
                )
                call.effective = True
                yield reply
        except grpc.RpcError as error:
            context.set_trailing_metadata(error.trailing_metadata() or ())
            context.abort(error.code(), error.details())


class _Handlers(grpc.GenericRpcHandler):
    """The proxy handles every method; requests and replies stay bytes."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy

    def service(self, details: Any) -> Any:
        method: str = details.method
        name = method.rpartition("/")[2]
        if name in NOT_SPOKEN:
            return None
        if name in STREAMS:
            return grpc.unary_stream_rpc_method_handler(
                lambda request, context: self._proxy.handle(method, request, context)
            )
        return grpc.unary_unary_rpc_method_handler(
            lambda request, context: _only(self._proxy.handle(method, request, context))
        )


def _only(replies: Iterator[bytes]) -> bytes:
    (reply,) = replies
    return reply


@contextmanager
def proxied(emulator: Emulator) -> Iterator[Proxy]:
    proxy = Proxy(emulator)
    try:
        yield proxy
    finally:
        proxy.close()

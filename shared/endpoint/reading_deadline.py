"""A time limit on what is read from connections, kept by one thread for all of them."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock, Thread


class ReadingDeadline:
    """Ends the reading from connections that takes longer than `seconds`.

    A timeout of the socket would not: it starts again with each byte. A timer of each connection
    would start a thread for every request. This thread ends when it finds nothing to wait for.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._lock = Lock()
        # The earliest first, because all have the same time.
        self._deadlines: dict[socket.socket, float] = {}
        self._watched = False

    @contextmanager
    def applied_to(self, connection: socket.socket) -> Iterator[None]:
        with self._lock:
            self._deadlines[connection] = time.monotonic() + self.seconds
            if not self._watched:
                Thread(target=self._watch, daemon=True).start()
                self._watched = True
        try:
            yield
        finally:
            with self._lock:
                self._deadlines.pop(connection, None)

    def _watch(self) -> None:
        while (seconds := self._end_overdue()) is not None:
            time.sleep(seconds)

    def _end_overdue(self) -> float | None:
        """The seconds to the next deadline, None where there is none."""
        with self._lock:
            now = time.monotonic()
            for connection, deadline in list(self._deadlines.items()):
                if deadline > now:
                    return deadline - now
                del self._deadlines[connection]
                # With the lock: the connection may take its next request once this one is over.
                end_reading(connection)
            self._watched = False
            return None


def end_reading(connection: socket.socket) -> None:
    """The reader finds the end of the body; the response can still be sent."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RD)

"""One thread ends the reading from all connections that take too long."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from shared.endpoint.reading_deadline import ReadingDeadline

TIMEOUT_SECONDS = 10
CONNECTIONS = 20


@pytest.fixture
def connections() -> Iterator[list[socket.socket]]:
    """Connections whose clients send nothing, and don't close them."""
    with ExitStack() as opened:
        found = []
        for _ in range(CONNECTIONS):
            here, there = map(opened.enter_context, socket.socketpair())
            here.settimeout(TIMEOUT_SECONDS)
            found.append(here)
            opened.callback(there.close)
        yield found


def threads() -> set[threading.Thread]:
    return set(threading.enumerate())


def test_one_thread_ends_the_reading_from_all_connections(connections: list[socket.socket]) -> None:
    deadline = ReadingDeadline(seconds=0.3)
    before = threads()
    with ExitStack() as reading:
        for connection in connections:
            reading.enter_context(deadline.applied_to(connection))
        assert len(threads() - before) == 1
        started = time.monotonic()
        assert [connection.recv(1) for connection in connections] == [b""] * CONNECTIONS
        assert time.monotonic() - started >= 0.25
    for thread in threads() - before:
        thread.join(TIMEOUT_SECONDS)
    assert threads() <= before


def test_what_is_read_in_time_is_not_ended(connections: list[socket.socket]) -> None:
    deadline = ReadingDeadline(seconds=0.1)
    first, second, *_ = connections
    with deadline.applied_to(first):
        pass
    with deadline.applied_to(second):
        assert second.recv(1) == b""

    first.settimeout(0.1)
    with pytest.raises(TimeoutError):
        first.recv(1)


def test_a_thread_that_has_ended_is_followed_by_another(connections: list[socket.socket]) -> None:
    deadline = ReadingDeadline(seconds=0.05)
    before = threads()
    for connection in connections[:3]:
        with deadline.applied_to(connection):
            assert connection.recv(1) == b""
        for thread in threads() - before:
            thread.join(TIMEOUT_SECONDS)
            assert not thread.is_alive()

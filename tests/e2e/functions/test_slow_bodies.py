"""The deadline of a body in the web server of deployments, with a shorter time."""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from select import select
from socket import create_connection, socket

import pytest
import requests

from local.emulator import Emulator
from local.processes import spawn, stop
from local.stack import free_port
from local.tokens import user_token
from tests.support.edge import PROJECT_ID, TIMEOUT_SECONDS

THREADS = 2
START_SECONDS = 60
DEADLINE_SECONDS = 1.0
# functions-framework as its own command starts it.
WITH_SHORT_DEADLINE = f"""
import runpy
from shared.endpoint import request_body
request_body.DEADLINE.seconds = {DEADLINE_SECONDS}
runpy.run_module("functions_framework", run_name="__main__")
"""
TEMPLATE = {"name": "Scales", "template_data": {"sections": []}}


@pytest.fixture(scope="module")
def port(emulator: Emulator) -> Iterator[int]:
    """The port of create_template."""
    with ExitStack() as running:
        # gunicorn's control socket. There can be one for each runtime directory.
        sockets = running.enter_context(tempfile.TemporaryDirectory())
        output = running.enter_context(tempfile.TemporaryFile("a+b"))
        port = free_port()
        process = spawn(
            [
                *(sys.executable, "-c", WITH_SHORT_DEADLINE, "--target", "create_template"),
                *("--host", "127.0.0.1", "--port", str(port)),
            ],
            env={
                "PATH": os.environ["PATH"],
                "GOOGLE_CLOUD_PROJECT": PROJECT_ID,
                "PRACTICE_SEAL_KEYS": "k" * 43 + "=",
                "FIRESTORE_EMULATOR_HOST": emulator.host,
                "THREADS": str(THREADS),
                "XDG_RUNTIME_DIR": sockets,
            },
            output=output,
        )
        running.callback(stop, process)
        until = time.monotonic() + START_SECONDS
        while not answers(port):
            if process.poll() is not None or time.monotonic() > until:
                output.seek(0)
                pytest.fail(f"create_template did not start:\n{output.read().decode()[-2_000:]}")
            time.sleep(0.05)
        yield port


def answers(port: int) -> bool:
    try:
        return requests.options(f"http://127.0.0.1:{port}", timeout=TIMEOUT_SECONDS).ok
    except requests.ConnectionError:
        return False


def begin_body(port: int, framing: str) -> socket:
    """A connection on which a signed-in user has sent all of a request but its body."""
    connection = create_connection(("127.0.0.1", port), timeout=TIMEOUT_SECONDS)
    head = (
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {user_token('slow', project_id=PROJECT_ID)}\r\n{framing}\r\n\r\n"
    )
    connection.sendall(head.encode())
    return connection


def sent_slowly(connection: socket, part: bytes) -> bytes:
    """The response to a body that never ends: a part of it comes every 50 ms."""
    until = time.monotonic() + TIMEOUT_SECONDS
    while not select([connection], [], [], 0.05)[0]:
        assert time.monotonic() < until, "the server waits for the body"
        connection.sendall(part)
    answer = b""
    while received := connection.recv(65_536):
        answer += received
    return answer


@pytest.mark.parametrize(
    ("framing", "part"),
    [("Content-Length: 1000000", b" "), ("Transfer-Encoding: chunked", b"1\r\n \r\n")],
    ids=["length", "chunks"],
)
def test_slow_bodies_of_signed_in_clients_hold_the_threads_until_the_deadline_only(
    port: int, framing: str, part: bytes
) -> None:
    with ExitStack() as connections:
        slow = [connections.enter_context(begin_body(port, framing)) for _ in range(THREADS)]
        for connection in slow:
            head, _, body = sent_slowly(connection, part).partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 400")
            problem = json.loads(body)
            assert problem["reason"] == "INVALID_JSON"
            assert f"takes longer than {DEADLINE_SECONDS:.0f} seconds" in problem["detail"]
        created = requests.post(
            f"http://127.0.0.1:{port}",
            json=TEMPLATE,
            headers={"Authorization": f"Bearer {user_token('quick', project_id=PROJECT_ID)}"},
            timeout=TIMEOUT_SECONDS,
        )
        assert created.status_code == 201

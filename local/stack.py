"""Emulator and functions together, started and ended as one."""

import os
import secrets
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from subprocess import Popen
from sys import executable
from typing import IO

import requests
from cryptography.fernet import Fernet

from local.emulator import Emulator, running
from local.processes import spawn, stop
from local.tokens import PROJECT_ID

START_SECONDS = 60
# Below those that systems give to outgoing connections.
UNASSIGNED_PORTS = range(20_000, 32_000)


class StackError(Exception):
    """The stack can't run; the message says why."""


@dataclass(frozen=True)
class Stack:
    """`url` is where the functions are; each is at /<name>."""

    url: str
    emulator: Emulator
    project_id: str
    server: "Popen[bytes]"


def free_port() -> int:
    """A random port that nobody uses now, nor is given before it is taken."""
    while True:
        port = secrets.choice(UNASSIGNED_PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def check_free(port: int, *, variable: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise StackError(f"Port {port} is taken: choose another with {variable}=.") from error


@contextmanager
def stack(
    *,
    port: int,
    firestore_port: int,
    project_id: str = PROJECT_ID,
    quiet: bool = False,
    environment: dict[str, str] | None = None,
) -> Iterator[Stack]:
    """Both running and ready, and both gone on the way out."""
    with (
        running(firestore_port) as emulator,
        serving(
            emulator, port=port, project_id=project_id, quiet=quiet, environment=environment
        ) as serving_stack,
    ):
        yield serving_stack


@contextmanager
def serving(
    emulator: Emulator,
    *,
    port: int,
    project_id: str = PROJECT_ID,
    quiet: bool = False,
    output: IO[bytes] | None = None,
    environment: dict[str, str] | None = None,
) -> Iterator[Stack]:
    """All functions on one port, over an emulator that is there already.

    What they print goes to `output`, else to ours, unless they are to be `quiet`.
    """
    settings = {
        **os.environ,
        "GOOGLE_CLOUD_PROJECT": project_id,
        "FIRESTORE_EMULATOR_HOST": emulator.host,
        "PRACTICE_SEAL_KEYS": os.environ.get("PRACTICE_SEAL_KEYS") or _new_key(),
        **(environment or {}),
    }
    command = [executable, "-m", "local.server", str(port)]
    with tempfile.TemporaryFile() as log:
        server = spawn(command, env=settings, output=output or (log if quiet else None))
        try:
            url = f"http://127.0.0.1:{port}"
            deadline = time.monotonic() + START_SECONDS
            while not _healthy(url):
                if server.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    words = log.read().decode(errors="replace")[-2_000:]
                    raise StackError(f"The functions did not start.\n{words}")
                time.sleep(0.05)
            yield Stack(url, emulator, project_id, server)
        finally:
            stop(server)


def _new_key() -> str:
    """A seal key for this stack alone, so that all its functions open each other's seals."""
    return Fernet.generate_key().decode()


def _healthy(url: str) -> bool:
    try:
        return requests.get(f"{url}/healthz", timeout=2).ok
    except requests.RequestException:
        return False

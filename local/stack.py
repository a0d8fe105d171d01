"""The emulator and the functions, started and stopped together."""

import os
import secrets
import socket
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen
from sys import executable
from typing import IO

import requests
from cryptography.fernet import Fernet

from local.emulator import Emulator, launch_emulator
from local.processes import spawn, stop
from local.tokens import PROJECT_ID

START_SECONDS = 60
# Below the ports that operating systems assign to outgoing connections.
UNASSIGNED_PORTS = range(20_000, 32_000)


class StackError(Exception):
    """The stack can't run, for the reason in the message."""


@dataclass(frozen=True)
class Stack:
    """A running stack. A function's address is `url`/<name>; `server` is their process.

    `environment` has the settings of the functions.
    """

    url: str
    emulator: Emulator
    project_id: str
    server: "Popen[bytes]"
    environment: Mapping[str, str] = field(repr=False)

    @property
    def documents_url(self) -> str:
        return self.emulator.documents_url(self.project_id)


def free_port() -> int:
    """A random unused port that the system does not assign to other programs."""
    while True:
        port = secrets.choice(UNASSIGNED_PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def require_free_port(port: int, *, variable: str) -> None:
    """Raises StackError if the port is in use. `variable` is the setting to change."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise StackError(f"Port {port} is taken: choose another with {variable}=.") from error


@contextmanager
def start_stack(
    *,
    port: int,
    firestore_port: int,
    project_id: str = PROJECT_ID,
    quiet: bool = False,
    environment: dict[str, str] | None = None,
    documents: Path | None = None,
) -> Iterator[Stack]:
    """Starts the emulator and the functions at once, and stops them at the end.

    See use_emulator and start_functions for the arguments. Raises EmulatorError or StackError.
    """
    with (
        launch_emulator(firestore_port, documents=documents) as (emulator, wait_until_ready),
        start_functions(
            emulator, port=port, project_id=project_id, quiet=quiet, environment=environment
        ) as stack,
    ):
        wait_until_ready()
        yield stack


@contextmanager
def start_functions(
    emulator: Emulator,
    *,
    port: int,
    project_id: str = PROJECT_ID,
    quiet: bool = False,
    output: IO[bytes] | None = None,
    environment: dict[str, str] | None = None,
) -> Iterator[Stack]:
    """Starts all functions on one port, over an emulator, and stops them at the end.

    `environment` overrides settings. Their output goes to `output`, else to this process's output;
    `quiet` hides it. Raises StackError if they do not start.
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
            while not _is_healthy(url):
                if server.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    end_of_log = log.read().decode(errors="replace")[-2_000:]
                    raise StackError(f"The functions did not start.\n{end_of_log}")
                time.sleep(0.05)
            yield Stack(url, emulator, project_id, server, settings)
        finally:
            stop(server)


def _new_key() -> str:
    """A seal key of this stack, which all its functions share."""
    return Fernet.generate_key().decode()


def _is_healthy(url: str) -> bool:
    try:
        return requests.get(f"{url}/healthz", timeout=2).ok
    except requests.RequestException:
        return False

"""Servers under measurement, on a processor core apart from the sender of the load.

Linux only: processor time and memory are read from /proc, and taskset binds a process to a core.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from sys import executable

import requests

from local.processes import ROOT, spawn, stop
from local.stack import free_port

SERVER_CORE = 0
LOAD_CORE = 1  # load generator, emulator and stub model: everything that is not measured
START_SECONDS = 60
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class ServerFailed(Exception):
    """The server did not answer in time. The message has the end of its output."""


@dataclass(frozen=True)
class Server:
    """A server process with its descendants, such as gunicorn's workers."""

    url: str
    pid: int

    def cpu_seconds(self) -> float:
        """Processor time of all its processes so far, to the nanosecond."""
        return sum(_cpu_seconds(pid) for pid in process_tree(self.pid))

    def resident_bytes(self) -> int:
        """Memory of all its processes. Shared pages are counted once per process."""
        return sum(_resident_bytes(pid) for pid in process_tree(self.pid))


def pinned_command(core: int, command: Sequence[str]) -> list[str]:
    """The command, bound to the core if the machine has it."""
    if shutil.which("taskset") is None or (os.cpu_count() or 1) <= core:
        return list(command)
    return ["taskset", "--cpu-list", str(core), *command]


@contextmanager
def pin_process(core: int) -> Iterator[None]:
    """Binds this process, its threads and new children to the core if the machine has it."""
    before = os.sched_getaffinity(0)
    _bind({core} if core < (os.cpu_count() or 1) else before)
    try:
        yield
    finally:
        _bind(before)


def _bind(cores: set[int]) -> None:
    for task in Path("/proc/self/task").iterdir():
        with suppress(ProcessLookupError):
            os.sched_setaffinity(int(task.name), cores)


@contextmanager
def start_server(
    command: Sequence[str],
    *,
    port: int,
    environment: Mapping[str, str],
    path: str = "/",
    core: int = SERVER_CORE,
) -> Iterator[Server]:
    """Starts a server, waits until it answers on `path` with any status, and stops it at the end.

    The command runs in the project's root; `environment` is added to that of this process. Raises
    ServerFailed.
    """
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryFile() as log:
        process = spawn(
            pinned_command(core, command), env={**os.environ, **environment}, output=log
        )
        try:
            deadline = time.monotonic() + START_SECONDS
            while not _is_ready(url + path):
                if process.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    raise ServerFailed(log.read().decode(errors="replace")[-3_000:])
                time.sleep(0.02)
            yield Server(url, process.pid)
        finally:
            stop(process)


def function_command(
    target: str,
    *,
    port: int,
    source: Path = ROOT / "main.py",
    programs: Path = Path(executable).parent,
) -> list[str]:
    """The command that runs a function as in production: under gunicorn with one worker."""
    framework = str(programs / "functions-framework")
    return [framework, "--source", str(source), "--target", target, "--port", str(port)]


@contextmanager
def start_function(
    target: str,
    *,
    environment: Mapping[str, str],
    source: Path | None = None,
    root: Path = ROOT,
    threads: int = 4,
) -> Iterator[Server]:
    """Starts one function of the checkout `root`, or of the file `source`.

    Raises ServerFailed.
    """
    port = free_port()
    settings = {"FUNCTION_TARGET": target, "THREADS": str(threads), **environment}
    command = function_command(target, port=port, source=source or root / "main.py")
    if root != ROOT:
        # The working directory comes first on the module path.
        command = ["env", "-C", str(root), *command]
    with start_server(command, port=port, environment=settings) as server:
        yield server


def process_tree(pid: int) -> list[int]:
    """The process and its current descendants; empty if it has ended."""
    try:
        tasks = [entry.name for entry in Path(f"/proc/{pid}/task").iterdir()]
        listed = [Path(f"/proc/{pid}/task/{task}/children").read_text() for task in tasks]
    except FileNotFoundError:
        return []
    children = [int(child) for line in listed for child in line.split()]
    return [pid, *(each for child in children for each in process_tree(child))]


def _cpu_seconds(pid: int) -> float:
    # The clock of another process, as clock_getcpuclockid(3) numbers it on Linux. The times in
    # /proc/PID/stat have steps of 10 ms, which is several requests.
    clock = (~pid << 3) | 2
    try:
        return time.clock_gettime(clock)
    except OSError:
        return 0.0


def _resident_bytes(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_BYTES
    except FileNotFoundError:
        return 0


def _is_ready(url: str) -> bool:
    try:
        requests.get(url, timeout=5)
    except requests.RequestException:
        return False
    return True

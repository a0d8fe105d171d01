"""Servers to be measured: each on a core of its own, apart from whoever sends the load.

Linux only: what a process used is read from /proc, and it is bound to its core by taskset.
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
LOAD_CORE = 1  # the load generator, the emulator and stub models: all that isn't measured
START_SECONDS = 60
TICKS = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class ServerFailed(Exception):
    """It did not answer in time; the message has its last words."""


@dataclass(frozen=True)
class Server:
    """A server process with its children, gunicorn's worker for one."""

    url: str
    pid: int

    def cpu_seconds(self) -> float:
        """Processor time of the whole tree so far, to a hundredth of a second."""
        return sum(_cpu_seconds(pid) for pid in tree(self.pid))

    def resident_bytes(self) -> int:
        """Memory of the whole tree. Pages that parent and child share count twice."""
        return sum(_resident_bytes(pid) for pid in tree(self.pid))


def on_core(core: int, command: Sequence[str]) -> list[str]:
    """The command, bound to that core where there is one."""
    if shutil.which("taskset") is None or (os.cpu_count() or 1) <= core:
        return list(command)
    return ["taskset", "--cpu-list", str(core), *command]


@contextmanager
def keep_to(core: int) -> Iterator[None]:
    """This process, its threads and whom it starts meanwhile, on that core where there is one."""
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
def served(
    command: Sequence[str],
    *,
    port: int,
    environment: Mapping[str, str],
    path: str = "/",
    core: int = SERVER_CORE,
) -> Iterator[Server]:
    """Starts a server and waits until it answers anything at all on `path`; ends it at the end.

    The command is run in the project's root with only this environment added. Raises ServerFailed.
    """
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryFile() as log:
        process = spawn(on_core(core, command), env={**os.environ, **environment}, output=log)
        try:
            deadline = time.monotonic() + START_SECONDS
            while not _answers(url + path):
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
    """As a function runs in production: functions-framework under gunicorn, one worker."""
    framework = str(programs / "functions-framework")
    return [framework, "--source", str(source), "--target", target, "--port", str(port)]


@contextmanager
def function(
    target: str,
    *,
    environment: Mapping[str, str],
    source: Path | None = None,
    root: Path = ROOT,
    threads: int = 4,
) -> Iterator[Server]:
    """One function, deployed on this machine from the checkout `root` or from `source`."""
    port = free_port()
    settings = {"FUNCTION_TARGET": target, "THREADS": str(threads), **environment}
    command = function_command(target, port=port, source=source or root / "main.py")
    if root != ROOT:
        # The working directory comes first on the module path.
        command = ["env", "-C", str(root), *command]
    with served(command, port=port, environment=settings) as server:
        yield server


def tree(pid: int) -> list[int]:
    """The process and all its descendants that are there now."""
    try:
        tasks = [entry.name for entry in Path(f"/proc/{pid}/task").iterdir()]
        listed = [Path(f"/proc/{pid}/task/{task}/children").read_text() for task in tasks]
    except FileNotFoundError:
        return []
    children = [int(child) for line in listed for child in line.split()]
    return [pid, *(each for child in children for each in tree(child))]


def _cpu_seconds(pid: int) -> float:
    try:
        # The name in parentheses may hold anything; the numbers follow it.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def _resident_bytes(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_BYTES
    except FileNotFoundError:
        return 0


def _answers(url: str) -> bool:
    try:
        requests.get(url, timeout=5)
    except requests.RequestException:
        return False
    return True

"""`make` in a process group of its own, as in a terminal, with the processes it leaves behind."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest

from local.processes import ROOT
from local.stack import free_port

TIMEOUT_SECONDS = 120
LEFT_BEHIND_SECONDS = 12

Process = tuple[int, str]  # its id and its start time, because ids are reused


class Make:
    """`make TARGET` in a process group of its own, as a terminal starts it."""

    def __init__(self, target: str, environment: dict[str, str], checkout: Path) -> None:
        make = shutil.which("make")
        assert make
        self.ports = {
            name: int(environment[name])
            for name in ("PORT", "FIRESTORE_PORT")
            if environment[name].isdecimal()
        }
        self.folder = environment["STACK_FOLDER"]
        self.printed = ""
        self.seen: set[Process] = set()
        self._make = subprocess.Popen(
            [make, target],
            cwd=checkout,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._reader = Thread(target=self._read)
        self._reader.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports['PORT']}"

    def _read(self) -> None:
        assert self._make.stdout
        for line in self._make.stdout:
            self.printed += line

    def until(self, condition: Callable[[], object]) -> None:
        """Waits until the condition is true."""
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while not condition():
            assert time.monotonic() < deadline, f"still waiting after: {self.printed}"
            assert self._make.poll() is None or condition(), f"ended after: {self.printed}"
            time.sleep(0.01)

    def until_printed(self, text: str) -> None:
        self.until(lambda: text in self.printed)

    def processes(self) -> dict[int, list[str]]:
        """All descendants with their command lines. They are added to `seen`."""
        found = {self._make.pid: _command(self._make.pid)}
        for pid in list(found):
            _add_children(pid, found)
        # A process that has ended since has no start time.
        self.seen |= {(pid, at) for pid in found if (at := _started(pid))}
        return found

    def running(self, *words: str) -> list[int]:
        """The descendants whose command line has all of these words."""
        return [
            pid
            for pid, command in self.processes().items()
            if all(any(word in part for part in command) for word in words)
        ]

    def ctrl_c(self) -> None:
        """Sends SIGINT to the whole process group, as a terminal does."""
        self.processes()
        os.killpg(self._make.pid, signal.SIGINT)

    def send(self, number: signal.Signals, *words: str) -> None:
        """Sends a signal to the one descendant with these words, or to make itself."""
        self.processes()
        (pid,) = self.running(*words) if words else [self._make.pid]
        os.kill(pid, number)

    def send_until_ended(self, number: signal.Signals, *words: str) -> None:
        """Sends the signal repeatedly until the one descendant with these words has ended."""
        (pid,) = self.running(*words)
        at = _started(pid)
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while _started(pid) == at and time.monotonic() < deadline:
            with suppress(ProcessLookupError):
                os.kill(pid, number)
            time.sleep(0.002)

    def ended(self) -> int:
        """Waits for the end. Returns the exit code as a shell shows it."""
        code = self._make.wait(TIMEOUT_SECONDS)
        # A process that is left behind would hold the pipe open.
        self._reader.join(LEFT_BEHIND_SECONDS)
        return 128 - code if code < 0 else code

    def left_behind(self) -> list[str]:
        """The processes still running and the ports still in use after a grace period."""
        deadline = time.monotonic() + LEFT_BEHIND_SECONDS
        while (left := self._alive()) and time.monotonic() < deadline:
            time.sleep(0.02)
        return left

    def _alive(self) -> list[str]:
        alive = [f"{pid}: {_command(pid)}" for pid, at in self.seen if _started(pid) == at]
        return alive + [f"{name} is in use" for name, port in self.ports.items() if _in_use(port)]

    def clean_up(self) -> None:
        """Kills the processes that a failed test left."""
        if self._make.poll() is None:
            self.processes()
        for pid, at in self.seen:
            if _started(pid) == at:
                os.kill(pid, signal.SIGKILL)
        self._make.wait(TIMEOUT_SECONDS)
        self._reader.join(LEFT_BEHIND_SECONDS)
        assert self._make.stdout
        self._make.stdout.close()


def _add_children(pid: int, found: dict[int, list[str]]) -> None:
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, _text(task).split()):
            if child not in found:
                found[child] = _command(child)
                _add_children(child, found)


def _command(pid: int) -> list[str]:
    return _text(Path(f"/proc/{pid}/cmdline")).split("\0")


def _started(pid: int) -> str:
    """When the process was started, in clock ticks; empty when it has ended."""
    fields = _text(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return fields[19] if fields and fields[0] != "Z" else ""


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _in_use(port: int) -> bool:
    # /proc/net/tcp: column 1 is the local address, column 3 the state; 0A is listening.
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    rows += [line.split() for line in Path("/proc/net/tcp6").read_text().splitlines()[1:]]
    return any(row[1].endswith(f":{port:04X}") and row[3] == "0A" for row in rows)


MakeTarget = Callable[..., Make]


def environment_with(folder: Path) -> dict[str, str]:
    """Free ports, this folder of a stack, and no variable that names an existing emulator."""
    own = {
        "PORT": str(free_port()),
        "FIRESTORE_PORT": str(free_port()),
        "STACK_FOLDER": str(folder),
    }
    unset = (
        "FIRESTORE_EMULATOR_HOST",
        "FIREBASE_AUTH_EMULATOR_HOST",
        "FRESH",
        "MAKEFLAGS",
        "MAKELEVEL",
        "GOOGLE_CLOUD_PROJECT",
    )
    return {k: v for k, v in os.environ.items() if k not in unset} | own


@contextmanager
def starting_make(environment: dict[str, str]) -> Iterator[MakeTarget]:
    """Starts `make TARGET` in `environment` with additional variables; kills it at the end."""
    started: list[Make] = []

    def start(target: str, checkout: Path = ROOT, **given: str) -> Make:
        started.append(Make(target, {**environment, **given}, checkout))
        return started[-1]

    try:
        yield start
    finally:
        for each in started:
            each.clean_up()


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return environment_with(tmp_path / "stack")


@pytest.fixture
def make(environment: dict[str, str]) -> Iterator[MakeTarget]:
    with starting_make(environment) as start:
        yield start

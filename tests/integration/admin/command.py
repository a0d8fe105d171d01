"""Runs the commands as an operator does: as processes, with output piped or on a terminal.

Loading the modules takes longer than most commands. `run` starts a process that has them: it is
forked from one that loaded them and did nothing else. `start` and `on_a_terminal` start Python.
"""

import json
import multiprocessing
import os
import pty
import runpy
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from local.processes import ROOT

SECONDS = 90
OURS = ("GOOGLE_CLOUD_PROJECT", "FIRESTORE_", "FIREBASE_", "PRACTICE_", "STALE_", "GOOGLE_")


@dataclass(frozen=True)
class CommandResult:
    code: int
    out: str
    err: str = ""

    @property
    def result(self) -> dict[str, Any]:
        """The one JSON object of a command whose output is piped."""
        assert self.code == 0, self.err
        (line,) = self.out.splitlines()
        result: dict[str, Any] = json.loads(line)
        return result


def line(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "admin", *arguments]


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of the tests, with only the given settings of this project."""
    rest = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**rest, "COLUMNS": "100", "TERM": "xterm", **environment}


def run(*arguments: str, env: Mapping[str, str]) -> CommandResult:
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload([__name__, "admin.app", "pytest"])
    with TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        process = forks.Process(
            target=_command, args=(arguments, clean_environment(env), out, err), daemon=True
        )
        process.start()
        process.join(SECONDS)
        code = process.exitcode
        process.kill()
        assert code is not None, f"still running after {SECONDS} s"
        return CommandResult(code, out.read_text(), err.read_text())


def _command(arguments: tuple[str, ...], env: dict[str, str], out: Path, err: Path) -> None:
    """The whole process of a command: its arguments, environment, streams and exit code."""
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["admin", *arguments]
    writing = os.O_WRONLY | os.O_CREAT
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(os.open(out, writing), 1)
    os.dup2(os.open(err, writing), 2)
    # Not closed here: a traceback is printed when this has ended.
    sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w")
    runpy.run_module("admin", run_name="__main__")


def start(*arguments: str, env: Mapping[str, str]) -> "subprocess.Popen[str]":
    """Starts a command that a test interrupts."""
    return subprocess.Popen(
        line(*arguments),
        cwd=ROOT,
        env=clean_environment(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def on_a_terminal(*arguments: str, env: Mapping[str, str], typed: str = "") -> CommandResult:
    """Both streams as one, in order of output; `typed` is available before the first prompt."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        line(*arguments),
        cwd=ROOT,
        env=clean_environment(env),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        os.write(ours, typed.encode())
        shown = b""
        try:
            while part := os.read(ours, 65_536):
                shown += part
        except OSError:  # Linux reports a closed terminal this way
            pass
        finally:
            os.close(ours)
        return CommandResult(process.wait(SECONDS), shown.decode())

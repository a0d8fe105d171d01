"""Runs the commands as an operator does: as processes, with output piped or on a terminal."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
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
    ran = subprocess.run(
        line(*arguments),
        cwd=ROOT,
        env=clean_environment(env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    return CommandResult(ran.returncode, ran.stdout, ran.stderr)


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

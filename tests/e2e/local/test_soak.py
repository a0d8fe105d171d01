"""`make soak` as typed in a terminal."""

import os
import shlex
import signal
import subprocess

import pytest

from local.emulator import Emulator
from local.processes import ROOT
from tests.e2e.local.conftest import MakeTarget
from tests.support.documents import example

INTERRUPTED = 128 + signal.SIGINT


def test_make_soak_shows_progress_and_a_summary_and_leaves_nothing_behind_on_ctrl_c(
    make: MakeTarget, emulator: Emulator
) -> None:
    soak = make("soak", FIRESTORE_EMULATOR_HOST=emulator.host, SEEDS="56 1 2 3 4")
    soak.until_printed("passed\n")

    soak.ctrl_c()

    assert soak.ended() in (0, INTERRUPTED)
    assert "seed 56" in soak.printed
    assert "Stopped." in soak.printed
    assert "Histories: 1, sessions: " in soak.printed
    assert "Traceback" not in soak.printed
    assert soak.left_behind() == []


def run_bash(command: str) -> "subprocess.CompletedProcess[str]":
    """Runs a command in the project's folder, not as a part of the `make` that runs the tests."""
    alone = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    return subprocess.run(
        ["bash", "-euc", command],
        cwd=ROOT,
        env=alone,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("line", example("docs/faults.md", "sh").splitlines())
def test_each_printed_command_is_accepted(line: str) -> None:
    """Not played, as in the test above: one word too many is all that is refused."""
    command = shlex.join(shlex.split(line, comments=True))
    if command.startswith("make "):
        command = run_bash(f"{command} --dry-run --old-file=.venv/installed").stdout.strip()
    assert "-m tests.chaos.histories" in command
    refused = run_bash(f"{command} --nonsense")
    assert refused.returncode == 2
    assert refused.stderr.endswith("error: unrecognized arguments: --nonsense\n")

"""Child processes that end with this process, even if it is killed."""

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
STOP_SECONDS = 10
SETPRIV = shutil.which("setpriv") if sys.platform == "linux" else None
DIES_WITH_PARENT = [SETPRIV, "--pdeathsig", "TERM"] if SETPRIV else []


def spawn(
    command: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    output: IO[bytes] | None = None,
    folder: Path = ROOT,
) -> "subprocess.Popen[bytes]":
    """Starts a child in a new session, so that Ctrl-C reaches only this process.

    On Linux the kernel terminates the child if this process is killed. Call it from the main
    thread: the kernel does so when the thread that spawned the child ends.

    The child asks for this itself, with setpriv. A preexec_fn would make Python fork instead of
    vfork, and after a fork gRPC restarts its threads in the child: they may find their descriptors
    closed, report that in the child's output and abort the child before it runs the command.
    """
    return subprocess.Popen(
        [*DIES_WITH_PARENT, *command],
        cwd=folder,
        env=env,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Terminates the child, and kills it after STOP_SECONDS."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

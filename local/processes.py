"""Child processes that never outlive us, however we end."""

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
    command: Sequence[str], *, env: Mapping[str, str] | None = None, output: IO[bytes] | None = None
) -> "subprocess.Popen[bytes]":
    """Starts a child in a session of its own: Ctrl-C reaches us alone, and we end the child.

    Should we be killed, Linux ends the child for us. Call it from the main thread, for the kernel
    takes the end of the spawning thread for that of the process.

    The child asks for that itself, by setpriv. A preexec_fn would make Python fork, not vfork, and
    after a fork gRPC starts its threads anew in the child: they may find their descriptors closed,
    say so in the child's output and abort it before it runs the command.
    """
    return subprocess.Popen(
        [*DIES_WITH_PARENT, *command],
        cwd=ROOT,
        env=env,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Ends the child politely, then not."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

"""Child processes that never outlive us, however we end."""

import ctypes
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
STOP_SECONDS = 10
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def spawn(
    command: Sequence[str], *, env: Mapping[str, str] | None = None, output: IO[bytes] | None = None
) -> "subprocess.Popen[bytes]":
    """Starts a child in a session of its own: Ctrl-C reaches us alone, and we end the child.

    Should we be killed, Linux ends the child for us. Call it from the main thread, for the kernel
    takes the end of the spawning thread for that of the process.
    """
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=env,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        # Between fork and exec another thread's lock may be held for ever. This one takes none.
        preexec_fn=_die_with_parent if LIBC else None,  # noqa: PLW1509
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


def _die_with_parent() -> None:
    if LIBC:
        LIBC.prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))

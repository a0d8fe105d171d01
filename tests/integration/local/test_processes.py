"""How child processes are started."""

import subprocess
import sys

from local.processes import ROOT

# pthread_atfork in glibc calls this, so gRPC's core registers its handlers the same way. Elsewhere
# Python has no vfork, and the child is started without a handler.
SPAWNING = """
import ctypes
import sys
from local.processes import spawn

handler = ctypes.CFUNCTYPE(None)(lambda: print("a fork handler ran", flush=True))
if sys.platform == "linux":
    assert ctypes.CDLL(None).__register_atfork(handler, None, None, None) == 0
assert spawn(["echo", "the child ran"]).wait() == 0
"""


def test_a_child_is_started_without_the_fork_handlers_of_libraries() -> None:
    """gRPC's handlers start threads in the child, which abort it or write to its output."""
    ran = subprocess.run(
        [sys.executable, "-c", SPAWNING],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert ran.stdout == "the child ran\n"

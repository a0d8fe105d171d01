"""A stop signal stops the program wherever it arrives."""

import subprocess
import sys

from local.processes import ROOT

IN_A_FINALIZER = """
import signal
from local.run import Stopped, raise_on_stop_signals

class Finalized:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)

raise_on_stop_signals()
try:
    finalized = Finalized()
    del finalized
    signal.pause()
except Stopped:
    print("Stopped.")
"""


def test_ctrl_c_is_not_lost_in_a_finalizer() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", IN_A_FINALIZER],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert (ran.stdout, ran.stderr) == ("Stopped.\n", "")

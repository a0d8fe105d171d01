"""`make soak` as typed in a terminal."""

import signal

from local.emulator import Emulator
from tests.e2e.local.conftest import MakeTarget

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

"""`make run`: the whole back end on this machine until Ctrl-C."""

import os
import signal
import sys
import time
from types import FrameType

from local import seed
from local.emulator import RULES, EmulatorError
from local.stack import StackError, check_free, stack


class Stopped(Exception):
    """Someone asked us to end: Ctrl-C, SIGTERM or a closed terminal."""


def _stop(_signal: int, _frame: FrameType | None) -> None:
    # Once is enough: a second signal must not break off the clean-up.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Stopped


def until_stopped() -> None:
    """Makes Ctrl-C, SIGTERM and a closed terminal unwind the stack in the ordinary way."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)


def main() -> int:
    until_stopped()
    try:
        port = int(os.environ.get("PORT", "8080"))
        firestore_port = int(os.environ.get("FIRESTORE_PORT", "8085"))
        check_free(port, variable="PORT")
        if "FIRESTORE_EMULATOR_HOST" not in os.environ:
            check_free(firestore_port, variable="FIRESTORE_PORT")
        print("Starting the Firestore emulator and the functions ...", flush=True)
        with stack(port=port, firestore_port=firestore_port) as running:
            running.emulator.load_rules(running.project_id, RULES.read_text())
            seed.sow(running)
            print(f"Firestore emulator at {running.emulator.url}, project {running.project_id}")
            print(f"ready {running.url}", flush=True)
            while running.server.poll() is None:
                time.sleep(0.5)
        print("The functions ended unexpectedly.", file=sys.stderr)
    except Stopped:
        print("\nStopped.")
        return 0
    except (EmulatorError, StackError, ValueError) as error:
        print(error, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())

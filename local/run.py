"""`make run`: the whole back end on this machine until Ctrl-C."""

import os
import signal
import sys
import time
from types import FrameType

import requests

from local import seed
from local.emulator import RULES, EmulatorError
from local.stack import StackError, check_free, stack

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):
    """Someone asked us to end: Ctrl-C, SIGTERM or a closed terminal."""


def _stop(_signal: int, _frame: FrameType | None) -> None:
    # Once is enough: a second signal must not break off the clean-up.
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)
    raise Stopped


def until_stopped() -> None:
    """Makes Ctrl-C, SIGTERM and a closed terminal unwind the stack in the ordinary way."""
    for number in ENDING:
        signal.signal(number, _stop)


def _port(variable: str, default: int) -> int:
    """The port that the variable names. Raises StackError when nobody can listen there."""
    text = os.environ.get(variable) or str(default)
    port = int(text) if text.isdecimal() else 0
    if not 1 <= port <= 65_535:
        raise StackError(f"{variable} must be a port from 1 to 65535, not {text!r}.")
    return port


def main() -> int:
    until_stopped()
    try:
        port, firestore_port = _port("PORT", 8080), _port("FIRESTORE_PORT", 8085)
        check_free(port, variable="PORT")
        if not os.environ.get("FIRESTORE_EMULATOR_HOST"):
            check_free(firestore_port, variable="FIRESTORE_PORT")
            if port == firestore_port:
                raise StackError(f"PORT and FIRESTORE_PORT are both {port}: choose two.")
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
    except (EmulatorError, StackError, requests.RequestException) as error:
        print(error, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())

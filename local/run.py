"""`make run`: runs the whole back end on this machine until Ctrl-C."""

import os
import signal
import sys
import time
from types import FrameType

import requests

from local import seed
from local.emulator import RULES, EmulatorError
from local.stack import StackError, require_free_port, start_stack

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):
    """Raised in the main thread by Ctrl-C, SIGTERM or a closed terminal."""


def _stop(_signal: int, _frame: FrameType | None) -> None:
    # A second signal must not interrupt the clean-up.
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise Stopped


def raise_on_stop_signals() -> None:
    """Lets Ctrl-C, SIGTERM and a closed terminal raise Stopped, so that clean-up code runs."""
    for number in STOP_SIGNALS:
        signal.signal(number, _stop)


def _port(variable: str, default: int) -> int:
    """The port in the environment variable. Raises StackError if it is not a port number."""
    text = os.environ.get(variable) or str(default)
    port = int(text) if text.isdecimal() else 0
    if not 1 <= port <= 65_535:
        raise StackError(f"{variable} must be a port from 1 to 65535, not {text!r}.")
    return port


def main() -> int:
    raise_on_stop_signals()
    try:
        port, firestore_port = _port("PORT", 8080), _port("FIRESTORE_PORT", 8085)
        require_free_port(port, variable="PORT")
        if not os.environ.get("FIRESTORE_EMULATOR_HOST"):
            require_free_port(firestore_port, variable="FIRESTORE_PORT")
            if port == firestore_port:
                raise StackError(f"PORT and FIRESTORE_PORT are both {port}: choose two.")
        print("Starting the Firestore emulator and the functions ...", flush=True)
        with start_stack(port=port, firestore_port=firestore_port) as running:
            running.emulator.load_rules(running.project_id, RULES.read_text())
            seed.create_templates(running)
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

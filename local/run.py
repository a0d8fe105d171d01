"""`make run`: runs the whole back end on this machine until Ctrl-C."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import NoReturn

import requests

from local import web_app
from local.auth_emulator import AuthEmulatorError, auth_emulator
from local.emulator import RULES, EmulatorError
from local.people import PEOPLE, TEACHER
from local.processes import spawn, stop
from local.seed import SEED_TEMPLATES
from local.stack import Stack, StackError, require_free_port, start_stack
from local.stack_folder import DEFAULT_FOLDER, FolderInUse, StackFolder, open_folder
from local.tokens import PROJECT_ID

SEED_SECONDS = 120
# A kill or a power cut loses no more than this.
SAVE_SECONDS = 60
START_AFRESH = "start without them by `make run FRESH=1`."
AGAIN_SECONDS = 0.01
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Raised in the main thread by Ctrl-C, SIGTERM or a closed terminal.

    Like KeyboardInterrupt it is not an Exception, so that no library catches it on the way.
    """


def _stop(_signal: int, _frame: FrameType | None) -> None:
    # A second signal must not interrupt the clean-up.
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise Stopped


def _stop_again(unraisable: "sys.UnraisableHookArgs") -> None:
    """Python drops what is raised in a finalizer; a timer raises Stopped after it."""
    if isinstance(unraisable.exc_value, Stopped):
        signal.setitimer(signal.ITIMER_REAL, AGAIN_SECONDS)
    else:
        sys.__unraisablehook__(unraisable)


def raise_on_stop_signals() -> None:
    """Lets Ctrl-C, SIGTERM and a closed terminal raise Stopped, so that clean-up code runs."""
    sys.unraisablehook = _stop_again
    for number in (*STOP_SIGNALS, signal.SIGALRM):
        signal.signal(number, _stop)


def _port(variable: str, default: int) -> int:
    """The port in the environment variable. Raises StackError if it is not a port number."""
    text = os.environ.get(variable) or str(default)
    port = int(text) if text.isdecimal() else 0
    if not 1 <= port <= 65_535:
        raise StackError(f"{variable} must be a port from 1 to 65535, not {text!r}.")
    return port


def _choose_ports() -> tuple[int, int]:
    """The ports of the functions and of the emulator. Raises StackError."""
    port, firestore_port = _port("PORT", 8080), _port("FIRESTORE_PORT", 8085)
    require_free_port(port, variable="PORT")
    if not os.environ.get("FIRESTORE_EMULATOR_HOST"):
        require_free_port(firestore_port, variable="FIRESTORE_PORT")
        if port == firestore_port:
            raise StackError(f"PORT and FIRESTORE_PORT are both {port}: choose two.")
    return port, firestore_port


def _prepare_sign_in() -> None:
    """Creates the people in the Auth emulator, if one is set. Raises AuthEmulatorError."""
    if emulator := auth_emulator(PROJECT_ID):
        print(f"Creating the people in the Auth emulator at {emulator.url} ...", flush=True)
        emulator.prepare()


def _run(folder: StackFolder, port: int, firestore_port: int, *, fresh: bool) -> None:
    """Runs the stack until the functions end. Raises Stopped, EmulatorError or StackError."""
    if fresh:
        folder.clear()
    keys = os.environ.get("PRACTICE_SEAL_KEYS") or folder.seal_keys()
    with start_stack(
        port=port,
        firestore_port=firestore_port,
        environment={"PRACTICE_SEAL_KEYS": keys},
        documents=folder.documents(),
    ) as running:
        emulator, project_id = running.emulator, running.project_id
        emulator.load_rules(project_id, RULES.read_text())
        if fresh:
            emulator.clear(project_id)
        create_examples(running)
        save: Callable[[], None] = partial(folder.save, emulator, project_id)
        if os.environ.get("FIRESTORE_EMULATOR_HOST"):
            save = _nothing  # that emulator keeps its own documents
        try:
            _describe(running)
            _wait_until_ended(running, every_minute=save)
        finally:
            save()


def _nothing() -> None:
    """Replaces a save where there is nothing to save."""


def create_examples(running: Stack) -> None:
    """Raises StackError if it fails."""
    print("Creating the example templates and sessions that are missing ...", flush=True)
    with tempfile.TemporaryFile() as log:
        process = spawn([sys.executable, "-m", "local.seed"], env=running.environment, output=log)
        try:
            failed = process.wait(SEED_SECONDS)
        except subprocess.TimeoutExpired:
            failed = True
        finally:
            stop(process)
        if failed:
            log.seek(0)
            end_of_log = log.read().decode(errors="replace")[-2_000:]
            raise StackError(
                f"The examples could not be created:\n{end_of_log}\n"
                f"If the saved documents are the cause: {START_AFRESH}"
            )


def _describe(running: Stack) -> None:
    command = ".venv/bin/python -m local.tokens"
    rows = [
        f"  {person.name:12} {command} {person.uid}{' --teacher' if person.teacher else ''}"
        for person in PEOPLE.values()
    ]
    templates = ", ".join(SEED_TEMPLATES)
    signing_in = auth_emulator(running.project_id) or running
    print(
        f"Firestore emulator at {running.emulator.url}, project {running.project_id}\n"
        f"Templates of {TEACHER.uid}: {templates}\n"
        f'Sign-in of Firebase\'s SDKs: connectAuthEmulator(auth, "{signing_in.url}"), '
        f"for example as {TEACHER.email} with the password {TEACHER.password}\n"
        "Tokens, valid for an hour:",
        *rows,
        "",
        f"app   {running.url}/" if web_app.is_built() else f"app   {web_app.NOT_BUILT}",
        f"docs  {running.url}/docs/",
        f"ready {running.url}",
        sep="\n",
        flush=True,
    )


def _wait_until_ended(running: Stack, every_minute: Callable[[], None]) -> NoReturn:
    """Raises StackError when the functions have ended."""
    called_at = time.monotonic()
    while running.server.poll() is None:
        time.sleep(0.5)
        if time.monotonic() - called_at >= SAVE_SECONDS:
            every_minute()
            called_at = time.monotonic()
    raise StackError("The functions ended unexpectedly.")


def main() -> int:
    raise_on_stop_signals()
    folder = Path(os.environ.get("STACK_FOLDER") or DEFAULT_FOLDER)
    try:
        port, firestore_port = _choose_ports()
        with open_folder(folder) as opened:
            _prepare_sign_in()
            print("Starting the Firestore emulator and the functions ...", flush=True)
            _run(opened, port, firestore_port, fresh=os.environ.get("FRESH") == "1")
    except Stopped:
        print("\nStopped.")
        return 0
    except (AuthEmulatorError, FolderInUse, StackError, requests.RequestException) as error:
        print(error, file=sys.stderr)
    except EmulatorError as error:
        print(error, file=sys.stderr)
        if StackFolder(folder).documents():
            print(f"If it can't read the documents in {folder}: {START_AFRESH}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())

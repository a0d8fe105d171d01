"""Goes through the steps, or shows them. Each is looked at first, and left alone where it is right.

So a run that failed or was interrupted is gone on with by the same command.
"""

import json
import re
import subprocess
import time
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape

from deploy.commands import ROOT, Command
from deploy.steps import Step

# How gcloud says that there is no such thing, which is no failure of a look.
NOTHING_THERE = re.compile(
    r"NOT_FOUND|not found|does not exist|could not be found|Cannot find|code=\[?404|Error 404", re.I
)
# What a new service account meets until everybody knows it.
NOT_YET_KNOWN = re.compile(r"Service account \S+ does not exist", re.I)
TRIES = 6
PAUSE_SECONDS = 5.0
LAST_LINES = 25


class Stopped(Exception):
    """A step can't be done. The message says what went wrong, `otherwise` what to do about it."""

    def __init__(self, message: str, *, otherwise: str) -> None:
        super().__init__(message)
        self.otherwise = otherwise


def show(steps: Sequence[Step], console: Console) -> None:
    """Every command as a shell would have it; what is not a command is a comment."""
    for number, step in enumerate(steps, 1):
        commands = {
            "look": [step.look],
            "where there is nothing": list(step.make),
            "where it differs": list(step.mend(None)),
        }
        if commands["where there is nothing"] == commands["where it differs"]:
            commands = {"look": [step.look], "where it is not so": list(step.make)}
        console.out(f"\n# {number}/{len(steps)} {step.title}: {step.why}", highlight=False)
        for when, those in commands.items():
            for command in those:
                console.out(f"# {when}:\n{command}", highlight=False)


def run(steps: Sequence[Step], console: Console, *, pause_seconds: float = PAUSE_SECONDS) -> int:
    """How many steps changed something. Raises Stopped at the first that can't be done."""
    seen: dict[Command, Any] = {}
    changed = 0
    for number, step in enumerate(steps, 1):
        place = f"[{number}/{len(steps)}] {step.title}"
        with console.status(escape(place)):
            if step.look not in seen:
                seen[step.look] = _looked(step)
            found = seen[step.look]
            if found is not None and step.right(found):
                console.print(f"{escape(place)}: [green]as it should be[/]")
                continue
            commands = step.mend(found) if found is not None else step.make or step.mend(None)
            if not commands:
                raise Stopped("It is not as it should be.", otherwise=step.otherwise)
            console.print(f"{escape(place)} ... {escape(step.why)}")
            started = time.monotonic()
            for command in commands:
                _done(command, step, pause_seconds=pause_seconds)
        changed += 1
        console.print(f"  [green]done[/] in {time.monotonic() - started:.0f} s")
    return changed


def _looked(step: Step) -> Any:
    looked = _run(step.look)
    if looked.returncode != 0:
        if NOTHING_THERE.search(looked.stderr):
            return None
        raise _failed(step.look, looked, step)
    try:
        return json.loads(looked.stdout or "null")
    except json.JSONDecodeError as error:
        raise Stopped(f"{step.look}\nprinted no JSON.", otherwise=step.otherwise) from error


def _done(command: Command, step: Step, *, pause_seconds: float) -> None:
    for attempt in range(1, TRIES + 1):
        ran = _run(command)
        if ran.returncode == 0:
            return
        if attempt == TRIES or not NOT_YET_KNOWN.search(ran.stderr):
            raise _failed(command, ran, step)
        time.sleep(pause_seconds)


def _run(command: Command) -> "subprocess.CompletedProcess[str]":
    """Its output is kept back: what gcloud prints of a success is nobody's concern."""
    if not command.piped_from:
        return subprocess.run(
            command.argv,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    made = subprocess.run(command.piped_from, cwd=ROOT, capture_output=True, check=True)
    ran = subprocess.run(
        command.argv, cwd=ROOT, input=made.stdout, capture_output=True, check=False
    )
    return subprocess.CompletedProcess(
        ran.args, ran.returncode, ran.stdout.decode(), ran.stderr.decode()
    )


def _failed(command: Command, ran: "subprocess.CompletedProcess[str]", step: Step) -> Stopped:
    words = "\n".join(ran.stderr.strip().splitlines()[-LAST_LINES:])
    return Stopped(f"{command}\nended with {ran.returncode}:\n{words}", otherwise=step.otherwise)

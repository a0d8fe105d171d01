"""Runs the steps, or shows them. A step looks first, and changes nothing if it is done.

So the same command continues a run that failed or was interrupted.
"""

import json
import re
import subprocess
import time
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape

from deploy.commands import ROOT, ShellCommand
from deploy.steps import Step

# gcloud's ways to say that a resource does not exist, which is a result and not a failure.
DOES_NOT_EXIST = re.compile(
    r"NOT_FOUND|not found|does not exist|could not be found|Cannot find|code=\[?404|Error 404", re.I
)
# gcloud's error while a new service account is not known everywhere yet.
NOT_YET_KNOWN = re.compile(r"Service account \S+ does not exist", re.I)
TRIES = 6
PAUSE_SECONDS = 5.0
LAST_LINES = 25


class StepFailed(Exception):
    """A step can't be done. The message says what failed, `advice` what a person can do."""

    def __init__(self, message: str, *, advice: str) -> None:
        super().__init__(message)
        self.advice = advice


def show(steps: Sequence[Step], console: Console) -> None:
    """Prints every command as a shell reads it; all other lines are comments."""
    for number, step in enumerate(steps, 1):
        commands = {
            "look": [step.look],
            "where there is nothing": list(step.create),
            "where it differs": list(step.repair(None)),
        }
        if commands["where there is nothing"] == commands["where it differs"]:
            commands = {"look": [step.look], "where it is not so": list(step.create)}
        console.out(f"\n# {number}/{len(steps)} {step.title}: {step.why}", highlight=False)
        for detail in step.details:
            console.out(f"#   {detail}", highlight=False)
        for when, listed in commands.items():
            for command in listed:
                console.out(f"# {when}:\n{command}", highlight=False)


def run(steps: Sequence[Step], console: Console, *, pause_seconds: float = PAUSE_SECONDS) -> int:
    """The number of steps that changed something. Raises StepFailed at the first that fails."""
    seen: dict[ShellCommand, Any] = {}
    changed = 0
    for number, step in enumerate(steps, 1):
        place = f"[{number}/{len(steps)}] {step.title}"
        with console.status(escape(place)):
            if step.look not in seen:
                seen[step.look] = _look(step)
            found = seen[step.look]
            if found is not None and step.is_done(found):
                console.print(f"{escape(place)}: [green]as it should be[/]")
                continue
            commands = step.repair(found) if found is not None else step.create or step.repair(None)
            if not commands:
                raise StepFailed("The resource is not as it must be.", advice=step.advice)
            console.print(f"{escape(place)} ... {escape(step.why)}")
            started = time.monotonic()
            for command in commands:
                _execute(command, step, pause_seconds=pause_seconds)
        changed += 1
        console.print(f"  [green]done[/] in {time.monotonic() - started:.0f} s")
    return changed


def _look(step: Step) -> Any:
    looked = _run(step.look)
    if looked.returncode != 0:
        if DOES_NOT_EXIST.search(looked.stderr):
            return None
        raise _failed(step.look, looked, step)
    try:
        return json.loads(looked.stdout or "null")
    except json.JSONDecodeError as error:
        raise StepFailed(f"{step.look}\nprinted no JSON.", advice=step.advice) from error


def _execute(command: ShellCommand, step: Step, *, pause_seconds: float) -> None:
    for attempt in range(1, TRIES + 1):
        ran = _run(command)
        if ran.returncode == 0:
            return
        if attempt == TRIES or not NOT_YET_KNOWN.search(ran.stderr):
            raise _failed(command, ran, step)
        time.sleep(pause_seconds)


def _run(command: ShellCommand) -> "subprocess.CompletedProcess[str]":
    """Captures the output, which is shown only if the command fails."""
    if not command.piped_from:
        return subprocess.run(
            command.argv,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    secret = subprocess.run(command.piped_from, cwd=ROOT, capture_output=True, check=True)
    ran = subprocess.run(
        command.argv, cwd=ROOT, input=secret.stdout, capture_output=True, check=False
    )
    return subprocess.CompletedProcess(
        ran.args, ran.returncode, ran.stdout.decode(), ran.stderr.decode()
    )


def _failed(
    command: ShellCommand, ran: "subprocess.CompletedProcess[str]", step: Step
) -> StepFailed:
    words = "\n".join(ran.stderr.strip().splitlines()[-LAST_LINES:])
    return StepFailed(f"{command}\nended with {ran.returncode}:\n{words}", advice=step.advice)

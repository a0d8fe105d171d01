"""A step of a deployment: the state that it wants, how to see it and how to reach it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from deploy.commands import ShellCommand

# The result of a look: JSON as gcloud prints it, None where nothing exists.
Found = Any


def no_repair(_found: Found) -> Sequence[ShellCommand]:
    """For resources that the deployment must not change."""
    return ()


@dataclass(frozen=True)
class Step:
    """One resource of the project.

    `is_done` judges what the command `look` finds. `create` is run where nothing exists, `repair`
    where something else does. `advice` says what a person can do if neither has a command, or if
    one fails. A dry run calls `repair` with None, and prints `details`: what no command shows.
    """

    title: str
    why: str
    look: ShellCommand
    is_done: Callable[[Found], bool]
    advice: str
    create: tuple[ShellCommand, ...] = ()
    repair: Callable[[Found], Sequence[ShellCommand]] = no_repair
    details: tuple[str, ...] = ()


def always(*commands: ShellCommand) -> Callable[[Found], Sequence[ShellCommand]]:
    """A repair by the same commands, whatever was found."""
    return lambda _found: commands


def holds(found: Found, wanted: Any) -> bool:
    """Whether all that is wanted was found.

    Fields that a server adds do not matter. Google's JSON omits zeros and empty texts.
    """
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(
            holds(found.get(key), value) for key, value in wanted.items()
        )
    if isinstance(wanted, list):
        return (
            isinstance(found, list)
            and len(found) == len(wanted)
            and all(holds(f, w) for f, w in zip(found, wanted, strict=True))
        )
    return bool(found == wanted) or (found is None and wanted in (0, ""))

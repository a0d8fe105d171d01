"""Commands, as they are run and as a shell reads them."""

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Relative to the root, as people type it, if it is the project's own.
PYTHON = (
    str(Path(sys.executable).relative_to(ROOT))
    if Path(sys.executable).is_relative_to(ROOT)
    else sys.executable
)


@dataclass(frozen=True)
class ShellCommand:
    """A command that is run in the project's root.

    The output of the command `piped_from` becomes its standard input: so a secret is never an
    argument.
    """

    argv: tuple[str, ...]
    piped_from: tuple[str, ...] = ()

    def __str__(self) -> str:
        piped = f"{shlex.join(self.piped_from)} | " if self.piped_from else ""
        return piped + shlex.join(self.argv)


def python(*arguments: str) -> tuple[str, ...]:
    return (PYTHON, "-m", *arguments)


def gcloud(project: str, *arguments: str, piped_from: tuple[str, ...] = ()) -> ShellCommand:
    """gcloud without prompts: every answer must be among the arguments."""
    return ShellCommand(
        ("gcloud", *arguments, f"--project={project}", "--quiet"), piped_from=piped_from
    )


def look(project: str, *arguments: str) -> ShellCommand:
    return gcloud(project, *arguments, "--format=json")


def pairs(values: dict[str, str]) -> str:
    """A gcloud dictionary, with another delimiter if a value holds commas."""
    delimiter = next(d for d in (",", "|", ";", "~") if not any(d in v for v in values.values()))
    prefix = "" if delimiter == "," else f"^{delimiter}^"
    return prefix + delimiter.join(f"{name}={value}" for name, value in values.items())

"""Commands as they are run, and as a shell would have them."""

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# As people type it, where it is the project's own.
PYTHON = (
    str(Path(sys.executable).relative_to(ROOT))
    if Path(sys.executable).is_relative_to(ROOT)
    else sys.executable
)


@dataclass(frozen=True)
class Command:
    """Run in the project's root. What `piped_from` prints goes to its standard input: the way of a
    secret, which is never an argument.
    """

    argv: tuple[str, ...]
    piped_from: tuple[str, ...] = ()

    def __str__(self) -> str:
        piped = f"{shlex.join(self.piped_from)} | " if self.piped_from else ""
        return piped + shlex.join(self.argv)


def python(*arguments: str) -> tuple[str, ...]:
    return (PYTHON, "-m", *arguments)


def gcloud(project: str, *arguments: str, piped_from: tuple[str, ...] = ()) -> Command:
    """Asks nobody anything: what would be asked must be among the arguments."""
    return Command(("gcloud", *arguments, f"--project={project}", "--quiet"), piped_from=piped_from)


def look(project: str, *arguments: str) -> Command:
    return gcloud(project, *arguments, "--format=json")


def pairs(values: dict[str, str]) -> str:
    """A gcloud dictionary. Where a value holds commas another delimiter is named first."""
    delimiter = next(d for d in (",", "|", ";", "~") if not any(d in v for v in values.values()))
    prefix = "" if delimiter == "," else f"^{delimiter}^"
    return prefix + delimiter.join(f"{name}={value}" for name, value in values.items())

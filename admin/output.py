"""The output of a command: tables and progress bars on a terminal, else one JSON object.

Results go to stdout. Progress, questions and errors go to stderr, so that stdout can be piped.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.progress import TimeElapsedColumn as Elapsed
from rich.table import Table


@dataclass
class ProgressBar:
    """The total is an estimate: it rises when more steps are done."""

    progress: Progress
    task: TaskID

    def advance(self, steps: int = 1, *, label: str | None = None) -> None:
        task = self.progress.tasks[self.task]
        done = task.completed + steps
        self.progress.update(
            self.task,
            completed=done,
            total=max(done, task.total or 0),
            description=label or task.description,
        )


@contextmanager
def progress_bar(label: str, *, total: int) -> Iterator[ProgressBar]:
    """A progress bar on stderr, which is hidden if stderr is not a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Elapsed())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        yield ProgressBar(progress, progress.add_task(label, total=total))


def print_result(title: str, fields: Mapping[str, Any]) -> None:
    """Prints the result of a command. Values are JSON values; mappings and lists are nested."""
    if not sys.stdout.isatty():
        print(json.dumps(fields, ensure_ascii=False, default=str))
        return
    table = Table(title=title, title_justify="left", show_header=False)
    for name, value in _rows(fields):
        table.add_row(escape(name), escape(value))
    Console().print(table)


def _rows(fields: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in fields.items():
        if isinstance(value, Mapping):
            yield from _rows(value, f"{prefix}{name} ")
        elif isinstance(value, list):
            yield f"{prefix}{name}", "\n".join(map(_entry, value)) or "none"
        else:
            yield f"{prefix}{name}", _cell(value)


def _entry(value: object) -> str:
    """One line of a list; of an object its values, without the names."""
    if not isinstance(value, Mapping):
        return str(value)
    parts = (" ".join(map(str, v)) if isinstance(v, list) else str(v) for v in value.values())
    return " · ".join(part for part in parts if part)


def _cell(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)

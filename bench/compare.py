"""Comparisons that hold on a noisy machine: everything in one run, interleaved, and against itself.

Absolute times depend on the machine and on what else it does. So each block measures every subject
twice, once in order and once in reverse (ABBA), which cancels a drift; only ratios within a block
count; and the baseline is measured a second time as if it were another subject. What that gives,
the same against the same, is the band in which a difference says nothing.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, median, quantiles
from typing import NamedTuple

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

BLOCKS = 10
AGAIN = "the same again"

Measure = Callable[[], float]


class Spread(NamedTuple):
    """The median, and where the middle 80 % lie."""

    middle: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        if len(values) == 1:
            return cls(values[0], values[0], values[0])
        tenths = quantiles(values, n=10, method="inclusive")
        return cls(median(values), tenths[0], tenths[-1])


@dataclass(frozen=True)
class Subject:
    """`values` and `ratios` (to the baseline's value) have one entry a block."""

    name: str
    values: Sequence[float]
    ratios: Sequence[float]

    @property
    def value(self) -> Spread:
        return Spread.of(self.values)

    @property
    def ratio(self) -> Spread:
        return Spread.of(self.ratios)


@dataclass(frozen=True)
class Comparison:
    """The baseline comes first among the subjects; `same` is the baseline against itself."""

    subjects: Sequence[Subject]
    same: Subject

    def __getitem__(self, name: str) -> Subject:
        return next(subject for subject in self.subjects if subject.name == name)


def compare(title: str, subjects: Mapping[str, Measure], *, blocks: int = BLOCKS) -> Comparison:
    """Calls each measure twice a block; the first one is the baseline.

    A measure does the work once and returns what it took, in whatever unit it likes. Progress goes
    to standard error.
    """
    baseline = next(iter(subjects))
    measures = {**subjects, AGAIN: subjects[baseline]}
    taken: dict[str, list[float]] = {name: [] for name in measures}
    order = list(measures)
    with _progress() as progress:
        task = progress.add_task(title, total=blocks * 2 * len(order))
        for _ in range(blocks):
            block: dict[str, list[float]] = {name: [] for name in order}
            for name in [*order, *reversed(order)]:
                block[name].append(measures[name]())
                progress.advance(task)
            for name, values in block.items():
                taken[name].append(mean(values))
    found = [_subject(name, taken[name], taken[baseline]) for name in order]
    return Comparison(subjects=found[:-1], same=found[-1])


def _subject(name: str, values: list[float], baseline: list[float]) -> Subject:
    ratios = [value / base for value, base in zip(values, baseline, strict=True)]
    return Subject(name, values, ratios)


def _progress() -> Progress:
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=console, disable=not sys.stderr.isatty())

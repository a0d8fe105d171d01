"""Comparisons that are valid on a noisy machine: one run, interleaved, with a repeated baseline.

Absolute times depend on the machine and on its other load. So each block measures every subject
twice, once in order and once in reverse (ABBA), which cancels a drift, and only ratios within a
block are compared. The baseline is measured a second time as another subject. The ratio of the
baseline to itself is the range in which a difference is not significant.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import comb
from statistics import mean, median, quantiles
from typing import NamedTuple

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

BLOCKS = 10
REPEATED = "the baseline again"

Measure = Callable[[], float]


class Spread(NamedTuple):
    """The median and the range of the middle 80 % (10th to 90th percentile)."""

    median: float
    p10: float
    p90: float

    @classmethod
    def from_values(cls, values: Sequence[float]) -> "Spread":
        """Raises statistics.StatisticsError without values."""
        if len(values) == 1:
            return cls(values[0], values[0], values[0])
        tenths = quantiles(values, n=10, method="inclusive")
        return cls(median(values), tenths[0], tenths[-1])


@dataclass(frozen=True)
class Subject:
    """`values`, and `ratios` of these to the baseline's values, have one entry per block."""

    name: str
    values: Sequence[float]
    ratios: Sequence[float]

    @property
    def value(self) -> Spread:
        return Spread.from_values(self.values)

    @property
    def ratio(self) -> Spread:
        return Spread.from_values(self.ratios)

    @property
    def ratio_interval(self) -> tuple[float, float]:
        """The 95 % confidence interval of the median ratio, from order statistics (the sign test).

        With fewer than six blocks it is the whole range, which covers less than 95 %.
        """
        ordered = sorted(self.ratios)
        excluded = _excluded_ranks(len(ordered))
        return ordered[excluded], ordered[-1 - excluded]


@dataclass(frozen=True)
class Comparison:
    """`subjects` starts with the baseline. `repeated` is the baseline, measured again."""

    subjects: Sequence[Subject]
    repeated: Subject

    def __getitem__(self, name: str) -> Subject:
        """Raises StopIteration for an unknown name."""
        return next(subject for subject in self.subjects if subject.name == name)


def compare(title: str, subjects: Mapping[str, Measure], *, blocks: int = BLOCKS) -> Comparison:
    """Calls each measure twice per block. The first subject is the baseline.

    A measure does the work once and returns a positive number, all of them in the same unit.
    Progress is shown on stderr.
    """
    baseline = next(iter(subjects))
    measures = {**subjects, REPEATED: subjects[baseline]}
    means: dict[str, list[float]] = {name: [] for name in measures}
    order = list(measures)
    with _progress() as progress:
        task = progress.add_task(title, total=blocks * 2 * len(order))
        for _ in range(blocks):
            block: dict[str, list[float]] = {name: [] for name in order}
            for name in [*order, *reversed(order)]:
                block[name].append(measures[name]())
                progress.advance(task)
            for name, values in block.items():
                means[name].append(mean(values))
    measured = [_subject(name, means[name], means[baseline]) for name in order]
    return Comparison(subjects=measured[:-1], repeated=measured[-1])


def _excluded_ranks(count: int) -> int:
    """Values at either end that lie outside the 95 % confidence interval of the median.

    The median of the population lies below the k-th smallest value with the probability that fewer
    than k of `count` coin tosses are heads.
    """
    tail, excluded = 0.5**count, 0
    while (tail := tail + comb(count, excluded + 1) * 0.5**count) <= 0.025:
        excluded += 1
    return excluded


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

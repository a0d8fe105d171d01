"""Writes tables, plots and the generated sections of docs/performance.md."""

import platform
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.compare import Comparison, Spread
from local.processes import ROOT

PAGE = ROOT / "docs" / "performance.md"
TUTOR = ROOT / "docs" / "tutor.md"
PLOTS = ROOT / "docs" / "performance"


class MissingSection(Exception):
    """The page has no markers for the section."""


def write_section(name: str, text: str, *, page: Path = PAGE) -> None:
    """Replaces the text of a page between `<!-- name -->` and `<!-- /name -->`, and prints it.

    Raises MissingSection.
    """
    before = page.read_text()
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    place = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    if not place.search(before):
        raise MissingSection(f"{page.name} has no {begin} ... {end}")
    page.write_text(place.sub(lambda _: f"{begin}\n{text.strip()}\n{end}", before))
    print(f"\n{text.strip()}\n", flush=True)


def markdown_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table with the first column aligned to the left, the others to the right."""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def ratio_table(comparison: Comparison, *, unit: str, scale: float = 1.0, digits: int = 2) -> str:
    """A Markdown table of each subject's value and its ratio to the baseline.

    Values are multiplied by `scale` to give the `unit` of the heading.
    """
    rows = [
        [
            subject.name,
            format_spread(subject.value, scale=scale, digits=digits),
            format_spread(subject.ratio, digits=digits),
        ]
        for subject in (*comparison.subjects, comparison.repeated)
    ]
    return markdown_table(["", unit, "ratio"], rows)


def format_spread(spread: Spread, *, scale: float = 1.0, digits: int = 2) -> str:
    """The median, and the range of the middle 80 % in brackets."""
    median, p10, p90 = (f"{value * scale:,.{digits}f}" for value in spread)
    return f"{median} ({p10}-{p90})"


def describe_versions(*packages: str) -> str:
    """The versions of Python and of these packages, and the machine's architecture."""
    versions = ", ".join(f"{package} {version(package)}" for package in packages)
    return f"Python {platform.python_version()}, {platform.machine()}, {versions}"


@contextmanager
def plot(name: str, *, xlabel: str, ylabel: str) -> Iterator[Axes]:
    """Saves docs/performance/<name>.svg. The same figures give the same file."""
    figure = Figure(figsize=(7, 3.5), layout="constrained")
    axes = figure.subplots()
    axes.set_xlabel(xlabel)
    axes.set_ylabel(ylabel)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(visible=True, alpha=0.3)
    yield axes
    PLOTS.mkdir(exist_ok=True)
    with rc_context({"svg.hashsalt": name}):
        figure.savefig(PLOTS / f"{name}.svg", metadata={"Date": None})

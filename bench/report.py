"""docs/performance.md: each benchmark writes its own section, the words around them are ours."""

import platform
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.compare import Comparison, Spread
from local.processes import ROOT

PAGE = ROOT / "docs" / "performance.md"
PLOTS = ROOT / "docs" / "performance"


class NoSuchSection(Exception):
    """The page has no place for it."""


def section(name: str, text: str) -> None:
    """Puts the text between `<!-- name -->` and `<!-- /name -->`, and prints it."""
    page = PAGE.read_text()
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    place = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    if not place.search(page):
        raise NoSuchSection(f"{PAGE.name} has no {begin} ... {end}")
    PAGE.write_text(place.sub(lambda _: f"{begin}\n{text.strip()}\n{end}", page))
    print(f"\n{text.strip()}\n", flush=True)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown: words on the left, figures on the right."""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def ratios(comparison: Comparison, *, unit: str, scale: float = 1.0, digits: int = 2) -> str:
    """A table of a comparison: each subject's value and its ratio to the baseline.

    `scale` turns a value into the unit that is shown.
    """
    rows = [
        [
            subject.name,
            spread(subject.value, scale=scale, digits=digits),
            spread(subject.ratio, digits=digits),
        ]
        for subject in (*comparison.subjects, comparison.same)
    ]
    return table(["", unit, "ratio"], rows)


def spread(found: Spread, *, scale: float = 1.0, digits: int = 2) -> str:
    """The median, and in brackets where the middle 80 % lie."""
    middle, low, high = (f"{value * scale:,.{digits}f}" for value in found)
    return f"{middle} ({low}-{high})"


def machine(*packages: str) -> str:
    """What it was measured with; figures of different machines are not to be compared."""
    versions = ", ".join(f"{package} {version(package)}" for package in packages)
    return f"Python {platform.python_version()}, {platform.machine()}, {versions}"


@contextmanager
def plot(name: str, *, xlabel: str, ylabel: str) -> Iterator[Axes]:
    """Draws docs/performance/<name>.svg; the same figures give the same file."""
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

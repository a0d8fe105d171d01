"""Processor time of a request of each function, before and after a change, in one run.

    .venv/bin/python -m bench.revisions CHECKOUT

CHECKOUT is a folder with the revision before; functions that it lacks are left out. Both revisions
run with the packages of this one, over one database and with the same seal keys.
"""

import sys
from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from bench.compare import Comparison, Subject, compare
from bench.floor import LoadedFunction
from bench.processes import start_function
from bench.report import describe_versions, format_spread, markdown_table, write_section
from bench.workload import Workload, start_workload
from local.processes import ROOT
from shared.contract.operation import function_names

BEFORE, AFTER = "before", "after"
BLOCKS = 40


def compare_revisions(
    name: str, workload: Workload, environment: Mapping[str, str], before: Path
) -> Comparison:
    """Processor seconds of a request of one function; the baseline is the checkout `before`."""
    with ExitStack() as running:
        functions = []
        for revision, root in ((BEFORE, before), (AFTER, ROOT)):
            server = running.enter_context(start_function(name, environment=environment, root=root))
            requests = partial(workload.requests_for, name, server.url)
            functions.append(LoadedFunction(revision, server, requests))
        measures = {function.name: function.measure for function in functions}
        return compare(name, measures, blocks=BLOCKS)


def revisions_table(comparisons: Mapping[str, Comparison]) -> str:
    rows = [
        [
            f"`{name}`",
            format_spread(comparison[BEFORE].value, scale=1000),
            format_spread(comparison[AFTER].value, scale=1000),
            _format_interval(comparison[AFTER]),
            _format_interval(comparison.repeated),
        ]
        for name, comparison in comparisons.items()
    ]
    return markdown_table(
        ["", "before, ms", "after, ms", "after ÷ before", "before ÷ before"], rows
    )


def _format_interval(subject: Subject) -> str:
    low, high = subject.ratio_interval
    return f"{subject.ratio.median:.3f} ({low:.3f}-{high:.3f})"


def main(checkout: str) -> None:
    before = Path(checkout).resolve()
    with start_workload() as (workload, environment):
        comparisons = {
            name: compare_revisions(name, workload, environment, before)
            for name in function_names()
            if (before / "functions" / name).is_dir()
        }
    versions = describe_versions("functions-framework", "langgraph", "google-cloud-firestore")
    text = f"""\
{versions}. Processor time of one request,
in {BLOCKS} blocks: the median with the range of the middle 80 %, and the median ratio with its
95 % confidence interval. The last column is the revision before, measured twice.

{revisions_table(comparisons)}"""
    write_section("revisions", text)


if __name__ == "__main__":
    main(sys.argv[1])

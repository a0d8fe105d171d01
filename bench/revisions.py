"""Processor time of a request of every function, before and after a change, in one run.

    .venv/bin/python -m bench.revisions CHECKOUT

CHECKOUT is a folder with the version before. Both versions run with the packages of this one,
over one database and with the same seal keys.
"""

import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from bench.calls import Calls, school
from bench.compare import Comparison, compare
from bench.floor import Subject
from bench.processes import function
from bench.report import machine, section, spread, table
from local.processes import ROOT
from shared.contract.operation import function_names

BEFORE, AFTER = "before", "after"


def measured(name: str, calls: Calls, environment: dict[str, str], before: Path) -> Comparison:
    """One function of both versions; the version before is the baseline."""
    with ExitStack() as running:
        subjects = []
        for version, root in ((BEFORE, before), (AFTER, ROOT)):
            server = running.enter_context(function(name, environment=environment, root=root))
            subjects.append(Subject(version, server, partial(calls.of, name, server.url)))
        return compare(name, {subject.name: subject.measure for subject in subjects})


def revisions_table(found: dict[str, Comparison]) -> str:
    rows = [
        [
            f"`{name}`",
            spread(comparison[BEFORE].value, scale=1000),
            spread(comparison[AFTER].value, scale=1000),
            spread(comparison[AFTER].ratio),
            spread(comparison.same.ratio),
        ]
        for name, comparison in found.items()
    ]
    return table(["", "before, ms", "after, ms", "after ÷ before", "before ÷ before"], rows)


def main(checkout: str) -> None:
    before = Path(checkout).resolve()
    with school() as (calls, environment):
        found = {
            name: measured(name, calls, dict(environment), before) for name in function_names()
        }
    text = f"""\
{machine("functions-framework", "langgraph", "google-cloud-firestore")}. Processor time of one
request; the last column shows what the same version gives when it is measured twice.

{revisions_table(found)}"""
    section("revisions", text)


if __name__ == "__main__":
    main(sys.argv[1])

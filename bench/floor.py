"""What a request costs, beside a function that does nothing in the same process set-up.

    .venv/bin/python -m bench.floor

Processor time of the function's own process; the emulator is another one, on another core.
"""

import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from statistics import median

from bench.calls import Calls, school
from bench.compare import Comparison, compare
from bench.load import Load, Request, load
from bench.processes import Server, function
from bench.report import machine, section, spread, table
from bench.sampling import OURS, PARTS, shares
from local.processes import ROOT
from shared.contract.operation import function_names

EMPTY = "empty"
PARTS_ALONE = {"graph": "LangGraph alone", "firestore": "Firestore's client alone"}
DOORS = ROOT / "bench" / "empty" / "main.py"
CLIENTS = 4
# Each measurement takes about half a second of the server, whatever it does.
REQUESTS = {EMPTY: 800, "graph": 300, "firestore": 150, "practice_turn": 160}
STORING_REQUESTS = 100
SAMPLED_REQUESTS = 600
AIMS = {"practice_turn": 4.0}
STORING_AIM = 3.0


class Subject:
    """A function, and the load that was put on it."""

    def __init__(self, name: str, server: Server, requests: Callable[[int], list[Request]]) -> None:
        self.name = name
        self.loads: list[Load] = []
        self._server = server
        self._requests = requests
        self._count = REQUESTS.get(name, STORING_REQUESTS)
        self.measure()  # what is built at the first request is no part of the others
        self.loads.clear()

    def measure(self) -> float:
        """Processor seconds of one request."""
        requests = self._requests(self._count)
        used = self._server.cpu_seconds()
        self.loads.append(load(requests, clients=CLIENTS, count=self._count))
        return (self._server.cpu_seconds() - used) / self._count

    @property
    def per_second(self) -> float:
        return median(done.per_second for done in self.loads)


def measured(calls: Calls, environment: Mapping[str, str]) -> tuple[Comparison, list[Subject]]:
    with ExitStack() as running:
        subjects = []
        for name in (EMPTY, *PARTS_ALONE, *function_names()):
            ours = name in function_names()
            source = ROOT / "main.py" if ours else DOORS
            server = running.enter_context(function(name, environment=environment, source=source))
            # The same bytes to read for the functions that don't.
            asked = name if ours else "practice_turn"
            subjects.append(Subject(name, server, partial(calls.of, asked, server.url)))
        found = compare("floor", {subject.name: subject.measure for subject in subjects})
    return found, subjects


def floor_table(found: Comparison, subjects: list[Subject]) -> str:
    per_second = {subject.name: f"{subject.per_second:,.0f}" for subject in subjects}
    rows = []
    for subject in (*found.subjects, found.same):
        name = PARTS_ALONE.get(subject.name, subject.name)
        aim = "" if subject.name not in function_names() else f"{_aim(subject.name):.0f}"
        rows.append(
            [
                f"`{name}`" if subject.name in function_names() else name,
                spread(subject.value, scale=1000),
                spread(subject.ratio, digits=1),
                aim,
                per_second.get(subject.name, ""),
            ]
        )
    return table(["", "processor, ms", "times the empty one", "aim", "requests a second"], rows)


def _aim(name: str) -> float:
    return AIMS.get(name, STORING_AIM)


def shares_table(calls: Calls, environment: Mapping[str, str]) -> str:
    parts = [*PARTS, OURS]
    rows = []
    for name in function_names():
        requests = calls.of(name, "", SAMPLED_REQUESTS)
        while len(requests) < SAMPLED_REQUESTS:
            requests += requests
        found = shares(name, requests, environment)
        rows.append([f"`{name}`", *(f"{found.get(part, 0):.0%}" for part in parts)])
        print(".", end="", file=sys.stderr, flush=True)
    return table(["of a request without its server", *parts], rows)


def _verdict(value: float, aim: float) -> str:
    return f"{'within' if value <= aim else 'beyond'} the aim of {aim:.0f}"


def remaining(found: Comparison) -> str:
    """Why an aim is missed, in figures of this run."""
    graph, firestore = (found[name].ratio.middle for name in PARTS_ALONE)
    turn = found["practice_turn"].ratio.middle
    storing = [n for n in function_names() if n not in AIMS and n != "cleanup_stale_sessions"]
    sweep = found["cleanup_stale_sessions"].ratio.middle
    least, most = (pick(found[n].ratio.middle for n in storing) for pick in (min, max))
    return f"""\
**practice_turn**, {_verdict(turn, AIMS["practice_turn"])}. Three steps of LangGraph that do nothing
take {graph - 1:.1f} times what an empty function takes altogether, by themselves. An answer takes
three, so none can cost less than {graph:.1f} through a graph; the turns measured are answers, each
with its three steps or, where a new block follows, five, and cost {turn:.1f}. A template's bank is
read once a process; what is left of ours is the state that changes, opened, checked against what
the client shows, and sealed.

**Storing functions**, {_verdict(least, STORING_AIM)}. One document read and one written by
Firestore's client, as it comes, take {firestore - 1:.1f} times an empty function by themselves. The
store uses the same channel without the client's wrapping, and a function costs {least:.1f} to
{most:.1f} in all; complete_session reads and writes the most documents. cleanup_stale_sessions,
{sweep:.1f}, runs twice an hour and makes queries by the client as it comes. What remains is mostly
gRPC, one call to read and one to write, and the way of each document from protocol buffers to
checked models and back.

Users here send tokens as the Auth emulator issues them, and each token many times. In production a
token's signature is verified when an instance first sees it."""


def main() -> None:
    with school() as (calls, environment):
        found, subjects = measured(calls, environment)
        text = f"""\
{machine("functions-framework", "langgraph", "google-cloud-firestore")}. {CLIENTS} clients at a
time; THREADS is 4.

{floor_table(found, subjects)}

{remaining(found)}

Where the processor time goes, by looking at the stack a thousand times a second (the share of the
standard library and of compiled code is that of whoever called it):

{shares_table(calls, environment)}"""
    section("floor", text)


if __name__ == "__main__":
    main()

"""The processor time of a request, relative to an empty function in the same process set-up.

    .venv/bin/python -m bench.floor

The processor time is that of the function's own process. The emulator is another process, on
another core.
"""

import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from statistics import median

from bench.compare import Comparison, compare
from bench.cpu_profile import OUR_CODE, PARTS, time_shares
from bench.load import LoadResult, Request, send_requests
from bench.processes import Server, start_function
from bench.report import describe_versions, format_spread, markdown_table, write_section
from bench.workload import Workload, start_workload
from local.processes import ROOT
from shared.contract.operation import function_names, uses_of
from shared.environment import Use

EMPTY = "empty"
LIBRARIES = {"graph": "LangGraph alone", "firestore": "Firestore's client alone"}
EMPTY_SOURCE = ROOT / "bench" / "empty" / "main.py"
CLIENTS = 4
# Each measurement takes a quarter of a second of the server's time, and a second for practice_turn.
REQUESTS = {EMPTY: 800, "graph": 300, "firestore": 150, "practice_turn": 500}
STORING_REQUESTS = 100
PROFILED_REQUESTS = {"cleanup_stale_sessions": 200}  # its queries take the emulator long
USUAL_PROFILED_REQUESTS = 600
AIMS = {"practice_turn": 4.0}
STORING_AIM = 3.0


class LoadedFunction:
    """A running function, and the results of the loads sent to it.

    `requests` makes a number of requests.
    """

    def __init__(self, name: str, server: Server, requests: Callable[[int], list[Request]]) -> None:
        self.name = name
        self.results: list[LoadResult] = []
        self._server = server
        self._requests = requests
        self._count = REQUESTS.get(name, STORING_REQUESTS)
        self.measure()  # the first requests also build clients and caches
        self.results.clear()

    def measure(self) -> float:
        """Processor seconds of one request."""
        requests = self._requests(self._count)
        before = self._server.cpu_seconds()
        self.results.append(send_requests(requests, clients=CLIENTS, count=self._count))
        return (self._server.cpu_seconds() - before) / self._count

    @property
    def requests_per_second(self) -> float:
        return median(result.per_second for result in self.results)


def compare_functions(
    workload: Workload, environment: Mapping[str, str]
) -> tuple[Comparison, list[LoadedFunction]]:
    """Processor seconds of a request of every function; the baseline is the empty one."""
    with ExitStack() as running:
        functions = []
        for name in (EMPTY, *LIBRARIES, *function_names()):
            ours = name in function_names()
            source = ROOT / "main.py" if ours else EMPTY_SOURCE
            server = running.enter_context(
                start_function(name, environment=environment, source=source)
            )
            # The other functions receive turns, so that they read as many bytes as practice_turn.
            target = name if ours else "practice_turn"
            requests = partial(workload.requests_for, target, server.url)
            functions.append(LoadedFunction(name, server, requests))
        comparison = compare("floor", {function.name: function.measure for function in functions})
    return comparison, functions


def floor_table(comparison: Comparison, functions: list[LoadedFunction]) -> str:
    throughput = {function.name: f"{function.requests_per_second:,.0f}" for function in functions}
    rows = []
    for subject in (*comparison.subjects, comparison.repeated):
        ours = subject.name in function_names()
        rows.append(
            [
                f"`{subject.name}`" if ours else LIBRARIES.get(subject.name, subject.name),
                format_spread(subject.value, scale=1000),
                format_spread(subject.ratio, digits=1),
                f"{_aim(subject.name):.0f}" if ours else "",
                throughput.get(subject.name, ""),
            ]
        )
    heads = ["", "processor, ms", "relative to empty", "aim", "requests per second"]
    return markdown_table(heads, rows)


def _aim(name: str) -> float:
    return AIMS.get(name, STORING_AIM)


def shares_table(workload: Workload, environment: Mapping[str, str]) -> str:
    parts = [*PARTS, OUR_CODE]
    rows = []
    for name in function_names():
        count = PROFILED_REQUESTS.get(name, USUAL_PROFILED_REQUESTS)
        requests = workload.requests_for(name, "", count)
        while len(requests) < count:
            requests += requests
        shares = time_shares(name, requests, environment)
        rows.append([f"`{name}`", *(f"{shares.get(part, 0):.0%}" for part in parts)])
        print(".", end="", file=sys.stderr, flush=True)
    return markdown_table(["a request without its server", *parts], rows)


def _verdict(value: float, aim: float) -> str:
    return f"{'within' if value <= aim else 'above'} the aim of {aim:.0f}"


def explanation(comparison: Comparison) -> str:
    """Why aims are missed, in figures of this run."""
    graph, firestore = (comparison[name].ratio.median for name in LIBRARIES)
    turn = comparison["practice_turn"].ratio.median
    storing = [name for name in function_names() if Use.WRITES in uses_of(name)]
    sweep = comparison["cleanup_stale_sessions"].ratio.median
    ratios = [comparison[name].ratio.median for name in storing]
    least, most = min(ratios), max(ratios)
    return f"""\
**practice_turn** is {_verdict(turn, AIMS["practice_turn"])}. Three empty steps of LangGraph alone
take {graph - 1:.1f} times as long as an empty function. An answer takes three steps, so through a
graph it can't cost less than {graph:.1f}. The measured turns are answers with three steps, or five
if a new block follows, and cost {turn:.1f}. A template's bank is read once per process. The rest of
our code opens the changing part of the state, checks it against the client's view, and seals it.

**Storing functions** are {_verdict(least, STORING_AIM)}. Reading one document and writing one with
Firestore's client takes {firestore - 1:.1f} times as long as an empty function. The store uses the
client's channel without its wrapping, and a function costs {least:.1f} to {most:.1f} in total;
complete_session reads and writes the most documents. cleanup_stale_sessions, {sweep:.1f}, runs
twice per hour and makes queries with the unchanged client. The rest is mostly gRPC, one call to
read and one to write, and the conversion of each document from protocol buffers to validated models
and back.

The users in this benchmark send tokens like those of the Auth emulator, and each token many times.
In production an instance also verifies a token's signature when it first receives the token."""


def main() -> None:
    with start_workload() as (workload, environment):
        comparison, functions = compare_functions(workload, environment)
        text = f"""\
{describe_versions("functions-framework", "langgraph", "google-cloud-firestore")}. {CLIENTS} clients
at a time; THREADS is 4.

{floor_table(comparison, functions)}

{explanation(comparison)}

The parts of the processor time, from a thousand samples of the stack per second (the standard
library and compiled code count for their callers):

{shares_table(workload, environment)}"""
    write_section("floor", text)


if __name__ == "__main__":
    main()

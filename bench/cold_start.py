"""The time from the start of a process to its first reply with a 2xx status.

It is measured in an environment with only the packages of production, because some libraries import
others wherever they are installed.

.venv/bin/python -m bench.cold_start
"""

import os
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from statistics import median

import requests

from bench.compare import Comparison, compare
from bench.environments import production_programs
from bench.floor import EMPTY, EMPTY_SOURCE, LIBRARIES
from bench.load import Request
from bench.loading import loading_table
from bench.processes import SERVER_CORE as CORE
from bench.processes import Server, ServerFailed, function_command, pinned_command
from bench.report import describe_versions, format_spread, markdown_table, write_section
from bench.workload import Workload, start_workload
from local.processes import ROOT, spawn, stop
from local.stack import free_port
from shared.contract.operation import function_names

MAX_SECONDS = 60
AIMS = {"practice_turn": 4.5}
STORING_AIM = 2.3


class ColdStarts:
    """The starts of one function. `request` makes a request for the server at a URL."""

    def __init__(
        self, name: str, request: Callable[[str], Request], environment: Mapping[str, str]
    ) -> None:
        self.name = name
        self.cpu_seconds: list[float] = []
        self._request = request
        self._environment = {**os.environ, **environment, "FUNCTION_TARGET": name}
        self.measure()  # compiles the modules
        self.cpu_seconds.clear()

    def measure(self) -> float:
        """Seconds until the reply; the processor seconds are appended to `cpu_seconds`.

        Raises ServerFailed.
        """
        port = free_port()
        source = EMPTY_SOURCE if self.name in (EMPTY, *LIBRARIES) else ROOT / "main.py"
        command = function_command(
            self.name, port=port, source=source, programs=production_programs()
        )
        url = f"http://127.0.0.1:{port}"
        request = self._request(url)
        with tempfile.TemporaryFile() as log:
            began = time.perf_counter()
            process = spawn(pinned_command(CORE, command), env=self._environment, output=log)
            try:
                while not _is_answered(request):
                    if process.poll() is not None or time.perf_counter() - began > MAX_SECONDS:
                        log.seek(0)
                        raise ServerFailed(log.read().decode(errors="replace")[-3_000:])
                    time.sleep(0.005)
                seconds = time.perf_counter() - began
                self.cpu_seconds.append(Server(url, process.pid).cpu_seconds())
            finally:
                stop(process)
        return seconds


def _is_answered(request: Request) -> bool:
    """False if nothing listens yet. Raises requests.HTTPError for an error status."""
    try:
        response = requests.request(
            request.method,
            request.url,
            data=request.body,
            headers=dict(request.headers),
            timeout=MAX_SECONDS,
        )
    except requests.ConnectionError:
        return False
    response.raise_for_status()
    return True


def compare_starts(
    workload: Workload, environment: Mapping[str, str]
) -> tuple[Comparison, list[ColdStarts]]:
    """Seconds to the first reply of every function; the baseline is the empty one."""
    functions = []
    for name in (EMPTY, *LIBRARIES, *function_names()):
        takes_turns = name == "practice_turn" or name not in function_names()
        request = workload.first_turn if takes_turns else partial(_single_request, workload, name)
        functions.append(ColdStarts(name, request, environment))
    measures = {function.name: function.measure for function in functions}
    return compare("cold start", measures), functions


def _single_request(workload: Workload, name: str, url: str) -> Request:
    (request,) = workload.requests_for(name, url, 1)
    return request


def starts_table(comparison: Comparison, functions: list[ColdStarts]) -> str:
    cpu_seconds = {function.name: median(function.cpu_seconds) for function in functions}
    rows = []
    for subject in (*comparison.subjects, comparison.repeated):
        ours = subject.name in function_names()
        cpu = cpu_seconds.get(subject.name)
        rows.append(
            [
                f"`{subject.name}`" if ours else LIBRARIES.get(subject.name, subject.name),
                format_spread(subject.value),
                format_spread(subject.ratio),
                f"{AIMS.get(subject.name, STORING_AIM)}" if ours else "",
                f"{cpu:.2f}" if cpu else "",
                f"{cpu / cpu_seconds[EMPTY]:.2f}" if cpu else "",
            ]
        )
    heads = ["", "seconds", "relative to empty", "aim", "processor, s", "relative to empty"]
    return markdown_table(heads, rows)


def explanation(comparison: Comparison) -> str:
    """The causes of the starting times, in figures of this run."""
    graph, firestore = (comparison[name].ratio.median for name in LIBRARIES)
    turn = comparison["practice_turn"].ratio.median
    storing = comparison["update_progress"].ratio.median
    missed = [n for n in function_names() if comparison[n].ratio.median > AIMS.get(n, STORING_AIM)]
    verdict = f"Above their aims: {', '.join(missed)}." if missed else "All are within their aims."
    return f"""\
{verdict}

Nearly all of the time is spent on imports. LangGraph with a graph of three empty steps takes
{graph:.1f} times as long as the empty function, without our code: it imports LangChain's core, and
with it the client of a tracing service that is never used here. practice_turn takes {turn:.1f}.
Firestore's client with its first calls takes {firestore:.1f}, and update_progress {storing:.1f}:
the rest is Pydantic with the models of sessions and practice, and the cryptography that verifies
tokens. Garbage collection is off while modules are imported (`main.py`). The client of a language
model is imported by the first turn that calls one."""


def main() -> None:
    with start_workload() as (workload, environment):
        comparison, functions = compare_starts(workload, environment)
    write_section(
        "cold_start",
        f"""{describe_versions("functions-framework", "langgraph", "google-cloud-firestore")}.

{starts_table(comparison, functions)}

{explanation(comparison)}

{loading_table()}""",
    )


if __name__ == "__main__":
    main()

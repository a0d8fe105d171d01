"""From the start of a process to its first answer with a 2xx status.

In an environment with nothing but what a function is deployed with: some libraries load others
wherever they are installed.

.venv/bin/python -m bench.cold_start
"""

import os
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from statistics import median

import requests

from bench.calls import Calls, school
from bench.compare import Comparison, compare
from bench.environments import of_production
from bench.load import Request
from bench.loading import loading_table
from bench.processes import SERVER_CORE as CORE
from bench.processes import Server, ServerFailed, function_command, on_core
from bench.report import machine, section, spread, table
from local.processes import ROOT, spawn, stop
from local.stack import free_port
from shared.contract.operation import function_names

EMPTY = "empty"
PARTS_ALONE = {"graph": "LangGraph alone", "firestore": "Firestore's client alone"}
DOORS = ROOT / "bench" / "empty" / "main.py"
LONGEST_SECONDS = 60
AIMS = {"practice_turn": 4.5}
STORING_AIM = 2.3


class Starts:
    """The starts of one function. Processor times are kept beside what is measured."""

    def __init__(
        self, name: str, request: Callable[[str], Request], environment: Mapping[str, str]
    ) -> None:
        self.name = name
        self.cpu_seconds: list[float] = []
        self._request = request
        self._environment = {**os.environ, **environment, "FUNCTION_TARGET": name}
        self.measure()  # leaves compiled files behind
        self.cpu_seconds.clear()

    def measure(self) -> float:
        """Seconds until the answer."""
        port = free_port()
        source = DOORS if self.name in (EMPTY, *PARTS_ALONE) else ROOT / "main.py"
        command = function_command(self.name, port=port, source=source, programs=of_production())
        url = f"http://127.0.0.1:{port}"
        request = self._request(url)
        with tempfile.TemporaryFile() as log:
            began = time.perf_counter()
            process = spawn(on_core(CORE, command), env=self._environment, output=log)
            try:
                while not _answered(request):
                    if process.poll() is not None or time.perf_counter() - began > LONGEST_SECONDS:
                        log.seek(0)
                        raise ServerFailed(log.read().decode(errors="replace")[-3_000:])
                    time.sleep(0.005)
                seconds = time.perf_counter() - began
                self.cpu_seconds.append(Server(url, process.pid).cpu_seconds())
            finally:
                stop(process)
        return seconds


def _answered(request: Request) -> bool:
    try:
        reply = requests.request(
            request.method,
            request.url,
            data=request.body,
            headers=dict(request.headers),
            timeout=LONGEST_SECONDS,
        )
    except requests.ConnectionError:
        return False
    reply.raise_for_status()
    return True


def measured(calls: Calls, environment: Mapping[str, str]) -> tuple[Comparison, list[Starts]]:
    subjects = []
    for name in (EMPTY, *PARTS_ALONE, *function_names()):
        storing = name in function_names() and name != "practice_turn"
        request = partial(_one_of, calls, name) if storing else calls.first_turn
        subjects.append(Starts(name, request, environment))
    found = compare("cold start", {subject.name: subject.measure for subject in subjects})
    return found, subjects


def _one_of(calls: Calls, name: str, url: str) -> Request:
    (request,) = calls.of(name, url, 1)
    return request


def starts_table(found: Comparison, subjects: list[Starts]) -> str:
    used = {subject.name: median(subject.cpu_seconds) for subject in subjects}
    rows = []
    for subject in (*found.subjects, found.same):
        ours = subject.name in function_names()
        aim = f"{AIMS.get(subject.name, STORING_AIM)}" if ours else ""
        cpu = used.get(subject.name)
        rows.append(
            [
                f"`{subject.name}`" if ours else PARTS_ALONE.get(subject.name, subject.name),
                spread(subject.value),
                spread(subject.ratio),
                aim,
                f"{cpu:.2f}" if cpu else "",
                f"{cpu / used[EMPTY]:.2f}" if cpu else "",
            ]
        )
    heads = ["", "seconds", "times the empty one", "aim", "processor, s", "times the empty one"]
    return table(heads, rows)


def remaining(found: Comparison) -> str:
    """Why it takes what it takes, in figures of this run."""
    graph, firestore = (found[name].ratio.middle for name in PARTS_ALONE)
    turn = found["practice_turn"].ratio.middle
    storing = found["update_progress"].ratio.middle
    missed = [n for n in function_names() if found[n].ratio.middle > AIMS.get(n, STORING_AIM)]
    verdict = f"Beyond their aims: {', '.join(missed)}." if missed else "All are within their aims."
    return f"""\
{verdict}

Loading takes nearly all of it. LangGraph with a graph of three empty steps takes {graph:.1f} times
the empty function's start without a line of ours: it loads LangChain's core, and through it the
client of a tracing service, which is never used here. practice_turn takes {turn:.1f}. Firestore's
client with its first calls takes {firestore:.1f}, and update_progress {storing:.1f}: the rest is
Pydantic with the models of sessions and practice, and the cryptography that tokens are checked
with. All of them load without collecting garbage (`main.py`). The client of a language model is
loaded by the first turn that asks one."""


def main() -> None:
    with school() as (calls, environment):
        found, subjects = measured(calls, environment)
    section(
        "cold_start",
        f"""{machine("functions-framework", "langgraph", "google-cloud-firestore")}.

{starts_table(found, subjects)}

{remaining(found)}

{loading_table()}""",
    )


if __name__ == "__main__":
    main()

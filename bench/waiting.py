"""Many simultaneous turns that wait for a model in one process, compared with only waiting.

Every turn starts practice on a template without questions, so each needs a block of the model. The
stub of a model takes two seconds for it. The result is the share of the ideal throughput, which is
as many turns in two seconds as there are clients.

.venv/bin/python -m bench waiting
"""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

from bench.compare import Comparison, Subject, compare
from bench.floor import EMPTY_SOURCE
from bench.load import LoadResult, Request, send_steadily
from bench.peers.clients import Client, Json, time_journeys
from bench.processes import Server, process_tree, start_function
from bench.report import (
    describe_versions,
    format_spread,
    markdown_table,
    plot,
    write_section,
)
from bench.stub_model import StubModel, start_stub_model
from local.examples import theory_template
from local.processes import ROOT
from local.tokens import user_token

MODEL_SECONDS = 2.0
# The first replies arrive after MODEL_SECONDS. By then every client has started.
BEGIN_SECONDS = 3.0
WINDOW_SECONDS = 4.0
AIM = 0.9
PACKAGES = ("functions-framework", "gunicorn", "langchain-openai", "openai")
PROJECT_ID = "demo-bench"
# How the turns of a path are replied to.
KINDS = {"/": "waited for", "/runs/stream": "streamed", "/agui": "of AG-UI"}


class Setting(NamedTuple):
    """`clients` clients, each with one turn at a time, of a function with `threads` threads."""

    clients: int
    threads: int
    path: str = "/"
    target: str = "practice_turn"

    @property
    def expected(self) -> str:
        """A text in every complete reply with a block of the model."""
        return "ok" if self is WAIT_ONLY else '"degraded":false'

    @property
    def name(self) -> str:
        if self is WAIT_ONLY:
            return f"{self.clients} that only wait, THREADS={self.threads}"
        kind = KINDS[self.path]
        return f"{self.clients} {kind}, THREADS={self.threads}"


WAIT_ONLY = Setting(200, 200, target="waiting")
TURNS = (
    Setting(100, 100),
    Setting(200, 100),
    Setting(200, 200),
    Setting(200, 200, "/runs/stream"),
    Setting(200, 200, "/agui"),
)


class WaitingProcess:
    """One process under load, and its resource use so far."""

    def __init__(self, server: Server, setting: Setting) -> None:
        self.setting = setting
        self.memory_bytes = 0
        self.burst_seconds = 0.0
        self._server = server
        self._cpu_seconds = 0.0
        self._replies = 0
        self._results: list[LoadResult] = []

    def measure_share(self) -> float:
        """The share of the ideal throughput. Raises LoadFailed if a turn is refused or degraded."""
        setting = self.setting
        before = self._server.cpu_seconds()
        result, replies = send_steadily(
            [Request(self._server.url + setting.path, json.dumps(_body(setting)), _headers())],
            clients=setting.clients,
            spread_seconds=MODEL_SECONDS,
            begin_seconds=BEGIN_SECONDS,
            window_seconds=WINDOW_SECONDS,
            expected=setting.expected,
        )
        self._cpu_seconds += self._server.cpu_seconds() - before
        self._replies += replies
        self._results.append(result)
        self.memory_bytes = max(self.memory_bytes, _proportional_bytes(self._server))
        return result.per_second * MODEL_SECONDS / setting.clients

    def measure_burst(self) -> None:
        """Sends one turn of every client at once. Each must be answered by one call of the model.

        Raises AssertionError for a degraded turn.
        """

        def turn(client: Client) -> None:
            reply = client.post("/", _body(self.setting._replace(path="/")), _headers())
            _require_model(reply)

        self.burst_seconds = time_journeys(
            self._server.url, turn, clients=self.setting.clients, journeys=1
        )

    @property
    def cpu_ms(self) -> float:
        return self._cpu_seconds / self._replies * 1000

    @property
    def median_seconds(self) -> float:
        return median(result.median_ms for result in self._results) / 1000

    @property
    def p95_seconds(self) -> float:
        return median(result.p95_ms for result in self._results) / 1000

    @property
    def per_second(self) -> float:
        return median(result.per_second for result in self._results)


def main() -> None:
    with (
        start_stub_model(seconds=MODEL_SECONDS) as model,
        _start_processes(model) as processes,
    ):
        for process in processes:
            if process.setting is not WAIT_ONLY:
                process.measure_burst()
        measures: dict[str, Callable[[], float]] = {
            process.setting.name: process.measure_share for process in processes
        }
        comparison = compare("turns waiting for a model", measures)
        simultaneous = model.counts().max_simultaneous
    write_section(
        "waiting",
        "\n\n".join(
            [
                _table(comparison, processes),
                _verdict(comparison),
                f"The model had {simultaneous} simultaneous calls at most. No turn was refused or "
                "degraded.",
                "![Share of the ideal throughput](performance/waiting.svg)",
                f"{describe_versions(*PACKAGES)}.",
            ]
        ),
    )
    _draw(comparison)


@contextmanager
def _start_processes(model: StubModel) -> Iterator[list[WaitingProcess]]:
    """Starts a process for each setting. Those without load are idle."""
    environment = {
        "GOOGLE_CLOUD_PROJECT": PROJECT_ID,
        "FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099",  # so unsigned tokens are accepted
        "WAITING_SECONDS": str(MODEL_SECONDS),
        **model.environment,
    }
    with ExitStack() as stack:
        yield [
            WaitingProcess(
                stack.enter_context(
                    start_function(
                        setting.target,
                        source=EMPTY_SOURCE if setting is WAIT_ONLY else ROOT / "main.py",
                        environment=environment,
                        threads=setting.threads,
                    )
                ),
                setting,
            )
            for setting in (WAIT_ONLY, *TURNS)
        ]


def _body(setting: Setting) -> Json:
    start: Json = {"session_context": {"source_data": _template()}}
    match setting.path:
        case "/":
            return start
        case "/agui":
            return {"threadId": "t", "runId": "r", "messages": [], "state": start}
        case _:
            return {"input": start}


def _template() -> Json:
    """A template without questions, so that a model must write them."""
    template = theory_template()
    for part in template["template_data"]["sections"]:
        for exercise in part["exercises"]:
            del exercise["questions"]
    return template


def _headers() -> dict[str, str]:
    token = user_token("student", project_id=PROJECT_ID)
    return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}


def _require_model(reply: Json) -> None:
    session, usage = reply["session_context"]["stored_session"], reply["usage"]
    if session["degraded"] or usage["model_calls"] != 1:
        raise AssertionError(f"a turn did not use the model once: {usage}")


def _proportional_bytes(server: Server) -> int:
    """Memory of the process and its parent, with shared pages counted once (PSS)."""
    lines = [
        line.split()
        for pid in process_tree(server.pid)
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    ]
    return sum(int(line[1]) for line in lines if line[0] == "Pss:") * 1024


def _table(comparison: Comparison, processes: list[WaitingProcess]) -> str:
    heads = ["simultaneous turns", "turns per second", "% of ideal", "% of only waiting"]
    heads += ["median", "95th percentile", "burst", "CPU per turn", "memory"]
    rows = [
        [
            process.setting.name,
            f"{process.per_second:.1f}",
            *_shares(comparison[process.setting.name]),
            f"{process.median_seconds:.2f} s",
            f"{process.p95_seconds:.2f} s",
            f"{process.burst_seconds:.1f} s" if process.setting in _not_streamed() else "",
            f"{process.cpu_ms:.1f} ms",
            f"{process.memory_bytes / 2**20:.0f} MB",
        ]
        for process in processes
    ]
    repeated = [comparison.repeated.name, "", *_shares(comparison.repeated)]
    return markdown_table(heads, [*rows, repeated + [""] * (len(heads) - len(repeated))])


def _shares(subject: Subject) -> list[str]:
    """The share of the ideal and the ratio to only waiting, in percent."""
    return [format_spread(each, scale=100, digits=0) for each in (subject.value, subject.ratio)]


def _verdict(comparison: Comparison) -> str:
    sentences = []
    for clients in sorted({setting.clients for setting in TURNS}):
        settings = [setting for setting in _not_streamed() if setting.clients == clients]
        best = max(settings, key=lambda setting: comparison[setting.name].value.median)
        share = comparison[best.name].value.median
        sentences.append(
            f"{clients} simultaneous turns reach {share:.0%} of the ideal with "
            f"THREADS={best.threads}: the aim of {AIM:.0%} is "
            f"{'reached' if share >= AIM else 'missed'}."
        )
    return " ".join(sentences)


def _not_streamed() -> list[Setting]:
    return [setting for setting in TURNS if setting.path == "/"]


def _draw(comparison: Comparison) -> None:
    with plot("waiting", xlabel="share of the ideal throughput, %", ylabel="") as axes:
        names = [setting.name for setting in (WAIT_ONLY, *TURNS)]
        spreads = [comparison[name].value for name in names]
        axes.barh(
            names,
            [spread.median * 100 for spread in spreads],
            xerr=[
                # Quantiles of equal values may differ in their last digit, so clip below 0.
                [max(0.0, spread.median - spread.p10) * 100 for spread in spreads],
                [max(0.0, spread.p90 - spread.median) * 100 for spread in spreads],
            ],
            color="lightsteelblue",
        )
        axes.axvline(AIM * 100, linestyle=":", color="grey")
        axes.invert_yaxis()
        axes.set_xlim(0, 105)

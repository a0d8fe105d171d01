"""Turns that wait for a model, many at a time in one process, against a process that only waits.

Every turn begins a practice on a template without questions, so each needs a block of the model,
and the stub of one takes two seconds for it. What is measured is the share of the ideal throughput,
which is as many turns in two seconds as there are clients.

.venv/bin/python -m bench waiting
"""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

from bench.compare import Comparison, Subject, compare
from bench.load import Load, Request, steady
from bench.model import StubModel, stub_model
from bench.peers.clients import Client, Json, seconds_for
from bench.processes import Server, function, tree
from bench.report import machine, plot, section, spread, table
from local.examples import theory_template
from local.processes import ROOT
from local.tokens import user_token

MODEL_SECONDS = 2.0
# The first answers come after MODEL_SECONDS; by then every client has begun.
BEGIN_SECONDS = 3.0
WINDOW_SECONDS = 4.0
AIM = 0.9
PROJECT_ID = "demo-bench"
DOORS = ROOT / "bench" / "empty" / "main.py"


class Setting(NamedTuple):
    """`at_once` clients, each with one turn at a time."""

    at_once: int
    threads: int
    path: str = "/"
    target: str = "practice_turn"

    @property
    def expected(self) -> str:
        """In every answer: that it is whole, and not the offline tutor's."""
        return "ok" if self is ONLY_WAITING else '"degraded":false'

    @property
    def name(self) -> str:
        if self is ONLY_WAITING:
            return f"{self.at_once} that only wait, THREADS={self.threads}"
        how = "streamed" if self.path.endswith("stream") else "waited for"
        return f"{self.at_once} {how}, THREADS={self.threads}"


ONLY_WAITING = Setting(200, 200, target="waiting")
TURNS = (
    Setting(100, 100),
    Setting(200, 100),
    Setting(200, 200),
    Setting(200, 200, "/runs/stream"),
)


class Waiting:
    """One process under load, and what it has taken so far."""

    def __init__(self, server: Server, setting: Setting) -> None:
        self.setting = setting
        self.memory_bytes = 0
        self.burst_seconds = 0.0
        self._server = server
        self._cpu_seconds = 0.0
        self._answered = 0
        self._loads: list[Load] = []

    def share(self) -> float:
        """Of the ideal throughput. Raises LoadFailed when a turn was refused or went on offline."""
        setting = self.setting
        used = self._server.cpu_seconds()
        done, answered = steady(
            [Request(self._server.url + setting.path, json.dumps(_body(setting)), _headers())],
            clients=setting.at_once,
            spread_seconds=MODEL_SECONDS,
            begin_seconds=BEGIN_SECONDS,
            window_seconds=WINDOW_SECONDS,
            expected=setting.expected,
        )
        self._cpu_seconds += self._server.cpu_seconds() - used
        self._answered += answered
        self._loads.append(done)
        self.memory_bytes = max(self.memory_bytes, _proportional_bytes(self._server))
        return done.per_second * MODEL_SECONDS / setting.at_once

    def burst(self) -> None:
        """All at one moment, waited for: each is answered from a block of the model's, asked for
        once.
        """

        def turn(client: Client) -> None:
            reply = client.post("/", _body(self.setting._replace(path="/")), _headers())
            _require(reply)

        self.burst_seconds = seconds_for(
            self._server.url, turn, clients=self.setting.at_once, journeys=1
        )

    @property
    def cpu_ms(self) -> float:
        return self._cpu_seconds / self._answered * 1000

    @property
    def median_seconds(self) -> float:
        return median(done.median_ms for done in self._loads) / 1000

    @property
    def p95_seconds(self) -> float:
        return median(done.p95_ms for done in self._loads) / 1000

    @property
    def per_second(self) -> float:
        return median(done.per_second for done in self._loads)


def main() -> None:
    with stub_model(seconds=MODEL_SECONDS) as model, _processes(model) as processes:
        for process in processes:
            if process.setting is not ONLY_WAITING:
                process.burst()
        measures: dict[str, Callable[[], float]] = {
            process.setting.name: process.share for process in processes
        }
        found = compare("turns waiting for a model", measures)
        most = model.counts().most_at_once
    section(
        "waiting",
        "\n\n".join(
            [
                _table(found, processes),
                _verdict(found),
                f"At most {most} calls were with the model at the same time. No turn was refused, "
                "and none went on without it.",
                "![Share of the ideal throughput](performance/waiting.svg)",
                f"{machine('functions-framework', 'gunicorn', 'langchain-openai', 'openai')}.",
            ]
        ),
    )
    _draw(found)


@contextmanager
def _processes(model: StubModel) -> Iterator[list[Waiting]]:
    """One for each setting; those not under load do nothing."""
    environment = {
        "GOOGLE_CLOUD_PROJECT": PROJECT_ID,
        "WAITING_SECONDS": str(MODEL_SECONDS),
        **model.environment,
    }
    with ExitStack() as stack:
        yield [
            Waiting(
                stack.enter_context(
                    function(
                        setting.target,
                        source=DOORS if setting is ONLY_WAITING else ROOT / "main.py",
                        environment=environment,
                        threads=setting.threads,
                    )
                ),
                setting,
            )
            for setting in (ONLY_WAITING, *TURNS)
        ]


def _body(setting: Setting) -> Json:
    begin: Json = {"session_context": {"source_data": _template()}}
    return {"input": begin} if setting.path != "/" else begin


def _template() -> Json:
    """What to practise and no questions: a model is there to write them."""
    template = theory_template()
    for part in template["template_data"]["sections"]:
        for exercise in part["exercises"]:
            del exercise["questions"]
    return template


def _headers() -> dict[str, str]:
    token = user_token("student", project_id=PROJECT_ID)
    return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}


def _require(reply: Json) -> None:
    session, usage = reply["session_context"]["stored_session"], reply["usage"]
    if session["degraded"] or usage["model_calls"] != 1:
        raise AssertionError(f"a turn went on without the model: {usage}")


def _proportional_bytes(server: Server) -> int:
    """Memory of the process with its parent; what they share is counted once."""
    lines = [
        line.split()
        for pid in tree(server.pid)
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    ]
    return sum(int(line[1]) for line in lines if line[0] == "Pss:") * 1024


def _table(found: Comparison, processes: list[Waiting]) -> str:
    heads = ["turns at once", "turns a second", "of the ideal", "of only waiting"]
    heads += ["half within", "95 % within", "all at one moment", "CPU a turn", "memory"]
    rows = [
        [
            process.setting.name,
            f"{process.per_second:.1f}",
            *_shares(found[process.setting.name]),
            f"{process.median_seconds:.2f} s",
            f"{process.p95_seconds:.2f} s",
            f"{process.burst_seconds:.1f} s" if process.setting in _waited_for() else "",
            f"{process.cpu_ms:.1f} ms",
            f"{process.memory_bytes / 2**20:.0f} MB",
        ]
        for process in processes
    ]
    again = ["the same again", "", *_shares(found.same)]
    return table(heads, [*rows, [*again, *[""] * (len(heads) - len(again))]])


def _shares(subject: Subject) -> list[str]:
    """In percent."""
    return [spread(each, scale=100, digits=0) for each in (subject.value, subject.ratio)]


def _verdict(found: Comparison) -> str:
    said = []
    for at_once in sorted({setting.at_once for setting in TURNS}):
        settings = [setting for setting in _waited_for() if setting.at_once == at_once]
        best = max(settings, key=lambda each: found[each.name].value.middle)
        share = found[best.name].value.middle
        said.append(
            f"{at_once} at once: {share:.0%} of the ideal with THREADS={best.threads}, the aim of "
            f"{AIM:.0%} {'reached' if share >= AIM else 'missed'}."
        )
    return " ".join(said)


def _waited_for() -> list[Setting]:
    return [setting for setting in TURNS if setting.path == "/"]


def _draw(found: Comparison) -> None:
    with plot("waiting", xlabel="share of the ideal throughput, %", ylabel="") as axes:
        names = [setting.name for setting in (ONLY_WAITING, *TURNS)]
        spreads = [found[name].value for name in names]
        axes.barh(
            names,
            [each.middle * 100 for each in spreads],
            xerr=[
                # Equal values may differ in their last digit once a quantile is computed of them.
                [max(0.0, each.middle - each.low) * 100 for each in spreads],
                [max(0.0, each.high - each.middle) * 100 for each in spreads],
            ],
            color="lightsteelblue",
        )
        axes.axvline(AIM * 100, linestyle=":", color="grey")
        axes.invert_yaxis()
        axes.set_xlim(0, 105)

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

from bench.compare import Comparison, compare
from bench.load import Load, Request, load
from bench.model import StubModel, stub_model
from bench.peers.clients import Client, Json, seconds_for
from bench.processes import Server, function, tree
from bench.report import machine, plot, section, table
from local.examples import theory_template
from local.tokens import user_token

MODEL_SECONDS = 2.0
# Turns of each client, one after the other: enough that the beginning, when all come at the same
# moment and queue for the processor, counts little. It takes a good 25 seconds, so that there is
# time for one block only; but the ideal, unlike another process, is the same whenever it is asked.
ROUNDS = 12
BLOCKS = 1
AIM = 0.9
IDEAL = "ideal"
PROJECT_ID = "demo-bench"


class Setting(NamedTuple):
    """`at_once` clients, each with one turn at a time."""

    at_once: int
    threads: int
    path: str = "/"

    @property
    def name(self) -> str:
        return "streamed" if self.path.endswith("stream") else "waited for"


SETTINGS = (
    Setting(100, 32),
    Setting(100, 100),
    Setting(200, 100),
    Setting(200, 200),
    Setting(200, 200, "/runs/stream"),
)


class Waiting:
    """One process under load, and what it has taken so far."""

    def __init__(self, server: Server, setting: Setting) -> None:
        self._server = server
        self._setting = setting
        self._cpu_seconds = 0.0
        self._loads: list[Load] = []
        self.memory_bytes = 0

    def share(self) -> float:
        """Of the ideal throughput. Raises LoadFailed when a turn was refused."""
        setting = self._setting
        used = self._server.cpu_seconds()
        done = load(
            [Request(self._server.url + setting.path, json.dumps(_body(setting)), _headers())],
            clients=setting.at_once,
            count=min(setting.at_once, setting.threads) * ROUNDS,
        )
        self._cpu_seconds += self._server.cpu_seconds() - used
        self._loads.append(done)
        self.memory_bytes = max(self.memory_bytes, _proportional_bytes(self._server))
        return done.per_second * MODEL_SECONDS / setting.at_once

    def check(self) -> None:
        """All at once: each is answered from a block of the model's, asked for once."""

        def turn(client: Client) -> None:
            body = _body(Setting(self._setting.at_once, self._setting.threads))
            reply = client.post("/", body, _headers())
            _require(reply)

        clients = min(self._setting.at_once, self._setting.threads)
        seconds_for(self._server.url, turn, clients=clients, journeys=1)

    @property
    def cpu_ms(self) -> float:
        return self._cpu_seconds / sum(done.sent for done in self._loads) * 1000

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
        for process in processes.values():
            process.check()
        measures: dict[str, Callable[[], float]] = {IDEAL: lambda: 1.0}
        measures |= {_key(setting): process.share for setting, process in processes.items()}
        found = compare("turns waiting for a model", measures, blocks=BLOCKS)
        most = model.counts().most_at_once
    _draw(found)
    section(
        "waiting",
        "\n\n".join(
            [
                _table(found, processes),
                _verdict(found),
                f"At most {most} calls were with the model at the same time. No turn was refused.",
                "![Share of the ideal throughput](performance/waiting.svg)",
                f"{machine('functions-framework', 'gunicorn', 'langchain-openai', 'openai')}.",
            ]
        ),
    )


@contextmanager
def _processes(model: StubModel) -> Iterator[dict[Setting, Waiting]]:
    """One for each setting; those not under load do nothing."""
    environment = {"GOOGLE_CLOUD_PROJECT": PROJECT_ID, **model.environment}
    with ExitStack() as stack:
        yield {
            setting: Waiting(
                stack.enter_context(
                    function("practice_turn", environment=environment, threads=setting.threads)
                ),
                setting,
            )
            for setting in SETTINGS
        }


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


def _key(setting: Setting) -> str:
    return f"{setting.at_once} {setting.name}, THREADS={setting.threads}"


def _table(found: Comparison, processes: dict[Setting, Waiting]) -> str:
    heads = ["turns at once", "THREADS", "turns a second", "of the ideal", "half within"]
    rows = [
        [
            f"{setting.at_once} {setting.name}",
            str(setting.threads),
            f"{process.per_second:.1f}",
            f"{found[_key(setting)].value.middle:.0%}",
            f"{process.median_seconds:.2f} s",
            f"{process.p95_seconds:.1f} s",
            f"{process.cpu_ms:.1f} ms",
            f"{process.memory_bytes / 2**20:.0f} MB",
        ]
        for setting, process in processes.items()
    ]
    return table([*heads, "95 % within", "CPU a turn", "memory"], rows)


def _verdict(found: Comparison) -> str:
    said = []
    for at_once in sorted({setting.at_once for setting in SETTINGS}):
        shares = {
            setting.threads: found[_key(setting)].value.middle
            for setting in SETTINGS
            if setting.at_once == at_once and setting.path == "/"
        }
        threads = max(shares, key=lambda each: shares[each])
        reached = "reached" if shares[threads] >= AIM else "missed"
        said.append(
            f"{at_once} at once: {shares[threads]:.0%} of the ideal with THREADS={threads}, "
            f"the aim of {AIM:.0%} {reached}."
        )
    return " ".join(said)


def _draw(found: Comparison) -> None:
    with plot("waiting", xlabel="THREADS", ylabel="share of the ideal, %") as axes:
        for at_once in sorted({setting.at_once for setting in SETTINGS}):
            points = [
                (setting.threads, found[_key(setting)].value.middle * 100)
                for setting in SETTINGS
                if setting.at_once == at_once and setting.path == "/"
            ]
            axes.plot(*zip(*points, strict=True), marker="o", label=f"{at_once} turns at once")
        axes.axhline(AIM * 100, linestyle=":", color="grey")
        axes.set_ylim(0, 105)
        axes.legend(frameon=False)

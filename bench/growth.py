"""What happens as sessions get longer and stale sessions more: docs/performance.md, "Growth"."""

import json
import os
import subprocess
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from sys import executable

from bench.checklists import update_progress
from bench.compare import Comparison, compare
from bench.long_practice import Growth, Sample, growth_table
from bench.processes import SERVER_CORE, keep_to
from bench.report import plot, ratios, section, table
from bench.sweeps import PROJECT_ID, StaleSessions
from local.emulator import Emulator, started
from local.processes import ROOT
from local.stack import free_port
from shared.firestore.client import Client

TURNS = (20, 200, 500, 1_000, 1_500, 2_000)
REPEATS = 30  # of one turn, for a measurement
SWEPT = 1_000
WAITING = (1_000, 5_000, 20_000)


def main() -> None:
    samples, turns = long_practice()
    with started(free_port()) as emulator:
        updates = update_progress(emulator)
        sweeps = sweep_speed(emulator)
        whole = [whole_sweep(emulator, count) for count in WAITING]
    section("sizes", growth_table(samples))
    section("turns", ratios(turns, unit="turn, ms", scale=1_000))
    section("exercises", ratios(updates, unit="CPU, ms", scale=1_000))
    section("sweeps", ratios(sweeps, unit="sessions/s", digits=2))
    heads = ["stale sessions", "calls", "seconds", "sessions/s", "memory at its peak"]
    section("whole sweeps", table(heads, whole))


def long_practice() -> tuple[list[Sample], Comparison]:
    """Sizes along the way, and the turns at these points played again, interleaved."""
    growth = Growth()
    samples: list[Sample] = []
    for turns in TURNS:
        growth.run(turns - 20 - (samples[-1].turns + 1 if samples else 0))
        samples.append(growth.sample())

    def replayed(sample: Sample) -> float:
        return sum(growth.seconds_from(sample.carried) for _ in range(REPEATS)) / REPEATS

    subjects = {f"turn {sample.turns + 1:,}": partial(replayed, sample) for sample in samples}
    compared = compare("turns", subjects)
    _plot(samples, compared)
    return samples, compared


def _plot(samples: Sequence[Sample], compared: Comparison) -> None:
    turns = [sample.turns for sample in samples]
    first = len(samples[0].carried)
    with plot("turns", xlabel="turns so far", ylabel="times the first") as axes:
        axes.plot(turns, [s.ratio.middle for s in compared.subjects], "o-", label="a turn's time")
        axes.plot(turns, [len(s.carried) / first for s in samples], "s-", label="what is carried")
        axes.set_ylim(bottom=0)
        axes.legend()


def sweep_speed(emulator: Emulator) -> Comparison:
    """Sessions per second, from queues that are filled up again in between."""
    os.environ["FIRESTORE_EMULATOR_HOST"] = emulator.host
    with keep_to(SERVER_CORE), ExitStack() as clients:

        def queue(waiting: int, name: str) -> StaleSessions:
            client = Client(project=f"{PROJECT_ID}-{name}")
            clients.callback(client.close)
            return StaleSessions(client, waiting=waiting)

        subjects = {
            "bare commits": partial(queue(SWEPT, "bare").abandoned_bare, SWEPT),
            **{
                f"sweep, {count:,} waiting": partial(queue(count, f"{count}").swept, SWEPT)
                for count in WAITING
            },
            **{
                f"its queries alone, {count:,} waiting": partial(
                    queue(count, f"{count}-looked-at").looked_at, SWEPT
                )
                for count in WAITING
            },
        }
        return compare("sweeps", subjects)


def whole_sweep(emulator: Emulator, count: int) -> list[str]:
    emulator.clear(PROJECT_ID)
    client = Client(project=PROJECT_ID)
    StaleSessions(client, waiting=count).fill()
    client.close()
    with keep_to(SERVER_CORE):
        done = subprocess.run(
            [executable, "-m", "bench.sweeps"],
            cwd=ROOT,
            env={**os.environ, "FIRESTORE_EMULATOR_HOST": emulator.host},
            capture_output=True,
            text=True,
            check=True,
            timeout=600,
        )
    told = json.loads(done.stdout)
    if told["abandoned"] != count:
        raise AssertionError(f"{told['abandoned']} of {count} were abandoned")
    seconds, peak = told["seconds"], told["peak_bytes"]
    return [
        f"{count:,}",
        f"{told['calls']}",
        f"{seconds:.1f}",
        f"{count / seconds:,.0f}",
        f"{peak / 1024 / 1024:.0f} MB",
    ]

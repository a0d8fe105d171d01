"""Costs by the length of a session and by the number of stale sessions ("Growth")."""

import json
import os
import subprocess
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from sys import executable

from bench.checklists import compare_checklists
from bench.compare import Comparison, compare
from bench.processes import SERVER_CORE, pin_process
from bench.report import markdown_table, plot, ratio_table, write_section
from bench.sweeps import PROJECT_ID, StaleSessions
from local.emulator import Emulator, start_emulator
from local.processes import ROOT
from local.stack import free_port
from shared.firestore.client import Client
from testkit.long_practice import Sample, SimulatedPractice

TURNS = (20, 200, 500, 1_000, 1_500, 2_000)
REPEATS = 30  # of one turn, per measurement
SWEPT = 1_000
WAITING = (1_000, 5_000, 20_000)


def main() -> None:
    samples, turns = compare_turns()
    with start_emulator(free_port(), java_options=()) as emulator:
        updates = compare_checklists(emulator)
        sweeps = compare_sweeps(emulator)
        complete = [complete_sweep(emulator, count) for count in WAITING]
    write_section("sizes", growth_table(samples))
    write_section("turns", ratio_table(turns, unit="turn, ms", scale=1_000))
    write_section("exercises", ratio_table(updates, unit="CPU, ms", scale=1_000))
    write_section("sweeps", ratio_table(sweeps, unit="sessions/s", digits=2))
    heads = ["stale sessions", "calls", "seconds", "sessions/s", "peak memory"]
    write_section("whole sweeps", markdown_table(heads, complete))


def compare_turns() -> tuple[list[Sample], Comparison]:
    """The sizes at several points of a session, and the time of a turn at each of them."""
    practice = SimulatedPractice()
    samples: list[Sample] = []
    for turns in TURNS:
        practice.run(turns - 20 - (samples[-1].turns + 1 if samples else 0))
        samples.append(practice.sample())

    def replayed(sample: Sample) -> float:
        return sum(practice.seconds_from(sample.carried) for _ in range(REPEATS)) / REPEATS

    subjects = {f"turn {sample.turns + 1:,}": partial(replayed, sample) for sample in samples}
    comparison = compare("turns", subjects)
    _plot(samples, comparison)
    return samples, comparison


def growth_table(samples: Sequence[Sample]) -> str:
    """The sizes after each number of turns."""
    rows = [
        [
            f"{sample.turns:,}",
            *map(_kilobytes, (sample.session_bytes, sample.state_bytes, len(sample.carried))),
        ]
        for sample in samples
    ]
    return markdown_table(["turns", "session", "state", "carried"], rows)


def _kilobytes(count: int) -> str:
    return f"{count / 1024:.1f} KB"


def _plot(samples: Sequence[Sample], comparison: Comparison) -> None:
    turns = [sample.turns for sample in samples]
    first = len(samples[0].carried)
    with plot("turns", xlabel="turns so far", ylabel="relative to the first") as axes:
        axes.plot(
            turns, [s.ratio.median for s in comparison.subjects], "o-", label="time of a turn"
        )
        axes.plot(
            turns, [len(s.carried) / first for s in samples], "s-", label="size of stored_session"
        )
        axes.set_ylim(bottom=0)
        axes.legend()


def compare_sweeps(emulator: Emulator) -> Comparison:
    """Sessions per second, with stale sessions added before each measurement."""
    os.environ["FIRESTORE_EMULATOR_HOST"] = emulator.host
    with pin_process(SERVER_CORE), ExitStack() as clients:

        def stale(waiting: int, name: str) -> StaleSessions:
            client = Client(project=f"{PROJECT_ID}-{name}")
            clients.callback(client.close)
            return StaleSessions(client, waiting=waiting)

        subjects = {
            "bare commits": partial(stale(SWEPT, "bare").measure_bare_commits, SWEPT),
            **{
                f"sweep, {count:,} waiting": partial(stale(count, f"{count}").measure_sweep, SWEPT)
                for count in WAITING
            },
            **{
                f"queries alone, {count:,} waiting": partial(
                    stale(count, f"{count}-dry-run").measure_dry_run, SWEPT
                )
                for count in WAITING
            },
        }
        return compare("sweeps", subjects)


def complete_sweep(emulator: Emulator, count: int) -> list[str]:
    """A table row: a sweep of all stale sessions in a new process."""
    emulator.clear(PROJECT_ID)
    client = Client(project=PROJECT_ID)
    StaleSessions(client, waiting=count).fill()
    client.close()
    with pin_process(SERVER_CORE):
        completed = subprocess.run(
            [executable, "-m", "bench.sweeps"],
            cwd=ROOT,
            env={**os.environ, "FIRESTORE_EMULATOR_HOST": emulator.host},
            capture_output=True,
            text=True,
            check=True,
            timeout=600,
        )
    result = json.loads(completed.stdout)
    if result["abandoned"] != count:
        raise AssertionError(f"{result['abandoned']} of {count} were abandoned")
    seconds, peak = result["seconds"], result["peak_bytes"]
    return [
        f"{count:,}",
        f"{result['calls']}",
        f"{seconds:.1f}",
        f"{count / seconds:,.0f}",
        f"{peak / 1024 / 1024:.0f} MB",
    ]

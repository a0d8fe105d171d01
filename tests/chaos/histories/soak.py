"""Plays one history after the other, each from another seed, until time is up or one does not hold.

`make soak`, or: python -m tests.chaos.histories [--seed N ...] [--minutes M] [--steps N]
[--weather calm|light|rough]
"""

import argparse
import json
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, is_dataclass
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any

import requests

from local import emulator as emulators
from local.emulator import EmulatorError
from local.run import STOP_SIGNALS
from local.stack import StackError, free_port
from tests.chaos.histories.checker import violations
from tests.chaos.histories.plan import Plan, plan_of
from tests.chaos.histories.play import GivenUp, Stage, stage
from tests.chaos.histories.record import History
from tests.chaos.histories.weather import Weather

SHOWN = 20


@dataclass
class Summary:
    """What the rounds came to, all together."""

    rounds: int = 0
    sessions: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)  # how to play each of them again

    def add(self, history: History, stage: Stage) -> None:
        self.rounds += 1
        self.sessions += len(history.of_collection("practice_sessions"))
        for exchange in history.exchanges:
            reason = exchange.reply.get("reason", "")
            self.outcomes[f"{exchange.status or 'no reply'} {reason}".strip()] += 1
        for call in stage.proxy.harmed:
            self.faults[f"{call.method} {type(call.fault).__name__}"] += 1

    def __str__(self) -> str:
        requests_made = sum(self.outcomes.values())
        lines = [
            f"Histories: {self.rounds}, sessions: {self.sessions}, requests: {requests_made}, "
            f"faults: {sum(self.faults.values())}"
        ]
        lines += [f"  {count:6} {name}" for name, count in self.outcomes.most_common()]
        lines += [f"  {count:6} {name}" for name, count in self.faults.most_common()]
        return "\n".join(lines)


def replay_command(plan: Plan, steps: int | None, weather: Weather | None) -> str:
    """What plays the same requests and faults again; their interleaving is never the same."""
    given = f"--seed {plan.seed}"
    given += f" --steps {steps}" if steps else ""
    given += f" --weather {weather}" if weather else ""
    return f".venv/bin/python -m tests.chaos.histories {given}"


def kept(history: History, seed: int) -> Path:
    """Where all that a history left behind can be read, for it never comes about alike again."""
    left = {name: value for name, value in vars(history).items() if name != "lock"}
    text = json.dumps(left, default=_plain, indent=1)
    path = Path(tempfile.gettempdir()) / f"history-{seed}.json"
    path.write_text(text, encoding="utf-8")
    return path


def _plain(value: Any) -> Any:
    return vars(value) if is_dataclass(value) else str(value)


def report(broken: list[str], plan: Plan, command: str) -> str:
    more = [f"  ... and {len(broken) - SHOWN} more"] if len(broken) > SHOWN else []
    return "\n".join(
        [
            f"The history of seed {plan.seed} does not hold ({plan.weather} weather, "
            f"{len(plan.steps)} clients of {len(plan.steps[0])} steps):",
            *(f"  {line}" for line in broken[:SHOWN]),
            *more,
            f"To play it again, more than once, for threads never meet twice alike:  {command}",
        ]
    )


def main() -> int:
    given = _arguments()
    stopping = _stopping()
    summary = Summary()
    try:
        with emulators.use_emulator(free_port()) as emulator, stage(emulator) as playing:
            playing.stopping = stopping
            for plan in _plans(given):
                if stopping.is_set():
                    raise GivenUp
                _round(playing, plan, given, summary)
    except GivenUp:
        print("\nStopped.")
    except (EmulatorError, StackError, requests.RequestException) as error:
        print(error, file=sys.stderr)
        return 1
    print(summary)
    for command in summary.broken:
        print(f"did not hold:  {command}")
    return 1 if summary.broken else 0


def _stopping() -> Event:
    """Set by Ctrl-C. An exception could be lost: raised within a finalizer, it is passed over."""
    asked = Event()
    for number in STOP_SIGNALS:
        signal.signal(number, lambda _number, _frame: asked.set())
    return asked


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", type=int, nargs="*", default=[], help="play just these")
    parser.add_argument("--minutes", type=float, default=10, help="without seeds: for how long")
    parser.add_argument("--steps", type=int, help="of each client")
    parser.add_argument("--weather", type=Weather, choices=list(Weather))
    return parser.parse_args()


def _plans(given: argparse.Namespace) -> Iterator[Plan]:
    ends = time.monotonic() + given.minutes * 60
    seeds = given.seed or (random.randrange(10**6) for _ in count())
    for seed in seeds:
        if not given.seed and time.monotonic() > ends:
            return
        yield plan_of(seed, steps=given.steps, weather=given.weather)


def _round(playing: Stage, plan: Plan, given: argparse.Namespace, summary: Summary) -> None:
    began = time.monotonic()
    print(f"seed {plan.seed:<6}", end=" ", flush=True)
    history = playing.play(plan)
    broken = violations(history)
    summary.add(history, playing)
    unanswered = sum(exchange.open for exchange in history.exchanges)
    print(
        f"{plan.weather:5} {len(plan.steps)} clients {len(history.exchanges):4} requests "
        f"{unanswered:3} open {len(playing.proxy.harmed):4} faults "
        f"{time.monotonic() - began:5.1f} s  {'DOES NOT HOLD' if broken else 'holds'}",
        flush=True,
    )
    if broken:
        command = replay_command(plan, given.steps, given.weather)
        summary.broken.append(command)
        print(report(broken, plan, command), flush=True)
        print(f"All of it: {kept(history, plan.seed)}", flush=True)

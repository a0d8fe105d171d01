"""Plays histories one after the other, each from another seed, until the time is up.

`make soak`, or: python -m tests.chaos.histories [--seed N ...] [--minutes M] [--steps N]
[--fault-level calm|light|rough] [--kind practice|classes]
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
from enum import StrEnum
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
from tests.chaos.histories.classes.checker import violations as class_violations
from tests.chaos.histories.classes.plan import ClassPlan, class_plan_of
from tests.chaos.histories.classes.player import play_classes
from tests.chaos.histories.fault_level import FaultLevel
from tests.chaos.histories.plan import Plan, plan_of
from tests.chaos.histories.player import Interrupted, Player, running_player
from tests.chaos.histories.record import History

SHOWN = 20
AnyPlan = Plan | ClassPlan


class Kind(StrEnum):
    PRACTICE = "practice"
    CLASSES = "classes"


@dataclass
class Summary:
    """Totals of all histories played."""

    histories: int = 0
    sessions: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)  # the command that replays each

    def add(self, history: History, player: Player) -> None:
        self.histories += 1
        self.sessions += len(history.documents_in("practice_sessions"))
        for exchange in history.exchanges:
            reason = exchange.reply.get("reason", "")
            self.outcomes[f"{exchange.status or 'no reply'} {reason}".strip()] += 1
        for call in player.proxy.harmed:
            self.faults[f"{call.method} {type(call.fault).__name__}"] += 1

    def __str__(self) -> str:
        requests_made = sum(self.outcomes.values())
        lines = [
            f"Histories: {self.histories}, sessions: {self.sessions}, requests: {requests_made}, "
            f"faults: {sum(self.faults.values())}"
        ]
        lines += [f"  {count:6} {name}" for name, count in self.outcomes.most_common()]
        lines += [f"  {count:6} {name}" for name, count in self.faults.most_common()]
        return "\n".join(lines)


def play(player: Player, plan: AnyPlan) -> tuple[History, list[str]]:
    """The history of a plan, and its violations."""
    if isinstance(plan, ClassPlan):
        with_classes = play_classes(player, plan)
        return with_classes, class_violations(with_classes)
    history = player.play(plan)
    return history, violations(history)


def replay_command(plan: AnyPlan, steps: int | None, fault_level: FaultLevel | None) -> str:
    """The command that replays the same requests and faults. Their interleaving varies."""
    kind = Kind.CLASSES if isinstance(plan, ClassPlan) else Kind.PRACTICE
    options = f"--kind {kind} --seed {plan.seed}"
    options += f" --steps {steps}" if steps else ""
    options += f" --fault-level {fault_level}" if fault_level else ""
    return f".venv/bin/python -m tests.chaos.histories {options}"


def write_history(history: History, seed: int) -> Path:
    """Writes the whole history to a JSON file, because a replay interleaves differently."""
    recorded = {name: value for name, value in vars(history).items() if name != "lock"}
    text = json.dumps(recorded, default=_plain, indent=1)
    path = Path(tempfile.gettempdir()) / f"history-{seed}.json"
    path.write_text(text, encoding="utf-8")
    return path


def _plain(value: Any) -> Any:
    return vars(value) if is_dataclass(value) else str(value)


def report(violated: list[str], plan: AnyPlan, command: str) -> str:
    more = [f"  ... and {len(violated) - SHOWN} more"] if len(violated) > SHOWN else []
    return "\n".join(
        [
            f"The history of seed {plan.seed} violated a check (fault level {plan.fault_level}, "
            f"{len(plan.steps)} clients with {len(plan.steps[0])} steps each):",
            *(f"  {line}" for line in violated[:SHOWN]),
            *more,
            f"To replay it (several times, because threads interleave differently):  {command}",
        ]
    )


def main() -> int:
    arguments = _arguments()
    stopping = _stop_on_signals()
    summary = Summary()
    try:
        with emulators.use_emulator(free_port()) as emulator, running_player(emulator) as player:
            player.stopping = stopping
            for plan in _plans(arguments):
                if stopping.is_set():
                    raise Interrupted
                _play_one(player, plan, arguments, summary)
    except Interrupted:
        print("\nStopped.")
    except (EmulatorError, StackError, requests.RequestException) as error:
        print(error, file=sys.stderr)
        return 1
    print(summary)
    for command in summary.failed:
        print(f"violated a check:  {command}")
    return 1 if summary.failed else 0


def _stop_on_signals() -> Event:
    """An event that Ctrl-C sets. An exception could be lost: Python ignores it in a finalizer."""
    asked = Event()
    for number in STOP_SIGNALS:
        signal.signal(number, lambda _number, _frame: asked.set())
    return asked


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", type=int, nargs="*", default=[], help="play only these seeds")
    parser.add_argument("--minutes", type=float, default=10, help="duration without --seed")
    parser.add_argument("--steps", type=int, help="number of steps of each client")
    parser.add_argument("--kind", type=Kind, choices=list(Kind), help="both in turn by default")
    parser.add_argument("--fault-level", type=FaultLevel, choices=list(FaultLevel))
    return parser.parse_args()


def _plans(arguments: argparse.Namespace) -> Iterator[AnyPlan]:
    ends = time.monotonic() + arguments.minutes * 60
    seeds = arguments.seed or (random.randrange(10**6) for _ in count())
    options = {"steps": arguments.steps, "fault_level": arguments.fault_level}
    for seed in seeds:
        for kind in [arguments.kind] if arguments.kind else list(Kind):
            if not arguments.seed and time.monotonic() > ends:
                return
            make = class_plan_of if kind is Kind.CLASSES else plan_of
            yield make(seed, **options)


def _play_one(
    player: Player, plan: AnyPlan, arguments: argparse.Namespace, summary: Summary
) -> None:
    began = time.monotonic()
    kind = Kind.CLASSES if isinstance(plan, ClassPlan) else Kind.PRACTICE
    print(f"{kind:8} seed {plan.seed:<6}", end=" ", flush=True)
    history, violated = play(player, plan)
    summary.add(history, player)
    unanswered = sum(exchange.is_open for exchange in history.exchanges)
    print(
        f"{plan.fault_level:5} {len(plan.steps)} clients {len(history.exchanges):4} requests "
        f"{unanswered:3} unanswered {len(player.proxy.harmed):4} faults "
        f"{time.monotonic() - began:5.1f} s  {'FAILED' if violated else 'passed'}",
        flush=True,
    )
    if violated:
        command = replay_command(plan, arguments.steps, arguments.fault_level)
        summary.failed.append(command)
        print(report(violated, plan, command), flush=True)
        print(f"Full history: {write_history(history, plan.seed)}", flush=True)

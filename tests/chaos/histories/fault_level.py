"""Fault levels, and the faults that a seed injects into the calls to the database."""

import random
from collections.abc import Mapping, Sequence
from enum import StrEnum

from testkit.faults.plans import (
    ABORTED,
    COMMIT,
    COUNT,
    DEADLINE_EXCEEDED,
    QUERY,
    READ,
    Cut,
    Delay,
    Fault,
    Hang,
    Lose,
    Refuse,
    Seeded,
)

Rates = Mapping[str, Sequence[tuple[float, Fault]]]

STORM_CALLS = 30
STORMS = 0.3  # the share of stretches that are storms, at the highest intensity
STORM: Rates = {
    COMMIT: [(0.3, Lose()), (0.5, Refuse()), (0.1, Hang(effective=True))],
    READ: [(0.9, Refuse()), (0.05, Cut(1))],
    QUERY: [(0.9, Refuse())],
    COUNT: [(0.9, Refuse())],
}


class FaultLevel(StrEnum):
    """CALM is without faults."""

    CALM = "calm"
    LIGHT = "light"
    ROUGH = "rough"


class Faults:
    """The fault of the n-th call of a method, determined by the seed. `intensity` is in 0-1.

    At the level light few requests meet a fault. At the level rough many do, and there are storms:
    stretches of calls of which hardly one succeeds, so that the store gives up. When reads are in
    a storm, a commit whose reply was lost ends in a 503 although it took effect.
    """

    def __init__(self, seed: int, fault_level: FaultLevel, intensity: float) -> None:
        shares = {FaultLevel.CALM: 0.0, FaultLevel.LIGHT: 0.12, FaultLevel.ROUGH: 1.0}
        share = shares[fault_level] * intensity
        self._seed = seed
        self._ordinary = Seeded(seed, _rates(share))
        self._storm = Seeded(seed, STORM)
        self._storms = STORMS * share if fault_level is FaultLevel.ROUGH else 0.0

    def __call__(self, method: str, number: int) -> Fault | None:
        stretch = random.Random(f"{self._seed}/storm/{method}/{number // STORM_CALLS}")
        plan = self._storm if stretch.random() < self._storms else self._ordinary
        return plan(method, number)


def _rates(share: float) -> Rates:
    return {
        COMMIT: [
            (0.20 * share, Lose()),
            (0.08 * share, Lose(DEADLINE_EXCEEDED)),
            (0.08 * share, Refuse()),
            (0.08 * share, Refuse(ABORTED)),
            (0.02 * share, Hang()),
            (0.05 * share, Hang(effective=True)),
            (0.10 * share, Delay(0.3)),
            (0.02 * share, Delay(3.5)),  # takes effect after the store has given up waiting
        ],
        READ: [
            (0.10 * share, Refuse()),
            (0.04 * share, Refuse(DEADLINE_EXCEEDED)),
            (0.06 * share, Cut(1)),
            (0.10 * share, Delay(0.2)),
            (0.01 * share, Hang()),
        ],
        QUERY: [
            (0.10 * share, Refuse()),
            (0.10 * share, Cut(1)),
            (0.05 * share, Cut(1, ABORTED)),
        ],
        COUNT: [(0.10 * share, Refuse()), (0.10 * share, Lose())],
    }

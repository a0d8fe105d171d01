"""Histories of clients that interfere with each other, with and without faults.

`make soak` plays more of them.
"""

import pytest

from tests.chaos.histories.checker import violations
from tests.chaos.histories.fault_level import FaultLevel
from tests.chaos.histories.plan import plan_of
from tests.chaos.histories.player import Player
from tests.chaos.histories.soak import replay_command, report

HISTORIES = [(1, 60, FaultLevel.CALM), (11, 45, FaultLevel.LIGHT), (3, 30, FaultLevel.ROUGH)]


@pytest.mark.parametrize(("seed", "steps", "fault_level"), HISTORIES)
def test_a_history_passes_all_checks(
    player: Player, seed: int, steps: int, fault_level: FaultLevel
) -> None:
    plan = plan_of(seed, steps=steps, fault_level=fault_level)

    history = player.play(plan)

    violated = violations(history)
    assert not violated, report(violated, plan, replay_command(plan, steps, fault_level))
    assert bool(player.proxy.harmed) == (fault_level is not FaultLevel.CALM)


def test_a_seed_gives_the_same_steps_and_the_same_faults() -> None:
    one, same, other = plan_of(1), plan_of(1), plan_of(2)
    calls = [("Commit", number) for number in range(300)]

    assert same.steps == one.steps
    assert [same.faults(*call) for call in calls] == [one.faults(*call) for call in calls]
    assert other.steps != one.steps

"""Histories of classes, with and without faults. `make soak` plays more of them."""

import pytest

from tests.chaos.histories.classes.checker import violations
from tests.chaos.histories.classes.plan import class_plan_of
from tests.chaos.histories.classes.player import play_classes
from tests.chaos.histories.fault_level import FaultLevel
from tests.chaos.histories.player import Player
from tests.chaos.histories.soak import replay_command, report

HISTORIES = [(1, 60, FaultLevel.CALM), (11, 40, FaultLevel.LIGHT), (21, 30, FaultLevel.ROUGH)]


@pytest.mark.parametrize(("seed", "steps", "fault_level"), HISTORIES)
def test_a_history_with_classes_passes_all_checks(
    player: Player, seed: int, steps: int, fault_level: FaultLevel
) -> None:
    plan = class_plan_of(seed, steps=steps, fault_level=fault_level)

    history = play_classes(player, plan)

    violated = violations(history)
    assert not violated, report(violated, plan, replay_command(plan, steps, fault_level))
    assert bool(player.proxy.harmed) == (fault_level is not FaultLevel.CALM)


def test_a_seed_gives_the_same_steps() -> None:
    assert class_plan_of(1).steps == class_plan_of(1).steps != class_plan_of(2).steps

"""Valid histories with classes, for falsifications."""

from dataclasses import replace

import pytest

from tests.chaos.histories.classes.plan import Taking, class_plan_of
from tests.chaos.histories.classes.player import play_classes
from tests.chaos.histories.classes.record import ClassHistory
from tests.chaos.histories.fault_level import FaultLevel
from tests.chaos.histories.player import Player

# With these seeds and this length the histories have everything that a falsification needs.
SEED, SEED_WITH_VOIDING, STEPS = 3, 24, 320
IN_TURN = {Taking.RACE: Taking.CHANGED, Taking.RACE_OF_THREE: Taking.CHANGED}


@pytest.fixture(scope="package")
def valid_history(player: Player) -> ClassHistory:
    return _of_one_client(player, SEED)


@pytest.fixture(scope="package")
def history_with_voiding(player: Player) -> ClassHistory:
    return _of_one_client(player, SEED_WITH_VOIDING)


def _of_one_client(player: Player, seed: int) -> ClassHistory:
    """A history of one client without faults and races, so that its course hardly varies."""
    plan = class_plan_of(seed, steps=STEPS, fault_level=FaultLevel.CALM)
    steps = [replace(step, taking=IN_TURN.get(step.taking, step.taking)) for step in plan.steps[0]]
    return play_classes(player, replace(plan, steps=[steps]))

"""A valid history with classes, for falsifications."""

from dataclasses import replace

import pytest

from tests.chaos.histories.classes.plan import class_plan_of
from tests.chaos.histories.classes.player import play_classes
from tests.chaos.histories.classes.record import ClassHistory
from tests.chaos.histories.fault_level import FaultLevel
from tests.chaos.histories.player import Player

# With this seed and length the history has everything that a falsification needs.
SEED, STEPS = 3, 320


@pytest.fixture(scope="package")
def valid_history(player: Player) -> ClassHistory:
    """A history of one client without faults, so that its course hardly varies."""
    plan = class_plan_of(SEED, steps=STEPS, fault_level=FaultLevel.CALM)
    return play_classes(player, replace(plan, steps=plan.steps[:1]))

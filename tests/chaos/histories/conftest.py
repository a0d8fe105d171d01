"""A player for all histories, and a valid history for falsifications."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from local.emulator import Emulator
from tests.chaos.histories.fault_level import FaultLevel
from tests.chaos.histories.plan import plan_of
from tests.chaos.histories.player import Player, running_player
from tests.chaos.histories.record import History

# With this seed and length the history has everything that a falsification needs.
SEED, STEPS = 5, 200


@pytest.fixture(scope="package")
def player(emulator: Emulator) -> Iterator[Player]:
    with running_player(emulator) as player:
        yield player


@pytest.fixture(scope="package")
def valid_history(player: Player) -> History:
    """A history of one client without faults, so that its course hardly varies."""
    plan = plan_of(SEED, steps=STEPS, fault_level=FaultLevel.CALM)
    return player.play(replace(plan, steps=plan.steps[:1]))

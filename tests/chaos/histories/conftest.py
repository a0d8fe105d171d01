"""One stage for all histories, and one history that holds, to be doctored."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from local.emulator import Emulator
from tests.chaos.histories.plan import plan_of
from tests.chaos.histories.play import Stage, stage
from tests.chaos.histories.record import History
from tests.chaos.histories.weather import Weather

# This one does everything that there is to be doctored.
PLENTIFUL, MANY = 5, 200


@pytest.fixture(scope="package")
def playing(emulator: Emulator) -> Iterator[Stage]:
    with stage(emulator) as playing:
        yield playing


@pytest.fixture(scope="package")
def plain(playing: Stage) -> History:
    """A history of one client and no faults, so that much the same happens each time."""
    plan = plan_of(PLENTIFUL, steps=MANY, weather=Weather.CALM)
    return playing.play(replace(plan, steps=plan.steps[:1]))

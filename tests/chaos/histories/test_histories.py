"""Clients that get in each other's way, without faults and with them: nothing lost, nothing twice.

`make soak` plays the like for as long as one wishes.
"""

import pytest

from tests.chaos.histories.checker import violations
from tests.chaos.histories.plan import plan_of
from tests.chaos.histories.play import Stage
from tests.chaos.histories.soak import replay_command, report
from tests.chaos.histories.weather import Weather

HISTORIES = [(1, 60, Weather.CALM), (11, 45, Weather.LIGHT), (3, 30, Weather.ROUGH)]


@pytest.mark.parametrize(("seed", "steps", "weather"), HISTORIES)
def test_a_history_holds(playing: Stage, seed: int, steps: int, weather: Weather) -> None:
    plan = plan_of(seed, steps=steps, weather=weather)

    history = playing.play(plan)

    broken = violations(history)
    assert not broken, report(broken, plan, replay_command(plan, steps, weather))
    assert bool(playing.proxy.harmed) == (weather is not Weather.CALM)


def test_a_seed_gives_the_same_steps_and_the_same_faults() -> None:
    one, same, other = plan_of(1), plan_of(1), plan_of(2)
    calls = [("Commit", number) for number in range(300)]

    assert same.steps == one.steps
    assert [same.faults(*call) for call in calls] == [one.faults(*call) for call in calls]
    assert other.steps != one.steps

"""The cost of a call without faults: database calls, documents read and written."""

import pytest

from testkit.faults.plans import READ
from tests.support.firestore.scenes import HONOURING, SCENES, Scene
from tests.support.firestore.world import World


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES.keys())
@pytest.mark.parametrize("key", [None, "a-key"], ids=["without key", "with key"])
def test_a_call_reads_and_writes_exactly_the_documented_documents(
    world: World, scene: Scene, key: str | None
) -> None:
    body = scene.before(world)
    world.channel.calls.clear()

    scene.play(world, body, key=key)

    assert world.channel.calls == (scene.with_key if key else scene.rpcs)


@pytest.mark.parametrize("scene", HONOURING.values(), ids=HONOURING.keys())
def test_a_replay_costs_one_read(world: World, scene: Scene) -> None:
    body = scene.before(world)
    scene.play(world, body, key="a-key")
    world.channel.calls.clear()

    world.call(scene.function, body, by=scene.by, key="a-key")

    assert world.channel.methods == [READ]

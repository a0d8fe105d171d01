"""One active session for each student, template and mode, and locks stored before modes had one."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from shared.firestore.documents import LOCKS
from testkit.faults.plans import COMMIT
from tests.support.firestore import practice
from tests.support.firestore.scenes import lock_without_mode
from tests.support.firestore.world import SCHEDULER, World, answer

MODES = ("checklist", "daily", "infinite")
TICKED = [{"node_id": "Addition"}]


@pytest.fixture
def source(world: World) -> dict[str, Any]:
    """A template with a question bank, as its students read it."""
    return practice.template(world)


def start(world: World, source: dict[str, Any], mode: str) -> dict[str, Any]:
    """The reply to a start in this mode, of practice with five answers if it is infinite."""
    if mode == "infinite":
        player = practice.practised(practice.begin(world, source))
        body: dict[str, Any] = {"stored_session": practice.form(world, player.practice)}
    else:
        body = {"template_id": source["template_id"], "mode": mode}
    reply: dict[str, Any] = answer(world.call("start_session", {**body, "timezone": "UTC"}))
    return reply


def active(world: World) -> dict[str, str]:
    """The modes of the active sessions by id."""
    sessions = {id_: world.session(id_) for id_ in world.ids("practice_sessions")}
    return {id_: s["mode"] for id_, s in sessions.items() if s["status"] == "active"}


def complete(world: World, reply: dict[str, Any]) -> None:
    world.call("complete_session", {"session_id": reply["session"]["session_id"]})


@pytest.mark.parametrize("order", list(permutations(MODES)), ids=" ".join)
def test_each_mode_has_a_session_of_its_own(
    world: World, source: dict[str, Any], order: tuple[str, ...]
) -> None:
    replies = [start(world, source, mode) for mode in order]

    assert [reply["resumed"] for reply in replies] == [False] * 3
    assert sorted(active(world).values()) == sorted(MODES)
    for mode, reply in zip(order, replies, strict=True):
        again = start(world, source, mode)
        assert (again["resumed"], again["session"]) == (True, reply["session"])


def test_practice_is_stored_beside_a_checklist_and_both_are_credited(
    world: World, source: dict[str, Any]
) -> None:
    checklist = start(world, source, "checklist")
    stored = start(world, source, "infinite")
    ticked = {"session_id": checklist["session"]["session_id"], "items": TICKED}
    world.call("update_progress", ticked)

    assert stored["session"]["total_questions"] == practice.ANSWERED
    complete(world, stored)
    assert active(world) == {checklist["session"]["session_id"]: "checklist"}
    complete(world, checklist)
    assert world.student()["totals"]["assigned"]["sessions"] == 2
    assert world.ids(LOCKS) == []


@pytest.mark.parametrize("mode", MODES)
def test_a_session_with_a_lock_of_before_is_resumed_in_its_mode(
    world: World, source: dict[str, Any], mode: str
) -> None:
    before = start(world, source, mode)["session"]
    lock_without_mode(world, before["session_id"])

    again = start(world, source, mode)

    assert (again["resumed"], again["session"]) == (True, before)


@pytest.mark.parametrize(("mode", "other"), list(permutations(MODES, 2)))
def test_a_session_with_a_lock_of_before_does_not_block_another_mode(
    world: World, source: dict[str, Any], mode: str, other: str
) -> None:
    before = start(world, source, mode)
    lock_without_mode(world, before["session"]["session_id"])

    beside = start(world, source, other)

    assert not beside["resumed"]
    assert len(world.ids(LOCKS)) == 2
    complete(world, beside)
    # The end of one leaves the other its place.
    again = start(world, source, mode)
    assert (again["resumed"], again["session"]) == (True, before["session"])


@pytest.mark.parametrize("end", ["complete", "sweep"])
def test_a_lock_of_before_ends_with_its_session(
    world: World, source: dict[str, Any], end: str
) -> None:
    before = start(world, source, "checklist")
    lock_without_mode(world, before["session"]["session_id"])
    if end == "complete":
        complete(world, before)
    else:
        world.call("cleanup_stale_sessions", {}, by=SCHEDULER, after=timedelta(days=9))

    assert world.ids(LOCKS) == []
    assert not start(world, source, "checklist")["resumed"]


def test_a_leftover_lock_of_before_is_removed_by_the_next_start(
    world: World, source: dict[str, Any]
) -> None:
    before = start(world, source, "checklist")["session"]["session_id"]
    lock_without_mode(world, before)
    world.client.document(f"practice_sessions/{before}").update({"status": "completed"})

    started = start(world, source, "daily")["session"]["session_id"]

    assert [world.read(f"{LOCKS}/{id_}")["session_id"] for id_ in world.ids(LOCKS)] == [started]


@pytest.mark.parametrize("function", ["complete_session", "update_progress"])
def test_a_start_beside_a_session_that_changes_meanwhile_leaves_each_its_own_lock(
    world: World, source: dict[str, Any], function: str
) -> None:
    before = start(world, source, "checklist")["session"]["session_id"]
    lock_without_mode(world, before)
    body = {"session_id": before, **({} if function == "complete_session" else {"items": TICKED})}
    world.channel.before(COMMIT, lambda: world.call(function, body))

    start(world, source, "daily")

    locks = [world.read(f"{LOCKS}/{id_}") for id_ in world.ids(LOCKS)]
    assert {lock["session_id"]: lock["mode"] for lock in locks} == active(world)

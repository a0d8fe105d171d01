"""A fault in a call to the database changes neither the stored documents nor the reply."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import grpc
import pytest

from shared.contract.refusals import IdempotencyKeyReused
from shared.domain.common.errors import RevisionMismatch, Unavailable
from shared.firestore import retry
from shared.firestore.database import Database
from shared.firestore.documents import IDEMPOTENCY, LOCKS, SESSIONS, TEMPLATES
from shared.firestore.unconfirmed_commit import Decision
from shared.firestore.writes import Create
from shared.ports.calls import IdempotencyContext, Reply, StoredReply
from testkit.faults.plans import ABORTED, COMMIT, DEADLINE_EXCEEDED, QUERY, READ, UNAVAILABLE
from tests.support.firestore.faulty_channel import ALWAYS, FaultyChannel
from tests.support.firestore.fixtures import NewWorld
from tests.support.firestore.scenes import (
    CLOSING,
    HONOURING,
    ITEMS,
    SCENES,
    TEMPLATE,
    XP_OF_FIRST_SESSION,
    Scene,
    practised,
    session,
    template,
)
from tests.support.firestore.world import MORNING, STUDENT, TEACHER, Documents, World, answer


def _refused_twice_then_lost(channel: FaultyChannel) -> None:
    channel.refuse(COMMIT, times=2)
    channel.lose(COMMIT)


def _lost_and_reading_fails(channel: FaultyChannel) -> None:
    """The reply comes too late, and the first read that checks the commit's effect fails too."""
    channel.lose(COMMIT, DEADLINE_EXCEEDED)
    channel.before(COMMIT, lambda: channel.refuse(READ, times=2))


FAULTS: dict[str, tuple[str, Callable[[FaultyChannel], None]]] = {
    "the commit's reply is lost": (COMMIT, lambda channel: channel.lose(COMMIT)),
    "the commit is aborted": (COMMIT, lambda channel: channel.refuse(COMMIT, ABORTED)),
    "the commit is refused twice, then its reply lost": (COMMIT, _refused_twice_then_lost),
    "the commit's reply comes too late and reading fails": (COMMIT, _lost_and_reading_fails),
    "the read fails": (READ, lambda channel: channel.refuse(READ)),
    "the read breaks off midway": (READ, lambda channel: channel.lose(READ)),
    "the query fails": (QUERY, lambda channel: channel.refuse(QUERY)),
    "the query breaks off midway": (QUERY, lambda channel: channel.lose(QUERY, times=2)),
}
KEYS = [None, "a-key"]


def _cases() -> list[Any]:
    """Every scene with every fault possible in it."""
    return [
        pytest.param(name, key, fault, id=f"{name}-{key or 'no key'}-{fault}")
        for name, scene in SCENES.items()
        for key in KEYS
        for fault, (method, _) in FAULTS.items()
        if method in {rpc.method for rpc in (scene.with_key if key else scene.rpcs)}
    ]


Outcomes = dict[tuple[str, str | None], tuple[StoredReply, Documents]]


@pytest.fixture(scope="module")
def outcomes() -> Outcomes:
    """The outcomes of the scenes without faults. Each is played once."""
    return {}


def _outcome(world: World, scene: Scene, key: str | None) -> tuple[StoredReply, Documents]:
    return scene.play(world, scene.before(world), key=key), world.documents()


@pytest.mark.parametrize(("name", "key", "fault"), _cases())
def test_a_fault_leaves_no_trace(
    new_world: NewWorld, outcomes: Outcomes, name: str, key: str | None, fault: str
) -> None:
    scene = SCENES[name]
    if (name, key) not in outcomes:
        outcomes[name, key] = _outcome(new_world(), scene, key)
    expected, documents = outcomes[name, key]

    world = new_world()
    body = scene.before(world)
    FAULTS[fault][1](world.channel)

    assert scene.play(world, body, key=key) == expected
    assert world.documents() == documents


@pytest.mark.parametrize("name", HONOURING)
def test_a_request_repeated_with_its_key_gets_the_first_reply_and_changes_nothing(
    world: World, name: str
) -> None:
    scene = SCENES[name]
    body = scene.before(world)
    first = scene.play(world, body, key="a-key")
    stored = world.documents()

    again = world.call(scene.function, body, by=scene.by, key="a-key")

    assert (again.status, again.json, again.replayed) == (first.status, first.json, True)
    assert not first.replayed
    assert world.documents() == stored


@pytest.mark.parametrize("name", [n for n, s in SCENES.items() if s.with_key[-1].method == COMMIT])
def test_a_process_that_dies_between_commit_and_reply_leaves_a_complete_effect_and_its_record(
    new_world: NewWorld, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(retry, "MAX_ATTEMPTS", 3)
    scene = SCENES[name]
    first, documents = _outcome(new_world(), scene, "a-key")
    world = new_world()
    body = scene.before(world)
    pages = sum(rpc.method == COMMIT for rpc in scene.with_key) - 1  # a sweep's, before its record
    for _ in range(pages):
        world.channel.spare(COMMIT)
    world.channel.lose(COMMIT)
    world.channel.before(
        COMMIT, *[_nothing] * pages, lambda: world.channel.refuse(READ, times=ALWAYS)
    )
    with pytest.raises(Unavailable):
        scene.play(world, body, key="a-key")
    world.channel.clear_faults()
    assert world.documents() == documents

    # Another process gets the same request: its client received no reply.
    again = world.call(scene.function, body, by=scene.by, key="a-key")

    assert (again.status, again.json) == (first.status, first.json)
    assert world.documents() == documents


def _nothing() -> None:
    pass


@pytest.mark.parametrize(
    ("name", "method"),
    [
        (name, method)
        # void_item commits step by step: test_regrading.py.
        for name, scene in HONOURING.items()
        for method in sorted({rpc.method for rpc in scene.with_key})
    ],
)
def test_a_lasting_fault_ends_in_unavailable_after_the_maximum_of_attempts_and_changes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, name: str, method: str
) -> None:
    attempts = 3
    monkeypatch.setattr(retry, "MAX_ATTEMPTS", attempts)
    scene = SCENES[name]
    body = scene.before(world)
    stored = world.documents()
    world.channel.calls.clear()
    world.channel.refuse(method, times=ALWAYS)

    with pytest.raises(Unavailable):
        scene.play(world, body, key="a-key")

    # An exact number: no layer below these retries repeats a call.
    assert world.channel.methods.count(method) == attempts
    world.channel.clear_faults()
    assert world.documents() == stored


@pytest.mark.parametrize("method", [READ, COMMIT])
def test_a_request_to_a_database_that_never_answers_ends_within_its_time_budget(
    world: World, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    monkeypatch.setattr(retry, "RPC_TIMEOUT_SECONDS", 0.2)
    path = "practice_sessions/id-1"
    idempotency = IdempotencyContext("someone", "start_session", "a-key", "hash", MORNING)
    writes = [Create(path, {"schema_version": 1})]
    world.channel.hang(method, times=ALWAYS)
    began = time.monotonic()

    with pytest.raises(Unavailable):
        Database(world.client).change(
            [path],
            lambda _documents, _budget: Decision(Reply(None), writes),
            idempotency=idempotency,
            seconds=0.5,
        )

    assert 0.3 < time.monotonic() - began < 1.5


def test_the_longest_time_of_a_request_is_below_fifteen_seconds() -> None:
    # The last attempt starts within the budget and ends with it.
    assert retry.DEADLINE_SECONDS + retry.RPC_TIMEOUT_SECONDS < 15


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("fault", [f for f, (method, _) in FAULTS.items() if method == COMMIT])
def test_xp_streak_and_totals_are_paid_once(world: World, key: str | None, fault: str) -> None:
    session_id = practised(world)
    FAULTS[fault][1](world.channel)

    summary = answer(world.call("complete_session", {"session_id": session_id, **CLOSING}, key=key))

    student = world.student()
    assert summary["summary"]["xp"]["total"] == student["xp_total"] == XP_OF_FIRST_SESSION
    assert student["streak"] == {
        "current": 1,
        "longest": 1,
        "last_local_date": "2024-02-29",
        "last_began_at": world.session(session_id)["started_at"],
        "kept_date": None,
    }
    assert student["claimed"] == {"local_date": "2024-02-29", "xp": XP_OF_FIRST_SESSION}
    assert student["totals"]["assigned"]["sessions"] == 1
    assert student["totals"]["assigned"]["by_subject"]["Music"]["questions_correct"] == 1
    assert student["totals"]["self_practice"]["sessions"] == 0
    assert world.session(session_id)["revision"] == 3


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("fault", [f for f, (method, _) in FAULTS.items() if method == COMMIT])
def test_items_are_logged_once_and_a_revision_goes_up_by_one(
    world: World, key: str | None, fault: str
) -> None:
    session_id = session(world)
    FAULTS[fault][1](world.channel)

    answered = answer(
        world.call("update_progress", {"session_id": session_id, "items": ITEMS}, key=key)
    )["session"]

    stored = world.session(session_id)
    assert answered["revision"] == stored["revision"] == 2
    assert answered["items_completed"] == stored["items_completed"] == 2
    assert len(world.ids("items")) == len(ITEMS)


def test_an_update_whose_reply_was_lost_is_answered_when_another_one_followed(
    world: World,
) -> None:
    session_id = session(world)
    other = {"session_id": session_id, "session_data": {"notes": "from the tablet"}}
    world.channel.lose(COMMIT)
    # After the reply is lost, and before its effect is checked.
    world.channel.before(READ, _nothing, lambda: world.call("update_progress", other))

    answered = answer(world.call("update_progress", {"session_id": session_id, "items": ITEMS}))

    assert answered["session"]["revision"] == 2
    stored = world.session(session_id)
    assert (stored["revision"], stored["session_data"]["notes"]) == (3, "from the tablet")
    assert len(world.ids("items")) == len(ITEMS)


OVERTAKING: dict[str, dict[str, Any]] = {
    "update_progress": {"session_data": {"notes": "from the tablet"}},
    "complete_session": {"notes": "from the tablet"},
}


@pytest.mark.parametrize("revision", [{}, {"revision": 1}])
@pytest.mark.parametrize("overtaking", OVERTAKING)
def test_an_update_that_may_have_been_overwritten_is_neither_repeated_nor_refused(
    world: World, overtaking: str, revision: dict[str, Any]
) -> None:
    """Without a key and after another change, it is unknown whether the update was made."""
    session_id = session(world)
    note = {"session_id": session_id, "session_data": {"notes": "from the phone"}, **revision}
    other = {"session_id": session_id, **OVERTAKING[overtaking]}
    world.channel.lose(COMMIT)
    world.channel.before(READ, _nothing, lambda: world.call(overtaking, other))

    with pytest.raises(Unavailable):
        world.call("update_progress", note)

    stored = world.session(session_id)
    assert (stored["revision"], stored["session_data"]["notes"]) == (3, "from the tablet")


def test_an_overtaken_update_with_a_key_is_answered(world: World) -> None:
    session_id = session(world)
    note = {"session_id": session_id, "session_data": {"notes": "from the phone"}}
    other = {"session_id": session_id, "session_data": {"notes": "from the tablet"}}
    world.channel.lose(COMMIT)
    world.channel.before(READ, _nothing, lambda: world.call("update_progress", other))

    answered = answer(world.call("update_progress", note, key="a-key"))["session"]

    assert (answered["revision"], answered["session_data"]["notes"]) == (2, "from the phone")
    stored = world.session(session_id)
    assert (stored["revision"], stored["session_data"]["notes"]) == (3, "from the tablet")


def test_an_aborted_update_is_made_after_the_one_that_overtook_it(world: World) -> None:
    session_id = session(world)
    note = {"session_id": session_id, "session_data": {"notes": "from the phone"}}
    other = {"session_id": session_id, "session_data": {"notes": "from the tablet"}}
    world.channel.refuse(COMMIT, ABORTED)
    world.channel.before(READ, _nothing, lambda: world.call("update_progress", other))

    answered = answer(world.call("update_progress", note))["session"]

    assert (answered["revision"], answered["session_data"]["notes"]) == (3, "from the phone")


@pytest.mark.parametrize("code", [UNAVAILABLE, ABORTED])
def test_an_item_is_logged_after_an_identical_one(world: World, code: grpc.StatusCode) -> None:
    """Both items leave the session identical, because the clock is behind the last activity."""
    body = {"session_id": session(world), "items": ITEMS[:1]}
    world.now -= timedelta(hours=1)
    world.channel.before(COMMIT, lambda: world.channel.refuse(COMMIT, code))
    now = timedelta(0)
    world.channel.before(READ, _nothing, lambda: world.call("update_progress", body, after=now))

    answered = answer(world.call("update_progress", body, after=now))["session"]

    assert answered["revision"] == 3
    assert len(world.ids("items")) == 2


def test_a_start_whose_reply_was_lost_is_answered_when_the_session_has_ended_since(
    world: World,
) -> None:
    body = {"template_id": template(world), "timezone": "UTC"}
    world.channel.lose(COMMIT)
    world.channel.before(
        READ,
        _nothing,
        lambda: world.call("complete_session", {"session_id": world.ids(SESSIONS)[0]}),
    )

    started = world.call("start_session", body)

    assert started.status == 201
    assert world.ids(SESSIONS) == [answer(started)["session"]["session_id"]]
    assert world.ids(LOCKS) == []


def test_a_late_commit_has_one_effect(world: World) -> None:
    """The reply is late, the check reads before the effect, and then the commit takes effect."""
    session_id = session(world)
    body = {"session_id": session_id, "session_data": {"notes": "slowly"}}
    late = World(world.client, world.channel)

    def take_effect() -> None:
        late.now = world.now - timedelta(minutes=1)  # the very same request
        late.call("update_progress", body)

    world.channel.refuse(COMMIT, DEADLINE_EXCEEDED)
    world.channel.before(COMMIT, _nothing, take_effect)

    assert answer(world.call("update_progress", body))["session"]["revision"] == 2
    assert world.session(session_id)["revision"] == 2


def test_a_repeat_of_a_refused_request_is_evaluated_again(world: World) -> None:
    """A refusal is not recorded, so that its key can be used again after the cause is resolved."""
    session_id = session(world)
    body = {"session_id": session_id, "revision": 2, "session_data": {"notes": "slowly"}}
    with pytest.raises(RevisionMismatch):
        world.call("update_progress", body, key="a-key")
    assert world.ids(IDEMPOTENCY) == []
    world.call("update_progress", {"session_id": session_id, "items": ITEMS})

    assert world.call("update_progress", body, key="a-key").status == 200


def test_a_key_used_with_another_body_is_refused_and_changes_nothing(world: World) -> None:
    session_id = session(world)
    world.call("update_progress", {"session_id": session_id, "items": ITEMS}, key="a-key")
    stored = world.documents()

    with pytest.raises(IdempotencyKeyReused):
        world.call("update_progress", {"session_id": session_id, "items": ITEMS[:1]}, key="a-key")

    assert world.documents() == stored


def test_a_key_belongs_to_one_user_and_one_function(world: World) -> None:
    template_id = template(world, visibility="public")
    for user in (STUDENT, "another"):
        started = world.call("start_session", {"template_id": template_id}, by=user, key="a-key")
        assert (started.status, started.replayed) == (201, False)
    world.call("delete_template", {"template_id": template_id}, by=TEACHER, key="a-key")
    assert len(world.ids(SESSIONS)) == 2
    assert world.read(f"{TEMPLATES}/{template_id}")["archived_at"] is not None


def test_a_key_is_valid_for_two_weeks_and_can_be_used_again_once_expired(world: World) -> None:
    """Expired records are ignored. The database deletes them within a day."""
    first = world.call("start_session", {"timezone": "UTC"}, key="a-key")
    week = timedelta(days=6.9)
    assert world.call("start_session", {"timezone": "UTC"}, key="a-key", after=week).replayed
    assert world.call("start_session", {"timezone": "UTC"}, key="a-key", after=week).replayed

    later = world.call("start_session", {"timezone": "UTC"}, key="a-key", after=week)

    assert not later.replayed
    assert answer(later)["session"]["session_id"] != answer(first)["session"]["session_id"]
    again = world.call("start_session", {"timezone": "UTC"}, key="a-key")
    assert (again.json, again.replayed) == (later.json, True)
    assert len(world.ids(SESSIONS)) == 2


def test_the_first_reply_is_not_marked_as_replayed_after_a_lost_commit_reply(
    world: World,
) -> None:
    world.channel.lose(COMMIT)

    assert not world.call("create_template", TEMPLATE, by=TEACHER, key="a-key").replayed


def test_true_and_1_are_different_values(world: World) -> None:
    session_id = session(world)
    for value in (1, True, 0, False):
        change = {"session_id": session_id, "session_data": {"flag": value}}
        world.call("update_progress", change)
        assert world.session(session_id)["session_data"]["flag"] is value

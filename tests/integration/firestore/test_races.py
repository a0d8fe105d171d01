"""Races: another call commits between the read and the commit of a call."""

from datetime import timedelta
from typing import Any

import pytest

from shared.domain.common.errors import (
    PermissionDenied,
    RevisionMismatch,
    SessionNotActive,
    TemplateArchived,
    Unavailable,
)
from shared.domain.sessions.session import Mode
from shared.domain.students.scoring import XP_PER_STREAK_DAY
from shared.firestore.documents import LOCKS, SESSIONS
from shared.firestore.locks import LockScope
from shared.sealing.template_sealer import FernetTemplateSealer
from testkit.faults.plans import ABORTED, COMMIT, READ
from tests.support.firestore.scenes import (
    BANK,
    CLOSING,
    ITEMS,
    SCENES,
    TEMPLATE,
    XP_OF_FIRST_SESSION,
    XP_OF_ITEMS,
    practised,
    session,
    template,
)
from tests.support.firestore.world import (
    SCHEDULER,
    STUDENT,
    TEACHER,
    SameSeals,
    World,
    answer,
)


def _nothing() -> None:
    pass


@pytest.mark.parametrize("name", [n for n, s in SCENES.items() if s.with_key[-1].method == COMMIT])
def test_a_concurrent_call_with_the_same_key_takes_effect_and_both_get_its_reply(
    world: World, name: str
) -> None:
    scene = SCENES[name]
    body = scene.before(world)
    twin: list[Any] = []

    def faster_call() -> None:
        twin.append(world.call(scene.function, body, by=scene.by, key="a-key"))
        twin.append(world.documents())

    # The concurrent sweep finishes before the first page of the other.
    world.channel.before(COMMIT, faster_call)
    reply = scene.play(world, body, key="a-key")

    first, stored = twin
    assert (reply.status, reply.json) == (first.status, first.json)
    assert (first.replayed, reply.replayed) == (False, True)
    assert world.documents() == stored


def test_two_concurrent_starts_share_the_session_of_the_faster_one(world: World) -> None:
    body = {"template_id": template(world), "timezone": "UTC"}
    faster_call: list[Any] = []
    world.channel.before(COMMIT, lambda: faster_call.append(world.call("start_session", body)))

    slower = world.call("start_session", body)

    assert (faster_call[0].status, slower.status) == (201, 200)
    assert answer(slower) == {**answer(faster_call[0]), "resumed": True}
    assert len(world.ids(SESSIONS)) == len(world.ids(LOCKS)) == 1


def test_two_starts_that_meet_the_same_leftover_lock_share_one_session(world: World) -> None:
    body = SCENES["start_session over a leftover lock"].before(world)
    faster_call: list[Any] = []
    world.channel.before(COMMIT, lambda: faster_call.append(world.call("start_session", body)))

    slower = world.call("start_session", body)

    assert (faster_call[0].status, slower.status) == (201, 200)
    assert len(world.ids(SESSIONS)) == 1


@pytest.mark.parametrize("leftover", ["missing", "completed", "abandoned"])
def test_a_lock_that_names_no_active_session_is_taken_over_by_the_next_start(
    world: World, leftover: str
) -> None:
    template_id = template(world)
    ended = session(world, template_id)
    lock = world.client.document(LockScope(STUDENT, template_id, Mode.CHECKLIST).lock)
    left = lock.get().to_dict()
    if leftover == "missing":
        world.client.document(f"{SESSIONS}/{ended}").delete()
    elif leftover == "completed":
        world.call("complete_session", {"session_id": ended})
    else:
        world.call("cleanup_stale_sessions", {}, by=SCHEDULER, after=timedelta(days=4))
    lock.set(left)

    started = world.call("start_session", {"template_id": template_id})

    new = answer(started)["session"]["session_id"]
    assert (started.status, lock.get().get("session_id")) == (201, new)
    assert world.call("start_session", {"template_id": template_id}).status == 200


def test_a_session_that_ends_during_a_start_is_not_resumed(world: World) -> None:
    template_id = template(world)
    ended = session(world, template_id)
    # After the lock was read, before the session it names is.
    completes = {"session_id": ended}
    world.channel.before(READ, _nothing, lambda: world.call("complete_session", completes))

    started = world.call("start_session", {"template_id": template_id, "timezone": "UTC"})

    assert started.status == 201
    assert answer(started)["session"]["session_id"] != ended
    assert len(world.ids(LOCKS)) == 1


def test_an_update_that_meets_a_completion_is_refused_and_stores_nothing(world: World) -> None:
    session_id = session(world)
    world.channel.before(COMMIT, lambda: world.call("complete_session", {"session_id": session_id}))

    with pytest.raises(SessionNotActive):
        world.call("update_progress", {"session_id": session_id, "items": ITEMS})

    assert world.ids("items") == []
    assert world.session(session_id)["items_completed"] == 0


def test_a_completion_that_meets_an_update_counts_the_update(world: World) -> None:
    session_id = session(world)
    update = {"session_id": session_id, "items": ITEMS}
    world.channel.before(COMMIT, lambda: world.call("update_progress", update))

    summary = answer(world.call("complete_session", {"session_id": session_id}))["summary"]

    assert (summary["items_completed"], summary["questions_correct"]) == (2, 1)
    assert world.student()["xp_total"] == summary["xp"]["total"] == XP_OF_FIRST_SESSION


def test_a_completion_that_meets_the_same_completion_credits_nothing_more(world: World) -> None:
    body = {"session_id": practised(world), **CLOSING}
    faster_call: list[Any] = []
    world.channel.before(COMMIT, lambda: faster_call.append(world.call("complete_session", body)))

    slower = world.call("complete_session", body)

    assert slower.json == faster_call[0].json
    assert world.student()["xp_total"] == XP_OF_FIRST_SESSION


def test_a_completion_that_meets_a_different_completion_is_refused(world: World) -> None:
    session_id = practised(world)
    world.channel.before(
        COMMIT,
        lambda: world.call("complete_session", {"session_id": session_id, "notes": "from here"}),
    )

    with pytest.raises(SessionNotActive):
        world.call("complete_session", {"session_id": session_id, "notes": "from there"})

    assert world.session(session_id)["session_data"]["notes"] == "from here"


@pytest.mark.parametrize("earlier", [0, 1], ids=["no session before", "one session before"])
def test_two_interleaved_completions_are_both_credited(world: World, earlier: int) -> None:
    for _ in range(earlier):
        world.call("complete_session", {"session_id": practised(world)})
    one, other = practised(world), practised(world)
    world.channel.before(COMMIT, lambda: world.call("complete_session", {"session_id": other}))

    world.call("complete_session", {"session_id": one})

    student = world.student()
    sessions = earlier + 2
    assert student["xp_total"] == sessions * XP_OF_ITEMS + XP_PER_STREAK_DAY
    assert student["totals"]["assigned"]["sessions"] == sessions
    assert student["streak"]["current"] == 1
    bonuses = [world.session(s)["xp"]["streak_bonus"] for s in world.ids(SESSIONS)]
    assert sorted(bonuses) == [0] * (sessions - 1) + [XP_PER_STREAK_DAY]


def test_two_interleaved_updates_are_both_stored(world: World) -> None:
    session_id = session(world)
    theirs = {"session_id": session_id, "session_data": {"notes": "theirs"}, "items": ITEMS[:1]}
    world.channel.before(COMMIT, lambda: world.call("update_progress", theirs))

    ours = {"session_id": session_id, "session_data": {"focus_score": 8}, "items": ITEMS[1:]}
    answered = answer(world.call("update_progress", ours))["session"]

    stored = world.session(session_id)
    assert answered["revision"] == stored["revision"] == 3
    data = stored["session_data"]
    assert (data["notes"], data["focus_score"]) == ("theirs", 8)
    log = world.client.collection(f"{SESSIONS}/{session_id}/items").order_by("index").stream()
    assert [entry.get("node_id") for entry in log] == ["scales", "question-1"]
    assert stored["tally"]["items_logged"] == 2


def test_the_second_of_two_updates_of_one_revision_is_refused(world: World) -> None:
    session_id = session(world)

    def update(notes: str) -> dict[str, Any]:
        return {"session_id": session_id, "revision": 1, "session_data": {"notes": notes}}

    world.channel.before(COMMIT, lambda: world.call("update_progress", update("theirs")))

    with pytest.raises(RevisionMismatch):
        world.call("update_progress", update("ours"))

    assert world.session(session_id)["session_data"]["notes"] == "theirs"
    assert world.session(session_id)["revision"] == 2


@pytest.mark.parametrize(
    "change", [{"name": "Ours"}, {"template_data": BANK}], ids=["name", "bank"]
)
def test_the_second_of_two_updates_of_one_template_version_is_refused(
    world: World, change: dict[str, Any]
) -> None:
    template_id = template(world)
    version = {"template_id": template_id, "version": 1}
    theirs = {**version, "name": "Theirs"}
    world.channel.before(COMMIT, lambda: world.call("update_template", theirs, by=TEACHER))

    with pytest.raises(RevisionMismatch):
        world.call("update_template", {**version, **change}, by=TEACHER)

    stored = world.read(f"session_templates/{template_id}")
    assert (stored["name"], stored["version"]) == ("Theirs", 2)
    assert stored["template_data"] == TEMPLATE["template_data"]
    assert world.ids("private") == ["assigned"]


class RecordedSeals(SameSeals):
    """Records the purpose of each seal that is made."""

    def __init__(self) -> None:
        super().__init__()
        self.made: list[str] = []

    def seal(self, purpose: str, content: bytes) -> str:
        self.made.append(purpose)
        return super().seal(purpose, content)


def test_an_update_that_is_committed_at_the_third_attempt_seals_once(world: World) -> None:
    template_id, seals = template(world), RecordedSeals()
    world.template_sealer = FernetTemplateSealer(seals)
    world.channel.refuse(COMMIT, ABORTED, times=2)

    update = {"template_id": template_id, "version": 1, "template_data": BANK}
    world.call("update_template", update, by=TEACHER)

    assert world.channel.methods[-6:] == [READ, COMMIT] * 3
    assert world.read(f"session_templates/{template_id}")["version"] == 2
    assert seals.made == ["template"]


def test_an_update_that_is_not_permitted_seals_nothing(world: World) -> None:
    own = answer(world.call("create_template", {"name": "Own", "template_data": BANK}))["template"]
    published = {"template_id": own["template_id"], "version": 1, "visibility": "public"}
    seals = RecordedSeals()
    world.template_sealer = FernetTemplateSealer(seals)

    with pytest.raises(PermissionDenied):
        world.call("update_template", {**published, "template_data": BANK})

    assert seals.made == []


def test_an_update_that_meets_the_deletion_of_the_template_is_refused(world: World) -> None:
    template_id = template(world)
    deletion = {"template_id": template_id}
    world.channel.before(COMMIT, lambda: world.call("delete_template", deletion, by=TEACHER))

    with pytest.raises(TemplateArchived):
        world.call(
            "update_template",
            {"template_id": template_id, "version": 1, "name": "Lute"},
            by=TEACHER,
        )

    assert world.read(f"session_templates/{template_id}")["name"] == TEMPLATE["name"]


def test_a_deletion_that_meets_an_update_archives_the_updated_template(world: World) -> None:
    template_id = template(world)
    update = {"template_id": template_id, "version": 1, "name": "Lute"}
    world.channel.before(COMMIT, lambda: world.call("update_template", update, by=TEACHER))

    world.call("delete_template", {"template_id": template_id}, by=TEACHER)

    stored = world.read(f"session_templates/{template_id}")
    assert (stored["name"], stored["version"]) == ("Lute", 2)
    assert stored["archived_at"] is not None


def test_a_start_that_read_the_template_before_its_deletion_continues_with_its_snapshot(
    world: World,
) -> None:
    template_id = template(world)
    deletion = {"template_id": template_id}
    world.channel.before(COMMIT, lambda: world.call("delete_template", deletion, by=TEACHER))

    started = world.call("start_session", {"template_id": template_id})

    assert started.status == 201
    assert world.call("start_session", {"template_id": template_id}).status == 200
    world.call("complete_session", {"session_id": answer(started)["session"]["session_id"]})
    with pytest.raises(TemplateArchived):
        world.call("start_session", {"template_id": template_id})


def test_a_call_that_loses_every_race_fails_as_unavailable_and_changes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.firestore.retry.MAX_ATTEMPTS", 4)
    session_id = session(world)
    session_path = f"{SESSIONS}/{session_id}"
    revisions = iter(range(10, 20))

    def someone_else() -> None:
        world.channel.before(COMMIT, _nothing, someone_else)  # their own commit, then our next one
        world.client.document(session_path).update({"revision": next(revisions)})

    world.channel.before(COMMIT, someone_else)

    with pytest.raises(Unavailable):
        world.call("update_progress", {"session_id": session_id, "items": ITEMS})

    world.channel.clear_faults()
    assert world.ids("items") == []
    assert world.session(session_id)["revision"] == 13

"""The sweep of stale sessions: which are abandoned, and the bounds of one call."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import requests

from local.api import User
from local.stack import Stack
from local.tokens import scheduler_token
from shared.domain.common.errors import SessionNotActive, Unavailable
from shared.domain.students.scoring import XP_RIGHT_AT_FIRST_TRY
from shared.firestore import retry
from shared.firestore import sweep as sweeping
from shared.firestore.client import Client
from shared.firestore.documents import LOCKS, SESSIONS, live_path, row_path, state_path
from testkit.faults.plans import COMMIT, COUNT, QUERY, READ
from tests.conftest import PROJECT_ID
from tests.support.firestore import practice
from tests.support.firestore.faulty_channel import ALWAYS, FaultyChannel, Rpc
from tests.support.firestore.scenes import (
    AFTER_SWEEP,
    ITEMS,
    XP_OF_FIRST_SESSION,
    XP_OF_ITEMS,
    blank_session,
    member,
    practised,
    school_class,
    session,
    template,
    work,
)
from tests.support.firestore.world import SCHEDULER, STUDENT, TEACHER, World, answer
from tests.support.tutor.playing import right

FOUR_DAYS = timedelta(days=4)
# The XP of a session that was left with ITEMS: no bonus.
PAID = {
    "items": XP_OF_ITEMS,
    "session_bonus": 0,
    "streak_bonus": 0,
    "total": XP_OF_ITEMS,
    "verified": 0,
}


def sweep(world: World, after: timedelta = timedelta(0), **body: Any) -> dict[str, Any]:
    swept: dict[str, Any] = answer(
        world.call("cleanup_stale_sessions", body, by=SCHEDULER, after=after)
    )
    return swept


def statuses(world: World) -> dict[str, str]:
    return {session_id: world.session(session_id)["status"] for session_id in world.ids(SESSIONS)}


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "PAGE", 2)


def test_a_stale_session_ends_at_its_last_activity_and_keeps_its_progress(
    world: World,
) -> None:
    session_id = practised(world)
    before = world.session(session_id)

    assert sweep(world, FOUR_DAYS) == {"scanned": 1, "abandoned": 1, "remaining": 0, "next": None}

    after = world.session(session_id)
    changed = {
        "status": "abandoned",
        "end_reason": "stale",
        "ended_at": before["last_activity_at"],
        "duration_seconds": 60,
        "time_spent_seconds": 60,
        "xp": PAID,
        "streak_before": 0,
        "streak_after": 1,
        "revision": 3,
    }
    assert after == {**before, **changed}
    assert len(world.ids("items")) == len(ITEMS)
    assert world.ids(LOCKS) == []


def test_a_sweep_that_finds_nothing_reads_one_page_of_each_kind_alone(world: World) -> None:
    blank_session(world)
    world.channel.calls.clear()

    assert sweep(world) == {"scanned": 0, "abandoned": 0, "remaining": 0, "next": None}

    # Work on assignments waits longer, so it is another query.
    assert world.channel.methods == [QUERY, QUERY]


def test_work_on_an_assignment_is_left_alone_for_thirty_days_more(world: World) -> None:
    ids = work(world)
    row = row_path(ids["class_id"], STUDENT)
    begun = world.read(row)

    assert sweep(world, timedelta(days=31))["scanned"] == 0
    assert world.session(ids["session_id"])["status"] == "active"
    assert sweep(world, FOUR_DAYS) == {"scanned": 1, "abandoned": 1, "remaining": 0, "next": None}

    left = world.session(ids["session_id"])
    assert (left["status"], left["end_reason"]) == ("abandoned", "stale")
    assert state_path(ids["session_id"]) not in world.documents()
    # Nothing was handed in, and the gradebook does not say so.
    assert world.read(row) == begun
    with pytest.raises(SessionNotActive):
        world.call("start_session", {n: ids[n] for n in ("class_id", "assignment_id")})


def test_strict_work_is_never_swept(world: World) -> None:
    """Its answers are in its state alone until it is handed in."""
    ids = work(world, points=10)
    assert world.session(ids["session_id"])["assignment"]["policy"] == "strict"

    assert sweep(world, timedelta(days=400))["scanned"] == 0

    world.call("complete_session", {"session_id": ids["session_id"]})


def test_work_that_is_swept_is_no_longer_work_of_the_moment(world: World) -> None:
    ids = work(world, mode="checklist")
    live = live_path(ids["class_id"], STUDENT)
    item = {"node_id": "Addition", "completed": True}
    world.call("update_progress", {"session_id": ids["session_id"], "items": [item]})
    assert live in world.documents()

    sweep(world, timedelta(days=40))

    assert live not in world.documents()


def test_what_is_swept_leaves_what_the_class_shows_of_later_work(world: World) -> None:
    first = work(world, mode="checklist")
    live = live_path(first["class_id"], STUDENT)
    world.now += timedelta(days=20)
    body = {"class_id": first["class_id"], "template_id": template(world), "mode": "checklist"}
    other = answer(world.call("create_assignment", body, by=TEACHER))["assignment"]
    world.call("start_session", {name: other[name] for name in ("class_id", "assignment_id")})
    shown = world.read(live)

    assert sweep(world, timedelta(days=20))["abandoned"] == 1

    assert shown["assignment_id"] == other["assignment_id"]
    assert world.read(live) == shown


@pytest.mark.usefixtures("small_pages")
def test_what_remains_is_counted_over_sessions_and_work_on_assignments(world: World) -> None:
    blank = [blank_session(world) for _ in range(3)]
    works = [work(world)["session_id"] for _ in range(2)]
    world.now += timedelta(days=40)
    oldest = [world.session(id_)["last_activity_at"] for id_ in (blank[0], works[1])]

    dry = sweep(world, dry_run=True)
    assert (dry["scanned"], dry["abandoned"], dry["remaining"]) == (5, 0, 5)
    assert datetime.fromisoformat(dry["next"]) == oldest[0]
    first = sweep(world, limit=4)
    assert (first["scanned"], first["abandoned"], first["remaining"]) == (4, 4, 1)
    assert datetime.fromisoformat(first["next"]) == oldest[1]
    assert sweep(world) == {"scanned": 1, "abandoned": 1, "remaining": 0, "next": None}


def test_self_practice_that_is_swept_is_counted_in_the_rows_of_classes(world: World) -> None:
    of = [school_class(world) for _ in range(2)]
    for each in of:
        member(world, each)
    world.call("update_progress", {"session_id": blank_session(world), "items": ITEMS})

    sweep(world, FOUR_DAYS)

    for each in of:
        row = world.read(row_path(each["class"]["class_id"], STUDENT))
        assert row["self_practice"]["sessions"] == 1
        assert (row["status"], row["display_name"]) == ("active", "Sam")


def test_a_stale_session_is_credited_as_of_its_last_activity(world: World) -> None:
    session_id = practised(world)

    sweep(world, FOUR_DAYS)

    left_at = world.session(session_id)["last_activity_at"]
    student = world.student()
    assert (student["xp_total"], student["updated_at"]) == (XP_OF_ITEMS, left_at)
    totals = student["totals"]["assigned"]
    assert (totals["sessions"], totals["items_completed"], totals["xp"]) == (1, 2, XP_OF_ITEMS)
    assert totals["by_subject"]["Music"]["questions_correct"] == 1
    streak = student["streak"]
    assert (streak["current"], streak["last_local_date"]) == (1, left_at.date().isoformat())


def test_verified_answers_of_a_stale_session_are_credited_with_their_skills(world: World) -> None:
    player = practice.begin(world, practice.template(world))
    for _ in range(8):
        player.answer(right(player.pending))
    session_id = practice.started(world, player)
    (skill,) = world.ids("skills")
    known = world.read(f"students/{STUDENT}/skills/{skill}")

    sweep(world, FOUR_DAYS)

    paid = 8 * XP_RIGHT_AT_FIRST_TRY
    session_document, student = world.session(session_id), world.student()
    assert (session_document["xp"]["total"], session_document["xp"]["verified"]) == (paid, paid)
    assert (student["xp_total"], student["xp_verified"]) == (paid, paid)
    assert student["totals"]["assigned"]["questions_correct"] == 8
    assert world.read(f"students/{STUDENT}/skills/{skill}") == known
    assert known["attempts"] == 8


def test_a_stale_session_with_nothing_done_credits_nothing(world: World) -> None:
    session_id = session(world)

    sweep(world, FOUR_DAYS)

    assert world.session(session_id)["end_reason"] == "stale"
    assert world.ids("students") == []


@pytest.mark.usefixtures("small_pages")
def test_a_page_with_several_sessions_of_one_student_credits_each(world: World) -> None:
    template_id = template(world)
    world.call(
        "update_template",
        {"template_id": template_id, "version": 1, "student_ids": ["ann", "bob"]},
        by=TEACHER,
    )
    for by in ("ann", "ann", "bob"):
        session_id = session(
            world, template_id if by == "bob" else template(world, student_ids=[by]), by=by
        )
        world.call("update_progress", {"session_id": session_id, "items": ITEMS}, by=by)

    assert sweep(world, FOUR_DAYS)["abandoned"] == 3

    assert world.student("ann")["xp_total"] == 2 * XP_OF_ITEMS
    assert world.student("bob")["xp_total"] == XP_OF_ITEMS


@pytest.mark.parametrize("lost", [1, 2])
def test_a_credit_whose_reply_was_lost_is_given_once(world: World, lost: int) -> None:
    practised(world)
    world.channel.lose(COMMIT, times=lost)

    assert sweep(world, FOUR_DAYS)["abandoned"] == 1

    assert world.student()["xp_total"] == XP_OF_ITEMS
    assert world.student()["totals"]["assigned"]["sessions"] == 1


def test_a_session_completed_during_the_sweep_and_a_stale_one_are_both_credited(
    world: World,
) -> None:
    practised(world)
    world.now += FOUR_DAYS
    other = practised(world)
    world.channel.before(COMMIT, lambda: world.call("complete_session", {"session_id": other}))

    assert sweep(world)["abandoned"] == 1

    assert world.student()["xp_total"] == XP_OF_ITEMS + XP_OF_FIRST_SESSION
    assert world.student()["totals"]["assigned"]["sessions"] == 2


def test_a_session_without_readable_free_data_is_credited(world: World) -> None:
    """A sweep reads no free data: that of a page could be 100 MB."""
    session_id = practised(world)
    world.client.document(f"{SESSIONS}/{session_id}").update({"session_data": {"sections": 5}})

    assert sweep(world, FOUR_DAYS)["abandoned"] == 1

    assert world.session(session_id)["session_data"] == {"sections": 5}
    assert world.student()["xp_total"] == XP_OF_ITEMS


def test_a_student_who_cannot_be_read_does_not_block_the_others(world: World) -> None:
    poison, sound = practised(world), blank_session(world)
    world.client.document(f"students/{STUDENT}").set({"xp_total": "many"})

    assert sweep(world, FOUR_DAYS)["abandoned"] == 1

    assert statuses(world) == {poison: "active", sound: "abandoned"}


def test_a_new_session_can_be_started_once_the_stale_one_is_abandoned(world: World) -> None:
    template_id = template(world)
    left = session(world, template_id)
    sweep(world, FOUR_DAYS)

    started = world.call("start_session", {"template_id": template_id})

    assert started.status == 201
    assert answer(started)["session"]["session_id"] != left


@pytest.mark.parametrize(
    ("function", "body"),
    [
        ("update_progress", {"items": ITEMS}),
        ("update_progress", {"session_data": {"notes": "late"}, "revision": 3}),
        ("complete_session", {}),
    ],
)
def test_a_student_who_returns_too_late_is_refused_and_changes_nothing(
    world: World, function: str, body: dict[str, Any]
) -> None:
    session_id = practised(world)
    sweep(world, FOUR_DAYS)
    stored = world.documents()

    with pytest.raises(SessionNotActive, match="left for too long"):
        world.call(function, {"session_id": session_id, **body})

    assert world.documents() == stored


def test_only_sessions_without_activity_for_the_whole_time_are_abandoned(world: World) -> None:
    completed, stale, returned = practised(world), practised(world), practised(world)
    world.call("complete_session", {"session_id": completed})
    edge = timedelta(hours=72)
    world.call("update_progress", {"session_id": returned, "items": ITEMS}, after=edge)
    fresh = session(world)

    swept = sweep(world)

    assert (swept["scanned"], swept["abandoned"], swept["remaining"]) == (1, 1, 0)
    assert statuses(world) == {
        completed: "completed",
        stale: "abandoned",
        returned: "active",
        fresh: "active",
    }
    assert len(world.ids(LOCKS)) == 2


@pytest.mark.parametrize(("minutes", "abandoned"), [(61, 0), (59, 1)])
def test_the_scheduler_may_ask_for_another_limit_of_staleness(
    world: World, minutes: int, abandoned: int
) -> None:
    session(world)
    swept = sweep(world, timedelta(minutes=60), stale_after_minutes=minutes)
    assert swept["abandoned"] == abandoned


def test_sweeping_again_finds_nothing_and_changes_nothing(world: World) -> None:
    session(world)
    sweep(world, FOUR_DAYS)
    stored = world.documents()

    assert sweep(world) == {"scanned": 0, "abandoned": 0, "remaining": 0, "next": None}
    assert world.documents() == stored


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("sessions", [0, 1, 2, 3, 4, 5])
def test_all_pages_are_swept_for_any_length_of_the_last_page(world: World, sessions: int) -> None:
    for _ in range(sessions):
        blank_session(world)

    assert sweep(world, FOUR_DAYS) == {
        "scanned": sessions,
        "abandoned": sessions,
        "remaining": 0,
        "next": None,
    }
    assert set(statuses(world).values()) <= {"abandoned"}


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 6])
def test_a_limit_takes_the_oldest_and_reports_the_remaining_sessions(
    world: World, limit: int
) -> None:
    ids = [blank_session(world) for _ in range(5)]
    taken = min(limit, 5)
    left = [
        world.session(s)["last_activity_at"].strftime("%Y-%m-%dT%H:%M:%SZ") for s in ids[taken:]
    ]

    assert sweep(world, FOUR_DAYS, limit=limit) == {
        "scanned": taken,
        "abandoned": taken,
        "remaining": 5 - taken,
        "next": left[0] if left else None,
    }
    assert statuses(world) == dict.fromkeys(ids, "active") | dict.fromkeys(ids[:taken], "abandoned")


@pytest.mark.usefixtures("small_pages")
def test_a_dry_run_counts_and_changes_nothing(world: World) -> None:
    ids = [session(world) for _ in range(3)]
    stored = world.documents()
    oldest = world.session(ids[0])["last_activity_at"].strftime("%Y-%m-%dT%H:%M:%SZ")

    swept = sweep(world, FOUR_DAYS, dry_run=True)

    assert swept == {"scanned": 3, "abandoned": 0, "remaining": 3, "next": oldest}
    assert world.documents() == stored


@pytest.mark.usefixtures("small_pages")
def test_a_call_out_of_time_reports_the_remaining_sessions(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "SWEEP_SECONDS", 0.0)
    for _ in range(5):
        blank_session(world)

    done = [sweep(world, FOUR_DAYS), sweep(world), sweep(world)]

    assert [(d["abandoned"], d["remaining"]) for d in done] == [(2, 3), (2, 1), (1, 0)]


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("back", [0, 1], ids=["the first of a page", "the second of a page"])
def test_a_student_who_returns_during_the_sweep_keeps_the_session_and_the_others_are_abandoned(
    world: World, back: int
) -> None:
    ids = [practised(world) for _ in range(3)]
    world.now += FOUR_DAYS
    student_returns = {"session_id": ids[back], "items": ITEMS[:1]}
    # After the page was read, before it is committed.
    world.channel.before(COMMIT, lambda: world.call("update_progress", student_returns))

    swept = sweep(world)

    assert (swept["scanned"], swept["abandoned"], swept["remaining"]) == (3, 2, 0)
    assert statuses(world) == dict.fromkeys(ids, "abandoned") | {ids[back]: "active"}
    session_document = world.session(ids[back])
    assert (session_document["ended_at"], session_document["revision"]) == (None, 3)
    assert len(world.ids(LOCKS)) == 1
    assert (
        world.call("start_session", {"template_id": session_document["template_id"]}).status == 200
    )


def test_a_completion_faster_than_the_sweep_is_credited(world: World) -> None:
    session_id = practised(world)
    other = blank_session(world)
    world.now += FOUR_DAYS
    world.channel.before(COMMIT, lambda: world.call("complete_session", {"session_id": session_id}))

    assert sweep(world)["abandoned"] == 1

    assert statuses(world) == {session_id: "completed", other: "abandoned"}
    assert world.student()["xp_total"] == XP_OF_FIRST_SESSION


def test_a_completion_that_meets_the_sweep_is_refused_and_credits_nothing_more(
    world: World,
) -> None:
    session_id = practised(world)
    world.now += FOUR_DAYS
    world.channel.before(COMMIT, lambda: sweep(world))

    with pytest.raises(SessionNotActive):
        world.call("complete_session", {"session_id": session_id})

    assert world.session(session_id)["status"] == "abandoned"
    assert world.student()["xp_total"] == XP_OF_ITEMS


@pytest.mark.usefixtures("small_pages")
def test_a_session_started_during_the_sweep_keeps_its_lock(world: World) -> None:
    """The student completes the stale session and starts a new one during the sweep."""
    template_id = template(world)
    old = session(world, template_id)
    world.now += FOUR_DAYS

    def student_returns() -> None:
        world.call("complete_session", {"session_id": old})
        world.call("start_session", {"template_id": template_id, "timezone": "UTC"})

    world.channel.before(COMMIT, student_returns)

    assert sweep(world)["abandoned"] == 0

    again = world.call("start_session", {"template_id": template_id, "timezone": "UTC"})
    assert again.status == 200


@pytest.mark.usefixtures("small_pages")
def test_two_concurrent_sweeps_abandon_each_session_once_and_both_end(world: World) -> None:
    ids = [practised(world) for _ in range(5)]
    world.now += FOUR_DAYS
    other: list[dict[str, Any]] = []
    world.channel.before(COMMIT, lambda: other.append(sweep(world)))

    swept = sweep(world)

    assert (other[0]["abandoned"], other[0]["remaining"], swept["remaining"]) == (5, 0, 0)
    assert statuses(world) == dict.fromkeys(ids, "abandoned")
    assert {world.session(s)["revision"] for s in ids} == {3}
    assert world.student()["xp_total"] == 5 * XP_OF_ITEMS
    assert world.ids(LOCKS) == []


@pytest.mark.parametrize(
    "broken",
    [
        {"started_at": None},
        {"revision": "three"},
        {"student_id": ""},
        {"template_id": 5},
        {"last_activity_at": 0},
    ],
    ids=lambda broken: next(iter(broken)),
)
def test_a_session_that_cannot_be_swept_does_not_block_the_others(
    world: World, broken: dict[str, Any]
) -> None:
    poison, sound = blank_session(world), blank_session(world)
    world.client.document(f"{SESSIONS}/{poison}").update(broken)

    swept = sweep(world, FOUR_DAYS)

    assert swept["abandoned"] == 1
    assert statuses(world) == {poison: "active", sound: "abandoned"}


def test_a_student_who_keeps_returning_cannot_prevent_a_sweep_from_ending(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "MAX_ATTEMPTS", 5)
    ids = [blank_session(world) for _ in range(8)]
    world.now += FOUR_DAYS
    returning = iter(ids)

    def another_student_returns() -> None:
        update = {"session_id": next(returning), "items": ITEMS}
        world.channel.before(COMMIT, lambda: None, another_student_returns)
        world.call("update_progress", update)

    world.channel.before(COMMIT, another_student_returns)

    with pytest.raises(Unavailable):
        sweep(world)

    world.channel.clear_faults()
    assert list(statuses(world).values()) == ["active"] * 8
    assert sweep(world)["abandoned"] == 3


@pytest.mark.usefixtures("small_pages")
def test_pages_already_done_stay_done_when_a_later_one_fails(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "MAX_ATTEMPTS", 2)
    ids = [blank_session(world) for _ in range(3)]
    world.channel.spare(COMMIT)
    world.channel.refuse(COMMIT, times=ALWAYS)

    with pytest.raises(Unavailable):
        sweep(world, FOUR_DAYS)

    world.channel.clear_faults()
    assert statuses(world) == {ids[0]: "abandoned", ids[1]: "abandoned", ids[2]: "active"}
    assert sweep(world)["abandoned"] == 1


@pytest.mark.usefixtures("small_pages")
def test_a_page_with_a_lost_commit_reply_is_counted_once(world: World) -> None:
    for _ in range(3):
        session(world)
    world.channel.lose(COMMIT, times=2)

    assert sweep(world, FOUR_DAYS)["abandoned"] == 3


def test_a_sweep_whose_record_takes_two_attempts_reports_its_own_counts(
    world: World,
) -> None:
    session(world)
    world.channel.spare(COMMIT)
    world.channel.refuse(COMMIT)

    swept = answer(
        world.call("cleanup_stale_sessions", {}, by=SCHEDULER, key="a-key", after=FOUR_DAYS)
    )

    assert swept["abandoned"] == 1


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("method", [QUERY, COUNT])
def test_a_query_that_fails_or_breaks_off_is_repeated_as_a_whole(world: World, method: str) -> None:
    for _ in range(4):
        blank_session(world)
    world.channel.refuse(method)
    world.channel.lose(method)

    assert sweep(world, FOUR_DAYS, limit=3)["abandoned"] == 3
    assert sweep(world)["abandoned"] == 1


def test_only_the_necessary_documents_are_read_again_after_a_conflict(world: World) -> None:
    """A page of full sessions could exceed the time limit of a call."""
    ids = [blank_session(world) for _ in range(2)]
    world.now += FOUR_DAYS
    world.channel.calls.clear()
    world.channel.lose(COMMIT)

    sweep(world)

    assert world.channel.calls == [
        Rpc(QUERY, 0),
        Rpc(COMMIT, 2),
        Rpc(READ, 2, only=("end_reason",)),
        *AFTER_SWEEP,
    ]
    assert statuses(world) == dict.fromkeys(ids, "abandoned")


def test_the_scheduler_sweeps_over_http_and_users_may_not(
    stack: Stack, client: Client, student: User
) -> None:
    world = World(client, FaultyChannel(), id_prefix=student.uid)
    stale = blank_session(world, by=student.uid)
    fresh = student.call("start_session", {"timezone": "UTC"}).json()["session"]["session_id"]

    def call(token: str, **body: Any) -> requests.Response:
        return requests.post(
            f"{stack.url}/cleanup_stale_sessions",
            json=body,
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
        )

    assert call(student.token).status_code in (401, 403)
    assert world.session(stale)["status"] == "active"
    dry = call(scheduler_token(project_id=PROJECT_ID), dry_run=True).json()
    assert (dry["abandoned"], dry["remaining"]) == (0, dry["scanned"])

    swept = call(scheduler_token(project_id=PROJECT_ID))

    assert swept.status_code == 200
    assert swept.json() == {
        "scanned": dry["scanned"],
        "abandoned": dry["scanned"],
        "remaining": 0,
        "next": None,
    }
    assert world.session(stale)["status"] == "abandoned"
    assert world.session(fresh)["status"] == "active"
    late = student.call("update_progress", {"session_id": stale, "items": ITEMS})
    assert (late.status_code, late.json()["reason"]) == (409, "SESSION_NOT_ACTIVE")

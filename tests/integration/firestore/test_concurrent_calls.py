"""Many simultaneous calls over HTTP."""

import json
from functools import partial
from typing import Any

import pytest
import requests
from google.cloud.firestore_v1.base_query import FieldFilter

from local.api import User
from shared.domain.sessions.session import Mode
from shared.domain.students.scoring import XP_PER_STREAK_DAY
from shared.firestore.client import Client
from shared.firestore.documents import SESSIONS
from shared.firestore.locks import LockScope
from tests.conftest import NewUser
from tests.support.at_once import at_once
from tests.support.firestore.scenes import CLOSING, ITEMS, TEMPLATE, XP_OF_FIRST_SESSION


@pytest.fixture
def template_id(teacher: User, student: User) -> str:
    created = teacher.call("create_template", {**TEMPLATE, "student_ids": [student.uid]})
    assert created.status_code == 201
    template_id: str = created.json()["template"]["template_id"]
    return template_id


def started(student: User, **body: Any) -> str:
    reply = student.call("start_session", {"timezone": "UTC", **body})
    assert reply.status_code == 201
    session_id: str = reply.json()["session"]["session_id"]
    return session_id


def sessions_of(client: Client, student: User) -> list[Any]:
    return list(
        client.collection(SESSIONS)
        .where(filter=FieldFilter("student_id", "==", student.uid))
        .stream()
    )


def statuses(replies: list[requests.Response]) -> list[int]:
    return sorted(reply.status_code for reply in replies)


def test_twenty_simultaneous_starts_create_one_session_and_all_return_it(
    client: Client, student: User, template_id: str
) -> None:
    def start() -> requests.Response:
        return student.call("start_session", {"template_id": template_id})

    replies = at_once([start] * 20)

    assert statuses(replies) == [200] * 19 + [201]
    assert [r.status_code for r in replies if not r.json()["resumed"]] == [201]
    (stored,) = sessions_of(client, student)
    assert {r.json()["session"]["session_id"] for r in replies} == {stored.id}
    lock = client.document(LockScope(student.uid, template_id, Mode.CHECKLIST).lock).get()
    assert lock.get("session_id") == stored.id
    assert stored.get("revision") == 1


def test_simultaneous_starts_of_different_students_do_not_interfere(
    client: Client, user: NewUser, teacher: User
) -> None:
    public = {**TEMPLATE, "student_ids": [], "visibility": "public"}
    created = teacher.call("create_template", public).json()["template"]["template_id"]
    students = [user("student") for _ in range(10)]

    replies = at_once(
        [partial(s.call, "start_session", {"template_id": created}) for s in students]
    )

    assert statuses(replies) == [201] * 10
    assert [len(sessions_of(client, s)) for s in students] == [1] * 10


def test_ten_simultaneous_identical_completions_are_credited_once(
    client: Client, student: User, template_id: str
) -> None:
    session_id = started(student, template_id=template_id)
    student.call("update_progress", {"session_id": session_id, "items": ITEMS})
    body = {"session_id": session_id, **CLOSING}

    replies = at_once([partial(student.call, "complete_session", body)] * 10)

    assert statuses(replies) == [200] * 10
    # Firestore's maps have no order, so texts may differ in the order of keys.
    assert len({json.dumps(r.json(), sort_keys=True) for r in replies}) == 1
    stored = student.read(f"students/{student.uid}")
    assert stored["xp_total"] == replies[0].json()["summary"]["xp"]["total"] == XP_OF_FIRST_SESSION
    assert (stored["streak"]["current"], stored["totals"]["assigned"]["sessions"]) == (1, 1)
    assert (
        not client.document(LockScope(student.uid, template_id, Mode.CHECKLIST).lock).get().exists
    )


def test_sessions_of_one_student_completed_at_the_same_moment_add_up(student: User) -> None:
    ids = [started(student, subject="Music") for _ in range(6)]
    for session_id in ids:
        student.call("update_progress", {"session_id": session_id, "items": ITEMS[1:]})

    replies = at_once([partial(student.call, "complete_session", {"session_id": s}) for s in ids])

    assert statuses(replies) == [200] * 6
    xp = [r.json()["summary"]["xp"] for r in replies]
    assert sorted(x["streak_bonus"] for x in xp) == [0] * 5 + [XP_PER_STREAK_DAY]
    stored = student.read(f"students/{student.uid}")
    assert stored["xp_total"] == sum(x["total"] for x in xp)
    own = stored["totals"]["self_practice"]
    assert (own["sessions"], own["questions_correct"], own["xp"]) == (6, 6, stored["xp_total"])
    assert own["by_subject"]["Music"]["sessions"] == 6
    assert stored["streak"]["current"] == 1


def test_items_reported_by_several_devices_at_once_are_all_stored(
    client: Client, student: User
) -> None:
    session_id = started(student)

    def report(device: int) -> requests.Response:
        items = [
            {"node_id": f"from-{device}-{n}", "correct": True, "extra": True} for n in range(2)
        ]
        return student.call("update_progress", {"session_id": session_id, "items": items})

    replies = at_once([partial(report, d) for d in range(6)])

    assert statuses(replies) == [200] * 6
    assert sorted(r.json()["session"]["revision"] for r in replies) == [2, 3, 4, 5, 6, 7]
    log = [e.to_dict() for e in client.collection(f"{SESSIONS}/{session_id}/items").stream()]
    assert sorted(e["index"] for e in log) == list(range(12))
    assert {e["node_id"] for e in log} == {f"from-{d}-{n}" for d in range(6) for n in range(2)}
    assert student.read(f"{SESSIONS}/{session_id}")["questions_correct"] == 12


def test_one_of_several_simultaneous_updates_of_a_revision_wins_and_the_others_are_refused(
    student: User,
) -> None:
    session_id = started(student)

    def update(device: int) -> requests.Response:
        change = {"session_data": {"notes": f"from {device}"}, "revision": 1}
        return student.call("update_progress", {"session_id": session_id, **change})

    replies = at_once([partial(update, d) for d in range(6)])

    assert statuses(replies) == [200] + [412] * 5
    assert {r.json()["reason"] for r in replies if not r.ok} == {"REVISION_MISMATCH"}
    (winner,) = [r.json()["session"] for r in replies if r.ok]
    stored = student.read(f"{SESSIONS}/{session_id}")
    assert (stored["revision"], stored["session_data"]) == (2, winner["session_data"])


def test_keys_set_by_several_devices_at_once_without_a_revision_are_all_stored(
    student: User,
) -> None:
    session_id = started(student)

    def update(device: int) -> requests.Response:
        change = {"session_data": {f"device_{device}": device}}
        return student.call("update_progress", {"session_id": session_id, **change})

    replies = at_once([partial(update, d) for d in range(6)])

    assert statuses(replies) == [200] * 6
    stored = student.read(f"{SESSIONS}/{session_id}")
    assert stored["session_data"] == {f"device_{d}": d for d in range(6)}
    assert stored["revision"] == 7


@pytest.mark.parametrize(
    "function",
    [
        "create_template",
        "update_template",
        "delete_template",
        "start_session",
        "update_progress",
        "complete_session",
    ],
)
def test_ten_calls_with_one_key_take_effect_once(
    client: Client, teacher: User, student: User, template_id: str, function: str
) -> None:
    session_id = started(student)
    caller, body = {
        "create_template": (teacher, TEMPLATE),
        "update_template": (teacher, {"template_id": template_id, "version": 1, "name": "Lute"}),
        "delete_template": (teacher, {"template_id": template_id}),
        "start_session": (student, {"name": "Blank"}),
        "update_progress": (student, {"session_id": session_id, "items": ITEMS}),
        "complete_session": (student, {"session_id": session_id}),
    }[function]

    replies = at_once([partial(caller.call, function, body, headers={"Idempotency-Key": "k"})] * 10)

    assert len({(r.status_code, r.text) for r in replies}) == 1
    assert replies[0].ok
    assert sum("Idempotent-Replayed" not in r.headers for r in replies) == 1
    templates = client.collection("session_templates").where(
        filter=FieldFilter("owner_id", "==", teacher.uid)
    )
    sessions = {s.id: s.to_dict() for s in sessions_of(client, student)}
    assert len(list(templates.stream())) == 1 + (function == "create_template")
    assert len(sessions) == 1 + (function == "start_session")
    log = list(client.collection(f"{SESSIONS}/{session_id}/items").stream())
    assert len(log) == (len(ITEMS) if function == "update_progress" else 0)
    changed = function in ("update_progress", "complete_session")
    assert sessions[session_id]["revision"] == 1 + changed
    version = teacher.read(f"session_templates/{template_id}")["version"]
    assert version == 1 + (function == "update_template")


def test_a_lock_remains_after_simultaneous_calls_if_and_only_if_a_session_is_active(
    client: Client, student: User, template_id: str
) -> None:
    for _ in range(3):
        running = student.call("start_session", {"template_id": template_id}).json()["session"]
        update = {"session_id": running["session_id"], "items": ITEMS}
        complete = {"session_id": running["session_id"]}

        replies = at_once(
            [partial(student.call, "start_session", {"template_id": template_id})] * 3
            + [partial(student.call, "update_progress", update)] * 3
            + [partial(student.call, "complete_session", complete)] * 2
        )

        assert {r.status_code for r in replies} <= {200, 201, 409}
        accepted = sum(r.status_code == 200 for r in replies[3:6])
        reasons = [r.json()["reason"] for r in replies[3:6] if r.status_code == 409]
        assert reasons == ["SESSION_NOT_ACTIVE"] * (3 - accepted)
        log = client.collection(f"{SESSIONS}/{running['session_id']}/items").stream()
        assert len(list(log)) == accepted * len(ITEMS)
        active = [s.id for s in sessions_of(client, student) if s.get("status") == "active"]
        lock = client.document(LockScope(student.uid, template_id, Mode.CHECKLIST).lock).get()
        assert [lock.get("session_id")] * lock.exists == active


def test_a_template_deleted_during_a_start_leaves_complete_sessions_or_none(
    client: Client, teacher: User, student: User, template_id: str
) -> None:
    start = {"template_id": template_id}

    replies = at_once(
        [partial(student.call, "start_session", start)] * 4
        + [partial(teacher.call, "delete_template", {"template_id": template_id})]
    )

    assert replies[-1].status_code == 204
    refused = [r.json()["reason"] for r in replies[:-1] if not r.ok]
    assert set(refused) <= {"TEMPLATE_ARCHIVED"}
    sessions = sessions_of(client, student)
    assert len(sessions) == (len(refused) < 4)
    assert {r.json()["session"]["session_id"] for r in replies[:-1] if r.ok} == {
        s.id for s in sessions
    }

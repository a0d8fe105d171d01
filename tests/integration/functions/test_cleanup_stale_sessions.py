"""cleanup_stale_sessions: ends stale sessions at their last activity; for the scheduler only."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.api import User
from shared.firestore.client import Client
from tests.integration.functions.conftest import ROUTINE, Kept, Sweep, created, started
from tests.support.answers import invalid, ok

YEARS_AGO = datetime(2023, 5, 6, 7, 8, 9, tzinfo=UTC)


@pytest.fixture
def left(student: User, client: Client) -> dict[str, Any]:
    """A session with one exercise done, without activity for years."""
    template_id = created(student)["template_id"]
    session_id = started(student, session_data=ROUTINE, template_id=template_id)["session_id"]
    item = {"session_id": session_id, "items": [{"node_id": "Scales"}]}
    session: dict[str, Any] = ok(student.call("update_progress", item))["session"]
    client.document(f"practice_sessions/{session_id}").update(
        {"started_at": YEARS_AGO, "last_activity_at": YEARS_AGO + timedelta(minutes=7)}
    )
    return session


def test_an_abandoned_session_ends_at_its_last_activity(
    student: User, left: dict[str, Any], sweep: Sweep, kept: Kept
) -> None:
    path = f"practice_sessions/{left['session_id']}"
    before = student.read(path)

    reply = ok(sweep())

    assert reply["scanned"] >= reply["abandoned"] >= 1
    assert set(reply) == {"scanned", "abandoned", "remaining", "next"}
    after = student.read(path)
    moved = {
        "status": "abandoned",
        "ended_at": before["last_activity_at"],
        "duration_seconds": 420,
        "time_spent_seconds": 420,
        "revision": before["revision"] + 1,
    }
    assert after == {**before, **moved}
    assert not [name for name in kept(student) if name.startswith("active_sessions/")]
    assert f"students/{student.uid}" not in kept(student)
    assert started(student, template_id=left["template_id"])["session_id"] != left["session_id"]


def test_a_dry_run_only_counts(
    student: User, left: dict[str, Any], sweep: Sweep, kept: Kept
) -> None:
    before = kept(student)

    reply = ok(sweep(dry_run=True))

    assert reply["scanned"] >= 1
    assert reply["abandoned"] == 0
    assert reply["remaining"] >= 1
    assert datetime.fromisoformat(reply["next"]) <= YEARS_AGO + timedelta(minutes=7)
    assert kept(student) == before
    ok(sweep())
    assert student.read(f"practice_sessions/{left['session_id']}")["status"] == "abandoned"


def test_an_active_session_is_left_alone(student: User, sweep: Sweep, kept: Kept) -> None:
    started(student)
    before = kept(student)

    ok(sweep(stale_after_minutes=60))

    assert kept(student) == before


@pytest.mark.parametrize(
    ("fields", "paths"),
    [
        ({"limit": 0}, ["limit"]),
        ({"limit": 20_001}, ["limit"]),
        ({"limit": "5"}, ["limit"]),
        ({"dry_run": "yes"}, ["dry_run"]),
        ({"dry_run": None}, ["dry_run"]),
        ({"stale_after_minutes": 0}, ["stale_after_minutes"]),
        ({"stale_after_minutes": 525_601}, ["stale_after_minutes"]),
        ({"student_id": "ann"}, ["student_id"]),
    ],
)
def test_bad_values_are_refused_by_path(
    sweep: Sweep, fields: dict[str, Any], paths: list[str]
) -> None:
    assert invalid(sweep(**fields)) == paths


@pytest.mark.parametrize("role", [True, False])
def test_no_user_may_call_it(student: User, left: dict[str, Any], kept: Kept, role: bool) -> None:
    before = kept(student)

    response = User(student.stack, student.uid, teacher=role).call(
        "cleanup_stale_sessions", {"stale_after_minutes": 1}
    )

    assert response.status_code == 401
    assert response.json()["reason"] == "UNAUTHENTICATED"
    assert kept(student) == before
    assert left["session_id"] not in response.text

"""cleanup_stale_sessions: ends stale sessions at their last activity; for the scheduler only."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.api import User
from shared.domain.students.scoring import XP_EXERCISE_TICKED
from shared.firestore.client import Client
from tests.integration.functions.conftest import ROUTINE, StoredDocuments, Sweep, created, started
from tests.support.answers import invalid, ok

YEARS_AGO = datetime(2023, 5, 6, 7, 8, 9, tzinfo=UTC)


@pytest.fixture
def stale_session(student: User, client: Client) -> dict[str, Any]:
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
    student: User, stale_session: dict[str, Any], sweep: Sweep, stored_documents: StoredDocuments
) -> None:
    path = f"practice_sessions/{stale_session['session_id']}"
    before = student.read(path)

    reply = ok(sweep())

    assert reply["scanned"] >= reply["abandoned"] >= 1
    assert set(reply) == {"scanned", "abandoned", "remaining", "next"}
    after = student.read(path)
    moved = {
        "status": "abandoned",
        "end_reason": "stale",
        "ended_at": before["last_activity_at"],
        "duration_seconds": 420,
        "time_spent_seconds": 420,
        "xp": {**before["xp"], "items": XP_EXERCISE_TICKED, "total": XP_EXERCISE_TICKED},
        "streak_before": 0,
        "streak_after": 1,
        "revision": before["revision"] + 1,
    }
    assert after == {**before, **moved}
    assert not [name for name in stored_documents(student) if name.startswith("active_sessions/")]
    credited = student.read(f"students/{student.uid}")
    assert credited["xp_total"] == XP_EXERCISE_TICKED
    assert credited["streak"]["last_local_date"] == YEARS_AGO.date().isoformat()
    assert (
        started(student, template_id=stale_session["template_id"])["session_id"]
        != stale_session["session_id"]
    )


def test_a_dry_run_only_counts(
    student: User, stale_session: dict[str, Any], sweep: Sweep, stored_documents: StoredDocuments
) -> None:
    before = stored_documents(student)

    reply = ok(sweep(dry_run=True))

    assert reply["scanned"] >= 1
    assert reply["abandoned"] == 0
    assert reply["remaining"] >= 1
    assert datetime.fromisoformat(reply["next"]) <= YEARS_AGO + timedelta(minutes=7)
    assert stored_documents(student) == before
    ok(sweep())
    assert student.read(f"practice_sessions/{stale_session['session_id']}")["status"] == "abandoned"


def test_an_active_session_is_left_alone(
    student: User, sweep: Sweep, stored_documents: StoredDocuments
) -> None:
    started(student)
    before = stored_documents(student)

    ok(sweep(stale_after_minutes=60))

    assert stored_documents(student) == before


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
def test_users_may_not_call_the_cleanup(
    student: User, stale_session: dict[str, Any], stored_documents: StoredDocuments, role: bool
) -> None:
    before = stored_documents(student)

    response = User(student.stack, student.uid, teacher=role).call(
        "cleanup_stale_sessions", {"stale_after_minutes": 1}
    )

    assert response.status_code == 403
    assert response.json()["reason"] == "PERMISSION_DENIED"
    assert stored_documents(student) == before
    assert stale_session["session_id"] not in response.text

"""The sweep as a command: the same as the scheduler's, page by page until it is complete."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.firestore.documents import fields_of
from shared.firestore.sweep import PAGE
from testkit.long_practice import empty_session
from tests.integration.admin.command import on_a_terminal
from tests.integration.admin.conftest import Admin
from tests.integration.admin.school import all_documents
from tests.support.firestore.world import World

STALE = 2 * PAGE + 50


def add_sessions(world: World, name: str, count: int, *, hours: int, **changes: Any) -> None:
    at = datetime.now(UTC) - timedelta(hours=hours)
    batch = world.client.batch()
    for n in range(count):
        session = {
            **fields_of(empty_session()),
            "student_id": "sam",
            "mode": "checklist",
            "started_at": at,
            "last_activity_at": at + timedelta(seconds=n),
            **changes,
        }
        batch.set(world.client.document(f"practice_sessions/{name}-{n}"), session)
    batch.commit()


def with_status(world: World, status: str) -> set[str]:
    return {path for path, fields in world.documents().items() if fields["status"] == status}


@pytest.fixture
def stale_sessions(world: World) -> World:
    """Three pages of stale sessions, and one session that is not stale."""
    add_sessions(world, "stale", STALE, hours=96)
    add_sessions(world, "fresh", 1, hours=1)
    return world


def test_all_stale_sessions_are_abandoned_page_by_page(stale_sessions: World, admin: Admin) -> None:
    result = admin("cleanup").result
    assert (result["found"], result["abandoned"], result["remaining"]) == (STALE, STALE, 0)
    assert len(with_status(stale_sessions, "abandoned")) == STALE
    assert with_status(stale_sessions, "active") == {"practice_sessions/fresh-0"}
    assert admin("cleanup").result["found"] == 0


def test_a_dry_run_counts_and_changes_nothing(stale_sessions: World, admin: Admin) -> None:
    before = all_documents(stale_sessions)
    result = admin("cleanup", "--dry-run").result
    assert (result["would_abandon"], result["abandoned"]) == (STALE, 0)
    assert admin("cleanup", "--dry-run", "--limit", "7").result["would_abandon"] == 7
    assert all_documents(stale_sessions) == before


def test_a_limit_takes_the_oldest_sessions(stale_sessions: World, admin: Admin) -> None:
    result = admin("cleanup", "--limit", str(PAGE + 3)).result
    assert (result["abandoned"], result["remaining"]) == (PAGE + 3, STALE - PAGE - 3)
    oldest = {f"practice_sessions/stale-{n}" for n in range(PAGE + 3)}
    assert with_status(stale_sessions, "abandoned") == oldest


def test_the_limit_of_staleness_can_be_set(stale_sessions: World, admin: Admin) -> None:
    assert admin("cleanup", "--stale-after-minutes", "6000").result["found"] == 0
    assert admin("cleanup", "--dry-run", STALE_AFTER_MINUTES="30").result["found"] == STALE + 1


def test_sessions_that_cannot_be_abandoned_are_reported_and_do_not_block_the_others(
    world: World, admin: Admin
) -> None:
    add_sessions(world, "broken", PAGE + 1, hours=120, student_id=None)
    add_sessions(world, "stale", PAGE + 1, hours=96)
    ran = admin("cleanup")
    assert ran.code == 1
    assert f"{PAGE + 1} sessions can't be abandoned" in ran.err
    assert with_status(world, "abandoned") == {
        f"practice_sessions/stale-{n}" for n in range(PAGE + 1)
    }


def test_progress_is_shown_on_a_terminal(stale_sessions: World, env: dict[str, str]) -> None:
    ran = on_a_terminal("cleanup", env=env)
    assert ran.code == 0, ran.out
    assert f"{STALE}/{STALE}" in ran.out
    assert "│ abandoned" in ran.out

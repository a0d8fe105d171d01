"""Counters tell nobody whose they are, and are found all the same."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.limits.firestore import FirestoreCounters
from shared.limits.kept import counters_about
from shared.limits.ports import Counter
from shared.limits.student import StudentPurse
from shared.limits.turns import TurnLimit
from tests.admin.conftest import Admin
from tests.admin.school import SAM, SUE
from tests.admin.test_export import documents_of, exported
from tests.store.world import World


@pytest.fixture
def counters(world: World, env: dict[str, str]) -> Iterator[FirestoreCounters]:
    made = FirestoreCounters(
        project_id=str(world.client.project),
        database="(default)",
        emulator_host=env["FIRESTORE_EMULATOR_HOST"],
        seconds=10,
    )
    yield made
    made.close()


def count(counters: FirestoreCounters, uid: str) -> None:
    """A fast minute now and one yesterday, and tokens of today and yesterday."""
    now = datetime.now(UTC)
    limit, purse = TurnLimit(4, lambda: counters), StudentPurse(1_000, lambda: counters)
    for at in (now, now - timedelta(days=1)):
        limit.admit(uid, at=at)
        assert purse.take(uid, 100, at=at) is not None


def test_a_persons_counters_are_exported_and_erased_and_nobody_elses(
    world: World, admin: Admin, counters: FirestoreCounters, tmp_path: Path
) -> None:
    count(counters, SUE)
    sues = set(world.documents())
    count(counters, SAM)
    sams = set(world.documents()) - sues
    assert (len(sues), len(sams)) == (4, 4)
    assert admin("export", SAM, "-o", str(tmp_path)).result["counts"]["limits"] == 4
    assert set(documents_of(exported(tmp_path / f"{SAM}.json"))) == sams
    assert admin("erase", SAM, "--dry-run").result["found"]["limits"] == 4
    assert admin("erase", SAM).result["erased"]["limits"] == 4
    assert set(world.documents()) == sues


class Asked:
    """Counts nothing, and keeps which counters were to be added to."""

    def __init__(self) -> None:
        self.counters: list[Counter] = []

    def add(self, counter: Counter, amount: int) -> int:
        self.counters.append(counter)
        return amount


def test_each_counter_that_may_not_have_expired_is_looked_for_and_those_long_gone_are_not() -> None:
    at = datetime(2025, 3, 30, 0, 30, tzinfo=UTC)
    ids = {counter.id for counter in counters_about(SAM, at=at)}
    asked = Asked()
    for minutes in range(-2, 5 * 24 * 60, 7):
        then = at - timedelta(minutes=minutes)
        TurnLimit(1, lambda: asked).admit(SAM, at=then)
        StudentPurse(10, lambda: asked).take(SAM, 1, at=then)
    kept = {counter.id for counter in asked.counters if counter.expire_at > at}
    gone = {c.id for c in asked.counters if c.expire_at < at - timedelta(days=4)}
    assert len(kept) > 10
    assert kept <= ids
    assert len(gone) > 10
    assert not gone & ids

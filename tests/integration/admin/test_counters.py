"""Counters have no user id in them and are found for a person nevertheless."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from admin.target import Target
from deploy.project import load_project
from shared.firestore.client import Client
from shared.limits.counters import Counter
from shared.limits.firestore_counters import FirestoreCounters
from shared.limits.rate_limit import LIMIT_KINDS, RateLimit
from shared.limits.stored_counters import possible_counters
from shared.limits.student_quota import StudentTokenQuota
from tests.integration.admin.conftest import Admin
from tests.integration.admin.school import SAM, SUE
from tests.integration.admin.test_export import documents_of, exported
from tests.support.firestore.faulty_channel import FaultyChannel
from tests.support.firestore.world import World

NewCounters = Callable[[str], FirestoreCounters]


@pytest.fixture
def counters_in(world: World, env: dict[str, str]) -> Iterator[NewCounters]:
    """Counters of the world's project, in the database of this name."""
    made: list[FirestoreCounters] = []

    def new(database: str) -> FirestoreCounters:
        made.append(
            FirestoreCounters(
                project_id=str(world.client.project),
                database=database,
                emulator_host=env["FIRESTORE_EMULATOR_HOST"],
                timeout_seconds=10,
            )
        )
        return made[-1]

    yield new
    for counters in made:
        counters.close()


def count(counters: FirestoreCounters, uid: str) -> None:
    """Counts a fourth of each limit, and tokens, yesterday and now."""
    now = datetime.now(UTC)
    limits = [RateLimit(kind, 4, lambda: counters) for kind in LIMIT_KINDS]
    quota = StudentTokenQuota(1_000, lambda: counters)
    for at in (now - timedelta(days=1), now):
        for limit in limits:
            limit.admit(uid, at=at)
        assert quota.reserve(uid, 100, at=at) is not None


COUNTED = 2 * (len(LIMIT_KINDS) + 1)


def test_only_the_persons_own_counters_are_exported_and_erased(
    world: World, admin: Admin, counters_in: NewCounters, tmp_path: Path
) -> None:
    counters = counters_in("(default)")
    count(counters, SUE)
    sues = set(world.documents())
    count(counters, SAM)
    sams = set(world.documents()) - sues
    assert (len(sues), len(sams)) == (COUNTED, COUNTED)
    assert admin("export", SAM, "-o", str(tmp_path)).result["counts"]["limits"] == COUNTED
    assert set(documents_of(exported(tmp_path / f"{SAM}.json"))) == sams
    assert admin("erase", SAM, "--dry-run").result["found"]["limits"] == COUNTED
    assert admin("erase", SAM).result["erased"]["limits"] == COUNTED
    assert set(world.documents()) == sues


def test_counters_in_a_separate_database_are_found_and_erased(
    world: World, admin: Admin, counters_in: NewCounters, tmp_path: Path
) -> None:
    apart = counters_in("apart")
    count(apart, SUE)
    count(apart, SAM)
    client = Client(project=str(world.client.project), database="apart")
    there = World(client, FaultyChannel())
    try:
        assert len(there.documents()) == 2 * COUNTED
        assert admin("export", SAM, "-o", str(tmp_path)).code == 1
        where = ("--limits-database", "apart")
        exports = admin("export", SAM, "-o", str(tmp_path), *where)
        assert exports.result["counts"]["limits"] == COUNTED
        sams = set(documents_of(exported(tmp_path / f"{SAM}.json")))
        erased = admin("erase", SAM, LIMITS_DATABASE="apart").result["erased"]
        assert erased["limits"] == COUNTED
        assert len(sams) == len(there.documents()) == COUNTED
        assert not sams & set(there.documents())
    finally:
        client.close()


def test_counters_are_sought_in_the_database_of_the_deployment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("FIRESTORE_EMULATOR_HOST", raising=False)
    target = Target("my-school", "main")
    deployed = load_project("my-school", "europe-west1", folder=Path("nowhere"))
    assert target.counters_database == deployed.limits_database != target.database
    assert Target("my-school", "main", "main").counters_database == "main"
    assert Target("demo-school", "main").counters_database == "main"


class RecordingCounters:
    """Counters that count nothing and record which counters were added to."""

    def __init__(self) -> None:
        self.counters: list[Counter] = []

    def add(self, counter: Counter, amount: int) -> int:
        self.counters.append(counter)
        return amount


def test_every_counter_that_may_not_have_expired_is_sought_and_expired_ones_are_not() -> None:
    at = datetime(2025, 3, 30, 0, 30, tzinfo=UTC)
    ids = {counter.id for counter in possible_counters(SAM, at=at)}
    asked = RecordingCounters()
    for minutes in range(-2, 5 * 24 * 60, 7):
        then = at - timedelta(minutes=minutes)
        for kind in LIMIT_KINDS:
            RateLimit(kind, 1, lambda: asked).admit(SAM, at=then)
        StudentTokenQuota(10, lambda: asked).reserve(SAM, 1, at=then)
    current = {counter.id for counter in asked.counters if counter.expire_at > at}
    gone = {c.id for c in asked.counters if c.expire_at < at - timedelta(days=4)}
    assert {c.kind for c in asked.counters} == {*(k.name for k in LIMIT_KINDS), "student_tokens"}
    assert len(current) > 10
    assert current <= ids
    assert len(gone) > 10
    assert not gone & ids

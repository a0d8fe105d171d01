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
from shared.limits.rate_limit import TURNS, RateLimit
from shared.limits.stored_counters import possible_counters
from shared.limits.student_quota import StudentTokenQuota
from tests.integration.admin.conftest import Admin
from tests.integration.admin.school import SAM, SUE
from tests.integration.admin.test_export import documents_of, exported
from tests.support.firestore.wire import Wire
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
    """Counts turns above the limit now and yesterday, and tokens of today and yesterday."""
    now = datetime.now(UTC)
    limit, quota = RateLimit(TURNS, 4, lambda: counters), StudentTokenQuota(1_000, lambda: counters)
    for at in (now, now - timedelta(days=1)):
        limit.admit(uid, at=at)
        assert quota.reserve(uid, 100, at=at) is not None


def test_only_the_persons_own_counters_are_exported_and_erased(
    world: World, admin: Admin, counters_in: NewCounters, tmp_path: Path
) -> None:
    counters = counters_in("(default)")
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


def test_counters_in_a_separate_database_are_found_and_erased(
    world: World, admin: Admin, counters_in: NewCounters, tmp_path: Path
) -> None:
    apart = counters_in("apart")
    count(apart, SUE)
    count(apart, SAM)
    client = Client(project=str(world.client.project), database="apart")
    there = World(client, Wire())
    try:
        assert len(there.documents()) == 8
        assert admin("export", SAM, "-o", str(tmp_path)).code == 1
        where = ("--limits-database", "apart")
        assert admin("export", SAM, "-o", str(tmp_path), *where).result["counts"]["limits"] == 4
        sams = set(documents_of(exported(tmp_path / f"{SAM}.json")))
        assert admin("erase", SAM, LIMITS_DATABASE="apart").result["erased"]["limits"] == 4
        assert len(sams) == len(there.documents()) == 4
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
        RateLimit(TURNS, 1, lambda: asked).admit(SAM, at=then)
        StudentTokenQuota(10, lambda: asked).reserve(SAM, 1, at=then)
    current = {counter.id for counter in asked.counters if counter.expire_at > at}
    gone = {c.id for c in asked.counters if c.expire_at < at - timedelta(days=4)}
    assert len(current) > 10
    assert current <= ids
    assert len(gone) > 10
    assert not gone & ids

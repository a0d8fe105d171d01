"""A class that fills within a minute: nobody is lost, and no document is written too often."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from shared.domain.classes.join_code import SHARDS
from shared.domain.common.errors import JoinCodeNotValid, Refusal, Unavailable
from shared.firestore import retry
from shared.firestore.client import Client
from testkit.faults.plans import COMMIT, COUNT, READ
from tests.support.firestore.commit_times import CommitTimes
from tests.support.firestore.faulty_channel import FaultyChannel
from tests.support.firestore.scenes import member, school_class
from tests.support.firestore.world import TEACHER, World, answer

STUDENTS, WITHIN_SECONDS = 300, 60
THREADS = 24


@pytest.fixture
def commits() -> CommitTimes:
    return CommitTimes()


@pytest.fixture
def busy(world: World, commits: CommitTimes, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A second client of the world's database that records its commits, with pauses as usual."""
    monkeypatch.setattr(retry, "FIRST_PAUSE_SECONDS", 0.05)
    client = Client(project=str(world.client.project), interceptors=[commits])
    yield World(client, FaultyChannel())
    client.close()


def at_the_same_time(tasks: list[Callable[[], Any]]) -> list[Any]:
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(lambda task: task(), tasks))


def joining(world: World, code: str, uid: str) -> Callable[[], str]:
    """A student who sends the request again after a 503, as clients do."""

    def task() -> str:
        body = {"code": code, "display_name": uid}
        for _ in range(10):
            try:
                return str(world.call("join_class", body, by=uid).status)
            except Unavailable:
                continue
            except Refusal as refusal:
                return refusal.reason
        return Unavailable.reason

    return task


def places(world: World, code: str) -> int:
    stored = world.client.collection(f"join_codes/{code}/places").stream()
    return sum(place.get("left") for place in stored)


def active(world: World, of: dict[str, Any]) -> set[str]:
    members = world.client.collection(f"classes/{of['class']['class_id']}/members").stream()
    return {found.id for found in members if found.get("status") == "active"}


def test_three_hundred_students_join_within_a_minute(busy: World, commits: CommitTimes) -> None:
    of = school_class(busy, max_students=STUDENTS)
    code, commits.written[:] = of["join"]["code"], []
    students = [f"student-{number}" for number in range(STUDENTS)]

    outcomes = at_the_same_time([joining(busy, code, uid) for uid in students])

    assert Counter(outcomes) == {"201": STUDENTS}
    assert active(busy, of) == set(students)
    assert places(busy, code) == 0
    times = [at for _, at in commits.written]
    assert (max(times) - min(times)).total_seconds() < WITHIN_SECONDS
    writes = Counter(path for path, _ in commits.written)
    shards = [f"join_codes/{code}/places/{shard}" for shard in range(SHARDS)]
    assert sum(writes[path] for path in shards) == STUDENTS
    # Spread over a minute this is less than a write a second of each document, and more students
    # than these don't make it more: each document has a tenth of the places.
    assert max(writes[path] for path in shards) <= STUDENTS // SHARDS
    assert {count for path, count in writes.items() if path not in shards} == {1}
    assert f"classes/{of['class']['class_id']}" not in writes
    assert max(writes.values()) / WITHIN_SECONDS < 1


def test_more_students_than_places_leave_no_place_and_take_none_twice(busy: World) -> None:
    of = school_class(busy, max_students=37)
    code = of["join"]["code"]
    students = [f"student-{number}" for number in range(60)]

    outcomes = Counter(at_the_same_time([joining(busy, code, uid) for uid in students]))

    assert outcomes == {"201": 37, JoinCodeNotValid.reason: 23}
    assert len(active(busy, of)) == 37
    assert places(busy, code) == 0


def test_joins_removals_and_rotations_at_once_keep_the_maximum(busy: World) -> None:
    of = school_class(busy, max_students=30)
    class_id = of["class"]["class_id"]
    first = [f"first-{number}" for number in range(20)]
    for uid in first:
        busy.call("join_class", {"code": of["join"]["code"], "display_name": uid}, by=uid)

    def rotating() -> str:
        change = {"class_id": class_id, "join": {"rotate": True}}
        reply = answer(busy.call("update_class", change, by=TEACHER))
        code: str = reply["join"]["code"]
        return code

    def leaving(uid: str) -> Callable[[], str]:
        body = {"class_id": class_id, "student_id": uid}
        return lambda: str(busy.call("remove_member", body, by=uid).status)

    tasks: list[Callable[[], str]] = []
    for number in range(20):
        tasks.append(joining(busy, of["join"]["code"], f"second-{number}"))
        tasks.append(leaving(first[number]))
        if number % 7 == 3:
            tasks.append(rotating)
    at_the_same_time(tasks)

    code = busy.read(f"classes/{class_id}/private/join")["code"]
    assert len(active(busy, of)) + places(busy, code) == 30
    busy.call("update_class", {"class_id": class_id, "join": {"max_students": 25}}, by=TEACHER)
    assert len(active(busy, of)) + places(busy, code) == 25


def test_a_student_who_joins_while_the_code_is_rotated_is_counted(world: World) -> None:
    of = school_class(world, max_students=5)
    join = {"code": of["join"]["code"], "display_name": "Sam"}
    # After the members were counted, before the new code is stored.
    world.channel.before(COMMIT, lambda: world.call("join_class", join))

    change = {"class_id": of["class"]["class_id"], "join": {"rotate": True}}
    rotated = answer(world.call("update_class", change, by=TEACHER))

    assert world.channel.methods.count(COUNT) == 2
    assert places(world, rotated["join"]["code"]) == 4


def test_a_maximum_that_is_changed_while_the_code_is_rotated_is_that_of_the_new_code(
    world: World,
) -> None:
    of = school_class(world, max_students=5)
    class_id = of["class"]["class_id"]
    member(world, of)

    def rotate() -> None:
        rotation = {"class_id": class_id, "join": {"rotate": True}}
        world.call("update_class", rotation, by=TEACHER)

    # After the class was read, and before its places are.
    world.channel.before(READ, lambda: None, rotate)
    change = {"class_id": class_id, "join": {"max_students": 7}}
    changed = answer(world.call("update_class", change, by=TEACHER))["join"]
    assert changed["code"] != of["join"]["code"]
    assert (changed["max_students"], places(world, changed["code"])) == (7, 6)
    assert places(world, of["join"]["code"]) == 0


def test_a_student_who_is_removed_while_the_code_is_rotated_frees_a_place_of_the_new_one(
    world: World,
) -> None:
    of = school_class(world, max_students=5)
    removal = member(world, of)
    change = {"class_id": of["class"]["class_id"], "join": {"rotate": True}}
    world.channel.before(COMMIT, lambda: world.call("update_class", change, by=TEACHER))

    world.call("remove_member", removal, by=TEACHER)

    code = world.read(f"classes/{of['class']['class_id']}/private/join")["code"]
    assert code != of["join"]["code"]
    assert places(world, code) == 5


def test_a_student_who_is_removed_as_the_places_go_frees_a_place_of_the_new_code(
    world: World,
) -> None:
    of = school_class(world, max_students=5)
    removal = member(world, of)
    change = {"class_id": of["class"]["class_id"], "join": {"rotate": True}}
    # After the code was read, and before its place is.
    world.channel.before(READ, lambda: None, lambda: world.call("update_class", change, by=TEACHER))

    world.call("remove_member", removal, by=TEACHER)

    code = world.read(f"classes/{of['class']['class_id']}/private/join")["code"]
    assert code != of["join"]["code"]
    assert places(world, code) == 5


def test_a_code_that_is_switched_off_during_a_join_lets_nobody_in(world: World) -> None:
    of = school_class(world)
    off = {"class_id": of["class"]["class_id"], "join": {"enabled": False}}
    world.channel.before(COMMIT, lambda: world.call("update_class", off, by=TEACHER))

    with pytest.raises(JoinCodeNotValid):
        world.call("join_class", {"code": of["join"]["code"], "display_name": "Sam"})

    assert active(world, of) == set()


def test_a_class_never_gets_the_code_of_another(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = school_class(world)["join"]["code"]
    codes = iter([taken, "7777777"])
    monkeypatch.setattr(world, "new_code", lambda: next(codes))
    assert school_class(world)["join"]["code"] == "7777777"

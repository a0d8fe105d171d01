"""A class of three hundred that works on one assignment at once: nothing is lost, and no document
is written too often.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from shared.domain.common.errors import Unavailable
from shared.firestore import retry
from shared.firestore.client import Client
from tests.integration.firestore.test_strict_turns import QUESTIONS, called, turn
from tests.support.firestore.commit_times import CommitTimes
from tests.support.firestore.faulty_channel import FaultyChannel
from tests.support.firestore.world import TEACHER, World

STUDENTS, WITHIN_SECONDS = 300, 60
THREADS = 24

Json = dict[str, Any]


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


@pytest.fixture
def of(busy: World) -> Json:
    """A class of three hundred, and the ids of its assignment of two questions."""
    exercise = {"id": "sums", "name": "Sums", "questions": QUESTIONS[:2]}
    data = {"sections": [{"name": "A", "exercises": [exercise]}]}
    template = called(busy, "create_template", {"name": "Sums", "template_data": data}, by=TEACHER)[
        "template"
    ]
    body = {"name": "Guitar", "max_students": STUDENTS}
    created = called(busy, "create_class", body, by=TEACHER)
    ids = {"class_id": created["class"]["class_id"]}
    body = {**ids, "template_id": template["template_id"], "points": 10}
    assignment = called(busy, "create_assignment", body, by=TEACHER)["assignment"]
    ids["assignment_id"] = assignment["assignment_id"]
    join = {"code": created["join"]["code"], "display_name": "Sam"}
    _at_once([_patiently(busy, "join_class", join, by=uid) for uid in _students()])
    return ids


def _students() -> list[str]:
    return [f"student-{number}" for number in range(STUDENTS)]


def _at_once(tasks: list[Callable[[], Json]]) -> list[Json]:
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(lambda task: task(), tasks))


def _patiently(world: World, function: str, body: Json, *, by: str) -> Callable[[], Json]:
    """A client that sends the request again after a 503."""

    def task() -> Json:
        for _ in range(10):
            try:
                return called(world, function, body, by=by)
            except Unavailable:
                continue
        raise Unavailable

    return task


def test_three_hundred_students_hand_in_within_a_minute(
    busy: World, of: Json, commits: CommitTimes
) -> None:
    begun = _at_once([_patiently(busy, "start_session", of, by=uid) for uid in _students()])
    sessions = {reply["session"]["student_id"]: reply["session"]["session_id"] for reply in begun}
    assert len(set(sessions.values())) == STUDENTS
    for seq in (1, 2):
        _at_once(
            [
                # Every third student answers the second question wrong.
                _patiently(
                    busy,
                    "assignment_turn",
                    turn(sessions[uid], seq, seq - 1 if seq == 1 or number % 3 else 9),
                    by=uid,
                )
                for number, uid in enumerate(_students())
            ]
        )
    commits.written.clear()

    _at_once(
        [
            _patiently(busy, "complete_session", {"session_id": sessions[uid]}, by=uid)
            for uid in _students()
        ]
    )

    rows = busy.client.collection(f"classes/{of['class_id']}/rows").stream()
    scores = Counter(
        row.get("cells")[of["assignment_id"]]["score_percent"]
        for row in rows
        if row.get("cells")[of["assignment_id"]]["status"] == "submitted"
    )
    assert scores == {100: 2 * STUDENTS // 3, 50: STUDENTS // 3}
    times = [at for _, at in commits.written]
    assert (max(times) - min(times)).total_seconds() < WITHIN_SECONDS
    writes = Counter(path for path, _ in commits.written)
    # Each of these documents is one student's: the class and the assignment are read alone.
    assert set(writes.values()) == {1}
    own = Counter(path.split("/")[0] for path in writes)
    # Each session with two items, its state, its row and live document, its student and a skill.
    assert own == {
        "practice_sessions": 4 * STUDENTS,
        "classes": 2 * STUDENTS,
        "students": 2 * STUDENTS,
    }
    assert f"classes/{of['class_id']}" not in writes

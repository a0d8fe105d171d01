"""Turns of strict work: their cost, races for one seq, and a process that died while grading."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from random import Random
from secrets import token_hex
from typing import Any

import pytest

from bench.meter import Meter, start_meter
from local.emulator import Emulator
from shared.domain.common.errors import AnswerCommitted, Refusal, Unavailable
from shared.domain.gradebook.turns import GRADING_TAKES, CommittedTurn
from shared.firestore.client import Client
from shared.firestore.documents import fields_of, turn_path
from tests.support.firestore.faulty_channel import FaultyChannel
from tests.support.firestore.world import TEACHER, World, answer

Json = dict[str, Any]
QUESTIONS = [
    {
        "question_id": f"q{number}",
        "kind": "numeric",
        "prompt": f"Number {number}?",
        "answer": number,
    }
    for number in range(6)
]
FREE = {
    "question_id": "why",
    "kind": "free_response",
    "prompt": "Why?",
    "rubric": [{"criterion_id": "cause", "text": "Names the cause", "points": 1}],
}
SESSIONS, TRIES = 40, 10
SECOND = timedelta(seconds=1)


def called(world: World, function: str, body: Json, *, by: str) -> Json:
    reply: Json = answer(world.call(function, body, by=by))
    return reply


def strict_session(
    world: World, *students: str, questions: list[Json] = QUESTIONS, **fields: Any
) -> list[str]:
    """The sessions that the students began of one strict assignment."""
    exercise = {"id": "sums", "name": "Sums", "questions": questions}
    data = {"sections": [{"name": "A", "exercises": [exercise]}]}
    template = called(
        world, "create_template", {"name": "Sums", "template_data": data}, by=TEACHER
    )["template"]
    created = called(world, "create_class", {"name": "Guitar", "max_students": 500}, by=TEACHER)
    ids = {"class_id": created["class"]["class_id"]}
    body = {**ids, "template_id": template["template_id"], "points": 10, **fields}
    assignment = called(world, "create_assignment", body, by=TEACHER)["assignment"]
    sessions = []
    for student in students:
        join = {"code": created["join"]["code"], "display_name": student}
        called(world, "join_class", join, by=student)
        begun = {**ids, "assignment_id": assignment["assignment_id"]}
        session = called(world, "start_session", begun, by=student)["session"]
        sessions.append(session["session_id"])
    return sessions


def turn(session_id: str, seq: int, given: Any, question_id: str = "") -> Json:
    typed = {"type": "answer", "question_id": question_id or f"q{seq - 1}", "answer": given}
    return {"session_id": session_id, "seq": seq, "input": typed}


@pytest.fixture(scope="module")
def meter(emulator: Emulator) -> Iterator[Meter]:
    with start_meter(emulator) as running:
        yield running


@pytest.fixture
def metered(world: World, meter: Meter, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The same world, whose documents are counted."""
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", meter.host)
    client = Client(project=world.client.project)
    yield World(client, FaultyChannel(), id_prefix=token_hex(6))
    client.close()


def test_an_answer_reads_four_documents_and_writes_four(metered: World, meter: Meter) -> None:
    (session_id,) = strict_session(metered, "sam")
    costs = []
    for body in (turn(session_id, 1, 0), turn(session_id, 1, 0), {"session_id": session_id}):
        meter.reset()
        called(metered, "assignment_turn", body, by="sam")
        found = meter.reset()
        costs.append((found.reads, found.writes))
    # The answer, the same once more, and the next question presented again.
    assert costs == [(4, 4), (4, 0), (3, 0)]


def test_an_answer_that_a_model_grades_costs_one_commit_more(metered: World, meter: Meter) -> None:
    (session_id,) = strict_session(metered, "sam", questions=[FREE])
    meter.reset()
    called(metered, "assignment_turn", turn(session_id, 1, "Because", "why"), by="sam")
    found = meter.reset()
    assert (found.reads, found.writes) == (4, 5)


def test_attempts_at_once_commit_one_answer_which_is_revealed_afterwards(world: World) -> None:
    """Each session is raced for by many requests with different answers, seq by seq."""
    sessions = strict_session(world, *(f"student-{n}" for n in range(SESSIONS)))
    students = {session_id: f"student-{n}" for n, session_id in enumerate(sessions)}
    revealed: defaultdict[tuple[str, int], list[tuple[datetime, Json]]] = defaultdict(list)

    def attempting(session_id: str, seq: int, given: int) -> Callable[[], None]:
        def task() -> None:
            body = turn(session_id, seq, given)
            for _ in range(10):
                try:
                    reply = called(world, "assignment_turn", body, by=students[session_id])
                except AnswerCommitted as refused:
                    reply = dict(refused.committed or {})
                except Unavailable:
                    continue
                except Refusal:
                    return
                revealed[session_id, seq].append((datetime.now(UTC), reply))
                return

        return task

    random = Random(7)
    with ThreadPoolExecutor(24) as pool:
        for seq in range(1, len(QUESTIONS) + 1):
            tasks = [
                attempting(session_id, seq, given)
                for session_id in sessions
                for given in range(TRIES)
            ]
            random.shuffle(tasks)
            list(pool.map(lambda task: task(), tasks))

    assert len(revealed) == SESSIONS * len(QUESTIONS)
    for (session_id, seq), replies in revealed.items():
        stored = world.client.document(turn_path(session_id, seq)).get()
        committed = json.loads(stored.to_dict()["reply"])
        assert all(_content(reply) == _content(committed) for _, reply in replies)
        assert all(stored.update_time <= at for at, _ in replies)
    attempts = [at for replies in revealed.values() for at, _ in replies]
    assert len(attempts) > 2_000


def _content(reply: Json) -> str:
    return json.dumps(reply, sort_keys=True)


def dead_grading(world: World, session_id: str) -> Json:
    """The answer that was committed by a process that died while a model graded it."""
    body = turn(session_id, 1, "Because", "why")
    stored = CommittedTurn(
        seq=1, request="dead", given=json.dumps(body["input"]), reply=None, at=world.now
    )
    world.client.document(turn_path(session_id, 1)).create(fields_of(stored))
    return body


def test_a_grading_that_died_is_repeated_after_a_while(world: World) -> None:
    (session_id,) = strict_session(world, "sam", questions=[FREE])
    body = dead_grading(world, session_id)
    with pytest.raises(Unavailable) as early:
        world.call("assignment_turn", body, by="sam")
    assert early.value.retry_after_seconds
    with pytest.raises(AnswerCommitted) as refused:
        world.call("assignment_turn", turn(session_id, 1, "Anyway", "why"), by="sam", after=SECOND)
    assert refused.value.committed is None

    reply = answer(world.call("assignment_turn", body, by="sam", after=GRADING_TAKES))

    assert reply["seq"] == 2
    assert answer(world.call("assignment_turn", body, by="sam", after=SECOND)) == reply


def test_an_answer_whose_grading_died_counts_although_another_one_is_sent(world: World) -> None:
    """A student whose page was loaded again no longer has the text, and must be able to go on."""
    (session_id,) = strict_session(world, "sam", questions=[FREE, QUESTIONS[0]])
    body = dead_grading(world, session_id)

    other = turn(session_id, 1, "Anyway", "why")
    with pytest.raises(AnswerCommitted) as refused:
        world.call("assignment_turn", other, by="sam", after=GRADING_TAKES)

    assert refused.value.committed is not None
    assert refused.value.committed["seq"] == 2
    assert called(world, "assignment_turn", body, by="sam") == refused.value.committed
    assert json.loads(world.read(turn_path(session_id, 1))["given"])["answer"] == "Because"
    assert called(world, "assignment_turn", turn(session_id, 2, 0, "q0"), by="sam")["done"]

"""Taking a question out of an assignment: races with students at work, and deaths midway."""

from typing import Any

import pytest

from shared.domain.common.errors import Unavailable
from shared.firestore import regrading
from shared.firestore.documents import row_path
from testkit.faults.plans import COMMIT
from tests.support.firestore.scenes import assignment, template
from tests.support.firestore.world import STUDENT, TEACHER, World, answer

Json = dict[str, Any]
TWO = {
    "sections": [
        {
            "name": "Sums",
            "exercises": [
                {
                    "id": "sums",
                    "name": "Sums",
                    "questions": [
                        {"question_id": "a", "kind": "numeric", "prompt": "1 + 1?", "answer": 2},
                        {"question_id": "b", "kind": "numeric", "prompt": "1 + 2?", "answer": 3},
                    ],
                }
            ],
        }
    ]
}


def begun(world: World, ids: Json, by: str = STUDENT) -> Json:
    found: Json = answer(world.call("start_session", ids, by=by))["session"]
    return found


def answered(world: World, session: Json, value: Any = "never right", by: str = STUDENT) -> str:
    """Gives one answer to strict work. Returns the question's id."""
    of = {"session_id": session["session_id"]}
    asked = answer(world.call("assignment_turn", of, by=by))
    question_id: str = asked["state"]["current"]["question_id"]
    given = {"type": "answer", "question_id": question_id, "answer": value}
    world.call("assignment_turn", {**of, "seq": asked["seq"], "input": given}, by=by)
    return question_id


def handed_in(world: World, session: Json, by: str = STUDENT) -> Json:
    body = {"session_id": session["session_id"]}
    found: Json = answer(world.call("complete_session", body, by=by))["session"]
    return found


def voided(world: World, ids: Json, question_id: str) -> Json:
    body = {**ids, "question_id": question_id}
    found: Json = answer(world.call("void_item", body, by=TEACHER))["assignment"]
    return found


def cell(world: World, ids: Json, student: str = STUDENT) -> Json:
    row = world.client.document(row_path(ids["class_id"], student)).get().to_dict()
    found: Json = row["cells"][ids["assignment_id"]]
    return found


@pytest.fixture
def ids(world: World) -> Json:
    return assignment(world, points=10)


def test_work_that_is_handed_in_meanwhile_is_graded_without_it(world: World, ids: Json) -> None:
    session = begun(world, ids)
    question_id = answered(world, session, 0)
    # The assignment was read as it was before.
    world.channel.before(COMMIT, lambda: voided(world, ids, question_id))

    ended = handed_in(world, session)

    assert ended["total_questions"] == 0
    assert cell(world, ids)["total_questions"] == 0


def test_who_begins_meanwhile_is_graded_without_it(world: World, ids: Json) -> None:
    other = begun(world, assignment(world, points=10))
    question_id = answered(world, other, 0)
    world.channel.before(COMMIT, lambda: voided(world, ids, question_id))
    session = begun(world, ids)
    assert answered(world, session, 0) == question_id

    handed_in(world, session)

    assert cell(world, ids)["total_questions"] == 0


def test_two_questions_at_once_are_both_taken_out(world: World) -> None:
    ids = assignment(world, points=10, template_id=template(world, template_data=TWO))
    session = begun(world, ids)
    first, second = answered(world, session, 0), answered(world, session, 0)
    handed_in(world, session)
    world.channel.before(COMMIT, lambda: voided(world, ids, second))

    found = voided(world, ids, first)

    assert found["voided"] == [second, first]
    assert found["regrading"]["finished_at"] is not None
    assert cell(world, ids)["total_questions"] == 0


def test_a_request_that_dies_is_taken_up_by_the_next(
    world: World, ids: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a page of one session, of three students."""
    monkeypatch.setattr(regrading, "PAGE", 1)
    question_id = ""
    students = (STUDENT, "student-2", "student-3")
    code = world.client.document(f"classes/{ids['class_id']}/private/join").get().to_dict()["code"]
    for uid in students:
        if uid != STUDENT:
            world.call("join_class", {"code": code, "display_name": uid}, by=uid)
        session = begun(world, ids, by=uid)
        question_id = answered(world, session, 0, by=uid)
        handed_in(world, session, by=uid)
    # The assignment, then two sessions with their notes; the third session can't be stored.
    world.channel.before(COMMIT, *[_nothing] * 5, _die)

    with pytest.raises(Unavailable):
        world.call("void_item", {**ids, "question_id": question_id}, by=TEACHER)

    stored = world.client.document(f"classes/{ids['class_id']}/assignments/{ids['assignment_id']}")
    progress = stored.get().to_dict()["regrading"]
    assert (progress["done"], progress["sessions"], progress["finished_at"]) == (2, 3, None)
    found = voided(world, ids, question_id)
    assert (found["regrading"]["done"], found["regrading"]["sessions"]) == (3, 3)
    assert found["regrading"]["finished_at"] is not None
    assert {cell(world, ids, uid)["total_questions"] for uid in students} == {0}


def _nothing() -> None:
    pass


def _die() -> None:
    raise Unavailable


def test_a_skill_whose_log_is_gone_stays_and_is_told(world: World, ids: Json) -> None:
    session = begun(world, ids)
    question_id = answered(world, session, 0)
    handed_in(world, session)
    others = begun(world, second := assignment(world, points=10))
    answered(world, others, 0)
    handed_in(world, others)
    (later,) = world.client.collection(f"practice_sessions/{others['session_id']}/items").stream()
    later.reference.delete()
    (skill,) = world.client.collection(f"students/{STUDENT}/skills").stream()

    found = voided(world, ids, question_id)

    assert found["regrading"]["skills_left"] == 1
    assert cell(world, ids)["total_questions"] == 0
    assert skill.reference.get().to_dict() == skill.to_dict()
    assert second["assignment_id"] != ids["assignment_id"]

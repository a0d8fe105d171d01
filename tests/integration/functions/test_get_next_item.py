"""get_next_item: what comes next in a session, read without a write."""

from typing import Any

import pytest

from local.api import User
from tests.integration.functions.conftest import ROUTINE, StoredDocuments, created, started
from tests.support.answers import invalid, ok

QUIZ: dict[str, Any] = {
    "questions": [
        {"question_id": "capital", "prompt": "What is the capital of Norway?", "points": 2},
        {"question_id": "river", "prompt": "Which river flows through Vienna?"},
    ]
}


def following(student: User, session_id: str) -> Any:
    return ok(student.call("get_next_item", {"session_id": session_id}))["next_item"]


def report(student: User, session_id: str, **item: Any) -> Any:
    body = {"session_id": session_id, "items": [item]}
    return ok(student.call("update_progress", body))["next_item"]


def test_it_tells_what_the_last_reply_told_and_writes_nothing(
    student: User, stored_documents: StoredDocuments
) -> None:
    session_id = started(student, session_data=ROUTINE)["session_id"]
    item = report(student, session_id, node_id="Scales")
    before = stored_documents(student)

    headers = {"Idempotency-Key": "a key without a meaning here"}
    response = student.call("get_next_item", {"session_id": session_id}, headers=headers)

    assert ok(response) == {
        "session_id": session_id,
        "status": "active",
        "revision": 2,
        "next_item": item,
    }
    assert item["node_id"] == "arpeggios"
    assert stored_documents(student) == before


def test_a_self_made_quiz_begins_with_its_first_question(student: User) -> None:
    session_id = started(student, session_data=QUIZ)["session_id"]
    first, second = QUIZ["questions"]

    assert following(student, session_id) == {"node_id": "capital", "question": first}
    item = report(student, session_id, node_id="capital", correct=True)
    assert item == following(student, session_id) == {"node_id": "river", "question": second}
    assert report(student, session_id, node_id="river", correct=False) is None
    assert following(student, session_id) is None


def test_infinite_practice_has_its_pending_question(student: User) -> None:
    question = {"question_id": "q1", "kind": "numeric", "prompt": "2 + 2", "answer": 4}
    exercise = {"name": "Addition", "questions": [question]}
    data = {"sections": [{"name": "Sums", "exercises": [exercise]}]}
    template = created(student, template_data=data)
    turn = {"session_context": {"source_data": template}}
    context = ok(student.call("practice_turn", turn))["session_context"]
    session_id = ok(student.call("start_session", context), 201)["session"]["session_id"]

    item = following(student, session_id)

    assert item["node_id"] == item["question"]["question_id"] == "q1"
    assert item["question"]["prompt"] == "2 + 2"
    assert "answer" not in item["question"]


def test_an_ended_session_has_no_next_item(student: User) -> None:
    session_id = started(student, session_data=ROUTINE)["session_id"]
    ok(student.call("complete_session", {"session_id": session_id}))

    reply = ok(student.call("get_next_item", {"session_id": session_id}))

    assert (reply["status"], reply["next_item"]) == ("completed", None)


@pytest.mark.parametrize("query", [{}, {"session_id": ""}, {"session_id": "x", "other": 1}])
def test_a_bad_query_is_refused_by_path(student: User, query: dict[str, Any]) -> None:
    assert invalid(student.call("get_next_item", query)) in (["session_id"], ["other"])

"""assignment_turn: an answer is stored before anything is said about it."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from local.api import User
from shared.firestore.client import Client
from shared.firestore.rest_format import decode_rest_fields
from tests.conftest import NewUser
from tests.integration.functions.classes.people import (
    Json,
    assigned,
    begun,
    changed,
    ids_of,
    path_of,
)
from tests.integration.functions.classes.test_assignments import (
    HOUR,
    QUESTIONS,
    RIGHT,
    cell,
    handed_in,
    instant,
    of,
    template,
)
from tests.support.answers import invalid, ok, refused

__all__ = ["of"]


def turn(student: User, session: Json, **fields: Any) -> Json:
    return ok(student.call("assignment_turn", {"session_id": session["session_id"], **fields}))


def given(question_id: str, answer: Any) -> Json:
    return {"type": "answer", "question_id": question_id, "answer": answer}


def call_of(reply: Json, name: str) -> Json:
    """The arguments of the presentation of this name."""
    calls = [call for message in reply["messages"] for call in message.get("tool_calls", [])]
    (args,) = (call["args"] for call in calls if call["name"] == f"{name}_presentation")
    found: Json = args
    return found


def listed(by: User, path: str) -> list[Json]:
    """The documents of a collection, as the rules show them."""
    documents = by.get(path).json().get("documents", [])
    return [decode_rest_fields(document["fields"]) for document in documents]


def answer_all(student: User, session: Json, answers: Json) -> list[Json]:
    """The replies to the answers, in the order in which they are asked."""
    reply, replies = turn(student, session), []
    while not reply["done"]:
        pending = call_of(reply, "question")["question"]["question_id"]
        reply = turn(student, session, seq=reply["seq"], input=given(pending, answers[pending]))
        replies.append(reply)
    return replies


@pytest.fixture
def assignment(teacher: User, of: Json) -> Json:
    return assigned(teacher, of, template(teacher), points=10)


@pytest.fixture
def session(student: User, assignment: Json) -> Json:
    found: Json = begun(student, assignment)["session"]
    return found


def test_an_assignment_with_points_is_strict(
    teacher: User, student: User, assignment: Json, session: Json
) -> None:
    assert (assignment["policy"], assignment["feedback"]) == ("strict", "immediate")
    assert session["stored_session"] is None

    replies = answer_all(student, session, {**RIGHT, "two": 5})

    feedback = [call_of(reply, "feedback") for reply in replies]
    assert [each["correct"] for each in feedback] == [True, False, True]
    ended = handed_in(student, session)["session"]
    assert (ended["questions_correct"], ended["total_questions"]) == (2, 3)
    assert cell(teacher, assignment, student)["score_percent"] == 66.7
    items = listed(student, f"practice_sessions/{session['session_id']}/items")
    assert {item["node_id"]: item["correct"] for item in items} == {
        "one": True,
        "two": False,
        "three": True,
    }
    skills = listed(student, f"students/{student.uid}/skills")
    assert {skill["name"]: skill["attempts"] for skill in skills} == {
        "Small sums": 2,
        "Larger sums": 1,
    }


def test_the_same_answer_again_has_the_same_reply(student: User, session: Json) -> None:
    first = turn(student, session, seq=1, input=given("one", 3))
    again = {**given("one", 3), "duration_ms": 700}
    assert turn(student, session, seq=1, input=again) == first
    assert turn(student, session)["seq"] == first["seq"] == 2


def test_another_answer_to_a_committed_seq_is_refused_with_the_feedback(
    student: User, session: Json
) -> None:
    first = turn(student, session, seq=1, input=given("one", 3))
    assert call_of(first, "feedback")["correct_answer"] == 2
    for other in (given("one", 2), {"type": "hint"}):
        body = {"session_id": session["session_id"], "seq": 1, "input": other}
        problem = refused(student.call("assignment_turn", body), "ANSWER_COMMITTED")
        assert problem["committed"] == first
    # Later too.
    turn(student, session, seq=2, input=given("two", 4))
    body = {"session_id": session["session_id"], "seq": 1, "input": given("one", 2)}
    assert refused(student.call("assignment_turn", body), "ANSWER_COMMITTED")["committed"] == first


def test_answers_at_once_commit_one(student: User, session: Json, client: Client) -> None:
    def attempt(number: int) -> Json:
        body = {"session_id": session["session_id"], "seq": 1, "input": given("one", number)}
        found: Json = student.call("assignment_turn", body).json()
        return found

    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(attempt, range(24)))

    accepted = [reply for reply in replies if "reason" not in reply]
    others = [reply for reply in replies if "reason" in reply]
    assert len(accepted) == 1
    assert {reply["reason"] for reply in others} == {"ANSWER_COMMITTED"}
    assert all(reply["committed"] == accepted[0] for reply in others)
    turns = client.collection(f"practice_sessions/{session['session_id']}/turns").stream()
    assert len(list(turns)) == 1


def test_a_seq_that_was_not_given_out_is_refused(student: User, session: Json) -> None:
    body: Json = {"session_id": session["session_id"], "input": given("one", 2)}
    assert invalid(student.call("assignment_turn", body)) == ["seq"]
    refused(student.call("assignment_turn", {**body, "seq": 2}), "REVISION_MISMATCH")
    refused(student.call("assignment_turn", {**body, "seq": 0}), "REVISION_MISMATCH")
    wrong = {**body, "seq": 1, "input": given("two", 2)}
    assert invalid(student.call("assignment_turn", wrong)) == ["input.question_id"]
    beyond = {**body, "seq": 10**2_000}
    assert invalid(student.call("assignment_turn", beyond)) == ["seq"]
    text = {**body, "seq": 1, "input": given("one", "x = = 3")}
    assert invalid(student.call("assignment_turn", text)) == ["input.answer"]
    assert turn(student, session)["seq"] == 1


def test_hints_are_committed_too(teacher: User, student: User, of: Json) -> None:
    hinted = {**QUESTIONS[0], "hints": ["Count", "On your fingers"]}
    section = {"name": "A", "exercises": [{"id": "b", "name": "B", "questions": [hinted]}]}
    template_id = template(teacher, template_data={"sections": [section]})
    session = begun(student, assigned(teacher, of, template_id, policy="strict"))["session"]
    first = turn(student, session, seq=1, input={"type": "hint"})
    assert call_of(first, "hint")["hint"] == "Count"
    assert turn(student, session, seq=1, input={"type": "hint"}) == first
    second = turn(student, session, seq=2, input={"type": "hint"})
    assert call_of(second, "hint")["hint"] == "On your fingers"
    body = {"session_id": session["session_id"], "seq": 2, "input": given("one", 2)}
    refused(student.call("assignment_turn", body), "ANSWER_COMMITTED")


def test_a_question_may_be_named_as_self_ratings_are(
    teacher: User, student: User, of: Json
) -> None:
    named = {**QUESTIONS[0], "question_id": "rate-0123456789ab-1"}
    section = {"name": "A", "exercises": [{"id": "b", "name": "B", "questions": [named]}]}
    template_id = template(teacher, template_data={"sections": [section]})
    assignment = assigned(teacher, of, template_id, points=5)
    assert assignment["questions"] == 1
    session = begun(student, assignment)["session"]
    reply = turn(student, session, seq=1, input=given("rate-0123456789ab-1", 2))
    assert reply["done"] is True
    handed_in(student, session)
    assert cell(teacher, assignment, student)["score_percent"] == 100


def test_answers_are_shown_once_the_assignment_is_due(
    teacher: User, student: User, of: Json
) -> None:
    body = {"class_id": of["class"]["class_id"], "template_id": template(teacher)}
    after_due = {**body, "policy": "strict", "feedback": "after_due"}
    assert invalid(teacher.call("create_assignment", after_due)) == ["due_at"]
    due = {"due_at": instant(HOUR), "feedback": "after_due"}
    wrong = {**body, **due, "policy": "open"}
    assert invalid(teacher.call("create_assignment", wrong)) == ["feedback"]
    assignment = assigned(teacher, of, body["template_id"], points=10, **due)
    session = begun(student, assignment)["session"]

    for reply in answer_all(student, session, {**RIGHT, "two": 5}):
        feedback = call_of(reply, "feedback")
        assert (feedback["correct"], feedback["correct_answer"]) == (None, None)
    handed_in(student, session)

    items = f"practice_sessions/{session['session_id']}/items"
    assert cell(student, assignment, student)["score_percent"] == 66.7
    assert student.get(items).status_code == 403
    report = {"session_id": session["session_id"], "question_id": "two"}
    refused(student.call("report_question", report), "ANSWER_NOT_FOUND")
    assert len(listed(teacher, items)) == 3
    ids = ids_of(assignment)
    assert invalid(teacher.call("update_assignment", {**ids, "due_at": None})) == ["due_at"]

    ok(teacher.call("update_assignment", {**ids, "due_at": instant(-HOUR)}))

    assert [item["correct"] for item in listed(student, items)] == [True, False, True]
    ok(student.call("report_question", report), 201)


def test_feedback_that_comes_later_tells_nothing_before(
    teacher: User, student: User, of: Json
) -> None:
    assignment = assigned(teacher, of, template(teacher), points=10, feedback="after_submit")
    session = begun(student, assignment)["session"]

    replies = answer_all(student, session, {**RIGHT, "two": 5})

    for reply in replies:
        feedback = call_of(reply, "feedback")
        assert (feedback["correct"], feedback["score"]) == (None, None)
        assert feedback["correct_answer"] is None
        assert "stored" in feedback["feedback"]
        assert feedback["progress"]["questions_correct"] == 0
        assert feedback["progress"]["score_percent"] is None
        assert feedback["withheld"] is True
        state = reply["state"]
        assert state["progress"]["questions_correct"] == 0
        assert all(block.get("questions_correct", 0) == 0 for block in state["blocks"])
        assert all(not skill["mastered"] for skill in state["skills"])
    shown = [[skill["mastery"] for skill in reply["state"]["skills"]] for reply in replies]
    assert shown == [shown[0]] * 3
    assert len({call_of(reply, "feedback")["new_mastery_score"] for reply in replies[:2]}) == 1
    path = f"practice_sessions/{session['session_id']}"
    stored = student.read(path)
    assert stored["total_questions"] == 3
    assert (stored["questions_correct"], stored["score_percent"]) == (0, None)
    assert stored["mastery"] == []
    assert listed(student, f"{path}/items") == []
    assert listed(student, f"students/{student.uid}/skills") == []
    handed_in(student, session)
    assert {item["correct"] for item in listed(student, f"{path}/items")} == {True, False}
    assert cell(teacher, assignment, student)["score_percent"] == 66.7


def test_the_state_of_strict_work_stays_on_the_server(
    student: User, session: Json, client: Client
) -> None:
    path = f"practice_sessions/{session['session_id']}/state/current"
    assert student.get(path).status_code == 403
    stored = client.document(path).get().to_dict()["stored_session"]
    context = {"session_context": {"stored_session": stored}}
    refused(student.call("practice_turn", context), "STRICT_SESSION")
    body = {"session_id": session["session_id"], "stored_session": stored}
    refused(student.call("update_progress", body), "STRICT_SESSION")
    refused(student.call("complete_session", body), "STRICT_SESSION")
    refused(student.call("start_session", {"stored_session": stored}), "STRICT_SESSION")
    note = {"session_id": session["session_id"], "session_data": {"notes": "Hard"}}
    updated = ok(student.call("update_progress", note))
    assert updated["session"]["stored_session"] is None


def test_only_the_student_answers_while_the_assignment_is_open(
    teacher: User, student: User, assignment: Json, session: Json, user: NewUser
) -> None:
    body = {"session_id": session["session_id"], "seq": 1, "input": given("one", 2)}
    for other in (teacher, user("other")):
        refused(other.call("assignment_turn", body), "SESSION_NOT_FOUND")
    change = {**ids_of(assignment), "closes_at": instant(-HOUR)}
    ok(teacher.call("update_assignment", change))
    refused(student.call("assignment_turn", body), "ASSIGNMENT_CLOSED")
    ok(teacher.call("update_assignment", {**ids_of(assignment), "closes_at": None}))
    first = turn(student, session, seq=1, input=given("one", 2))
    handed_in(student, session)
    # A lost reply is found after the end too.
    assert turn(student, session, seq=1, input=given("one", 2)) == first
    refused(student.call("assignment_turn", {**body, "seq": 2}), "SESSION_NOT_ACTIVE")


def test_another_session_is_refused_by_name(teacher: User, student: User, of: Json) -> None:
    open_work = assigned(teacher, of, template(teacher))
    assert open_work["policy"] == "open"
    for session in (
        begun(student, open_work)["session"],
        ok(student.call("start_session", {}), 201)["session"],
    ):
        body = {"session_id": session["session_id"]}
        problem = refused(student.call("assignment_turn", body), "SESSION_NOT_FOUND")
        assert "practice_turn" in problem["detail"]


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"mode": "checklist", "policy": "strict"}, "policy"),
        ({"mode": "infinite", "policy": "strict"}, "policy"),
        ({"feedback": "after_submit"}, "feedback"),
        ({"feedback": "after_submit", "points": 5, "policy": "open"}, "feedback"),
    ],
)
def test_values_that_do_not_go_together_are_named(
    teacher: User, of: Json, fields: Json, path: str
) -> None:
    body = {"class_id": of["class"]["class_id"], "template_id": template(teacher), **fields}
    assert invalid(teacher.call("create_assignment", body)) == [path]


def test_teachers_see_who_works_on_what(
    teacher: User, student: User, of: Json, session: Json, assignment: Json
) -> None:
    path = f"{path_of(of)}/live/{student.uid}"
    assert student.get(path).status_code == 403
    begun_live = teacher.read(path)
    assert (begun_live["state"], begun_live["answered"]) == ("working", 0)
    turn(student, session, seq=1, input=given("one", 2))
    live = teacher.read(path)
    assert live["assignment_id"] == assignment["assignment_id"]
    assert (live["answered"], live["correct"], live["skill"]) == (1, 1, "Small sums")
    assert live["needs_help"] is False
    handed_in(student, session)
    assert teacher.get(path).status_code == 404


def test_three_wrong_answers_in_a_skill_need_help(teacher: User, student: User, of: Json) -> None:
    questions = [{**QUESTIONS[0], "question_id": f"q{number}"} for number in range(5)]
    section = {"name": "A", "exercises": [{"id": "b", "name": "B", "questions": questions}]}
    template_id = template(teacher, template_data={"sections": [section]})
    session = begun(student, assigned(teacher, of, template_id, points=5))["session"]
    helped = []
    for number in range(4):
        turn(student, session, seq=number + 1, input=given(f"q{number}", 9))
        helped.append(teacher.read(f"{path_of(of)}/live/{student.uid}")["needs_help"])
    assert helped == [False, False, True, True]


def test_work_that_ends_clears_only_what_the_class_shows_of_it(
    teacher: User, student: User, of: Json
) -> None:
    template_id = template(teacher)
    first, second = (assigned(teacher, of, template_id, points=5) for _ in range(2))
    sessions = [begun(student, one)["session"] for one in (first, second)]
    turn(student, sessions[1], seq=1, input=given("one", 2))
    path = f"{path_of(of)}/live/{student.uid}"
    shown = teacher.read(path)
    assert shown["assignment_id"] == second["assignment_id"]

    handed_in(student, sessions[0])
    assert teacher.read(path) == shown

    handed_in(student, sessions[1])
    assert teacher.get(path).status_code == 404


def test_open_work_shows_its_skill_and_who_needs_help(
    teacher: User, student: User, of: Json
) -> None:
    questions = [{**QUESTIONS[0], "question_id": f"q{number}"} for number in range(5)]
    section = {"name": "A", "exercises": [{"id": "b", "name": "B", "questions": questions}]}
    template_id = template(teacher, template_data={"sections": [section]})
    session = begun(student, assigned(teacher, of, template_id))["session"]
    context = {"stored_session": session["stored_session"]}
    for number in range(3):
        answer = given(f"q{number}", 9)
        reply = ok(student.call("practice_turn", {"session_context": context, "input": answer}))
        context = reply["session_context"]
    body = {"session_id": session["session_id"], **context}
    ok(student.call("update_progress", body))
    live = teacher.read(f"{path_of(of)}/live/{student.uid}")
    assert (live["answered"], live["correct"], live["skill"]) == (3, 0, "B")
    assert live["needs_help"] is True


def test_what_was_begun_in_a_class_may_be_finished_when_it_is_archived(
    teacher: User, student: User, of: Json, session: Json
) -> None:
    changed(teacher, of, archived=True)
    body = {"session_id": session["session_id"], "seq": 1, "input": given("one", 2)}
    # What was begun may be finished: nothing of it is lost.
    assert student.call("assignment_turn", body).status_code == 200

"""Assignments: created by teachers, begun, worked on and handed in by students."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.api import User
from tests.conftest import NewUser
from tests.integration.functions.classes.people import (
    Json,
    assigned,
    begun,
    changed,
    ids_of,
    joined,
    path_of,
    removed,
    row_path,
    taught,
)
from tests.support.answers import invalid, ok, refused
from tests.support.stored import with_instants

QUESTIONS: list[Json] = [
    {"question_id": "one", "kind": "numeric", "prompt": "1 + 1?", "answer": 2},
    {"question_id": "two", "kind": "numeric", "prompt": "2 + 2?", "answer": 4},
    {"question_id": "three", "kind": "numeric", "prompt": "3 + 3?", "answer": 6},
]
SECTIONS: list[Json] = [
    {
        "name": "Sums",
        "exercises": [
            {"id": "small", "name": "Small", "skill": "Small sums", "questions": QUESTIONS[:2]},
            {"id": "larger", "name": "Larger", "skill": "Larger sums", "questions": QUESTIONS[2:]},
            {"id": "rest", "name": "Rest"},
        ],
    }
]
RIGHT: Json = {question["question_id"]: question["answer"] for question in QUESTIONS}
HOUR = timedelta(hours=1)


def template(teacher: User, **fields: Any) -> str:
    body = {"name": "Sums", "template_data": {"sections": SECTIONS}, **fields}
    template_id: str = ok(teacher.call("create_template", body), 201)["template"]["template_id"]
    return template_id


def instant(after: timedelta) -> str:
    return (datetime.now(UTC) + after).isoformat()


@pytest.fixture
def of(teacher: User, student: User) -> Json:
    """A class with one student."""
    created = taught(teacher)
    joined(student, created)
    return created


def answered(student: User, stored_session: Json, answers: Json) -> Json:
    """The state after all the questions, in the order in which they are asked."""
    context = {"session_context": {"stored_session": stored_session}}
    reply = ok(student.call("practice_turn", context))
    while pending := reply["session_context"]["stored_session"]["current"]["question_id"]:
        given = {"type": "answer", "question_id": pending, "answer": answers[pending]}
        context = {"session_context": reply["session_context"], "input": given}
        reply = ok(student.call("practice_turn", context))
    state: Json = reply["session_context"]["stored_session"]
    return state


def handed_in(student: User, session: Json, **fields: Any) -> Json:
    return ok(student.call("complete_session", {"session_id": session["session_id"], **fields}))


def cell(by: User, assignment: Json, student: User) -> Json:
    cells = by.read(row_path(assignment, student))["cells"]
    found: Json = cells[assignment["assignment_id"]]
    return found


def test_a_student_answers_each_question_once_and_is_scored_by_all_of_them(
    teacher: User, student: User, of: Json
) -> None:
    assignment = assigned(teacher, of, template(teacher), points=10, policy="open")
    assert (assignment["mode"], assignment["questions"]) == ("questions", 3)
    assert assignment["title"] == "Sums"

    reply = begun(student, assignment)
    session = reply["session"]
    assert reply["resumed"] is False
    assert (session["mode"], session["origin"]) == ("assignment", "assigned")
    assert (session["items_completed"], session["items_count"]) == (0, 3)
    assert cell(teacher, assignment, student)["status"] == "in_progress"

    state = answered(student, session["stored_session"], {**RIGHT, "two": 5})
    ended = handed_in(student, session, stored_session=state)["session"]

    assert (ended["questions_correct"], ended["total_questions"]) == (2, 3)
    submitted = cell(teacher, assignment, student)
    assert submitted["status"] == "submitted"
    assert submitted["score_percent"] == 66.7
    assert submitted["session_id"] == session["session_id"]
    assert with_instants(submitted)["submitted_at"] == with_instants(ended)["ended_at"]
    assert cell(student, assignment, student) == submitted


def test_questions_that_were_not_answered_count_as_wrong(
    teacher: User, student: User, of: Json
) -> None:
    assignment = assigned(teacher, of, template(teacher))
    session = begun(student, assignment)["session"]
    given = {"type": "answer", "question_id": "one", "answer": 2}
    context = {"stored_session": session["stored_session"]}
    turn = ok(student.call("practice_turn", {"session_context": context, "input": given}))

    handed_in(student, session, **turn["session_context"])

    assert cell(teacher, assignment, student)["score_percent"] == 33.3


def test_a_checklist_is_scored_by_what_is_done(teacher: User, student: User, of: Json) -> None:
    assignment = assigned(teacher, of, template(teacher), mode="checklist")
    session = begun(student, assignment)["session"]
    assert session["session_data"]["sections"][0]["name"] == "Sums"
    item = {"node_id": "rest", "completed": True}
    body = {"session_id": session["session_id"], "items": [item]}
    ok(student.call("update_progress", body))

    handed_in(student, session)

    assert cell(teacher, assignment, student)["score_percent"] == 33.3


def test_practice_without_end_is_scored_by_mastery(teacher: User, student: User, of: Json) -> None:
    section = {"name": "Sums", "exercises": SECTIONS[0]["exercises"][:2]}
    template_id = template(teacher, template_data={"sections": [section]})
    assignment = assigned(teacher, of, template_id, mode="infinite")
    session = begun(student, assignment)["session"]
    context: Json = {"session_context": {"stored_session": session["stored_session"]}}
    reply = ok(student.call("practice_turn", context))
    pending = reply["session_context"]["stored_session"]["current"]["question_id"]
    given = {"type": "answer", "question_id": pending, "answer": RIGHT[pending]}
    turn = ok(
        student.call("practice_turn", {"session_context": reply["session_context"], "input": given})
    )

    ended = handed_in(student, session, **turn["session_context"])["session"]

    (skill,) = ended["mastery"]
    # Of the template's two skills one was practised.
    expected = round(100 * skill["after"] / 2, 1)
    assert cell(teacher, assignment, student)["score_percent"] == pytest.approx(expected)


def test_a_session_of_an_assignment_is_begun_once(teacher: User, student: User, of: Json) -> None:
    assignment = assigned(teacher, of, template(teacher))
    first = begun(student, assignment)["session"]
    again = begun(student, assignment, 200)
    assert again["resumed"] is True
    assert again["session"] == first
    handed_in(student, first)
    refused(student.call("start_session", ids_of(assignment)), "SESSION_NOT_ACTIVE")


def test_what_is_practised_stays_as_it_was_assigned(teacher: User, student: User, of: Json) -> None:
    template_id = template(teacher)
    assignment = assigned(teacher, of, template_id)
    deleted = teacher.call("delete_template", {"template_id": template_id})
    assert deleted.status_code == 204

    session = begun(student, assignment)["session"]

    state = answered(student, session["stored_session"], RIGHT)
    handed_in(student, session, stored_session=state)
    assert cell(teacher, assignment, student)["score_percent"] == 100


def test_who_is_not_meant_finds_no_assignment(
    teacher: User, student: User, of: Json, user: NewUser
) -> None:
    other, stranger = user("other"), user("stranger")
    joined(other, of)
    assignment = assigned(teacher, of, template(teacher), student_ids=[student.uid])
    begun(student, assignment)
    path = f"{path_of(of)}/assignments/{assignment['assignment_id']}"
    assert student.get(path).status_code == 200
    for nobody in (other, stranger, teacher):
        refused(nobody.call("start_session", ids_of(assignment)), "ASSIGNMENT_NOT_FOUND")
    for nobody in (other, stranger):
        assert nobody.get(path).status_code == 403
    removed(teacher, of, student)
    refused(student.call("start_session", ids_of(assignment)), "ASSIGNMENT_NOT_FOUND")


def test_an_assignment_is_begun_while_it_is_open(teacher: User, student: User, of: Json) -> None:
    template_id = template(teacher)
    later = assigned(teacher, of, template_id, opens_at=instant(HOUR))
    refused(student.call("start_session", ids_of(later)), "ASSIGNMENT_NOT_OPEN")
    over = assigned(teacher, of, template_id, closes_at=instant(-HOUR))
    refused(student.call("start_session", ids_of(over)), "ASSIGNMENT_CLOSED")
    withdrawn = assigned(teacher, of, template_id)
    ok(teacher.call("update_assignment", {**ids_of(withdrawn), "archived": True}))
    refused(student.call("start_session", ids_of(withdrawn)), "ASSIGNMENT_CLOSED")
    ok(teacher.call("update_assignment", {**ids_of(withdrawn), "archived": False}))
    begun(student, withdrawn)
    late = assigned(teacher, of, template_id, due_at=instant(-HOUR))
    begun(student, late)


def test_nothing_is_handed_in_after_the_time_that_closes_it(
    teacher: User, student: User, of: Json
) -> None:
    assignment = assigned(teacher, of, template(teacher))
    session = begun(student, assignment)["session"]
    change = {**ids_of(assignment), "closes_at": instant(-HOUR)}
    ok(teacher.call("update_assignment", change))

    body = {"session_id": session["session_id"]}
    refused(student.call("complete_session", body), "ASSIGNMENT_CLOSED")

    ok(teacher.call("update_assignment", {**ids_of(assignment), "closes_at": None}))
    handed_in(student, session)
    # What was handed in stays so.
    ok(teacher.call("update_assignment", change))
    handed_in(student, session)


def test_work_is_not_discarded(teacher: User, student: User, of: Json) -> None:
    session = begun(student, assigned(teacher, of, template(teacher)))["session"]
    body = {"session_id": session["session_id"], "discard": True}
    assert invalid(student.call("complete_session", body)) == ["discard"]


def test_an_archived_class_assigns_nothing(teacher: User, student: User, of: Json) -> None:
    assignment = assigned(teacher, of, template(teacher))
    changed(teacher, of, archived=True)
    body = {"class_id": of["class"]["class_id"], "template_id": template(teacher)}
    refused(teacher.call("create_assignment", body), "CLASS_ARCHIVED")
    refused(student.call("start_session", ids_of(assignment)), "ASSIGNMENT_CLOSED")


def test_only_teachers_of_the_class_assign(
    teacher: User, student: User, of: Json, user: NewUser
) -> None:
    stranger = user("stranger", teacher=True)
    body = {"class_id": of["class"]["class_id"], "template_id": template(stranger)}
    for by in (stranger, student):
        refused(by.call("create_assignment", body), "CLASS_NOT_FOUND")
    refused(teacher.call("create_assignment", body), "TEMPLATE_NOT_FOUND")
    changed(teacher, of, teacher_ids=[teacher.uid, stranger.uid])
    assignment = ok(stranger.call("create_assignment", body), 201)["assignment"]
    change = {**ids_of(assignment), "points": 5}
    assert ok(teacher.call("update_assignment", change))["assignment"]["points"] == 5
    refused(student.call("update_assignment", change), "CLASS_NOT_FOUND")


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"due_at": instant(HOUR), "opens_at": instant(2 * HOUR)}, "due_at"),
        ({"due_at": instant(2 * HOUR), "closes_at": instant(HOUR)}, "closes_at"),
        ({"opens_at": instant(2 * HOUR), "closes_at": instant(HOUR)}, "closes_at"),
        ({"student_ids": ["nobody"]}, "student_ids"),
        ({"student_ids": []}, "student_ids"),
        ({"points": 0}, "points"),
        ({"mode": "exam"}, "mode"),
        ({"due_at": "tomorrow"}, "due_at"),
    ],
)
def test_a_wrong_value_is_named(teacher: User, of: Json, fields: Json, path: str) -> None:
    body = {"class_id": of["class"]["class_id"], "template_id": template(teacher), **fields}
    assert invalid(teacher.call("create_assignment", body)) == [path]


def test_a_template_that_cannot_be_asked_is_refused_by_name(teacher: User, of: Json) -> None:
    without = template(
        teacher, template_data={"sections": [{"name": "A", "exercises": [{"name": "B"}]}]}
    )
    many = [{**QUESTIONS[0], "question_id": f"q{i}"} for i in range(101)]
    section = {"name": "A", "exercises": [{"id": "b", "name": "B", "questions": many}]}
    large = template(teacher, template_data={"sections": [section]})
    empty = template(teacher, template_data={"sections": []})
    for template_id, words in (
        (without, "no questions"),
        (large, "more questions"),
        (empty, "empty"),
    ):
        body = {"class_id": of["class"]["class_id"], "template_id": template_id}
        problem = refused(teacher.call("create_assignment", body), "INVALID_ARGUMENT")
        (error,) = problem["errors"]
        assert error["path"] == "template_id"
        assert words in error["message"]


def test_a_change_that_is_in_place_already_changes_nothing(teacher: User, of: Json) -> None:
    assignment = assigned(teacher, of, template(teacher))
    change = {**ids_of(assignment), "version": 1, "points": 20}
    after = ok(teacher.call("update_assignment", change))["assignment"]
    assert after["version"] == 2
    assert ok(teacher.call("update_assignment", change))["assignment"] == after
    refused(teacher.call("update_assignment", {**change, "points": 30}), "REVISION_MISMATCH")


def test_a_teacher_reads_the_work_and_a_former_one_no_more(
    teacher: User, student: User, of: Json, user: NewUser
) -> None:
    helper = user("helper", teacher=True)
    changed(teacher, of, teacher_ids=[teacher.uid, helper.uid])
    assignment = assigned(teacher, of, template(teacher))
    session = begun(student, assignment)["session"]
    state = answered(student, session["stored_session"], RIGHT)
    handed_in(student, session, stored_session=state)
    paths = [
        f"practice_sessions/{session['session_id']}",
        f"practice_sessions/{session['session_id']}/items/attempt-000000",
        row_path(assignment, student),
        f"{path_of(of)}/assignments/{assignment['assignment_id']}",
        f"{path_of(of)}/assignments/{assignment['assignment_id']}/content/template",
    ]
    assert [helper.get(path).status_code for path in paths] == [200] * 5
    changed(teacher, of, teacher_ids=[teacher.uid])
    assert [helper.get(path).status_code for path in paths] == [403] * 5


def test_self_practice_is_counted_in_the_rows_of_all_classes(
    teacher: User, student: User, of: Json
) -> None:
    other = taught(teacher)
    session = ok(student.call("start_session", {}), 201)["session"]
    handed_in(student, session, time_spent_seconds=60)
    joined(student, other)
    for each, sessions in ((of, 1), (other, 1)):
        row = teacher.read(f"{path_of(each)}/rows/{student.uid}")
        assert row["self_practice"]["sessions"] == sessions
        assert row["display_name"] == "Sam"
    removed(teacher, other, student)
    session = ok(student.call("start_session", {}), 201)["session"]
    handed_in(student, session)
    assert teacher.read(f"{path_of(of)}/rows/{student.uid}")["self_practice"]["sessions"] == 2
    left = teacher.read(f"{path_of(other)}/rows/{student.uid}")
    assert (left["self_practice"]["sessions"], left["status"]) == (1, "removed")

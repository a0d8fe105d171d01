"""report_question: a student says that a question is wrong, and the teacher reads it."""

from typing import Any

import pytest

from local.api import User, found
from local.examples import theory_template
from tests.integration.functions.conftest import StoredDocuments, created, started
from tests.support.answers import invalid, ok, refused
from tests.support.stored import of_collection, with_instants
from tests.support.time_zones import ZONE_OF_NOON

Json = dict[str, Any]


def practised(teacher: User, student: User) -> tuple[Json, Json]:
    """A session of infinite practice of an assigned template, with one stored answer, and the
    feedback on it.
    """
    template = ok(
        teacher.call("create_template", {**theory_template(), "student_ids": [student.uid]}), 201
    )["template"]
    source = student.read(f"session_templates/{template['template_id']}")
    context = {"source_data": {**source, "template_id": template["template_id"]}}
    context = ok(student.call("practice_turn", {"session_context": context}))["session_context"]
    body = {**context, "timezone": ZONE_OF_NOON}
    session = ok(student.call("start_session", body), 201)["session"]
    question_id = session["stored_session"]["current"]["question_id"]
    asked = session["stored_session"]["blocks"][-1]["questions"][0]
    answer = {"type": "answer", "question_id": question_id, "answer": _any_answer(asked)}
    turn = ok(
        student.call(
            "practice_turn",
            {"session_context": {"stored_session": session["stored_session"]}, "input": answer},
        )
    )
    stored = {"session_id": session["session_id"], **turn["session_context"]}
    session = ok(student.call("update_progress", stored))["session"]
    (feedback,) = [
        call["args"]
        for message in turn["messages"]
        for call in message.get("tool_calls", [])
        if call["name"] == "feedback_presentation"
    ]
    return session, feedback


def _any_answer(question: Json) -> Any:
    match question["kind"]:
        case "multiple_choice":
            return question["choices"][0]["id"]
        case "multi_select":
            return [question["choices"][0]["id"]]
        case "numeric":
            return "1"
        case "self_rated":
            return "good"
        case _:
            return "A text."


def test_a_report_keeps_the_question_as_it_was_asked_for_teacher_and_student(
    teacher: User, student: User
) -> None:
    session, feedback = practised(teacher, student)
    question_id = feedback["question_id"]
    body = {"session_id": session["session_id"], "question_id": question_id, "note": "Two fit."}

    report = ok(student.call("report_question", body), 201)["report"]

    asked = {"student_id": student.uid, "teacher_id": teacher.uid, "question_id": question_id}
    own = {"session_id", "template_id", "template_name"}
    assert {**asked, **{name: session[name] for name in own}}.items() <= report.items()
    assert report["note"] == "Two fit."
    assert report["prompt"]
    assert report["correct_answer"] == feedback["correct_answer"]
    assert report["feedback"] == feedback["feedback"]
    path = f"question_reports/{report['report_id']}"
    for reader in (teacher, student):
        stored = with_instants(reader.read(path))
        assert stored == with_instants({n: v for n, v in report.items() if n != "report_id"})


def test_the_teacher_lists_the_reports_of_a_template(teacher: User, student: User) -> None:
    session, feedback = practised(teacher, student)
    body = {"session_id": session["session_id"], "question_id": feedback["question_id"]}
    ok(student.call("report_question", body), 201)
    mine = {"teacher_id": teacher.uid, "template_id": session["template_id"]}
    listed = found(teacher.query(reports_where(**mine)))
    assert [report["question_id"] for report in listed] == [feedback["question_id"]]


def reports_where(**fields: str) -> Json:
    """The query of the latest reports with these fields."""
    filters = [
        {
            "fieldFilter": {
                "field": {"fieldPath": name},
                "op": "EQUAL",
                "value": {"stringValue": value},
            }
        }
        for name, value in fields.items()
    ]
    return {
        "from": [{"collectionId": "question_reports"}],
        "where": {"compositeFilter": {"op": "AND", "filters": filters}},
        "orderBy": [{"field": {"fieldPath": "reported_at"}, "direction": "DESCENDING"}],
    }


def reported(student: User, **item: Any) -> Json:
    """The request to report a question that a client answered in a checklist."""
    session_id = started(student)["session_id"]
    items = [{"node_id": "q1", "correct": False, "answer": "3", **item}]
    ok(student.call("update_progress", {"session_id": session_id, "items": items}))
    return {"session_id": session_id, "question_id": "q1"}


def test_a_student_has_one_report_of_a_question_whose_note_may_change(
    student: User, stored_documents: StoredDocuments
) -> None:
    body = reported(student)
    first = ok(student.call("report_question", body), 201)["report"]
    assert (first["note"], first["answer"], first["teacher_id"]) == (None, "3", None)
    before = stored_documents(student)

    again = ok(student.call("report_question", body))["report"]
    assert again == first
    assert stored_documents(student) == before

    noted = ok(student.call("report_question", {**body, "note": "It is 4."}))["report"]
    assert noted == {**first, "note": "It is 4."}
    kept = ok(student.call("report_question", body))["report"]
    assert kept == noted
    assert len(of_collection(stored_documents(student), "question_reports")) == 1


def test_the_owner_of_a_public_template_reads_reports_of_self_practice(
    teacher: User, student: User
) -> None:
    template_id = created(teacher, visibility="public")["template_id"]
    session = started(student, template_id=template_id)
    assert session["teacher_id"] is None
    items = [{"node_id": "Scales", "correct": False}]
    ok(student.call("update_progress", {"session_id": session["session_id"], "items": items}))
    body = {"session_id": session["session_id"], "question_id": "Scales"}
    report = ok(student.call("report_question", body), 201)["report"]
    assert report["teacher_id"] == teacher.uid
    assert teacher.read(f"question_reports/{report['report_id']}")["student_id"] == student.uid


def test_a_template_that_a_client_made_up_has_no_owner_to_report_to(
    teacher: User, student: User
) -> None:
    template = created(teacher, visibility="public")
    questions = [{"question_id": "q1", "kind": "self_rated", "prompt": "Made up."}]
    content = {"sections": [{"name": "S", "exercises": [{"name": "E", "questions": questions}]}]}
    source = {"name": "N", "template_id": template["template_id"], "template_data": content}
    turn = ok(student.call("practice_turn", {"session_context": {"source_data": source}}))
    context = turn["session_context"]
    answer = {"type": "answer", "question_id": "q1", "answer": "good"}
    turn = ok(student.call("practice_turn", {"session_context": context, "input": answer}))
    body = {**turn["session_context"], "timezone": ZONE_OF_NOON}
    session = ok(student.call("start_session", body), 201)["session"]
    body = {"session_id": session["session_id"], "question_id": "q1"}
    assert ok(student.call("report_question", body), 201)["report"]["teacher_id"] is None


def test_an_ended_session_may_be_reported_too(student: User) -> None:
    body = reported(student)
    ok(student.call("complete_session", {"session_id": body["session_id"]}))
    ok(student.call("report_question", body), 201)


def test_a_question_of_a_template_has_one_report_over_all_sessions(
    teacher: User, student: User
) -> None:
    template_id = created(teacher, student_ids=[student.uid])["template_id"]
    ids = []
    for status in (201, 200):
        session_id = started(student, template_id=template_id)["session_id"]
        items = [{"node_id": "Scales", "correct": False}]
        ok(student.call("update_progress", {"session_id": session_id, "items": items}))
        body = {"session_id": session_id, "question_id": "Scales"}
        ids.append(ok(student.call("report_question", body), status)["report"]["report_id"])
        ok(student.call("complete_session", {"session_id": session_id}))
    assert ids[0] == ids[1]


def test_a_question_that_was_not_answered_is_refused(
    student: User, stored_documents: StoredDocuments
) -> None:
    body = {**reported(student), "question_id": "never asked"}
    before = stored_documents(student)
    refused(student.call("report_question", body), "ANSWER_NOT_FOUND")
    assert stored_documents(student) == before


@pytest.mark.parametrize(
    ("fields", "paths"),
    [
        ({"question_id": ""}, ["question_id"]),
        ({"question_id": 7}, ["question_id"]),
        ({"note": "x" * 2_001}, ["note"]),
        ({"note": ["x"]}, ["note"]),
        ({"correct_answer": "b"}, ["correct_answer"]),
        ({"teacher_id": "me"}, ["teacher_id"]),
    ],
)
def test_a_wrong_field_is_refused_by_its_name(
    student: User, fields: Json, paths: list[str]
) -> None:
    body = {"session_id": "session", "question_id": "q1", **fields}
    assert invalid(student.call("report_question", body)) == paths


def test_a_question_of_another_students_session_is_refused_like_a_missing_session(
    student: User, teacher: User
) -> None:
    body = reported(student)
    refused(teacher.call("report_question", body), "SESSION_NOT_FOUND")
    refused(student.call("report_question", {**body, "session_id": "none"}), "SESSION_NOT_FOUND")

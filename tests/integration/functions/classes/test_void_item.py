"""void_item: a bad question is taken out of an assignment, and all work is graded without it."""

from typing import Any

from local.api import User
from shared.firestore.client import Client
from tests.conftest import NewUser
from tests.integration.functions.classes.people import (
    Json,
    assigned,
    begun,
    changed,
    ids_of,
    joined,
    path_of,
)
from tests.integration.functions.classes.test_assignment_turn import (
    answer_all,
    call_of,
    given,
    listed,
    turn,
)
from tests.integration.functions.classes.test_assignments import (
    RIGHT,
    answered,
    cell,
    handed_in,
    of,
    template,
)
from tests.integration.functions.classes.test_override_grade import overridden
from tests.support.answers import invalid, ok, refused

__all__ = ["of"]


def voided(teacher: User, assignment: Json, question_id: str, **fields: Any) -> Json:
    """The assignment once all its work is graded without the question."""
    body = {**ids_of(assignment), "question_id": question_id, **fields}
    found: Json = ok(teacher.call("void_item", body))["assignment"]
    assert found["regrading"]["finished_at"] is not None
    return found


def worked(student: User, assignment: Json, **wrong: int) -> Json:
    """The session of work that is handed in, right but for these answers."""
    session: Json = begun(student, assignment)["session"]
    answer_all(student, session, {**RIGHT, **wrong})
    handed_in(student, session)
    return session


def skill(student: User, name: str) -> Json:
    (found,) = (s for s in listed(student, f"students/{student.uid}/skills") if s["name"] == name)
    return found


def test_scores_and_skills_are_as_if_it_had_never_been_asked(
    teacher: User, student: User, of: Json, user: NewUser
) -> None:
    """Beside a student who gives the same answers to an assignment without the question."""
    other = user("other")
    joined(other, of, name="Other")
    assignment = assigned(teacher, of, template(teacher), points=10)
    session = worked(student, assignment, one=3)
    before = cell(teacher, assignment, student)
    assert (before["score_percent"], before["total_questions"]) == (66.7, 3)

    after = voided(teacher, assignment, "one", note="Two answers are right")

    assert after["voided"] == ["one"]
    assert (after["regrading"]["done"], after["regrading"]["skills_left"]) == (1, 0)
    found = cell(teacher, assignment, student)
    assert (found["score_percent"], found["questions_correct"]) == (100, 2)
    assert found["total_questions"] == 2
    assert found["submitted_at"] == before["submitted_at"]
    stored = student.read(f"practice_sessions/{session['session_id']}")
    assert (stored["score_percent"], stored["total_questions"]) == (100, 2)
    assert (stored["items_completed"], stored["items_count"]) == (2, 2)

    # Who begins now is not asked it.
    own = begun(other, assignment)["session"]
    assert own["items_count"] == 2
    replies = answer_all(other, own, RIGHT)
    assert len(replies) == 2
    handed_in(other, own)
    assert cell(teacher, assignment, other)["score_percent"] == 100
    for name in ("Small sums", "Larger sums"):
        (one, two) = (skill(who, name) for who in (student, other))
        for field in ("p_mastery", "p_half", "p_known", "firsts"):
            assert one[field] == two[field], (name, field)
    assert stored["mastery"] == [
        {**progress, "name": progress["name"]}
        for progress in other.read(f"practice_sessions/{own['session_id']}")["mastery"]
    ]


def test_later_practice_of_the_skill_is_kept(
    teacher: User, student: User, of: Json, user: NewUser
) -> None:
    """Beside a student who is never asked the question and practises the same later."""
    other = user("other")
    joined(other, of, name="Other")
    assignment = assigned(teacher, of, template(teacher), points=10)
    worked(student, assignment, one=3)
    later = assigned(teacher, of, _later(teacher), policy="open")
    practised(student, later)
    assert skill(student, "Small sums")["attempts"] == 3

    voided(teacher, assignment, "one")

    worked(other, assignment)
    practised(other, later)
    (one, two) = (skill(who, "Small sums") for who in (student, other))
    for field in ("p_mastery", "p_half", "p_known", "firsts"):
        assert one[field] == two[field], field
    # And when the later question goes too, what is recomputed begins before the first one.
    voided(teacher, later, "later")
    one = skill(student, "Small sums")
    assert one["p_mastery"] < two["p_mastery"]
    assert one["firsts"] == 1


def _later(teacher: User) -> str:
    question = {"question_id": "later", "kind": "numeric", "prompt": "1 + 0 + 1?", "answer": 2}
    exercise = {"id": "small", "name": "Small", "skill": "Small sums", "questions": [question]}
    data = {"sections": [{"name": "Later", "exercises": [exercise]}]}
    return template(teacher, name="Later sums", template_data=data)


def practised(student: User, assignment: Json) -> None:
    """Answers, and stores the progress without handing in."""
    session = begun(student, assignment)["session"]
    state = answered(student, session["stored_session"], {"later": 2})
    body = {"session_id": session["session_id"], "stored_session": state}
    ok(student.call("update_progress", body))


def test_work_that_is_open_is_graded_without_it_when_it_is_handed_in(
    teacher: User, student: User, of: Json
) -> None:
    for policy in ("strict", "open"):
        assignment = assigned(teacher, of, template(teacher), policy=policy)
        session = begun(student, assignment)["session"]
        if policy == "strict":
            turn(student, session, seq=1, input=given("one", 3))
            voided(teacher, assignment, "one")
            answer_all(student, session, RIGHT)
            handed_in(student, session)
        else:
            state = answered(student, session["stored_session"], {**RIGHT, "one": 3})
            body = {"session_id": session["session_id"], "stored_session": state}
            ok(student.call("update_progress", body))
            low = skill(student, "Small sums")["p_mastery"]
            voided(teacher, assignment, "one")
            assert skill(student, "Small sums")["p_mastery"] > low
            handed_in(student, session)
        found = cell(teacher, assignment, student)
        assert (found["score_percent"], found["total_questions"]) == (100, 2), policy


def test_an_answer_that_is_stored_after_it_changes_no_skill(
    teacher: User, student: User, of: Json
) -> None:
    assignment = assigned(teacher, of, template(teacher), policy="open")
    session = begun(student, assignment)["session"]
    voided(teacher, assignment, "three")
    state = answered(student, session["stored_session"], {**RIGHT, "three": 7})
    ended = handed_in(student, session, stored_session=state)["session"]
    assert (ended["score_percent"], ended["total_questions"]) == (100, 2)
    names = [found["name"] for found in listed(student, f"students/{student.uid}/skills")]
    assert names == ["Small sums"]


def test_practice_without_end_is_scored_without_it(teacher: User, student: User, of: Json) -> None:
    section = {
        "name": "Sums",
        "exercises": [
            {
                "id": "small",
                "name": "Small",
                "skill": "Small sums",
                "questions": [
                    {"question_id": "one", "kind": "numeric", "prompt": "1 + 1?", "answer": 2},
                    {"question_id": "two", "kind": "numeric", "prompt": "2 + 2?", "answer": 4},
                ],
            }
        ],
    }
    template_id = template(teacher, template_data={"sections": [section]})
    assignment = assigned(teacher, of, template_id, mode="infinite")
    session = begun(student, assignment)["session"]
    context: Json = {"stored_session": session["stored_session"]}
    reply = ok(student.call("practice_turn", {"session_context": context}))
    for _ in range(2):
        pending = reply["session_context"]["stored_session"]["current"]["question_id"]
        answer = given(pending, {"one": 9, "two": 4}[pending])
        body = {"session_context": reply["session_context"], "input": answer}
        reply = ok(student.call("practice_turn", body))
    handed_in(student, session, stored_session=reply["session_context"]["stored_session"])
    low = cell(teacher, assignment, student)

    voided(teacher, assignment, "one")

    found = cell(teacher, assignment, student)
    assert found["score_percent"] > low["score_percent"]
    assert (found["questions_correct"], found["total_questions"]) == (1, 1)


def test_the_teachers_grade_stays_and_all_questions_can_go(
    teacher: User, student: User, of: Json, client: Client, user: NewUser
) -> None:
    assignment = assigned(teacher, of, template(teacher), points=10)
    session = begun(student, assignment)["session"]
    answer_all(student, session, RIGHT)
    handed_in(student, session)
    overridden(teacher, assignment, student, revision=0, score_percent=40)
    for question_id in RIGHT:
        last = voided(teacher, assignment, question_id, note=f"Not {question_id}")
    assert last["voided"] == list(RIGHT)
    found = cell(teacher, assignment, student)
    assert (found["score_percent"], found["override"]["grade"]) == (None, 40)

    # Once more changes nothing.
    assert voided(teacher, assignment, "one", note="Other") == last
    log = [entry.to_dict() for entry in client.collection(f"{path_of(of)}/audit").stream()]
    taken_out = {e["question_id"]: (e["by"], e["note"]) for e in log if "question_id" in e}
    assert taken_out == {id_: (teacher.uid, f"Not {id_}") for id_ in RIGHT}

    # Nobody can begin an assignment that asks nothing.
    late = user("late")
    joined(late, of, name="Late")
    assert invalid(late.call("start_session", ids_of(assignment))) == ["assignment_id"]


def test_only_teachers_take_out_questions_of_the_assignment(
    teacher: User, student: User, of: Json, user: NewUser
) -> None:
    assignment = assigned(teacher, of, template(teacher))
    body = {**ids_of(assignment), "question_id": "one"}
    for by in (student, user("stranger", teacher=True)):
        refused(by.call("void_item", body), "CLASS_NOT_FOUND")
    assert invalid(teacher.call("void_item", {**body, "question_id": "four"})) == ["question_id"]
    refused(teacher.call("void_item", {**body, "assignment_id": "no"}), "ASSIGNMENT_NOT_FOUND")
    checklist = assigned(teacher, of, template(teacher), mode="checklist")
    body = {**ids_of(checklist), "question_id": "one"}
    assert invalid(teacher.call("void_item", body)) == ["question_id"]
    changed(teacher, of, archived=True)
    refused(teacher.call("void_item", body), "CLASS_ARCHIVED")


def test_feedback_tells_nothing_new_of_a_question_that_is_out(
    teacher: User, student: User, of: Json
) -> None:
    """Who has begun may still be asked it; the answer doesn't count."""
    assignment = assigned(teacher, of, template(teacher), points=10)
    session = begun(student, assignment)["session"]
    voided(teacher, assignment, "one")
    reply = turn(student, session, seq=1, input=given("one", 3))
    assert call_of(reply, "feedback")["correct"] is False
    handed_in(student, session)
    assert cell(teacher, assignment, student)["total_questions"] == 0


def test_a_class_without_work_has_nothing_to_grade(teacher: User, of: Json) -> None:
    found = voided(teacher, assigned(teacher, of, template(teacher)), "one")
    assert found["regrading"]["sessions"] == 0

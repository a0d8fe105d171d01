"""Free text of strict work: of answers that are sent at once, a model grades one."""

from collections.abc import Iterator
from functools import partial
from secrets import token_hex

import pytest

from local.api import User
from local.emulator import Emulator
from local.stack import Stack, free_port, start_functions
from testkit.model_server import Exchange, ModelServer, replies_with, serving_model
from tests.integration.functions.classes.people import (
    Json,
    assigned,
    begun,
    ids_of,
    joined,
    taught,
)
from tests.integration.functions.classes.test_assignment_turn import (
    answer_all,
    call_of,
    given,
    listed,
    turn,
)
from tests.integration.functions.classes.test_assignments import (
    answered,
    cell,
    handed_in,
    template,
)
from tests.support.answers import ok
from tests.support.at_once import at_once
from tests.support.tutor.writing import findings

QUESTION = {
    "question_id": "why",
    "kind": "free_response",
    "prompt": "Why are there seasons?",
    "rubric": [{"criterion_id": "c1", "text": "Names the tilt of the axis", "points": 1}],
}
RIGHT = "Because the axis is tilted"


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with serving_model() as running:
        yield running


@pytest.fixture(scope="module")
def stack(emulator: Emulator, model: ModelServer) -> Iterator[Stack]:
    environment = {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": model.url, "PRACTICE_MODEL": "m"}
    with start_functions(
        emulator,
        port=free_port(),
        project_id=f"demo-{token_hex(6)}",
        quiet=True,
        environment=environment,
    ) as running:
        yield running


@pytest.fixture
def session(stack: Stack, teacher: User, student: User) -> Json:
    of = taught(teacher)
    joined(student, of)
    section = {"name": "A", "exercises": [{"id": "b", "name": "B", "questions": [QUESTION]}]}
    template_id = template(teacher, template_data={"sections": [section]})
    found: Json = begun(student, assigned(teacher, of, template_id, points=5))["session"]
    return found


def slowly(exchange: Exchange) -> None:
    """Finds the criterion met by the whole answer."""
    exchange.over.wait(0.7)
    replies_with(findings(exchange.data["answer"]))(exchange)


def test_one_of_many_answers_is_graded(student: User, session: Json, model: ModelServer) -> None:
    model.forget()
    model.plays(slowly)
    bodies = [
        {"session_id": session["session_id"], "seq": 1, "input": given("why", text)}
        for text in (RIGHT, *(f"Try {n}" for n in range(7)))
    ]
    answers = at_once([partial(student.call, "assignment_turn", body) for body in bodies])

    assert model.calls == 1
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200, *[409] * 7]
    (accepted,) = (answer.json() for answer in answers if answer.status_code == 200)
    assert call_of(accepted, "feedback")["score"] == 1


def test_the_same_answer_while_it_is_graded_waits_and_is_graded_once(
    student: User, session: Json, model: ModelServer
) -> None:
    model.forget()
    model.plays(slowly)
    body = {"session_id": session["session_id"], "seq": 1, "input": given("why", RIGHT)}
    answers = at_once([lambda: student.call("assignment_turn", body)] * 4)

    (accepted,) = (answer.json() for answer in answers if answer.status_code == 200)
    waiting = [answer for answer in answers if answer.status_code == 503]
    assert len(waiting) == 3
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in waiting)
    assert turn(student, session, seq=1, input=given("why", RIGHT)) == accepted
    assert model.calls == 1


def test_an_answer_that_the_model_cannot_grade_is_not_lost(
    student: User, session: Json, model: ModelServer
) -> None:
    model.forget()
    reply = turn(student, session, seq=1, input=given("why", RIGHT))
    feedback = call_of(reply, "feedback")
    assert (feedback["correct"], reply["done"]) == (None, True)
    assert turn(student, session, seq=1, input=given("why", RIGHT)) == reply


def test_what_nobody_could_grade_is_kept_for_the_teacher_and_does_not_count(
    stack: Stack, teacher: User, student: User, model: ModelServer
) -> None:
    of = taught(teacher)
    joined(student, of)
    sum_ = {"question_id": "sum", "kind": "numeric", "prompt": "1 + 1?", "answer": 2}
    other = {**QUESTION, "question_id": "else"}
    exercise = {"id": "b", "name": "B", "questions": [QUESTION, sum_, other]}
    template_id = template(
        teacher, template_data={"sections": [{"name": "A", "exercises": [exercise]}]}
    )
    for policy in ("strict", "open"):
        model.forget()
        assignment = assigned(teacher, of, template_id, points=5, policy=policy)
        session = begun(student, assignment)["session"]
        path = f"practice_sessions/{session['session_id']}"
        answers = {"why": RIGHT, "sum": 2, "else": "I don't know"}
        if policy == "strict":
            answer_all(student, session, answers)
            shown = student.read(path)
            assert (shown["items_completed"], shown["items_count"]) == (3, 3)
            handed_in(student, session)
        else:
            state = answered(student, session["stored_session"], answers)
            handed_in(student, session, stored_session=state)

        found = cell(teacher, assignment, student)
        assert (found["score_percent"], found["total_questions"]) == (100, 1), policy
        log = {item["node_id"]: item for item in listed(teacher, f"{path}/items")}
        assert [log[id_]["answer"] for id_ in ("why", "else")] == [RIGHT, "I don't know"]
        assert [log[id_]["correct"] for id_ in ("why", "sum", "else")] == [None, True, None]
        assert log["why"]["prompt"] == QUESTION["prompt"]

        # One that is taken out is not counted twice.
        body = {**ids_of(assignment), "question_id": "why"}
        ok(teacher.call("void_item", body))
        after = cell(teacher, assignment, student)
        assert (after["score_percent"], after["total_questions"]) == (100, 1)

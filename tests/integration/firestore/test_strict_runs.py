"""Strict work through the doors for clients of LangGraph and AG-UI."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from functions.assignment_turn import runs
from functions.assignment_turn.runs_contract import AssignmentRun
from shared.domain.common.errors import AnswerCommitted, InvalidArgument, Refusal
from shared.firestore.documents import turn_path
from tests.integration.firestore.test_strict_turns import FREE, called, dead_grading, strict_session
from tests.support.firestore.world import World
from tests.support.practice_client import calls
from tests.support.run_messages import result
from tests.support.strict_runs import (
    AgUiStudent,
    GraphStudent,
    Serve,
    Student,
    WaitingStudent,
    a_call,
    serve_agui,
    serve_stream,
)

Json = dict[str, Any]
NewStudent = Callable[[World, str, str], Student]

CHOICE: Json = {
    "question_id": "planet",
    "kind": "multiple_choice",
    "prompt": "Which planet is red?",
    "choices": [{"id": name.lower(), "text": name} for name in ("Venus", "Mars", "Saturn")],
    "answer": "mars",
    "explanation": "Its rust is what one sees.",
    "hints": ["A god of war", "Next to the Earth"],
}
WORD: Json = {
    "question_id": "colour",
    "kind": "short_answer",
    "prompt": "What colour is the sky?",
    "answer": ["cerulean"],
    "explanation": "Light is scattered.",
}
SUM: Json = {"question_id": "sum", "kind": "numeric", "prompt": "7000 + 319?", "answer": 7319}
QUESTIONS = [CHOICE, WORD, SUM]
RIGHT = {"planet": "mars", "colour": "cerulean", "sum": 7319}
WRONG = {"planet": "venus", "colour": "green", "sum": 12}
SECRETS = ["rust", "cerulean", "scattered", "7319"]

each = pytest.mark.parametrize(
    "new", [AgUiStudent, GraphStudent, WaitingStudent], ids=["agui", "runs", "wait"]
)
both = pytest.mark.parametrize("new", [AgUiStudent, GraphStudent], ids=["agui", "runs"])


def session(world: World, *students: str, questions: list[Json] = QUESTIONS, **fields: Any) -> Any:
    """The ids of the students' sessions, one id where there is one student."""
    ids = strict_session(world, *(students or ("sam",)), questions=questions, **fields)
    return ids if students else ids[0]


def answer_to(student: Student, answers: Json = RIGHT) -> Any:
    """The answer to the pending question. A choice is known by its text."""
    assert student.question is not None
    answer = answers[student.question["question_id"]]
    ids = {choice["text"].lower(): choice["id"] for choice in student.question.get("choices", [])}
    return ids.get(answer, answer)


def work(student: Student, answers: Json = RIGHT) -> list[Json]:
    """The feedback on all the answers, in the order of the questions."""
    student.run()
    feedback = []
    while student.question is not None:
        student.answer({"answer": answer_to(student, answers)})
        feedback.append(student.feedback())
    return feedback


@each
def test_a_whole_assignment_is_answered(world: World, new: NewStudent) -> None:
    session_id = session(world)
    student = new(world, "sam", session_id)
    student.run()
    assert student.names == ["concept", "question"]
    assert student.kept["session_id"] == session_id
    assert (student.kept["seq"], student.kept["done"]) == (1, False)

    feedback = work(new(world, "sam", session_id), {**RIGHT, "colour": "green"})

    assert [one["correct"] for one in feedback] == [True, False, True]
    assert [one["question_id"] for one in feedback] == ["planet", "colour", "sum"]
    student.run()
    assert (student.names, student.question) == ([], None)
    assert (student.kept["seq"], student.kept["done"]) == (4, True)
    assert set(student.kept) == {"session_id", "seq", "done", "state"}
    ended = called(world, "complete_session", {"session_id": session_id}, by="sam")["session"]
    assert (ended["questions_correct"], ended["total_questions"]) == (2, 3)


@each
def test_a_run_needs_nothing_but_the_id_of_the_session(world: World, new: NewStudent) -> None:
    session_id = session(world)
    first = new(world, "sam", session_id)
    first.run()
    first.answer({"answer": answer_to(first)})
    device = new(world, "sam", session_id)
    device.run()
    assert device.question == first.question
    assert device.kept == first.kept
    device.answer({"answer": "cerulean"})
    assert device.feedback()["correct"] is True


@each
def test_hints_are_asked_for_as_results_are(world: World, new: NewStudent) -> None:
    student = new(world, "sam", session(world))
    student.run()
    for hint in ("A god of war", "Next to the Earth"):
        student.answer({"type": "hint"})
        assert student.names == ["hint", "question"]
        assert student.feedback()["hint"] == hint
    student.answer({"answer": answer_to(student)})
    assert student.feedback()["correct"] is True
    assert student.kept["seq"] == 4


@each
def test_a_second_result_for_the_same_call_counts_after_a_slip(
    world: World, new: NewStudent
) -> None:
    student = new(world, "sam", session(world))
    student.run()
    answer = answer_to(student)
    kept = student.kept
    with pytest.raises(InvalidArgument) as slip:
        student.answer({"answer": "Pluto"})
    (error,) = slip.value.errors
    assert error.path.removeprefix("input.") == "messages.3.content"
    assert student.kept == kept
    # As a page does that settles the call before it knows of the refusal.
    student.run(input={"type": "continue"})
    assert student.names == ["concept", "question"]
    student.answer({"answer": answer})
    assert student.feedback()["correct"] is True


@each
def test_an_answer_sent_again_has_the_same_reply(world: World, new: NewStudent) -> None:
    session_id = session(world)
    first, again = (new(world, "sam", session_id) for _ in range(2))
    for student in (first, again):
        student.run()
    answer = answer_to(first)
    for student, duration_ms in ((first, 5), (again, 7)):
        student.answer({"answer": answer, "duration_ms": duration_ms})
        assert student.error is None
        assert student.names == ["feedback", "question"]
    assert first.kept == again.kept
    assert first.feedback() == again.feedback()


@both
def test_another_answer_is_told_what_was_committed_and_refused(
    world: World, new: NewStudent
) -> None:
    session_id = session(world)
    first, other = (new(world, "sam", session_id) for _ in range(2))
    for student in (first, other):
        student.run()
    answer, wrong = answer_to(first), answer_to(other, WRONG)
    first.answer({"answer": wrong})
    assert first.feedback()["correct"] is False

    other.answer({"answer": answer})

    assert other.error == "ANSWER_COMMITTED"
    assert other.feedback() == first.feedback()
    assert other.kept == first.kept
    # It goes on from there.
    other.answer({"answer": "cerulean"})
    assert other.error is None
    assert other.feedback()["correct"] is True


@each
@pytest.mark.parametrize("feedback", ["after_submit", "after_due"])
def test_later_feedback_tells_nothing_of_the_key(
    world: World, new: NewStudent, feedback: str
) -> None:
    """After a right and a wrong answer the same is told, but for names of session and student."""
    fields: Json = {} if feedback == "after_submit" else {"due_at": "2099-01-01T00:00:00Z"}
    ids = session(world, "sam", "tom", feedback=feedback, **fields)
    heard = []
    for by, session_id, answers in zip(("sam", "tom"), ids, (RIGHT, WRONG), strict=True):
        student = new(world, by, session_id)
        assert [one["withheld"] for one in work(student, answers)] == [True] * 3
        # A try at another answer, and the work once more.
        other = new(world, by, session_id)
        other.run()
        heard.append([_without_names(text, session_id, by) for text in student.heard + other.heard])
        for secret in SECRETS:
            assert not [text for text in student.heard if secret in text]
    assert heard[0] == heard[1]


def _without_names(text: str, session_id: str, by: str) -> str:
    """What was told, without ids of the run, the session and its blocks, and without the choices,
    whose order is that of the session.
    """
    data = [line.removeprefix("data: ") for line in text.splitlines() if line.endswith("}")]
    named = "\n".join(json.dumps(_sorted(json.loads(each)), sort_keys=True) for each in data)
    named = named.replace(session_id, "SESSION").replace(f'"{by}"', '"STUDENT"')
    return re.sub(r'"(run_?[iI]d|block_id)": "[^"]*"', '"id": ""', named)


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        if "delta" in value and isinstance(value["delta"], str):
            value = {**value, "delta": json.loads(value["delta"])}
        return {name: _sorted(each) for name, each in value.items() if name != "choices"}
    return [_sorted(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("serve", [serve_agui, serve_stream], ids=["agui", "runs"])
def test_an_answer_is_committed_before_any_event_about_it(
    world: World, serve: Callable[[World, str], Serve]
) -> None:
    (session_id,) = session(world, "sam")
    given = {"type": "answer", "question_id": "planet", "answer": "mars"}
    of = {"session_id": session_id, "seq": 1}
    agui = {"threadId": "t", "runId": "r", "state": of, "forwardedProps": {"input": given}}
    body = agui if serve is serve_agui else {"input": {**of, "input": given}}
    seen: list[tuple[str, bool]] = []

    def emit(name: str, data: Any) -> None:
        stored = world.client.document(turn_path(session_id, 1)).get().to_dict()
        seen.append((name or data.type, bool(stored and stored["reply"])))

    serve(world, "sam")(body).work(emit)

    begun, *told = seen
    assert begun in [("RUN_STARTED", False), ("metadata", False)]
    assert len(told) > 1
    assert all(is_committed for _, is_committed in told)


class Disconnected(Exception):
    pass


def disconnecting(after: int) -> Callable[[str, Any], None]:
    """A client that goes away after this many events."""
    events = iter(range(after))

    def emit(name: str, data: Any) -> None:
        if next(events, None) is None:
            raise Disconnected

    return emit


@pytest.mark.parametrize("arrived", range(9))
def test_a_client_that_goes_away_finds_out_with_its_next_run(world: World, arrived: int) -> None:
    """The answer is committed as a whole or not at all, and its feedback is told as a whole."""
    session_id = session(world)
    student = AgUiStudent(world, "sam", session_id)
    student.run()
    student.agent.settle(student.agent.pending["id"], {"answer": answer_to(student)})
    events: list[Json] = []

    def emit(_: str, data: Any) -> None:
        if len(events) == arrived:
            raise Disconnected
        events.append(data.model_dump(mode="json", by_alias=True))

    with pytest.raises(Disconnected):
        serve_agui(world, "sam")(student.agent.input()).work(emit)
    student.agent.apply(events)
    is_told = "TOOL_CALL_RESULT" in student.agent.types
    if is_told and student.agent.types.count("TOOL_CALL_START") == 1:
        # What its student writes now is about no question that was shown.
        student.agent.say("cerulean")

    student.run()

    assert student.names == (["question"] if is_told else ["feedback", "question"])
    assert student.question is not None
    assert student.question["question_id"] == "colour"
    assert student.kept["seq"] == 2


def test_what_a_model_grades_is_not_taken_from_a_client_that_went_away_before(
    world: World,
) -> None:
    session_id = session(world, questions=[FREE])
    student = AgUiStudent(world, "sam", session_id)
    student.run()
    student.agent.settle(student.agent.pending["id"], {"answer": "Because"})
    reply = serve_agui(world, "sam")(student.agent.input())
    with pytest.raises(Disconnected):
        reply.work(disconnecting(1))  # the next event says that it is being graded
    assert not world.client.document(turn_path(session_id, 1)).get().exists

    student.run()

    assert student.agent.types[1:3] == ["STEP_STARTED", "STEP_FINISHED"]
    assert student.kept["done"] is True


def test_an_answer_whose_grading_died_counts_in_a_run_too(world: World) -> None:
    session_id = session(world, questions=[FREE, SUM])
    dead_grading(world, session_id)
    student = GraphStudent(world, "sam", session_id)
    student.run()
    world.now = world.now.replace(hour=world.now.hour + 1)
    student.answer({"answer": "Anyway"})
    assert student.error == "ANSWER_COMMITTED"
    assert student.names == ["feedback", "question"]
    assert student.kept["seq"] == 2


def wait(world: World, session_id: str, messages: list[Json] | None = None, **given: Any) -> Json:
    body = {"input": {"session_id": session_id, "messages": messages or [], **given}}
    command = AssignmentRun.model_validate(body)
    reply = runs.wait(command, a_call(world, "sam"), world.dependencies("assignment_turn"))
    found: Json = json.loads(reply.json or "")
    return found


def test_a_run_that_is_waited_for_has_the_reply_of_the_turn(world: World) -> None:
    session_id = session(world)
    first = wait(world, session_id)
    sent = [*first["messages"], result(first["messages"], {"type": "hint"})]
    hint = wait(world, session_id, sent)
    assert [call["name"] for call in calls(hint["messages"])] == [
        "hint_presentation",
        "question_presentation",
    ]
    assert wait(world, session_id, sent) == hint
    native = {"session_id": session_id, "seq": 1, "input": {"type": "hint"}}
    assert called(world, "assignment_turn", native, by="sam") == hint
    other = [*first["messages"], result(first["messages"], {"answer": "mars"})]
    with pytest.raises(AnswerCommitted) as refused:
        wait(world, session_id, other)
    assert refused.value.committed == hint


def test_a_question_that_is_presented_again_after_a_slip_has_a_call_of_its_own(
    world: World,
) -> None:
    session_id = session(world)
    first = wait(world, session_id)["messages"]
    asked = calls(first)[-1]["id"]
    slip = [*first, result(first, {"answer": "Pluto"})]
    again = calls(wait(world, session_id, slip, input={"type": "continue"})["messages"])[-1]["id"]
    assert again != asked
    assert again.startswith(asked)
    assert calls(wait(world, session_id, first)["messages"])[-1]["id"] == asked


@pytest.mark.parametrize("cancelled", [True, False])
def test_what_a_student_writes_after_a_question_is_its_answer(
    world: World, cancelled: bool
) -> None:
    session_id = session(world)
    first = wait(world, session_id)["messages"]
    shown = [choice["text"] for choice in calls(first)[-1]["args"]["question"]["choices"]]
    stub = [result(first, {"cancelled": True})] if cancelled else []
    written = {"type": "human", "content": str(1 + shown.index("Mars"))}

    reply = wait(world, session_id, [*first, *stub, written])

    assert calls(reply["messages"])[0]["args"]["correct"] is True
    # Sent again, also after the work, it is the same answer.
    assert wait(world, session_id, [*first, *stub, written]) == reply
    other = {"type": "human", "content": str(1 + shown.index("Venus"))}
    for _ in range(2):
        with pytest.raises(AnswerCommitted) as refused:
            wait(world, session_id, [*first, *stub, other])
        assert refused.value.committed == reply
        called(world, "complete_session", {"session_id": session_id}, by="sam")


def test_after_the_work_a_result_still_has_its_reply(world: World) -> None:
    session_id = session(world, questions=[WORD])
    first = wait(world, session_id)["messages"]
    sent = [[*first, result(first, content)] for content in ({"answer": "cerulean"}, "cerulean")]
    replies = [wait(world, session_id, messages) for messages in sent]
    thanks = {"type": "human", "content": "Thanks"}
    assert wait(world, session_id, [*sent[0], *replies[0]["messages"], thanks])["messages"] == []
    called(world, "complete_session", {"session_id": session_id}, by="sam")
    written = [*first, {"type": "human", "content": "cerulean"}]
    replies += [wait(world, session_id, messages) for messages in (*sent, written)]
    assert replies == [replies[0]] * 5


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"input": {"type": "hint"}}, "input.seq"),
        (
            {"seq": 1, "input": {"type": "answer", "question_id": "sum", "answer": 1}},
            "input.input.question_id",
        ),
        (
            {"messages": [{"type": "tool", "tool_call_id": "x", "content": "1"}]},
            "input.messages.0.tool_call_id",
        ),
    ],
)
def test_a_refusal_names_its_place_in_the_run(world: World, given: Json, path: str) -> None:
    session_id = session(world)
    with pytest.raises(InvalidArgument) as refused:
        wait(world, session_id, **given)
    assert [error.path for error in refused.value.errors] == [path]


@pytest.mark.parametrize(
    ("state", "props", "paths"),
    [
        ({}, {}, ["state.session_id"]),
        (None, {"seq": 1}, ["state.session_id"]),
        ({"session_id": "SESSION"}, {"input": {"type": "hint"}}, ["state.seq"]),
        (
            {},
            {"session_id": "SESSION", "input": {"type": "hint"}},
            ["forwardedProps.seq"],
        ),
        (
            {"session_id": "SESSION", "seq": 1},
            {"input": {"type": "answer", "question_id": "planet", "answer": "Pluto"}},
            ["forwardedProps.input.answer"],
        ),
        ({"session_id": "SESSION", "seq": -1}, {}, ["state.seq"]),
    ],
)
def test_a_refusal_names_its_place_in_a_run_of_ag_ui(
    world: World, state: Json | None, props: Json, paths: list[str]
) -> None:
    session_id = session(world)
    body: Json = {"threadId": "t", "runId": "r", "state": state, "forwardedProps": props}
    named = json.loads(json.dumps(body).replace("SESSION", session_id))
    with pytest.raises(InvalidArgument) as refused:
        serve_agui(world, "sam")(named)
    assert [error.path for error in refused.value.errors] == paths


@both
def test_refusals_of_a_turn_come_before_the_stream(world: World, new: NewStudent) -> None:
    session_id = session(world)
    stranger = new(world, "mallory", session_id)
    with pytest.raises(Refusal) as refused:
        stranger.run()
    assert refused.value.reason == "SESSION_NOT_FOUND"
    student = new(world, "sam", session_id)
    with pytest.raises(Refusal) as refused:
        student.run(session_id=session_id, seq=7, input={"type": "hint"})
    assert refused.value.reason in ("REVISION_MISMATCH", "INVALID_ARGUMENT")
    called(world, "complete_session", {"session_id": session_id}, by="sam")
    with pytest.raises(Refusal) as refused:
        student.run()
    assert refused.value.reason == "SESSION_NOT_ACTIVE"

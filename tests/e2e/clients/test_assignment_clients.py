"""The clients of AG-UI and LangGraph, unmodified, through graded work."""

import json
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import ToolMessage
from langgraph.pregel.remote import RemoteGraph
from langgraph_sdk import get_sync_client

from local.api import User
from tests.conftest import NewUser
from tests.e2e.clients.conftest import headers, run_node
from tests.e2e.clients.test_agui_client import FREE_TEXT, QUESTIONS, names, right_answer
from tests.integration.functions.classes.people import Json, assigned, begun, joined, taught
from tests.support.agui import require_valid
from tests.support.answers import ok
from tests.support.documents import example
from tests.unit.domain.questions.samples import KIND_NAMES

KINDS = [kind for kind in KIND_NAMES if kind != FREE_TEXT]
WORDS = {f"w{number}": f"answer-{number}" for number in range(3)}


def url(student: User) -> str:
    return f"{student.stack.url}/assignment_turn"


@pytest.fixture
def people(user: NewUser) -> tuple[User, User]:
    return user("teacher", teacher=True), user("student")


def begun_session(people: tuple[User, User], questions: list[Json], **fields: Any) -> str:
    """The session that the student began of a strict assignment with these questions."""
    teacher, student = people
    exercise = {"id": "all", "name": "Every kind", "questions": questions}
    data = {"sections": [{"name": "One", "exercises": [exercise]}]}
    body = {"name": "Kinds", "template_data": data}
    template_id = ok(teacher.call("create_template", body), 201)["template"]["template_id"]
    of = taught(teacher)
    joined(student, of)
    assignment = assigned(teacher, of, template_id, points=10, **fields)
    session_id: str = begun(student, assignment)["session"]["session_id"]
    return session_id


def words() -> list[Json]:
    return [
        {
            "question_id": question_id,
            "kind": "short_answer",
            "prompt": f"What is the answer to {question_id}?",
            "answer": [answer],
            "explanation": f"Explained: {answer}",
            "hints": ["Think."],
        }
        for question_id, answer in WORDS.items()
    ]


def summary_of(student: User, session_id: str) -> Json:
    ended = ok(student.call("complete_session", {"session_id": session_id}))
    summary: Json = ended["summary"]
    return summary


@pytest.mark.parametrize("client", ["@ag-ui/client", "ag-ui-client-of-copilotkit"])
def test_agui_s_client_takes_graded_work(people: tuple[User, User], client: str) -> None:
    _, student = people
    questions = [QUESTIONS[kind] for kind in KINDS]
    session_id = begun_session(people, questions)
    later = begun_session(people, words(), feedback="after_submit")
    given = {
        "client": client,
        "url": url(student),
        "token": student.token,
        "session_id": session_id,
        "later_session_id": later,
        "answers": {**{kind: right_answer(kind) for kind in KINDS}, **WORDS},
    }
    told = run_node("agui_assignment.js", given)

    for event in told["events"]:
        require_valid(event)
    assert names(told["begun"]) == ["concept", "question"]
    assert names(told["hint"]) == ["hint", "question"]
    assert (told["refusal"]["status"], told["refusal"]["reason"]) == (422, "INVALID_ARGUMENT")
    assert told["keptAfterSlip"] is True
    assert told["warnings"] == []

    # The same answer again, and another one: each is told the one that was committed.
    first, again = told["replies"]
    assert [call["args"] for call in first] == [call["args"] for call in again]
    assert names(first) == ["feedback", "question"]
    assert first[0]["args"]["correct"] is True
    assert told["refused"]["code"] == "ANSWER_COMMITTED"
    assert [call["args"] for call in told["refused"]["calls"]] == [call["args"] for call in first]
    assert told["refused"]["state"] == told["state"]
    assert told["state"]["seq"] == 3
    assert told["theme"] == "dark"

    # The feedback arrived, so the next question is asked.
    assert names(told["lost"]["calls"]) == ["feedback"]
    assert names(told["after"]) == ["question"]
    assert told["after"][0]["args"]["question"]["question_id"] != told["lost"]["asked"]
    aborted = told["aborted"]["events"]
    assert (aborted[0], aborted[-1]) == ("RUN_STARTED", "abort")
    if "TOOL_CALL_RESULT" in aborted:  # all of the feedback was there before
        assert names(told["found"]) == ["question"]
    else:
        assert names(told["found"]) == ["feedback", "question"]
        assert told["found"][0]["args"]["question_id"] == told["aborted"]["asked"]

    # Another device has only the session's id.
    assert told["onDevice"][-1]["args"]["question"] == told["shown"]
    assert names(told["resumed"])[0] == names(told["native"])[0] == "feedback"
    assert {call["args"]["correct"] for call in told["rest"]} == {True}
    assert told["device"]["done"] is True
    summary = summary_of(student, session_id)
    # A hint was given for the first one.
    assert summary["total_questions"] == len(KINDS)
    assert summary["questions_correct"] == len(KINDS)

    # With feedback that comes later no event and no state has a key.
    assert told["later"]["state"]["done"] is True
    text = json.dumps(told["later"])
    assert "stored" in text
    assert not [answer for answer in WORDS.values() if answer in text]
    assert summary_of(student, later)["questions_correct"] == len(WORDS)


def test_the_agent_of_the_document_takes_graded_work(
    people: tuple[User, User], tmp_path: Path
) -> None:
    _, student = people
    session_id = begun_session(people, words())
    agent = tmp_path / "agent.mjs"
    agent.write_text(example("docs/api.md", "js", under="Clients of LangGraph and AG-UI"))
    given = {
        "agent": str(agent),
        "functions": student.stack.url,
        "token": student.token,
        "session_id": session_id,
        "slip": None,
        "answers": WORDS,
    }
    told = run_node("assignment_sample.js", given)
    shown = [names(calls) for calls in told["turns"]]
    presented = ["concept", "question"]
    assert shown == [presented, presented, *[["feedback", "question"]] * 2, ["feedback"]]
    slip, committed = told["problems"]
    assert slip
    assert "it counts" in committed
    assert told["done"] == 1
    assert told["state"]["done"] is True
    # It was told what counts, and goes on from there.
    assert told["other"]["seq"] == 2
    assert summary_of(student, session_id)["questions_correct"] == len(WORDS)


def test_the_sdk_takes_graded_work_with_each_of_its_methods(people: tuple[User, User]) -> None:
    _, student = people
    ids = [begun_session(people, words()) for _ in range(4)]
    given = {"url": url(student), "token": student.token, "session_ids": ids, "answers": WORDS}
    methods = run_node("sdk_assignment.js", given)
    assert list(methods) == ["waited", "waited in a thread", "streamed", "streamed in a thread"]
    for told in methods.values():
        first, second, *_, last = told["turns"]
        assert (first["seq"], second["seq"], last["seq"]) == (1, 2, 4)
        assert (first["done"], last["done"]) == (False, True)
        again, other = told["again"], told["other"]
        assert again == second
        assert other["refused"] == "ANSWER_COMMITTED"
        assert other["messages"] == second["messages"]
        assert other["state"] == second["state"]
    assert methods["streamed"]["turns"][1]["events"] == ["metadata", "updates", "values", "end"]
    assert methods["streamed"]["other"]["events"] == ["metadata", "updates", "values", "error"]
    for session_id in ids:
        assert summary_of(student, session_id)["questions_correct"] == len(WORDS)


def test_a_remote_graph_sends_its_own_state_back(people: tuple[User, User]) -> None:
    _, student = people
    session_id = begun_session(people, words(), feedback="after_submit")
    with get_sync_client(url=url(student), headers=headers(student)) as sdk:
        graph = RemoteGraph("assignment_turn", sync_client=sdk)
        state = graph.invoke({"session_id": session_id})
        while not state["done"]:
            (call,) = state["messages"][-1]["tool_calls"]
            answer = ToolMessage(
                WORDS[call["args"]["question"]["question_id"]], tool_call_id=call["id"]
            )
            state = graph.invoke({**state, "messages": [*state["messages"], answer]})
    told = json.dumps(
        [
            message
            for message in state["messages"]
            if message["type"] == "ai" or message["content"] == "presented"
        ]
    )
    assert not [answer for answer in WORDS.values() if answer in told]
    assert summary_of(student, session_id)["questions_correct"] == len(WORDS)

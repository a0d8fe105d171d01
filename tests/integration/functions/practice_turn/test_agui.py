"""The door for AG-UI's clients over HTTP: its stream, refusals before it, and large bodies."""

from typing import Any

import requests

from local.api import User
from local.practice_client import right_answer
from shared.endpoint.request_body import MAX_BODY_BYTES
from tests.support.agui import Agent, Json, events_of
from tests.support.edge import assert_problem
from tests.support.rest_format import in_rest
from tests.support.run_messages import source

__all__ = ["source"]


def post(user: User, body: Any, **headers: str) -> requests.Response:
    return requests.post(
        f"{user.stack.url}/practice_turn/agui",
        json=body,
        headers={"Authorization": f"Bearer {user.token}", **headers},
        timeout=20,
    )


def agent_of(user: User, source: Json) -> Agent:
    def send(given: Json) -> list[Json]:
        response = post(user, given)
        assert response.status_code == 200, response.text
        return events_of(response.text)

    return Agent(send, state={"session_context": {"source_data": source}})


def test_a_turn_is_streamed_to_a_page_of_another_origin(student: User, source: Json) -> None:
    agent = agent_of(student, source)
    headers = {"Origin": "https://app.example", "Accept": "text/event-stream", "X-Request-Id": "r1"}
    response = post(student, agent.input(), **headers)
    assert response.headers["Content-Type"] == "text/event-stream"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Accel-Buffering"] == "no"
    assert response.headers["X-Request-Id"] == "r1"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    agent.apply(events_of(response.text))
    assert agent.types[-2:] == ["STATE_DELTA", "RUN_FINISHED"]

    asked = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}
    preflight = requests.options(response.url, headers=asked, timeout=20)
    assert preflight.status_code == 204
    assert "Authorization" in preflight.headers["Access-Control-Allow-Headers"]


def test_a_session_is_taken_as_rest_has_it(student: User, source: Json) -> None:
    agent = agent_of(student, source)
    agent.run()
    question = agent.question
    agent.state = {"session_context": {"stored_session": in_rest(agent.stored)}}
    agent.settle(agent.pending["id"], {"answer": right_answer(question)})
    assert agent.run()[0]["args"]["question_id"] == question["question_id"]


def test_a_refusal_before_the_stream_is_an_ordinary_one(
    student: User, user: Any, source: Json
) -> None:
    agent = agent_of(student, source)
    agent.run()
    given = agent.input()
    stolen = post(user("mallory"), given)
    assert_problem(stolen, 422, "SESSION_CONTEXT_TAMPERED")
    assert_problem(post(student, given, Authorization=""), 401, "UNAUTHENTICATED")
    refused: list[tuple[Json, str]] = [
        ({"threadId": None}, "threadId"),
        ({"runId": 1}, "runId"),
        ({"messages": "hello"}, "messages"),
        ({"messages": [{"toolCallId": 1}]}, "messages.0.toolCallId"),
        ({"messages": [{"toolCalls": {}}]}, "messages.0.toolCalls"),
        ({"resume": [{}]}, "resume.0.interruptId"),
        ({"resume": [{"interruptId": "i", "status": "?"}]}, "resume.0.status"),
        ({"state": 1}, "state"),
        ({"state": {"session_context": {"source": 1}}}, "state.session_context.source"),
        ({"forwardedProps": {"input": {"type": "dance"}}}, "forwardedProps.input.type"),
        ({"forwardedProps": []}, "forwardedProps"),
    ]
    for change, path in refused:
        problem = assert_problem(post(student, {**given, **change}), 422, "INVALID_ARGUMENT")
        assert path in [error["path"] for error in problem["errors"]]
    assert_problem(requests.get(stolen.url, timeout=20), 405, "METHOD_NOT_ALLOWED")


def test_what_the_client_sends_beside_a_turn_is_ignored(student: User, source: Json) -> None:
    agent = agent_of(student, source)
    tool = {
        "name": "question_presentation",
        "description": "Ask.",
        "parameters": {"type": "object"},
    }
    agent.run(
        tools=[tool],
        context=[{"description": "Page", "value": "Home"}],
        forwardedProps={"theme": "dark"},
        protocolVersion="1.0",
        messages=[{"id": "1", "role": "system", "content": "Be kind."}],
    )
    assert agent.types[-1] == "RUN_FINISHED"


def test_a_body_that_has_grown_too_large_is_refused_with_what_to_leave_out(
    student: User, source: Json
) -> None:
    agent = agent_of(student, source)
    agent.run()
    agent.say("x" * MAX_BODY_BYTES)
    problem = assert_problem(post(student, agent.input()), 413, "PAYLOAD_TOO_LARGE")
    assert problem["detail"] == (
        "The body is larger than 1 MiB. Leave out earlier messages: a run needs the last "
        "question's call and what came after it."
    )
    assert problem["title"] == "The body is larger than 1 MiB."

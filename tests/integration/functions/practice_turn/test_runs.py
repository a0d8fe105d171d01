"""Runs: their input, the interpretation of a student's messages, and refusals."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from local.api import User
from local.practice_client import wrong_answer
from tests.support.edge import assert_problem
from tests.support.practice_client import Json, calls
from tests.support.run_messages import ANSWERS, pending, question_of, result


def post(user: User, path: str, body: Any, **headers: str) -> requests.Response:
    return requests.post(
        f"{user.stack.url}/practice_turn{path}",
        json=body,
        headers={"Authorization": f"Bearer {user.token}", **headers},
        timeout=20,
    )


def waited(user: User, given: Json, **run: Any) -> Json:
    response = post(user, "/runs/wait", {"assistant_id": "practice_turn", "input": given, **run})
    assert response.status_code == 200, response.text
    state: Json = response.json()
    return state


def streamed(user: User, given: Json, **run: Any) -> list[tuple[str, Any]]:
    """All events of a stream, read to its end."""
    response = post(user, "/runs/stream", {"input": given, **run})
    assert response.status_code == 200, response.text
    frames = [frame.split("\n") for frame in response.content.decode().split("\n\n") if frame]
    assert all(len(frame) == 2 for frame in frames)
    return [
        (event.removeprefix("event: "), json.loads(data.removeprefix("data: ")))
        for event, data in frames
    ]


@pytest.fixture
def begun(student: User, source: Json) -> Json:
    return waited(student, {"session_context": {"source_data": source}})


def one_of_each(question: Json) -> Json:
    """A template of a single question, with its key in it."""
    exercise = {"name": "Drill", "skill": "Drill", "questions": [question]}
    return {"name": "One", "template_data": {"sections": [{"name": "A", "exercises": [exercise]}]}}


CHOICES = [{"id": "x", "text": "four"}, {"id": "y", "text": "five"}, {"id": "z", "text": "six"}]
KINDS: dict[str, Json] = {
    "multiple_choice": {"choices": CHOICES, "answer": "y"},
    "multi_select": {"choices": CHOICES, "answer": ["x", "z"]},
    "numeric": {"answer": 0.75},
    "short_answer": {"answer": ["42"]},
    "self_rated": {"answer": "good"},
}


@pytest.mark.parametrize("as_parts", [False, True], ids=["string", "parts"])
@pytest.mark.parametrize("after", ["a cancelled call", "the call", "no call"])
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("multiple_choice", "y"),
        ("multiple_choice", " {y} "),
        ("multi_select", "x, {z}"),
        ("numeric", "3/4"),
        ("short_answer", "42"),
        ("self_rated", "good"),
    ],
)
def test_a_message_after_a_question_is_its_answer(
    student: User, kind: str, words: str, after: str, as_parts: bool
) -> None:
    question = {"question_id": "q", "kind": kind, "prompt": "What?", **KINDS[kind]}
    first = waited(student, {"session_context": {"source_data": one_of_each(question)}})
    (call,) = [call for call in calls(first["messages"]) if "question" in call["args"]]
    shown = [choice["id"] for choice in call["args"]["question"].get("choices", [])]
    words = words.format(**{id_: number for number, id_ in enumerate(shown, start=1)})
    stub = result(first["messages"], {"cancelled": True})
    before = {"a cancelled call": [stub], "the call": first["messages"], "no call": []}[after]
    written: Json = {
        "type": "human",
        "content": [{"type": "text", "text": words}] if as_parts else words,
    }
    second = waited(
        student,
        {"session_context": first["session_context"], "messages": [*before, written]},
    )
    if after == "no call":
        # Nothing shows that the student sees the question.
        assert [call["name"] for call in calls(second["messages"])] == ["question_presentation"]
    else:
        assert calls(second["messages"])[0]["args"]["correct"] is True


@pytest.mark.parametrize("form", ["answer", "named", "native", "bare", "role"])
def test_a_tool_result_answers_in_any_of_its_forms(student: User, begun: Json, form: str) -> None:
    question = question_of(begun["messages"])
    question_id = question["question_id"]
    answer = wrong_answer(question) if question["kind"] != "self_rated" else "again"
    content: Any = {
        "answer": {"answer": answer},
        "named": {"question_id": question_id, "answer": answer},
        "native": {"type": "answer", "question_id": question_id, "answer": answer},
        "bare": answer,
        "role": {"answer": answer},
    }[form]
    message = result(begun["messages"], content)
    if form == "role":
        message["role"] = message.pop("type")
    state = waited(student, {"session_context": begun["session_context"], "messages": [message]})
    assert calls(state["messages"])[0]["args"]["question_id"] == question_id
    assert calls(state["messages"])[0]["args"]["correct"] is not True


def test_a_tool_result_may_request_a_hint_or_the_question_again(student: User, begun: Json) -> None:
    def settled(content: Json) -> Json:
        message = result(begun["messages"], content)
        given = {"session_context": begun["session_context"], "messages": [message]}
        return waited(student, given)

    hinted = settled({"type": "hint"})["messages"]
    assert [c["name"] for c in calls(hinted)] == ["hint_presentation", "question_presentation"]
    again = settled({"type": "continue"})["messages"]
    assert question_of(again) == question_of(begun["messages"])
    # The client has answered the call of that id, so the question has a new one.
    assert pending(again)[0]["id"] != pending(begun["messages"])[0]["id"]
    answer = {"answer": ANSWERS[question_of(again)["question_id"]]}
    answered = waited(
        student,
        {"session_context": begun["session_context"], "messages": [result(again, answer)]},
    )
    assert calls(answered["messages"])[0]["name"] == "feedback_presentation"


REFUSED_RESULTS = {"an unknown form": {"type": "dance"}, "another call": None}


@pytest.mark.parametrize("refused", REFUSED_RESULTS)
@pytest.mark.parametrize("later", ["text", "result"])
def test_the_latest_word_of_a_whole_list_counts_after_a_refused_answer(
    student: User, begun: Json, refused: str, later: str
) -> None:
    question = question_of(begun["messages"])
    bad = result(begun["messages"], REFUSED_RESULTS[refused])
    if refused == "another call":
        bad["tool_call_id"] = "of another question"
    messages = [{"type": "human", "content": "Start"}, *begun["messages"], bad]
    given = {"session_context": begun["session_context"], "messages": messages}
    assert_problem(post(student, "/runs/wait", {"input": given}), 422, "INVALID_ARGUMENT")

    right = ANSWERS[question["question_id"]]
    text = ", ".join(right) if isinstance(right, list) else str(right)
    word = {"type": "human", "content": text}
    messages.append(word if later == "text" else result(begun["messages"], {"answer": right}))
    state = waited(student, given)

    feedback = calls(state["messages"])[0]["args"]
    assert feedback["question_id"] == question["question_id"]
    assert feedback["correct"] in (True, None)  # free text is not graded offline


def test_a_late_result_for_a_question_that_is_no_longer_shown_hides_no_later_text(
    student: User, begun: Json
) -> None:
    late = {"type": "tool", "tool_call_id": "gone", "content": '{"answer": 1}'}
    given = {
        "session_context": begun["session_context"],
        "messages": [late, {"type": "human", "content": "Where was I?"}],
    }
    state = waited(student, given)
    assert [call["name"] for call in calls(state["messages"])] == ["question_presentation"]


def test_an_answer_in_the_input_takes_precedence_over_messages(student: User, begun: Json) -> None:
    state = waited(
        student,
        {
            "session_context": begun["session_context"],
            "input": {"type": "hint"},
            "messages": [result(begun["messages"], {"answer": "?"})],
        },
    )
    assert calls(state["messages"])[0]["name"] == "hint_presentation"


@pytest.mark.parametrize("path", ["/runs/wait", "/runs/stream", "/threads/t/runs/stream"])
@pytest.mark.parametrize(
    ("change", "paths"),
    [
        ({"input": None}, ["input"]),
        ({"input": {}}, ["input.session_context"]),
        ({"stream_mode": 3}, ["stream_mode"]),
        ({"stream_mode": "messages"}, ["stream_mode"]),
        ({"stream_mode": ["messages-tuple", "debug"]}, ["stream_mode"]),
        ({"stream_mode": []}, ["stream_mode"]),
        ({"input.colour": "red"}, ["input.colour"]),
        ({"input.session_context": {}}, ["input.session_context"]),
        (
            {"input.session_context": {"source_data": {"name": "N", "template_data": 1}}},
            ["input.session_context.source_data.template_data"],
        ),
        (
            {"input.session_context": {"source_data": {"fields": 1}}},
            [f"input.session_context.source_data.{name}" for name in ("name", "template_data")],
        ),
        (
            {"input.session_context": {"source_data": {"fields": {"name": 1}}}},
            ["input.session_context.source_data.fields"],
        ),
        ({"input.messages": "hello"}, ["input.messages"]),
        ({"input.messages": [{"tool_call_id": 1}]}, ["input.messages.0.tool_call_id"]),
        (
            {"input.input": {"type": "answer", "question_id": "another", "answer": 1}},
            ["input.input.question_id"],
        ),
        (
            {"input.messages": [{"type": "tool", "tool_call_id": "other", "content": "1"}]},
            ["input.messages.0.tool_call_id"],
        ),
        ({"content": {"answer": None}}, ["input.messages.1.content"]),
        ({"content": {"colour": "red"}}, ["input.messages.1.content"]),
        ({"content": {"type": "dance"}}, ["input.messages.1.content"]),
        ({"content": ""}, ["input.messages.1.content"]),
    ],
)
def test_a_run_is_refused_by_name_before_it_begins(
    student: User, begun: Json, path: str, change: Json, paths: list[str]
) -> None:
    given: Json = {"session_context": begun["session_context"]}
    body: Json = {"input": given}
    for where, value in change.items():
        if where == "content":
            given["messages"] = [
                {"type": "human", "content": "Well"},
                result(begun["messages"], value),
            ]
        elif where.startswith("input."):
            given[where.removeprefix("input.")] = value
        else:
            body[where] = value
    refused = post(student, path, body)
    problem = assert_problem(refused, 422, "INVALID_ARGUMENT")
    assert [error["path"] for error in problem["errors"]] == paths


def test_a_stream_for_an_unauthorised_caller_never_begins(
    student: User, user: Any, begun: Json
) -> None:
    given = {"input": {"session_context": begun["session_context"]}}
    stolen = post(user("mallory"), "/runs/stream", given)
    assert_problem(stolen, 422, "SESSION_CONTEXT_TAMPERED")
    unauthenticated = post(student, "/runs/stream", given, Authorization="")
    assert_problem(unauthenticated, 401, "UNAUTHENTICATED")


@pytest.mark.parametrize("path", ["/runs", "/threads/t/state", "/assistants/search", "/runs/x"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_path_is_reported(student: User, method: str, path: str) -> None:
    refused = requests.request(method, f"{student.stack.url}/practice_turn{path}", timeout=20)
    problem = assert_problem(refused, 404, "NOT_FOUND")
    assert "/runs/stream" in problem["detail"]
    assert "/agui" in problem["detail"]


@pytest.mark.parametrize("path", ["/runs/wait", "/runs/stream", "/threads", "/nowhere"])
def test_a_web_page_may_send_a_run_and_read_it(student: User, path: str) -> None:
    address = f"{student.stack.url}/practice_turn{path}"
    asked = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}
    preflight = requests.options(address, headers=asked, timeout=20)
    if path != "/nowhere":
        assert preflight.status_code == 204
        assert "Authorization" in preflight.headers["Access-Control-Allow-Headers"]
        assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    posted = post(student, path, {}, Origin="https://app.example")
    assert posted.headers["Access-Control-Allow-Origin"] == "*"
    assert "X-Request-Id" in posted.headers["Access-Control-Expose-Headers"]


def test_a_thread_is_an_id_that_the_client_may_choose(student: User) -> None:
    one, two = (post(student, "/threads", {}).json()["thread_id"] for _ in range(2))
    assert one != two
    named = post(student, "/threads", {"thread_id": "mine", "metadata": {"graph_id": "g"}}).json()
    assert (named["thread_id"], named["metadata"]) == ("mine", {"graph_id": "g"})
    assert named["values"] is None


@pytest.mark.parametrize(
    ("modes", "wanted"),
    [(None, False), (["updates"], False), ("values", True), (["updates", "values"], True)],
)
def test_all_messages_are_streamed_in_values_mode_only(
    student: User, begun: Json, modes: Any, wanted: bool
) -> None:
    question = question_of(begun["messages"])
    sent = [
        *begun["messages"],
        result(begun["messages"], {"answer": ANSWERS[question["question_id"]]}),
    ]
    run = {} if modes is None else {"stream_mode": modes}
    given = {"session_context": begun["session_context"], "messages": sent}
    events = streamed(student, given, **run)
    assert [name for name, _ in events][-2:] == ["values", "end"]
    values = events[-2][1]
    assert values["session_context"]["stored_session"]["seq"] == 2
    assert set(values) == {"session_context", "usage"} | ({"messages"} if wanted else set())
    if wanted:
        assert values["messages"][: len(sent)] == sent
        assert len(pending(values["messages"])) == 1


def test_a_mode_that_yields_nothing_is_refused_by_its_name(student: User, begun: Json) -> None:
    given = {"session_context": begun["session_context"]}
    for modes in ("messages", ["messages"], ["messages", "debug"]):
        refused = post(student, "/runs/stream", {"input": given, "stream_mode": modes})
        (error,) = assert_problem(refused, 422, "INVALID_ARGUMENT")["errors"]
        assert "'messages'" in error["message"]
        assert "updates, custom, values" in error["message"]
    # As assistant-ui sends them: one mode that yields something is enough.
    names = [name for name, _ in streamed(student, given, stream_mode=["messages", "updates"])]
    assert names == ["metadata", "updates", "values", "end"]


@pytest.mark.parametrize(
    ("modes", "events"),
    [
        (None, {"custom", "updates"}),
        ("updates", {"updates"}),
        ("custom", {"custom"}),
        (["values"], set()),
        (["values", "custom"], {"custom"}),
    ],
)
def test_only_the_events_of_the_modes_asked_for_are_streamed(
    student: User, source: Json, modes: Any, events: set[str]
) -> None:
    given = {"session_context": {"source_data": source}}
    names = [name for name, _ in streamed(student, given, stream_mode=modes)]
    # The session always comes: without it nobody could go on.
    assert set(names) == {"metadata", "values", "end"} | events


def test_a_streams_headers_name_its_type_and_forbid_buffering(student: User, source: Json) -> None:
    address = urlsplit(student.stack.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=20)
    try:
        connection.request(
            "POST",
            "/practice_turn/runs/stream",
            json.dumps({"input": {"session_context": {"source_data": source}}}),
            {
                "Authorization": f"Bearer {student.token}",
                "Content-Type": "application/json",
                "X-Request-Id": "stream-1",
            },
        )
        response = connection.getresponse()
        assert response.status == 200
        assert response.headers["Content-Type"] == "text/event-stream"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Accel-Buffering"] == "no"
        assert response.headers["X-Request-Id"] == "stream-1"
        assert response.readline() == b"event: metadata\n"
        assert set(json.loads(response.readline().removeprefix(b"data: "))) >= {"run_id"}
    finally:
        connection.close()  # in the middle of it

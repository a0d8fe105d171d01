"""A turn as a run of an AG-UI agent: what a run sends, and what it takes from its client."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from functions.practice_turn import agui
from functions.practice_turn.agui_contract import AgUiRun
from functions.practice_turn.handler import Dependencies
from local.examples import theory_template
from local.practice_client import right_answer, wrong_answer
from shared.domain.common.errors import InvalidArgument, Unavailable
from shared.domain.common.validation import field_errors, violations_of
from shared.domain.practice.state import Practice
from shared.domain.practice.transitions import BlockDraft
from shared.domain.questions.question import Question
from shared.domain.questions.rubric import Finding
from shared.endpoint import server_sent_events
from shared.endpoint.request_body import MAX_BODY_BYTES
from shared.endpoint.server_sent_events import event_stream_frames
from shared.tutor.offline import OfflineTutor
from shared.tutor.ports import DraftRefused, Usage
from tests.support.agui import Agent, Json, events_of
from tests.support.tutor.turns import a_call, dependencies
from tests.unit.domain.questions.samples import KIND_NAMES, a_question, key_of, raw

SOURCE = {"source_data": theory_template()}
QUESTION = ["TOOL_CALL_START", "TOOL_CALL_ARGS", "TOOL_CALL_END"]
SETTLED = [*QUESTION, "TOOL_CALL_RESULT"]


def offline() -> Dependencies:
    return replace(dependencies(), tutor_for=lambda _: dependencies().offline_tutor)


def sender(made: Dependencies | None = None) -> Callable[[Json], list[Json]]:
    """Serves runs without a server. Each has another id, as of the real dependencies."""
    uuids = (f"uuid{n}" for n in range(10_000))

    def send(given: Json) -> list[Json]:
        served = replace(made or offline(), new_uuid=lambda: next(uuids))
        try:
            command = AgUiRun.model_validate(given)
        except ValidationError as error:
            raise InvalidArgument(errors=field_errors(violations_of(error))) from error
        reply = agui.stream(command, a_call(), served)
        return events_of(b"".join(event_stream_frames(reply)).decode())

    return send


def begun(made: Dependencies | None = None) -> Agent:
    agent = Agent(sender(made), state={"session_context": SOURCE, "theme": "dark"})
    agent.run()
    return agent


def about(kind: str) -> Agent:
    """An agent whose pending question is the sample of the kind."""
    exercise = {"name": "Scales", "questions": [{**raw(kind), "hints": ["Think."]}]}
    content = {"sections": [{"name": "One", "exercises": [exercise]}]}
    source = {"source_data": {"name": "Template", "template_data": content}}
    agent = Agent(sender(), state={"session_context": source})
    agent.run()
    return agent


def names(calls: Sequence[Json]) -> list[str]:
    return [call["name"].removesuffix("_presentation") for call in calls]


FREE_TEXT = {"name": "Words", "questions": [raw("free_response")]}


def refused_paths(agent: Agent, **fields: Any) -> list[str]:
    with pytest.raises(InvalidArgument) as refused:
        agent.run(**fields)
    return [error.path for error in refused.value.errors]


def test_a_new_session_is_told_in_the_order_of_the_protocol() -> None:
    agent = begun()
    assert agent.types == [
        "RUN_STARTED",
        "STEP_STARTED",
        "STEP_FINISHED",
        *SETTLED,
        *QUESTION,
        "STATE_DELTA",
        "RUN_FINISHED",
    ]
    started, step, end, concept, *_, finished = agent.events
    assert started == {
        "type": "RUN_STARTED",
        "threadId": "thread",
        "runId": "run-0",
        "protocolVersion": "1.0",
    }
    assert step == {"type": "STEP_STARTED", "stepName": "generating_block"}
    assert end == {"type": "STEP_FINISHED", "stepName": "generating_block"}
    assert names(agent.calls()) == ["concept", "question"]
    assert concept["parentMessageId"] == f"ai-{concept['toolCallId']}"
    assert finished == {
        "type": "RUN_FINISHED",
        "threadId": "thread",
        "runId": "run-0",
        "outcome": {"type": "success"},
    }


def test_a_presentation_is_one_message_with_its_whole_arguments_and_without_the_session() -> None:
    agent = begun()
    concept, question = agent.calls()
    assert {"session_id", "block_id", "progress", "concept"} == set(concept["args"])
    assert {"session_id", "block_id", "progress", "question"} == set(question["args"])
    assert "answer" not in question["args"]["question"]
    settled = [e for e in agent.events if e["type"] == "TOOL_CALL_RESULT"]
    assert [(e["toolCallId"], e["role"]) for e in settled] == [(concept["id"], "tool")]
    assert len({message["id"] for message in agent.messages}) == len(agent.messages)


@pytest.mark.parametrize(
    ("state", "props"),
    [
        ({"session_context": SOURCE}, {}),
        ({}, {"session_context": SOURCE}),
        ({"session_context": None, "theme": "dark"}, {"session_context": SOURCE}),
        (None, {"session_context": SOURCE}),
    ],
)
def test_the_session_is_in_the_state_or_in_the_forwarded_properties(
    state: Json | None, props: Json
) -> None:
    agent = Agent(sender(), state=state)
    agent.run(forwardedProps=props)
    assert agent.stored["seq"] == 1
    # The state of the next run is preferred to what the app sends with every run.
    agent.settle(agent.pending["id"], {"answer": right_answer(agent.question)})
    agent.run(forwardedProps=props)
    assert agent.stored["seq"] == 2


def test_the_apps_own_state_stays() -> None:
    agent = begun()
    assert agent.state["theme"] == "dark"
    (delta,) = [e["delta"] for e in agent.events if e["type"] == "STATE_DELTA"]
    assert [(added["op"], added["path"]) for added in delta] == [("add", "/session_context")]


def test_an_answer_a_hint_and_the_question_again_are_results_of_its_call() -> None:
    agent = begun()
    agent.settle(agent.pending["id"], {"type": "hint"})
    assert names(agent.run()) == ["hint", "question"]
    agent.settle(agent.pending["id"], {"answer": right_answer(agent.question)})
    assert names(agent.run()) == ["feedback", "question"]
    assert agent.types == ["RUN_STARTED", *SETTLED, *QUESTION, "STATE_DELTA", "RUN_FINISHED"]
    assert agent.calls()[0]["args"]["correct"] in (True, None)
    shown = agent.pending
    agent.settle(shown["id"], {"type": "continue"})
    assert names(agent.run()) == ["question"]
    assert agent.pending["id"] != shown["id"]
    assert agent.pending["args"] == shown["args"]


def test_a_native_input_counts_before_messages() -> None:
    agent = begun()
    agent.settle(agent.pending["id"], {"answer": "?"})
    assert names(agent.run(forwardedProps={"input": {"type": "hint"}})) == ["hint", "question"]


@pytest.mark.parametrize("kind", KIND_NAMES)
@pytest.mark.parametrize("way", ["result", "resume", "input"])
def test_a_question_of_each_kind_is_answered_in_each_way(kind: str, way: str) -> None:
    agent = about(kind)
    answer = json.loads(json.dumps(key_of(a_question(kind))))
    answer = "In my words." if answer is None else answer
    call = agent.pending
    fields: Json = {}
    if way == "result":
        agent.settle(call["id"], {"answer": answer})
    elif way == "resume":
        entry = {"interruptId": call["id"], "status": "resolved", "payload": {"answer": answer}}
        fields = {"resume": [entry]}
    else:
        native = {"type": "answer", "question_id": agent.question["question_id"], "answer": answer}
        fields = {"forwardedProps": {"input": native}}
    feedback = agent.run(**fields)[0]
    assert feedback["name"] == "feedback_presentation"
    assert feedback["args"]["correct"] in (True, None)


def test_a_bare_payload_is_an_answer_and_a_cancelled_one_is_none() -> None:
    agent = about("numeric")
    call_id = agent.pending["id"]
    cancelled = {"interruptId": call_id, "status": "cancelled"}
    assert names(agent.run(resume=[cancelled])) == ["question"]
    assert agent.pending["id"] != call_id
    bare = {"interruptId": agent.pending["id"], "status": "resolved", "payload": 7}
    assert names(agent.run(resume=[bare]))[0] == "feedback"


def test_what_the_user_writes_after_the_question_is_the_answer() -> None:
    agent = about("self_rated")
    agent.say("good")
    feedback = agent.run()[0]
    assert (feedback["name"], feedback["args"]["correct"]) == ("feedback_presentation", True)


def test_a_second_result_for_a_call_counts_after_a_slip() -> None:
    agent = begun()
    call_id, state = agent.pending["id"], agent.state
    agent.settle(call_id, {"answer": None})
    assert refused_paths(agent) == [f"messages.{len(agent.messages) - 1}.content"]
    assert agent.state == state
    agent.settle(call_id, {"answer": right_answer(agent.question)})
    assert names(agent.run())[0] == "feedback"


def test_a_slip_of_spelling_asks_for_the_answer_in_a_new_call() -> None:
    question = {**raw("short_answer"), "answer": ["subdominant"], "spelling_retry": True}
    exercise = {"name": "Degrees", "questions": [question]}
    content = {"sections": [{"name": "One", "exercises": [exercise]}]}
    source = {"source_data": {"name": "Template", "template_data": content}}
    agent = Agent(sender(), state={"session_context": source})
    agent.run()
    first = agent.pending["id"]
    agent.settle(first, {"answer": "subdominamt"})
    assert agent.run()[0]["args"]["retry"] == "spelling"
    assert agent.pending["id"] != first
    agent.settle(agent.pending["id"], {"answer": "subdominant"})
    assert agent.run()[0]["args"]["correct"] is True


@pytest.mark.parametrize("lost", range(1, 9))
def test_a_turn_whose_stream_was_aborted_is_taken_again_from_the_same_messages(lost: int) -> None:
    agent = begun()
    first = agent.question["question_id"]
    agent.settle(agent.pending["id"], {"answer": wrong_answer(agent.question)})
    taken = agent.send(agent.input())
    assert [e["type"] for e in taken[-2:]] == ["STATE_DELTA", "RUN_FINISHED"]
    agent.apply(taken[:lost])
    assert agent.stored["seq"] == 1

    calls = agent.run()

    # New calls, because arguments of a known one would be added to what has arrived of it.
    assert names(calls) == ["feedback", "question"]
    assert calls[0]["args"]["question_id"] == first
    assert agent.stored["seq"] == 2
    agent.settle(agent.pending["id"], {"answer": right_answer(agent.question)})
    assert names(agent.run())[0] == "feedback"
    assert agent.stored["progress"]["questions_answered"] == 2


def test_an_answer_to_a_question_whose_state_was_lost_does_not_count_for_the_one_before() -> None:
    agent = begun()
    agent.settle(agent.pending["id"], {"answer": right_answer(agent.question)})
    agent.apply(agent.send(agent.input())[:-2])  # with the question, without its state
    agent.say("the answer to the second question")
    feedback = agent.run()[0]["args"]
    assert feedback["correct"] in (True, None)
    assert agent.stored["seq"] == 2


def test_the_question_again_is_a_new_call_whenever_the_client_has_it() -> None:
    agent = begun()
    ids = [agent.pending["id"]]
    for _ in range(3):
        agent.run()
        ids.append(agent.pending["id"])
    assert len(set(ids)) == 4
    # Whichever of them the student answers.
    agent.settle(ids[1], {"answer": right_answer(agent.question)})
    assert names(agent.run())[0] == "feedback"


@pytest.mark.parametrize(
    ("change", "paths"),
    [
        ({"state": {}}, ["state.session_context"]),
        ({"state": None}, ["state.session_context"]),
        ({"state": []}, ["state"]),
        ({"state": {"session_context": {}}}, ["state.session_context"]),
        ({"state": {"session_context": 1}}, ["state.session_context"]),
        (
            {"state": {"session_context": {"source_data": {"name": "N", "template_data": 1}}}},
            ["state.session_context.source_data.template_data"],
        ),
        (
            {
                "state": {},
                "forwardedProps": {
                    "session_context": {"source_data": {"name": "N", "template_data": 1}}
                },
            },
            ["forwardedProps.session_context.source_data.template_data"],
        ),
        (
            {"forwardedProps": {"input": {"type": "answer", "question_id": "q", "answer": 1}}},
            ["forwardedProps.input.question_id"],
        ),
        (
            {"resume": [{"interruptId": "gone", "status": "resolved", "payload": 1}]},
            ["resume.0.interruptId"],
        ),
        ({"resume": [{"interruptId": "@", "status": "resolved"}]}, ["resume.0.payload"]),
        (
            {"resume": [{"interruptId": "@", "status": "resolved", "payload": {"type": "dance"}}]},
            ["resume.0.payload"],
        ),
        (
            {"messages": [{"id": "1", "role": "tool", "toolCallId": "gone", "content": "1"}]},
            ["messages.0.toolCallId"],
        ),
        (
            {"messages": [{"id": "1", "role": "tool", "toolCallId": "@", "content": "{}"}]},
            ["messages.0.content"],
        ),
    ],
)
def test_a_run_is_refused_by_the_place_in_its_input(change: Json, paths: list[str]) -> None:
    agent = begun()
    text = json.dumps(change).replace('"@"', json.dumps(agent.pending["id"]))
    assert refused_paths(agent, **json.loads(text)) == paths


class Model(OfflineTutor):
    """A tutor whose first draft of a block can't be used, and that grades free text."""

    name = "model"
    grades_free_text = True

    def draft(self, practice: Practice, repair: Sequence[str] = ()) -> tuple[BlockDraft, Usage]:
        if not repair:
            raise DraftRefused(["again"], Usage(model_calls=1, input_tokens=10, output_tokens=2))
        draft, _ = super().draft(practice)
        return draft, Usage(model_calls=1, input_tokens=20, output_tokens=3)

    def examine(self, question: Question, answer: str) -> tuple[Sequence[Finding], Usage]:
        return [], Usage(model_calls=1, input_tokens=5, output_tokens=1)


def test_work_that_takes_long_is_a_step_that_ends_and_costs_tokens() -> None:
    made = replace(dependencies(), tutor_for=lambda _: Model())
    content = {"sections": [{"name": "One", "exercises": [FREE_TEXT]}]}
    source = {"source_data": {"name": "Template", "template_data": content}}
    agent = Agent(sender(made), state={"session_context": source})
    agent.run()
    steps = [e["stepName"] for e in agent.events if e["type"].startswith("STEP")]
    assert agent.types[1:5] == ["STEP_STARTED", "STEP_FINISHED"] * 2
    assert steps == ["generating_block"] * 4
    assert agent.events[-1]["usage"] == [{"inputTokens": 30, "outputTokens": 5}]

    agent.say("Because the axis is tilted.")
    assert names(agent.run())[0] == "feedback"
    steps = [e["stepName"] for e in agent.events if e["type"] == "STEP_STARTED"]
    assert steps[0] == "grading"
    assert agent.types[1:4] == ["STEP_STARTED", "STEP_FINISHED", "TOOL_CALL_START"]


def test_a_turn_without_a_model_has_no_usage() -> None:
    assert "usage" not in begun().events[-1]


class Broken(OfflineTutor):
    def __init__(self, error: Exception) -> None:
        self.error = error

    def draft(self, practice: Practice, repair: Sequence[str] = ()) -> tuple[BlockDraft, Usage]:
        raise self.error


@pytest.mark.parametrize(
    ("error", "code"),
    [(Unavailable("The model has gone."), "UNAVAILABLE"), (ZeroDivisionError("s"), "INTERNAL")],
)
def test_what_fails_after_the_beginning_is_the_last_event_and_leaves_the_state(
    error: Exception, code: str
) -> None:
    made = replace(dependencies(), tutor_for=lambda _: Broken(error))
    agent = Agent(sender(made), state={"session_context": SOURCE})
    agent.run()
    assert agent.types == ["RUN_STARTED", "STEP_STARTED", "RUN_ERROR"]
    assert agent.events[-1]["code"] == code
    assert agent.events[-1]["message"] != "s"
    assert agent.state == {"session_context": SOURCE}


def test_a_stream_that_takes_too_long_ends_with_an_error_of_the_protocol(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server_sent_events, "LIMIT_SECONDS", 0.0)
    agent = Agent(sender(), state={"session_context": SOURCE})
    agent.run()
    assert (agent.types[-1], agent.events[-1]["code"]) == ("RUN_ERROR", "UNAVAILABLE")


def test_messages_of_a_long_session_stay_below_the_limit_of_a_body() -> None:
    """200 turns, each with a wrong answer, which is the longest: the client sends all of them."""
    agent = begun()
    for _ in range(200):
        agent.settle(agent.pending["id"], {"answer": wrong_answer(agent.question)})
        agent.run()
    sent = len(json.dumps(agent.input()).encode())
    assert len(agent.messages) > 800
    assert sent < MAX_BODY_BYTES * 0.6


def test_a_run_needs_the_messages_since_the_last_question_alone() -> None:
    agent = begun()
    agent.settle(agent.pending["id"], {"type": "hint"})
    agent.run()
    call = agent.pending
    agent.messages = agent.messages[-1:]
    agent.settle(call["id"], {"answer": right_answer(call["args"]["question"])})
    assert names(agent.run()) == ["feedback", "question"]

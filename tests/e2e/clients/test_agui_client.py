"""AG-UI's JavaScript client, unmodified, through a whole session of infinite practice."""

import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from local.api import User
from local.emulator import Emulator
from local.examples import theory_template
from local.stack import free_port, start_functions
from testkit.http_server import QuietHandler, serving
from tests.conftest import NewUser
from tests.e2e.clients.conftest import run_node, url
from tests.support.agui import require_valid
from tests.unit.domain.questions.samples import KIND_NAMES, a_question, key_of, raw

Json = dict[str, Any]

TIMEOUT_SECONDS = 30
FREE_TEXT = "free_response"

QUESTIONS = {kind: {**raw(kind), "question_id": kind, "hints": ["Think."]} for kind in KIND_NAMES}


def right_answer(kind: str) -> Any:
    """An answer that is right, with texts for ids of choices: students see other ids of some."""
    answer = key_of(a_question(kind))
    texts = {choice["id"]: choice["text"] for choice in QUESTIONS[kind].get("choices", [])}
    if isinstance(answer, list):
        return [texts.get(entry, entry) for entry in answer]
    return texts.get(answer, answer)


@pytest.fixture(scope="module")
def template() -> Json:
    # Without a model, free text is asked where there is nothing else.
    return template_of(*(kind for kind in KIND_NAMES if kind != FREE_TEXT))


def template_of(*kinds: str) -> Json:
    exercise = {"name": "Every kind", "questions": [QUESTIONS[kind] for kind in kinds]}
    sections = [{"name": "One", "exercises": [exercise]}]
    return {"name": "Kinds", "template_data": {"sections": sections}}


@pytest.mark.parametrize("client", ["@ag-ui/client", "ag-ui-client-of-copilotkit"])
def test_agui_s_client_takes_a_whole_session(user: NewUser, template: Json, client: str) -> None:
    teacher, student = user("teacher", teacher=True), user("student")
    told = whole_session(teacher, student, template, client)

    for event in told["events"]:
        require_valid(event)
    assert names(told["begun"]) == ["concept", "question"]
    assert told["started"] == 201
    assert names(told["hint"]) == ["hint", "question"]

    # One refusal, for the slip, which changed nothing.
    assert (told["refusal"]["status"], told["refusal"]["reason"]) == (422, "INVALID_ARGUMENT")
    assert told["refusal"]["errors"][0]["path"].startswith("messages.")
    assert len(told["problems"]) == 1
    assert told["warnings"] == []
    assert told["keptAfterSlip"] is True

    assert {turn["kind"] for turn in told["graded"]} == set(KIND_NAMES) - {FREE_TEXT}
    for turn in told["graded"]:
        assert turn["feedback"] == turn["question_id"]
        assert turn["correct"] is True
    # In writing, and not graded without a model.
    assert told["written"][0]["args"]["question_id"] == FREE_TEXT
    assert told["written"][0]["args"]["correct"] is None

    # The turn is taken again: its feedback comes in a call of its own.
    assert told["lost"]["kept"] is True
    assert names(told["lost"]["calls"]) == ["feedback"]
    assert names(told["again"])[0] == "feedback"
    assert told["again"][0]["args"]["question_id"] == told["lost"]["asked"]
    assert names(told["resumed"])[0] == names(told["native"])[0] == "feedback"
    assert told["forks"] == [200, "CONTEXT_FORKED"]
    assert set(told["saves"]) == {200}

    # The other device begins where this one is.
    assert names(told["shown"]) == ["question"]
    assert told["shown"][0]["args"]["question"] == told["pending"]
    assert told["device"]["question_id"] == told["pending"]["question_id"]
    assert told["theme"] == "dark"
    # Beside those in a row: the lost turn, one resumed, a native one, and one on each device.
    assert told["summary"]["total_questions"] == len(told["graded"]) + 5
    assert told["summary"]["questions_correct"] == told["summary"]["total_questions"]


def names(calls: list[Json]) -> list[str]:
    return [call["name"].removesuffix("_presentation") for call in calls]


def whole_session(teacher: User, student: User, template: Json, client: str) -> Json:
    body = {**template, "student_ids": [student.uid]}
    created = teacher.call("create_template", body)
    assert created.status_code == 201, created.text
    template_id = created.json()["template"]["template_id"]
    given = {
        "client": client,
        "url": url(student),
        "functions": student.stack.url,
        "documents": student.stack.documents_url,
        "token": student.token,
        "source_data": student.read(f"session_templates/{template_id}"),
        "free_text": template_of(FREE_TEXT),
        "answers": {kind: right_answer(kind) for kind in KIND_NAMES if kind != FREE_TEXT},
    }
    return run_node("agui.js", given)


@contextmanager
def slow_model() -> Iterator[str]:
    """A model that has no answer: the first request waits until there is a second one."""
    second = threading.Event()
    asked = itertools.count()

    class Slow(QuietHandler):
        def do_POST(self) -> None:
            self.read_body()
            if next(asked):
                second.set()
            second.wait(TIMEOUT_SECONDS)
            self.reply(400)

    with serving(Slow) as address:
        try:
            yield f"{address}/v1"
        finally:
            second.set()


def test_an_abort_ends_the_run_and_leaves_the_state_for_the_next(emulator: Emulator) -> None:
    with (
        slow_model() as model,
        start_functions(
            emulator,
            port=free_port(),
            project_id="demo-aborted",
            quiet=True,
            environment={"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": model, "PRACTICE_MODEL": "m"},
        ) as stack,
    ):
        student = User(stack, "sam")
        source = theory_template()
        given = {"url": url(student), "token": student.token, "source_data": source}
        told = run_node("agui_abort.js", given)
    aborted, again = told["aborted"], told["again"]
    assert aborted["types"] == ["RUN_STARTED", "STEP_STARTED", "abort"]
    assert aborted["state"] == {"session_context": {"source_data": source}, "theme": "dark"}
    assert again["types"][-2:] == ["STATE_DELTA", "RUN_FINISHED"]
    assert again["state"]["theme"] == "dark"
    assert again["state"]["session_context"]["stored_session"]["degraded"] is True

"""Limits as a student sees them: turns, runs and streams over HTTP, with a model."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex
from typing import IO, Any

import pytest
import requests

from local.api import User
from local.emulator import Emulator
from local.examples import theory_template
from local.stack import Stack, free_port, start_functions
from shared.firestore.client import Client
from shared.limits.firestore_counters import COLLECTION, TOTAL
from testkit.model_server import ModelServer, completion, serving_model
from tests.support.edge import assert_problem
from tests.support.tutor.writing import a_block

TURNS = 8
STUDENT = 20_000
PROJECT = 100_000
BUDGETS: dict[str, Any] = {"student_tokens_per_day": STUDENT, "project_tokens_per_day": PROJECT}
RUNS = ["/runs/wait", "/runs/stream", "/threads/t/runs/wait", "/threads/t/runs/stream"]
PATHS = ["", "/agui", *RUNS]
COSTLY = {"prompt_tokens": 1_000, "completion_tokens": 8_000, "total_tokens": 9_000}
ORIGIN = {"Origin": "https://app.example"}

Json = dict[str, Any]


@contextmanager
def limited(
    emulator: Emulator,
    model: ModelServer | None = None,
    *,
    project_id: str,
    output: IO[bytes] | None = None,
    **limits: object,
) -> Iterator[Stack]:
    environment = {name.upper(): str(value) for name, value in limits.items()}
    if model is not None:
        asked = {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": model.url, "PRACTICE_MODEL": "m"}
        # One call for a block, so that budgets are counted in blocks.
        environment = {**asked, "SOLVE_DRAFTS": "false", **environment}
    with start_functions(
        emulator,
        port=free_port(),
        project_id=project_id,
        quiet=True,
        output=output,
        environment=environment,
    ) as stack:
        yield stack


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    """A model server that writes blocks, each at the same cost."""
    reply = json.dumps(completion(json.dumps(a_block(0)), usage=COSTLY)).encode()
    with serving_model() as running:
        running.plays(lambda exchange: exchange.reply(reply))
        yield running


@pytest.fixture(scope="module")
def few_turns(emulator: Emulator, output: IO[bytes]) -> Iterator[Stack]:
    project_id = f"demo-{token_hex(6)}"
    with limited(emulator, project_id=project_id, output=output, turns_per_minute=TURNS) as stack:
        yield stack


@pytest.fixture(scope="module")
def few_tokens(emulator: Emulator, model: ModelServer) -> Iterator[Stack]:
    with limited(emulator, model, project_id=f"demo-{token_hex(6)}", **BUDGETS) as stack:
        yield stack


def begin(user: User, path: str = "", **headers: str) -> requests.Response:
    context: Json = {"session_context": {"source_data": theory_template()}}
    agui = {"threadId": "t", "runId": "r", "state": context, "messages": []}
    return requests.post(
        f"{user.stack.url}/practice_turn{path}",
        json={"": context, "/agui": agui}.get(path, {"input": context}),
        headers={"Authorization": f"Bearer {user.token}", **ORIGIN, **headers},
        timeout=30,
    )


def stored(response: requests.Response) -> Json:
    assert response.status_code == 200, response.text
    session: Json = response.json()["session_context"]["stored_session"]
    return session


def tutor(response: requests.Response) -> str:
    """The tutor that made the block: "offline" if the model was available and not called."""
    session = stored(response)
    assert session["degraded"] is (session["tutor"] == "offline")
    assert response.json()["usage"]["model_calls"] == (session["tutor"] == "model")
    name: str = session["tutor"]
    return name


def test_a_flood_is_refused_on_every_path_until_the_minute_is_over(
    few_turns: Stack, output: IO[bytes]
) -> None:
    sam, ann = User(few_turns, "sam"), User(few_turns, "ann")
    # One minute may end during the test.
    answers = [begin(sam, PATHS[n % len(PATHS)]) for n in range(2 * TURNS + 1)]
    taken = [answer for answer in answers if answer.status_code == 200]
    assert TURNS <= len(taken) <= 2 * TURNS
    refused = answers[-1]
    problem = assert_problem(refused, 429, "RATE_LIMITED")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert "Retry-After" in refused.headers["Access-Control-Expose-Headers"]
    assert refused.headers["Access-Control-Allow-Origin"] == "*"

    # Other students are not affected, and neither are calls that are not turns.
    assert begin(ann).status_code == 200
    assert begin(sam, "/threads").status_code == 200
    assert_problem(begin(sam, Authorization="Bearer x"), 401, "UNAUTHENTICATED")
    template = {"name": "Mine", "template_data": {"sections": []}}
    assert sam.call("create_template", template).status_code == 201

    output.seek(0)
    lines = [json.loads(line) for line in output.read().splitlines()]
    logged = [line for line in lines if line.get("limit") == "turns"]
    assert problem["request_id"] in {line["request_id"] for line in logged}
    assert not [line for line in lines if "sam" in json.dumps(line)]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("function", ["practice_turn", "assignment_turn"])
def test_an_invalid_request_counts_and_a_refusal_precedes_reading(
    few_turns: Stack, function: str, path: str
) -> None:
    tom = User(few_turns, f"tom-{token_hex(4)}")
    # These are not valid turns, but each body was read.
    nothing = [tom.call(f"{function}{path}", {}).status_code for _ in range(2 * TURNS + 1)]
    assert set(nothing) == {422, 429}
    assert TURNS <= nothing.count(422) <= 2 * TURNS
    megabytes = {"session_context": {"stored_session": {"seal": "x" * 3_000_000}}}
    refused = tom.call(f"{function}{path}", megabytes)
    # Unless the second minute has ended as well.
    assert refused.status_code in (413, 429)


def test_practice_continues_offline_once_the_budgets_are_spent(
    emulator: Emulator, few_tokens: Stack, model: ModelServer
) -> None:
    sam, ann = User(few_tokens, "sam"), User(few_tokens, "ann")
    assert (tutor(begin(sam)), model.calls) == ("model", 1)
    assert [tutor(begin(sam, path)) for path in ("", "/runs/wait")] == ["offline"] * 2
    streamed = begin(sam, "/runs/stream")
    assert b"event: error" not in streamed.content
    assert b'"degraded":true' in streamed.content
    as_agent = begin(sam, "/agui").content
    assert b"RUN_FINISHED" in as_agent
    assert b'"degraded":true' in as_agent
    assert model.calls == 1
    assert (tutor(begin(ann)), model.calls) == ("model", 2)

    # Another instance sees the tokens spent on this one.
    with limited(emulator, model, project_id=few_tokens.project_id, **BUDGETS) as another:
        assert tutor(begin(User(another, "sam"))) == "offline"
        assert tutor(begin(User(another, "tom"))) == "model"
    assert model.calls == 3

    tutors = [tutor(begin(User(few_tokens, f"student-{n}"))) for n in range(9)]
    asked = tutors.count("model")
    assert tutors == ["model"] * asked + ["offline"] * (9 - asked)
    assert model.calls == 3 + asked
    # Tokens that the other instance leased and did not spend are lost.
    assert 2 * STUDENT < model.calls * COSTLY["total_tokens"] <= PROJECT


def test_the_documents_hold_the_tokens_spent(
    few_tokens: Stack, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", few_tokens.emulator.host)
    client = Client(project=few_tokens.project_id)
    found = [document.to_dict() for document in client.collection(COLLECTION).stream()]
    client.close()
    totals = {
        kind: sum(fields[TOTAL] for fields in found if fields["kind"] == kind)
        for kind in ("student_tokens", "project_tokens")
    }
    spent = model.calls * COSTLY["total_tokens"]
    assert totals["student_tokens"] == spent > 0
    assert spent <= totals["project_tokens"] <= PROJECT


def test_turns_without_a_database_stay_limited_and_do_not_call_the_model(
    emulator: Emulator, model: ModelServer
) -> None:
    calls_before = model.calls
    nowhere = f"127.0.0.1:{free_port()}"
    with limited(
        emulator,
        model,
        project_id="demo-nowhere",
        firestore_emulator_host=nowhere,
        turns_per_minute=TURNS,
        student_tokens_per_day=STUDENT,
    ) as stack:
        sam = User(stack, "sam")
        answers = [begin(sam) for _ in range(2 * TURNS + 1)]
    taken = [answer for answer in answers if answer.status_code == 200]
    assert TURNS <= len(taken) <= 2 * TURNS
    assert_problem(answers[-1], 429, "RATE_LIMITED")
    assert {tutor(answer) for answer in taken} == {"offline"}
    assert model.calls == calls_before

"""A process is killed with SIGKILL during requests: their effects are complete or absent.

The proxy holds the requests' commits, before or after they take effect, until the process ends.
"""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from typing import NamedTuple

import pytest
import requests

from local.stack import Stack
from shared.firestore.client import Client
from testkit.faults.plans import COMMIT, Hold
from testkit.faults.proxy import Proxy
from testkit.model_server import Exchange, ModelServer, serving_model
from tests.chaos.functions.conftest import NewUsers, OutcomeOf, Serve
from tests.chaos.functions.outcomes import NOTHING_LEFT, Outcome, equals_stored, reply_content
from tests.chaos.functions.scenes import SCENES, Facts, Json, Users, facts
from tests.support.answers import ok
from tests.support.stored import user_documents
from tests.support.tutor.writing import Writer

TIMEOUT_SECONDS = 30
# Few enough that all of their commits are held before the first one times out.
KILLED = (
    "start_session",
    "start_session with practice",
    "update_progress",
    "complete_session",
    "complete_session with practice",
    "cleanup_stale_sessions",
)


class PendingRequest(NamedTuple):
    """A scene's request, to be sent to the victim and then repeated elsewhere."""

    name: str
    users: Users
    body: Json
    before: Facts
    expected: Outcome

    def send(self, through: Stack | None = None) -> requests.Response:
        scene = SCENES[self.name]
        return scene.play(self.users, self.body, key=self.users.key, through=through)


@pytest.fixture
def requests_to_kill(new_users: NewUsers, outcome_of: OutcomeOf) -> list[PendingRequest]:
    """Requests during which their server is killed, each with users of its own."""
    outcomes = {name: outcome_of(name, with_key=True) for name in KILLED}
    made = []
    for name, expected in outcomes.items():
        users = new_users()
        body = SCENES[name].before(users)
        made.append(PendingRequest(name, users, body, users.facts(), expected))
    return made


@pytest.fixture
def victim(serve: Serve) -> Iterator[Stack]:
    with serve() as victim:
        yield victim


def kill(victim: Stack) -> None:
    """Kills the server and its worker, which share a process group of their own."""
    os.killpg(victim.server.pid, signal.SIGKILL)
    victim.server.wait()


def assert_never_answered(reply: "Future[requests.Response]") -> None:
    assert isinstance(reply.exception(TIMEOUT_SECONDS), requests.ConnectionError)


@pytest.mark.parametrize("effective", [False, True], ids=["before", "after"])
def test_requests_repeated_after_a_kill_before_or_after_their_commits_have_one_effect(
    proxy: Proxy, victim: Stack, requests_to_kill: list[PendingRequest], effective: bool
) -> None:
    proxy.forget()
    holds = [Hold(effective=effective) for _ in requests_to_kill]
    proxy.script(COMMIT, *holds)

    with ThreadPoolExecutor(len(requests_to_kill)) as pool:
        lost = [pool.submit(request.send, victim) for request in requests_to_kill]
        assert all(hold.reached.wait(TIMEOUT_SECONDS) for hold in holds)
        kill(victim)
        for reply in lost:
            assert_never_answered(reply)
    proxy.settle()

    assert [call.effective for call in proxy.harmed] == [effective] * len(requests_to_kill)
    for request in requests_to_kill:
        expected = request.expected.facts if effective else request.before
        assert request.users.facts() == expected, request.name
        again = request.send()
        # A sweep's pages are commits of their own, before the one that stores its reply.
        of_page = effective and request.name == "cleanup_stale_sessions"
        answer = reply_content(again, SCENES[request.name].status)
        assert answer == (NOTHING_LEFT if of_page else request.expected.reply)
        assert ("Idempotent-Replayed" in again.headers) is (effective and not of_page)
        documents = request.users.documents()
        assert facts(documents) == request.expected.facts, request.name
        assert equals_stored(again, documents)


@pytest.fixture
def model() -> Iterator[ModelServer]:
    with serving_model() as running:
        yield running


def answered(users: Users, context: Json, *, stack: Stack) -> requests.Response:
    """A turn with an answer to the pending question, right or wrong."""
    question_id = context["stored_session"]["current"]["question_id"]
    turn_input = {"type": "answer", "question_id": question_id, "answer": 1}
    user = replace(users.student, stack=stack)
    return user.call("practice_turn", {"session_context": context, "input": turn_input})


def test_a_turn_killed_while_the_model_writes_leaves_nothing_and_can_be_repeated(
    serve: Serve, new_users: NewUsers, model: ModelServer, direct_client: Client
) -> None:
    settings = {
        "OPENAI_API_KEY": "k",
        "OPENAI_BASE_URL": model.url,
        "PRACTICE_MODEL": "scripted",
    }
    model_called, users = Event(), new_users()
    model.plays(Writer(("numeric",) * 4))

    def write_endlessly(exchange: Exchange) -> None:
        model_called.set()
        exchange.over.wait()

    with serve(**settings) as victim, ThreadPoolExecutor(1) as pool:
        user = replace(users.student, stack=victim)
        source = {"source_data": users.template()}
        context = ok(user.call("practice_turn", {"session_context": source}))["session_context"]
        session = users.session(**context)
        for _ in range(3):
            context = ok(answered(users, context, stack=victim))["session_context"]
        before = user_documents(direct_client, users.student.uid)
        model.plays(write_endlessly)
        # The last answer of the block: the model has to write another one.
        lost = pool.submit(answered, users, context, stack=victim)
        assert model_called.wait(TIMEOUT_SECONDS)
        kill(victim)
        assert_never_answered(lost)

    assert user_documents(direct_client, users.student.uid) == before
    # The repeat goes to functions without a model: the offline tutor writes the block.
    turn = ok(answered(users, context, stack=users.stack))
    stored_session = turn["session_context"]["stored_session"]
    shown = [call["name"] for message in turn["messages"] for call in message.get("tool_calls", [])]
    assert shown == ["feedback_presentation", "concept_presentation", "question_presentation"]
    assert stored_session["progress"]["questions_answered"] == 4
    body = {"session_id": session["session_id"], "stored_session": stored_session}
    after = ok(users.student.call("update_progress", body))["session"]
    assert (after["revision"], after["total_questions"]) == (2, 4)
    items = direct_client.collection(f"practice_sessions/{session['session_id']}/items").get()
    assert sorted(item.get("index") for item in items) == [0, 1, 2, 3]

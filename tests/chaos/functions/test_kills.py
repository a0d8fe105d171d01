"""A process killed with SIGKILL in the middle of its work: another one finds all of it or nothing.

The proxy holds the requests' commits, before or after they take effect, until the process is gone.
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
from tests.chaos.functions.conftest import Known, NewCast, Serve
from tests.chaos.functions.endings import NOTHING_LEFT, Ending, agrees, replied
from tests.chaos.functions.scenes import SCENES, Cast, Facts, Json, facts
from tests.support.answers import ok
from tests.support.stored import user_documents
from tests.support.tutor.writing import Writer

ENOUGH_SECONDS = 30
# Few enough that all of their commits are held before the first one is given up.
KILLED = (
    "start_session",
    "start_session with practice",
    "update_progress",
    "complete_session",
    "complete_session with practice",
    "cleanup_stale_sessions",
)


class Asked(NamedTuple):
    """A scene's request, and the repeat that finds what became of it."""

    name: str
    cast: Cast
    body: Json
    before: Facts
    ending: Ending

    def ask(self, through: Stack | None = None) -> requests.Response:
        scene = SCENES[self.name]
        return scene.play(self.cast, self.body, key=self.cast.key, through=through)


@pytest.fixture
def killed(new_cast: NewCast, known: Known) -> list[Asked]:
    """Requests that are to meet their server's death, each with people of its own."""
    endings = {name: known(name, with_key=True) for name in KILLED}
    made = []
    for name, ending in endings.items():
        cast = new_cast()
        body = SCENES[name].before(cast)
        made.append(Asked(name, cast, body, cast.facts(), ending))
    return made


@pytest.fixture
def victim(serve: Serve) -> Iterator[Stack]:
    with serve() as victim:
        yield victim


def kill(victim: Stack) -> None:
    """The server and its worker, which share a process group of their own."""
    os.killpg(victim.server.pid, signal.SIGKILL)
    victim.server.wait()


def assert_never_answered(asked: "Future[requests.Response]") -> None:
    assert isinstance(asked.exception(ENOUGH_SECONDS), requests.ConnectionError)


@pytest.mark.parametrize("effective", [False, True], ids=["before", "after"])
def test_killed_before_or_after_their_commits_requests_sent_again_have_one_effect(
    proxy: Proxy, victim: Stack, killed: list[Asked], effective: bool
) -> None:
    proxy.forget()
    holds = [Hold(effective=effective) for _ in killed]
    proxy.script(COMMIT, *holds)

    with ThreadPoolExecutor(len(killed)) as pool:
        lost = [pool.submit(request.ask, victim) for request in killed]
        assert all(hold.reached.wait(ENOUGH_SECONDS) for hold in holds)
        kill(victim)
        for reply in lost:
            assert_never_answered(reply)
    proxy.settle()

    assert [call.effective for call in proxy.harmed] == [effective] * len(killed)
    for request in killed:
        expected = request.ending.facts if effective else request.before
        assert request.cast.facts() == expected, request.name
        again = request.ask()
        # A sweep's pages are commits of their own, before the one that keeps its reply.
        of_page = effective and request.name == "cleanup_stale_sessions"
        answer = replied(again, SCENES[request.name].status)
        assert answer == (NOTHING_LEFT if of_page else request.ending.replied)
        assert ("Idempotent-Replayed" in again.headers) is (effective and not of_page)
        documents = request.cast.documents()
        assert facts(documents) == request.ending.facts, request.name
        assert agrees(again, documents)


@pytest.fixture
def model() -> Iterator[ModelServer]:
    with serving_model() as running:
        yield running


def answered(cast: Cast, context: Json, *, stack: Stack) -> requests.Response:
    """A turn with an answer to the pending question, right or wrong."""
    question_id = context["stored_session"]["current"]["question_id"]
    given = {"type": "answer", "question_id": question_id, "answer": 1}
    user = replace(cast.student, stack=stack)
    return user.call("practice_turn", {"session_context": context, "input": given})


def test_killed_while_the_model_writes_a_turn_leaves_nothing_and_is_taken_again(
    serve: Serve, new_cast: NewCast, model: ModelServer, past_the_proxy: Client
) -> None:
    settings = {
        "OPENAI_API_KEY": "k",
        "OPENAI_BASE_URL": model.url,
        "PRACTICE_MODEL": "scripted",
    }
    asked, cast = Event(), new_cast()
    model.plays(Writer(("numeric",) * 4))

    def writes_for_ever(exchange: Exchange) -> None:
        asked.set()
        exchange.over.wait()

    with serve(**settings) as victim, ThreadPoolExecutor(1) as pool:
        user = replace(cast.student, stack=victim)
        source = {"source_data": cast.template()}
        context = ok(user.call("practice_turn", {"session_context": source}))["session_context"]
        session = cast.session(**context)
        for _ in range(3):
            context = ok(answered(cast, context, stack=victim))["session_context"]
        before = user_documents(past_the_proxy, cast.student.uid)
        model.plays(writes_for_ever)
        # The last answer of the block: another one has to be written.
        lost = pool.submit(answered, cast, context, stack=victim)
        assert asked.wait(ENOUGH_SECONDS)
        kill(victim)
        assert_never_answered(lost)

    assert user_documents(past_the_proxy, cast.student.uid) == before
    # Taken again elsewhere, where no model is at hand: the offline tutor makes the block.
    turn = ok(answered(cast, context, stack=cast.stack))
    stored_session = turn["session_context"]["stored_session"]
    shown = [call["name"] for message in turn["messages"] for call in message.get("tool_calls", [])]
    assert shown == ["feedback_presentation", "concept_presentation", "question_presentation"]
    assert stored_session["progress"]["questions_answered"] == 4
    body = {"session_id": session["session_id"], "stored_session": stored_session}
    after = ok(cast.student.call("update_progress", body))["session"]
    assert (after["revision"], after["total_questions"]) == (2, 4)
    items = past_the_proxy.collection(f"practice_sessions/{session['session_id']}/items").get()
    assert sorted(item.get("index") for item in items) == [0, 1, 2, 3]

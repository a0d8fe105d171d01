"""Lasting faults end in a 503 in time, and a repeat with the same key completes the work once.

All scenes are played at the same time, so that their waiting times overlap.
"""

import time
from collections.abc import Sequence
from typing import NamedTuple

import pytest
import requests

from testkit.faults.plans import (
    ABORTED,
    COMMIT,
    DEADLINE_EXCEEDED,
    QUERY,
    READ,
    UNAVAILABLE,
    Cut,
    Delay,
    Fault,
    Hang,
    Plan,
    Refuse,
)
from testkit.faults.proxy import Proxy
from tests.chaos.functions.conftest import NewUsers, OutcomeOf
from tests.chaos.functions.outcomes import (
    NOTHING_LEFT,
    Outcome,
    assert_unavailable,
    equals_stored,
    reply_content,
)
from tests.chaos.functions.scenes import SCENES, Json, Scene, Users, facts
from tests.support.at_once import at_once

LIMIT_SECONDS = 15
CODES = (UNAVAILABLE, ABORTED, DEADLINE_EXCEEDED)
# More than the three seconds after which a function gives up a call.
LATE_SECONDS = 3.3
SWEEP = "cleanup_stale_sessions"


class PreparedScene(NamedTuple):
    name: str
    scene: Scene
    users: Users
    body: Json
    expected: Outcome

    def play(self) -> requests.Response:
        return self.scene.play(self.users, self.body, key=self.users.key)


def set_up(new_users: NewUsers, outcome_of: OutcomeOf) -> list[PreparedScene]:
    # The outcomes come first: otherwise their sweep would abandon the sessions set up below.
    outcomes = {name: outcome_of(name, with_key=True) for name in SCENES}
    made = []
    for name, expected in outcomes.items():
        users = new_users()
        scene = SCENES[name]
        made.append(PreparedScene(name, scene, users, scene.before(users), expected))
    return made


def play(scenes: Sequence[PreparedScene]) -> list[requests.Response]:
    return at_once([prepared.play for prepared in scenes])


def assert_success(prepared: PreparedScene, response: requests.Response) -> None:
    assert reply_content(response, prepared.scene.status) == prepared.expected.reply, prepared.name
    documents = prepared.users.documents()
    assert facts(documents) == prepared.expected.facts, prepared.name
    assert equals_stored(response, documents), prepared.name


def refuse_commits(method: str, number: int) -> Fault | None:
    """Commits are refused. Queries are cut off, because a sweep queries before it commits."""
    code = CODES[number % len(CODES)]
    return Refuse(code) if method == COMMIT else Cut(1, code) if method == QUERY else None


def test_commits_that_always_fail_are_unavailable_and_a_repeat_completes_the_work_once(
    proxy: Proxy, new_users: NewUsers, outcome_of: OutcomeOf
) -> None:
    prepared = set_up(new_users, outcome_of)
    before = [one.users.documents() for one in prepared]
    began = time.monotonic()
    proxy.plan = refuse_commits

    for response in play(prepared):
        assert_unavailable(response)

    assert time.monotonic() - began < LIMIT_SECONDS
    assert [one.users.documents() for one in prepared] == before
    proxy.clear_faults()
    for one, response in zip(prepared, play(prepared), strict=True):
        assert "Idempotent-Replayed" not in response.headers
        assert_success(one, response)


def lose_commits(requests: int) -> Plan:
    """Commits take effect without a reply. After as many commits as requests, every read fails."""
    commits = 0

    def plan(method: str, number: int) -> Fault | None:
        nonlocal commits
        if method == COMMIT:
            commits = number + 1
            return Hang(effective=True)
        return Refuse() if method == READ and commits >= requests else None

    return plan


def test_an_effect_without_a_reply_is_unavailable_and_a_repeat_finds_it(
    proxy: Proxy, new_users: NewUsers, outcome_of: OutcomeOf
) -> None:
    prepared = set_up(new_users, outcome_of)
    proxy.forget()
    proxy.plan = lose_commits(len(prepared))

    for response in play(prepared):
        assert_unavailable(response)

    commits = [call for call in proxy.calls if call.method == COMMIT]
    assert [call.effective for call in commits] == [True] * len(prepared)
    assert [facts(one.users.documents()) for one in prepared] == [
        one.expected.facts for one in prepared
    ]
    proxy.clear_faults()
    for one, response in zip(prepared, play(prepared), strict=True):
        if one.name == SWEEP:
            # Its pages are commits of their own, before that of the record: none is left.
            assert reply_content(response, 200) == NOTHING_LEFT
            assert one.users.facts() == one.expected.facts
        else:
            assert response.headers["Idempotent-Replayed"] == "true"
            assert_success(one, response)


@pytest.mark.parametrize(
    ("method", "fault"),
    [(READ, Hang()), (COMMIT, Delay(LATE_SECONDS))],
    ids=["a read is never answered", "a commit takes effect after its timeout"],
)
def test_a_request_succeeds_when_one_of_its_calls_exceeds_the_time_limit(
    proxy: Proxy, new_users: NewUsers, outcome_of: OutcomeOf, method: str, fault: Fault
) -> None:
    """The fault is in each request's first read or commit. A late commit has no further effect."""
    prepared = set_up(new_users, outcome_of)
    proxy.forget()
    proxy.plan = lambda called, number: (
        fault if called == method and number < len(prepared) else None
    )

    responses = play(prepared)
    proxy.settle()

    assert [call.fault for call in proxy.harmed] == [fault] * len(prepared)
    for one, response in zip(prepared, responses, strict=True):
        assert_success(one, response)

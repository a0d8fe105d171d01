"""Faults that last: a clean 503 in time, and a repeat with the same key completes the work once.

All scenes are played at the same moment, since the waiting is the same for one as for all.
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
from tests.chaos.functions.conftest import Known, NewCast
from tests.chaos.functions.endings import NOTHING_LEFT, Ending, agrees, assert_unavailable, replied
from tests.chaos.functions.scenes import SCENES, Cast, Json, Scene, facts
from tests.support.at_once import at_once

PROMISED_SECONDS = 15
CODES = (UNAVAILABLE, ABORTED, DEADLINE_EXCEEDED)
# More than the three seconds that a function gives a call.
TOO_LATE_SECONDS = 3.3
SWEEP = "cleanup_stale_sessions"


class Playing(NamedTuple):
    name: str
    scene: Scene
    cast: Cast
    body: Json
    ending: Ending

    def play(self) -> requests.Response:
        return self.scene.play(self.cast, self.body, key=self.cast.key)


def set_up(new_cast: NewCast, known: Known) -> list[Playing]:
    # First of all, lest a sweep that shows how it ends sweeps what is set up.
    endings = {name: known(name, with_key=True) for name in SCENES}
    made = []
    for name, ending in endings.items():
        cast = new_cast()
        scene = SCENES[name]
        made.append(Playing(name, scene, cast, scene.before(cast), ending))
    return made


def play(all_of_them: Sequence[Playing]) -> list[requests.Response]:
    return at_once([playing.play for playing in all_of_them])


def assert_right(playing: Playing, response: requests.Response) -> None:
    assert replied(response, playing.scene.status) == playing.ending.replied, playing.name
    documents = playing.cast.documents()
    assert facts(documents) == playing.ending.facts, playing.name
    assert agrees(response, documents), playing.name


def no_way_through(method: str, number: int) -> Fault | None:
    """Commits are refused; queries don't get to their end: a sweep reads by query first."""
    code = CODES[number % len(CODES)]
    return Refuse(code) if method == COMMIT else Cut(1, code) if method == QUERY else None


def test_commits_that_never_get_through_are_unavailable_and_a_repeat_completes_the_work_once(
    proxy: Proxy, new_cast: NewCast, known: Known
) -> None:
    playing = set_up(new_cast, known)
    before = [one.cast.documents() for one in playing]
    began = time.monotonic()
    proxy.plan = no_way_through

    for response in play(playing):
        assert_unavailable(response)

    assert time.monotonic() - began < PROMISED_SECONDS
    assert [one.cast.documents() for one in playing] == before
    proxy.clear_faults()
    for one, response in zip(playing, play(playing), strict=True):
        assert "Idempotent-Replayed" not in response.headers
        assert_right(one, response)


def unseen(requests: int) -> Plan:
    """Commits take effect and are not answered; once each request made one, no read succeeds."""
    commits = 0

    def plan(method: str, number: int) -> Fault | None:
        nonlocal commits
        if method == COMMIT:
            commits = number + 1
            return Hang(effective=True)
        return Refuse() if method == READ and commits >= requests else None

    return plan


def test_what_took_effect_unseen_is_unavailable_and_a_repeat_finds_it(
    proxy: Proxy, new_cast: NewCast, known: Known
) -> None:
    playing = set_up(new_cast, known)
    proxy.forget()
    proxy.plan = unseen(len(playing))

    for response in play(playing):
        assert_unavailable(response)

    commits = [call for call in proxy.calls if call.method == COMMIT]
    assert [call.effective for call in commits] == [True] * len(playing)
    assert [facts(one.cast.documents()) for one in playing] == [one.ending.facts for one in playing]
    proxy.clear_faults()
    for one, response in zip(playing, play(playing), strict=True):
        if one.name == SWEEP:
            # Its pages are commits of their own, before that of the record: nothing is left.
            assert replied(response, 200) == NOTHING_LEFT
            assert one.cast.facts() == one.ending.facts
        else:
            assert response.headers["Idempotent-Replayed"] == "true"
            assert_right(one, response)


@pytest.mark.parametrize(
    ("method", "fault"),
    [(READ, Hang()), (COMMIT, Delay(TOO_LATE_SECONDS))],
    ids=["a read is never answered", "a commit lands when it was given up"],
)
def test_a_call_too_slow_for_its_limit_is_got_over(
    proxy: Proxy, new_cast: NewCast, known: Known, method: str, fault: Fault
) -> None:
    """Each request's first read, or first commit; what lands in the end does nothing any more."""
    playing = set_up(new_cast, known)
    proxy.forget()
    proxy.plan = lambda called, number: (
        fault if called == method and number < len(playing) else None
    )

    responses = play(playing)
    proxy.settle()

    assert [call.fault for call in proxy.harmed] == [fault] * len(playing)
    for one, response in zip(playing, responses, strict=True):
        assert_right(one, response)

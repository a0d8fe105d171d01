"""One fault in one call to the database: the right answer all the same, and one effect.

Asked by HTTP of all functions, with the fault on the wire between them and the database.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle
from typing import Any

import pytest
from google.cloud.firestore import WriteBatch

from shared.contract.operation import function_names
from shared.firestore.sweep import PAGE
from testkit.faults.plans import (
    ABORTED,
    COMMIT,
    DEADLINE_EXCEEDED,
    QUERY,
    UNAVAILABLE,
    Cut,
    Fault,
    Lose,
    Refuse,
)
from testkit.faults.proxy import Proxy
from tests.chaos.functions.conftest import Known, NewCast
from tests.chaos.functions.endings import agrees, replied
from tests.chaos.functions.scenes import LONG_AGO, SCENES, Scene, facts

CODES = (UNAVAILABLE, ABORTED, DEADLINE_EXCEEDED)
Code = Any
Faults = tuple[Fault | None, ...]
OF_COMMITS: dict[str, Callable[[Code], Faults]] = {
    "refused": lambda code: (Refuse(code),),
    "reply lost": lambda code: (Lose(code),),
    "refused twice, then its reply lost": lambda code: (Refuse(), Refuse(ABORTED), Lose(code)),
}
OF_STREAMS: dict[str, Callable[[Code], Faults]] = {
    "refused": lambda code: (Refuse(code),),
    "cut midway": lambda code: (Cut(1, code),),
    "cut at its end": lambda code: (Cut(1_000, code),),
}


@dataclass(frozen=True)
class Case:
    name: str
    method: str
    faults: Faults

    @property
    def scene(self) -> Scene:
        return SCENES[self.name]


def _cases() -> list[Any]:
    """Every call of every scene, with every fault that can befall it, the codes taking turns."""
    cases = []
    codes = cycle(CODES)
    for name, scene in SCENES.items():
        for place, method in enumerate(scene.rpcs):
            spared = (None,) * scene.rpcs[:place].count(method)
            for fault, faults in (OF_COMMITS if method == COMMIT else OF_STREAMS).items():
                code = next(codes)
                told = f"{name}-{method} {len(spared) + 1}-{fault} as {code.name}"
                cases.append(pytest.param(Case(name, method, (*spared, *faults(code))), id=told))
        next(codes)
    return cases


def test_every_function_that_reaches_the_database_has_a_scene() -> None:
    """All but practice_turn, which only counts there: test_limited_turns.py."""
    assert {scene.function for scene in SCENES.values()} == {*function_names()} - {"practice_turn"}


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_makes_the_calls_it_is_said_to_make(
    proxy: Proxy, new_cast: NewCast, name: str
) -> None:
    scene, cast = SCENES[name], new_cast()
    body = scene.before(cast)
    proxy.forget()

    scene.play(cast, body, key=cast.key)

    assert tuple(call.method for call in proxy.calls) == scene.rpcs


@pytest.mark.parametrize("case", _cases())
def test_a_fault_is_got_over_and_a_repeat_changes_nothing(
    proxy: Proxy, new_cast: NewCast, known: Known, case: Case
) -> None:
    scene, expected = case.scene, known(case.name, with_key=True)
    cast = new_cast()
    body = scene.before(cast)
    proxy.script(case.method, *case.faults)

    first = scene.play(cast, body, key=cast.key)

    assert proxy.unplayed == {}
    assert [call.fault for call in proxy.harmed] == [fault for fault in case.faults if fault]
    assert replied(first, scene.status) == expected.replied
    assert "Idempotent-Replayed" not in first.headers
    again = scene.play(cast, body, key=cast.key)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    documents = cast.documents()
    assert facts(documents) == expected.facts
    assert agrees(first, documents)


@pytest.mark.parametrize("name", [name for name in SCENES if name != "start_session resumed"])
def test_without_a_key_a_lost_reply_is_got_over_as_well(
    proxy: Proxy, new_cast: NewCast, known: Known, name: str
) -> None:
    """Sent again by its client, it takes effect again only where nothing stored can tell."""
    scene, expected = SCENES[name], known(name, with_key=False)
    cast = new_cast()
    body = scene.before(cast)
    proxy.script(COMMIT, Lose())

    first = scene.play(cast, body, key=None)

    assert [(call.fault, call.effective) for call in proxy.harmed] == [(Lose(), True)]
    assert replied(first, scene.status) == expected.replied
    documents = cast.documents()
    assert facts(documents) == expected.facts
    assert agrees(first, documents)
    again = scene.play(cast, body, key=None)
    assert again.ok, again.text
    assert (cast.facts() == expected.facts) is scene.repeatable


def test_a_sweep_of_pages_goes_on_where_its_query_was_cut(proxy: Proxy, new_cast: NewCast) -> None:
    """Two pages; of the second the query breaks off, and then the reply to its commit gets lost."""
    cast = new_cast()
    session = cast.session()
    stored = cast.client.document(f"practice_sessions/{session['session_id']}").get().to_dict()
    left: WriteBatch = cast.client.batch()
    for number in range(PAGE + 20):
        at = LONG_AGO + timedelta(minutes=number)
        path = f"practice_sessions/{cast.student.uid}-{number}"
        left.set(cast.client.document(path), {**stored, "started_at": at, "last_activity_at": at})
    left.commit()
    scene = SCENES["cleanup_stale_sessions"]
    proxy.script(QUERY, None, Cut(7))
    proxy.script(COMMIT, None, Lose())

    reply = scene.play(cast, {"stale_after_minutes": 525_600}, key=cast.key)

    assert [call.fault for call in proxy.harmed] == [Cut(7), Lose()]
    assert reply.json() == {
        "scanned": PAGE + 20,
        "abandoned": PAGE + 20,
        "remaining": 0,
        "next": None,
    }
    sessions = [d for path, d in cast.documents().items() if path.startswith("practice_sessions/")]
    ended = Counter((session["status"], session["revision"]) for session in sessions)
    assert ended == {("abandoned", 2): PAGE + 20, ("active", 1): 1}

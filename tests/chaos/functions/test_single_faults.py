"""One fault in one call to the database leads to the correct reply and one effect.

The tests call all functions over HTTP. The fault is in their connection to the database.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle
from typing import Any

import pytest
from google.cloud.firestore import WriteBatch

from shared.contract.operation import all_operations
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
from tests.chaos.functions.conftest import NewUsers, OutcomeOf
from tests.chaos.functions.outcomes import equals_stored, reply_content
from tests.chaos.functions.scenes import LONG_AGO, SCENES, SCENES_WITHOUT_KEYS, Scene, facts

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
        return {**SCENES, **SCENES_WITHOUT_KEYS}[self.name]


def _cases(scenes: Mapping[str, Scene]) -> list[Any]:
    """Every call of every scene with each fault possible in it. The codes alternate."""
    cases = []
    codes = cycle(CODES)
    for name, scene in scenes.items():
        for place, method in enumerate(scene.rpcs):
            calls_before = (None,) * scene.rpcs[:place].count(method)
            for fault, faults in (OF_COMMITS if method == COMMIT else OF_STREAMS).items():
                code = next(codes)
                case_id = f"{name}-{method} {len(calls_before) + 1}-{fault} as {code.name}"
                cases.append(
                    pytest.param(Case(name, method, (*calls_before, *faults(code))), id=case_id)
                )
        next(codes)
    return cases


def test_every_function_that_honours_a_key_has_a_scene() -> None:
    """The others store nothing, or no reply. Counts of practice_turn: test_limited_turns.py."""
    storing = {o.function for o in all_operations() if o.honours_idempotency_key}
    assert {scene.function for scene in SCENES.values()} == storing


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_makes_the_declared_calls(proxy: Proxy, new_users: NewUsers, name: str) -> None:
    scene, users = SCENES[name], new_users()
    body = scene.before(users)
    proxy.forget()

    scene.play(users, body, key=users.key)

    assert tuple(call.method for call in proxy.calls) == scene.rpcs


@pytest.mark.parametrize("case", _cases(SCENES))
def test_a_request_succeeds_despite_a_fault_and_a_repeat_changes_nothing(
    proxy: Proxy, new_users: NewUsers, outcome_of: OutcomeOf, case: Case
) -> None:
    scene, expected = case.scene, outcome_of(case.name, with_key=True)
    users = new_users()
    body = scene.before(users)
    proxy.script(case.method, *case.faults)

    first = scene.play(users, body, key=users.key)

    assert proxy.unplayed == {}
    assert [call.fault for call in proxy.harmed] == [fault for fault in case.faults if fault]
    assert reply_content(first, scene.status) == expected.reply
    assert "Idempotent-Replayed" not in first.headers
    again = scene.play(users, body, key=users.key)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    documents = users.documents()
    assert facts(documents) == expected.facts
    assert equals_stored(first, documents)


@pytest.mark.parametrize("case", _cases(SCENES_WITHOUT_KEYS))
def test_a_request_without_keys_succeeds_despite_a_fault_and_may_be_repeated(
    proxy: Proxy, new_users: NewUsers, outcome_of: OutcomeOf, case: Case
) -> None:
    scene, expected = case.scene, outcome_of(case.name, with_key=False)
    users = new_users()
    body = scene.before(users)
    proxy.script(case.method, *case.faults)

    first = scene.play(users, body, key=None)

    assert proxy.unplayed == {}
    assert reply_content(first, scene.status) == expected.reply
    documents = users.documents()
    assert facts(documents) == expected.facts
    assert equals_stored(first, documents)
    again = scene.play(users, body, key=None)
    assert again.json() == first.json()
    assert users.documents() == documents


@pytest.mark.parametrize("name", [name for name in SCENES if not name.endswith("resumed")])
def test_a_request_without_a_key_succeeds_despite_a_lost_reply(
    proxy: Proxy, new_users: NewUsers, outcome_of: OutcomeOf, name: str
) -> None:
    """A repeat takes effect again only where the stored documents cannot show the first effect."""
    scene, expected = SCENES[name], outcome_of(name, with_key=False)
    users = new_users()
    body = scene.before(users)
    proxy.script(COMMIT, Lose())

    first = scene.play(users, body, key=None)

    assert [(call.fault, call.effective) for call in proxy.harmed] == [(Lose(), True)]
    assert reply_content(first, scene.status) == expected.reply
    documents = users.documents()
    assert facts(documents) == expected.facts
    assert equals_stored(first, documents)
    again = scene.play(users, body, key=None)
    assert again.ok, again.text
    assert (users.facts() == expected.facts) is scene.repeatable


def test_a_sweep_of_two_pages_continues_where_its_query_was_cut(
    proxy: Proxy, new_users: NewUsers
) -> None:
    """The second page's query is cut off, and then the reply to its commit is lost."""
    users = new_users()
    session = users.session()
    stored = users.client.document(f"practice_sessions/{session['session_id']}").get().to_dict()
    stale: WriteBatch = users.client.batch()
    for number in range(PAGE + 20):
        at = LONG_AGO + timedelta(minutes=number)
        path = f"practice_sessions/{users.student.uid}-{number}"
        stale.set(users.client.document(path), {**stored, "started_at": at, "last_activity_at": at})
    stale.commit()
    scene = SCENES["cleanup_stale_sessions"]
    proxy.script(QUERY, None, Cut(7))
    proxy.script(COMMIT, None, Lose())

    reply = scene.play(users, {"stale_after_minutes": 525_600}, key=users.key)

    assert [call.fault for call in proxy.harmed] == [Cut(7), Lose()]
    assert reply.json() == {
        "scanned": PAGE + 20,
        "abandoned": PAGE + 20,
        "remaining": 0,
        "next": None,
    }
    sessions = [d for path, d in users.documents().items() if path.startswith("practice_sessions/")]
    ended = Counter((session["status"], session["revision"]) for session in sessions)
    assert ended == {("abandoned", 2): PAGE + 20, ("active", 1): 1}

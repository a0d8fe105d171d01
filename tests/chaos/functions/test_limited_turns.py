"""practice_turn counts turns and tokens in the database, where no fault may fail a turn.

When a reservation fails, the model is not called and the offline tutor takes over. The counted
tokens are never fewer than the spent ones.
"""

from collections.abc import Iterator
from secrets import token_hex

import pytest

from local.api import User
from local.examples import theory_template
from local.stack import Stack
from shared.firestore.client import Client
from shared.limits.firestore_counters import COLLECTION, TOTAL
from testkit.faults.plans import ABORTED, COMMIT, Fault, Hang, Lose, Refuse
from testkit.faults.proxy import Proxy
from testkit.model_server import USAGE, replies_with, serving_model
from tests.chaos.functions.conftest import Serve
from tests.support.answers import ok
from tests.support.tutor.writing import a_block

# The commits of a turn that calls the model: the count of turns (with a low limit it is written in
# each turn), the reservation of tokens, and its settlement.
COUNTED, RESERVED, SETTLED = range(3)
# One call for a block, as the places of faults below need it.
LIMITS = {
    "TURNS_PER_MINUTE": "4",
    "STUDENT_TOKENS_PER_DAY": "100000",
    "SOLVE_DRAFTS": "false",
}


@pytest.fixture(scope="module")
def limited(serve: Serve) -> Iterator[Stack]:
    with serving_model() as model:
        model.plays(replies_with(a_block()))
        model_settings = {
            "OPENAI_API_KEY": "k",
            "OPENAI_BASE_URL": model.url,
            "PRACTICE_MODEL": "m",
        }
        with serve(**model_settings, **LIMITS) as running:
            yield running


def begin(stack: Stack) -> str:
    """Takes a new student's first turn. Returns the name of the tutor that wrote its block."""
    student = User(stack, f"student-{token_hex(6)}")
    context = {"source_data": theory_template()}
    turn = ok(student.call("practice_turn", {"session_context": context}))
    session = turn["session_context"]["stored_session"]
    assert session["current"]["question_id"]
    assert turn["usage"]["model_calls"] == (0 if session["degraded"] else 1)
    return "offline" if session["degraded"] else "model"


def counted(client: Client) -> int:
    """The counted tokens of all students."""
    stored = [document.to_dict() for document in client.collection(COLLECTION).stream()]
    return sum(fields[TOTAL] for fields in stored if fields["kind"] == "student_tokens")


@pytest.mark.parametrize("fault", [Refuse(ABORTED), Lose(ABORTED)], ids=["refused", "lost"])
@pytest.mark.parametrize(
    "place", [COUNTED, RESERVED, SETTLED], ids=["counted", "reserved", "settled"]
)
def test_a_fault_in_a_count_does_not_fail_a_turn(
    proxy: Proxy, limited: Stack, direct_client: Client, place: int, fault: Fault
) -> None:
    before = counted(direct_client)
    proxy.script(COMMIT, *[None] * place, fault)

    tutor = begin(limited)

    assert proxy.unplayed == {}
    assert tutor == ("offline" if place == RESERVED else "model")
    spent = USAGE["total_tokens"] if tutor == "model" else 0
    assert counted(direct_client) - before >= spent


def test_a_database_that_never_answers_is_called_twice_and_then_avoided_for_a_while(
    proxy: Proxy, limited: Stack
) -> None:
    """The last test of this module, because the pause would affect the next one."""
    proxy.plan = lambda method, _number: Hang() if method == COMMIT else None

    assert [begin(limited) for _ in range(3)] == ["offline"] * 3

    # One late count may be an exception; after two the database counts as unavailable.
    assert [call.fault for call in proxy.calls] == [Hang()] * 2

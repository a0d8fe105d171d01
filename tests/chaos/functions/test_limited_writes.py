"""The counts of writes are in the database too, where no fault of a count may fail a write."""

from collections.abc import Iterator
from secrets import token_hex

import pytest

from local.api import User
from local.stack import Stack
from shared.firestore.client import Client
from testkit.faults.plans import ABORTED, COMMIT, Fault, Lose, Refuse
from testkit.faults.proxy import Proxy
from tests.chaos.functions.conftest import Serve
from tests.support.answers import ok
from tests.support.stored import user_documents

# With a limit this low, each write is shared: its count is the first commit of a request.
LIMITS = {"TEMPLATE_WRITES_PER_DAY": "20", "SESSION_STARTS_PER_DAY": "20"}
REQUESTS = {
    "create_template": {"name": "Mine", "template_data": {"sections": []}},
    "start_session": {"session_data": {"sections": []}},
}


@pytest.fixture(scope="module")
def limited(serve: Serve) -> Iterator[Stack]:
    with serve(**LIMITS) as running:
        yield running


@pytest.mark.parametrize("fault", [Refuse(ABORTED), Lose(ABORTED)], ids=["refused", "lost"])
@pytest.mark.parametrize("function", REQUESTS)
def test_a_fault_in_a_count_does_not_fail_a_write(
    proxy: Proxy, limited: Stack, direct_client: Client, function: str, fault: Fault
) -> None:
    user = User(limited, f"user-{token_hex(6)}")
    proxy.script(COMMIT, fault)

    ok(user.call(function, REQUESTS[function]), 201)

    assert proxy.unplayed == {}
    assert len([call for call in proxy.calls if call.method == COMMIT]) == 2
    assert user_documents(direct_client, user.uid)

"""Each fault of the proxy: the client's view, the database's state, and the record of calls."""

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from secrets import token_hex
from typing import Any

import pytest
from google.api_core import exceptions
from google.api_core.retry import Retry

from local.emulator import Emulator
from shared.firestore.client import Client
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
    Hold,
    Lose,
    Refuse,
    Script,
    Seeded,
)
from testkit.faults.proxy import ProxiedCall, Proxy, proxied

SHORT_SECONDS = 0.3
ENOUGH_SECONDS = 5.0
NO_RETRY = Retry(predicate=lambda _error: False)
SEEN = {
    ABORTED: exceptions.Aborted,
    DEADLINE_EXCEEDED: exceptions.DeadlineExceeded,
    UNAVAILABLE: exceptions.ServiceUnavailable,
}


@pytest.fixture(scope="module")
def shared_proxy(emulator: Emulator) -> Iterator[Proxy]:
    with proxied(emulator) as proxy:
        yield proxy


@pytest.fixture
def proxy(shared_proxy: Proxy) -> Proxy:
    shared_proxy.clear_faults()
    shared_proxy.forget()
    return shared_proxy


@pytest.fixture
def project_id() -> str:
    return f"demo-{token_hex(6)}"


@pytest.fixture
def faulty_client(
    proxy: Proxy, project_id: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Client]:
    """A client of the proxy."""
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", proxy.host)
    client = Client(project=project_id)
    yield client
    client.close()


@pytest.fixture
def direct_client(
    faulty_client: Client, emulator: Emulator, project_id: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Client]:
    """A client of the same database that bypasses the proxy."""
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", emulator.host)
    client = Client(project=project_id)
    yield client
    client.close()


def create(client: Client, *, seconds: float = ENOUGH_SECONDS) -> None:
    client.document("things/a").create({"n": 1}, retry=None, timeout=seconds)


def exists(client: Client) -> bool:
    return bool(client.document("things/a").get().exists)


def five(client: Client) -> None:
    for number in range(5):
        client.document(f"things/{number}").set({"n": number})


def queried(client: Client, seen: list[int]) -> None:
    """Runs a query of five documents and records each as it arrives."""
    query = client.collection("things").order_by("n")
    for document in query.stream(retry=NO_RETRY, timeout=ENOUGH_SECONDS):
        seen.append(document.get("n"))


def in_background(action: Callable[[], Any]) -> tuple[threading.Thread, list[Any]]:
    """A thread that runs the action, and the list that receives its outcome."""
    outcome: list[Any] = []

    def run() -> None:
        try:
            outcome.append(action())
        except exceptions.GoogleAPICallError as error:
            outcome.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, outcome


def test_a_call_without_a_fault_passes_and_is_recorded(
    proxy: Proxy, faulty_client: Client, direct_client: Client
) -> None:
    create(faulty_client)
    seen: list[int] = []
    queried(faulty_client, seen)
    assert exists(faulty_client)

    assert exists(direct_client)
    assert seen == [1]
    assert [(call.method, call.fault, call.effective) for call in proxy.calls] == [
        (COMMIT, None, True),
        (QUERY, None, True),
        (READ, None, True),
    ]
    assert proxy.harmed == []


def test_the_databases_own_errors_pass_with_their_messages(
    proxy: Proxy, faulty_client: Client
) -> None:
    create(faulty_client)

    with pytest.raises(exceptions.AlreadyExists, match="already exists"):
        create(faulty_client)

    assert [call.effective for call in proxy.calls] == [True, False]


def test_counting_and_subcollections_pass_too(faulty_client: Client) -> None:
    five(faulty_client)

    assert faulty_client.collection("things").count().get()[0][0].value == 5
    assert [collection.id for collection in faulty_client.collections()] == ["things"]


@pytest.mark.parametrize("code", SEEN)
def test_a_refused_call_never_reaches_the_database(
    proxy: Proxy, faulty_client: Client, direct_client: Client, code: Any
) -> None:
    proxy.script(COMMIT, Refuse(code))

    with pytest.raises(SEEN[code]):
        create(faulty_client)

    assert not exists(direct_client)
    assert proxy.harmed == [ProxiedCall(COMMIT, 0, Refuse(code), effective=False)]
    create(faulty_client)
    assert exists(direct_client)


@pytest.mark.parametrize("code", SEEN)
def test_a_call_with_a_lost_reply_took_effect(
    proxy: Proxy, faulty_client: Client, direct_client: Client, code: Any
) -> None:
    proxy.script(COMMIT, Lose(code))

    with pytest.raises(SEEN[code]):
        create(faulty_client)

    assert exists(direct_client)
    assert proxy.harmed == [ProxiedCall(COMMIT, 0, Lose(code), effective=True)]


def test_an_error_reply_is_not_recorded_as_lost(proxy: Proxy, faulty_client: Client) -> None:
    create(faulty_client)
    proxy.script(COMMIT, Lose())

    with pytest.raises(exceptions.AlreadyExists):
        create(faulty_client)

    assert not proxy.harmed[0].effective


@pytest.mark.parametrize("effective", [False, True])
def test_a_hanging_call_lasts_until_the_client_gives_up(
    proxy: Proxy, faulty_client: Client, direct_client: Client, effective: bool
) -> None:
    proxy.script(COMMIT, Hang(effective=effective))
    began = time.monotonic()

    with pytest.raises(exceptions.DeadlineExceeded):
        create(faulty_client, seconds=SHORT_SECONDS)

    assert SHORT_SECONDS * 0.9 < time.monotonic() - began < ENOUGH_SECONDS
    assert exists(direct_client) is effective
    assert [call.effective for call in proxy.harmed] == [effective]


def test_a_delayed_call_arrives_later(
    proxy: Proxy, faulty_client: Client, direct_client: Client
) -> None:
    proxy.script(COMMIT, Delay(SHORT_SECONDS))
    began = time.monotonic()

    create(faulty_client)

    assert time.monotonic() - began >= SHORT_SECONDS
    assert exists(direct_client)


def test_a_call_delayed_beyond_its_deadline_takes_effect_after_the_client_gave_up(
    proxy: Proxy, faulty_client: Client, direct_client: Client
) -> None:
    proxy.script(COMMIT, Delay(2 * SHORT_SECONDS))

    with pytest.raises(exceptions.DeadlineExceeded):
        create(faulty_client, seconds=SHORT_SECONDS)

    assert not exists(direct_client)
    proxy.settle()
    assert exists(direct_client)


@pytest.mark.parametrize("after", [0, 1, 3])
def test_a_query_is_cut_after_so_many_documents(
    proxy: Proxy, faulty_client: Client, direct_client: Client, after: int
) -> None:
    five(direct_client)
    proxy.script(QUERY, Cut(after))
    seen: list[int] = []

    with pytest.raises(exceptions.ServiceUnavailable):
        queried(faulty_client, seen)

    assert seen == list(range(after))
    assert proxy.harmed == [ProxiedCall(QUERY, 0, Cut(after), effective=after > 0, messages=after)]
    seen.clear()
    queried(faulty_client, seen)
    assert seen == [0, 1, 2, 3, 4]


def test_a_cut_after_the_last_document_still_breaks_the_query(
    proxy: Proxy, faulty_client: Client, direct_client: Client
) -> None:
    five(direct_client)
    proxy.script(QUERY, Cut(1_000, ABORTED))
    seen: list[int] = []

    with pytest.raises(exceptions.Aborted):
        queried(faulty_client, seen)

    assert seen == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("effective", [False, True])
def test_a_held_call_is_signalled_and_continues_when_released(
    proxy: Proxy, faulty_client: Client, direct_client: Client, effective: bool
) -> None:
    hold = Hold(effective=effective)
    proxy.script(COMMIT, hold)
    thread, outcome = in_background(lambda: create(faulty_client))

    assert hold.reached.wait(ENOUGH_SECONDS)
    assert exists(direct_client) is effective
    assert outcome == []
    hold.release()
    thread.join(ENOUGH_SECONDS)

    assert outcome == [None]
    assert exists(direct_client)


def test_a_call_held_before_the_database_is_dropped_when_its_client_disconnects(
    proxy: Proxy, faulty_client: Client, direct_client: Client
) -> None:
    hold = Hold()
    proxy.script(COMMIT, hold)
    thread, outcome = in_background(lambda: create(faulty_client, seconds=SHORT_SECONDS))
    thread.join(ENOUGH_SECONDS)

    assert isinstance(outcome[0], exceptions.DeadlineExceeded)
    assert hold.wake.wait(ENOUGH_SECONDS)
    assert not exists(direct_client)
    assert [call.effective for call in proxy.harmed] == [False]


def test_a_closing_proxy_does_not_wait_for_open_calls(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults: list[Fault] = [Hang(), Hang(effective=True), Hold(), Delay(60)]
    running = []
    began = time.monotonic()
    with proxied(emulator) as proxy:
        monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", proxy.host)
        client = Client(project="demo-closing")
        proxy.script(COMMIT, *faults)
        for number in range(len(faults)):
            thing = client.document(f"things/{number}")
            running.append(in_background(partial(thing.set, {}, retry=None, timeout=60)))
        while len(proxy.harmed) < len(faults):
            assert time.monotonic() - began < ENOUGH_SECONDS
    for thread, outcome in running:
        thread.join(ENOUGH_SECONDS)
        assert isinstance(outcome[0], exceptions.GoogleAPICallError)
    client.close()

    assert time.monotonic() - began < 2 * ENOUGH_SECONDS


def test_a_script_takes_precedence_over_the_plan_and_clearing_faults_ends_both(
    proxy: Proxy, faulty_client: Client
) -> None:
    proxy.plan = lambda method, number: Refuse(ABORTED) if (method, number) == (COMMIT, 1) else None
    proxy.script(COMMIT, Refuse())
    for seen in (exceptions.ServiceUnavailable, exceptions.Aborted):
        with pytest.raises(seen):
            create(faulty_client)
    proxy.script(COMMIT, None, Refuse())
    assert proxy.unplayed == {COMMIT: 2}
    create(faulty_client)
    assert proxy.unplayed == {COMMIT: 1}

    proxy.clear_faults()

    assert proxy.unplayed == {}
    assert exists(faulty_client)
    with pytest.raises(exceptions.AlreadyExists):
        create(faulty_client)


def test_a_script_is_played_in_order_and_only_for_its_method() -> None:
    script = Script()
    script.add(COMMIT, [Refuse(), None, Lose()])

    assert script(READ, 0) is None
    assert [script(COMMIT, number) for number in range(4)] == [Refuse(), None, Lose(), None]
    assert script.left == {}


def test_a_seed_reproduces_its_faults_at_the_given_rates() -> None:
    rates: dict[str, list[tuple[float, Fault]]] = {COMMIT: [(0.2, Lose()), (0.1, Refuse(ABORTED))]}

    drawn = [Seeded(7, rates)(COMMIT, number) for number in range(2_000)]

    # The order of requests does not matter.
    plan = Seeded(7, rates)
    assert [plan(COMMIT, number) for number in reversed(range(2_000))] == drawn[::-1]
    assert [Seeded(8, rates)(COMMIT, number) for number in range(2_000)] != drawn
    assert 300 < drawn.count(Lose()) < 500
    assert 130 < drawn.count(Refuse(ABORTED)) < 270
    assert {Seeded(7, rates)(READ, number) for number in range(100)} == {None}


def test_rates_of_more_than_all_calls_are_refused() -> None:
    with pytest.raises(ValueError, match="Commit"):
        Seeded(1, {COMMIT: [(0.6, Lose()), (0.6, Refuse())]})

"""Counters in Firestore are exact, cost one write each and fail quickly."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from local.stack import free_port
from shared.firestore.client import Client
from shared.limits.counters import Counter, CountersUnreachable, counter_for
from shared.limits.firestore_counters import COLLECTION, PAUSE_SECONDS, TIMEOUT_SECONDS
from shared.limits.process_counters import ProcessCounters
from testkit.faults.plans import ABORTED, COMMIT, DEADLINE_EXCEEDED
from tests.integration.limits.conftest import NewCounters, Totals
from tests.support.firestore.faulty_channel import FaultyChannel, Rpc
from tests.support.indexes import index_file

EXPIRES = datetime(2026, 3, 12, tzinfo=UTC)
SPENT = counter_for("student_tokens", "2026-03-10", "sam", expire_at=EXPIRES)
# Time for gRPC, the emulator's first call and a busy machine, beyond the limit itself.
GRACE_SECONDS = 2.0


class Clock:
    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


def test_each_kind_period_and_person_has_a_counter_without_personal_data() -> None:
    counters = [
        counter_for(kind, period, who, expire_at=EXPIRES)
        for kind in ("turns", "student_tokens")
        for period in ("1", "11")
        for who in ("sam", "1 sam", "sam ", "ann")
    ]
    assert len({c.id for c in counters}) == len(counters)
    assert not [c for c in counters if "sam" in c.id or not c.id.isalnum()]


@pytest.mark.parametrize("storage", ["in the process", "in a document"])
def test_an_amount_is_added_and_the_total_returned(storage: str, new_counters: NewCounters) -> None:
    counters = ProcessCounters() if storage == "in the process" else new_counters()
    assert [counters.add(SPENT, amount) for amount in (5, 7, -3, 0, -20)] == [5, 12, 9, 9, -11]
    other = SPENT._replace(id="another")
    assert counters.add(other, 1) == 1


def test_a_count_is_one_write_and_no_read(
    new_counters: NewCounters, channel: FaultyChannel
) -> None:
    counters = new_counters()
    for _ in range(3):
        counters.add(SPENT, 5)
    assert channel.calls == [Rpc(COMMIT, 1)] * 3


def test_a_document_has_kind_count_and_expiry_and_no_user_id(
    new_counters: NewCounters, stored: Client
) -> None:
    new_counters().add(SPENT, 5)
    (document,) = stored.collection(COLLECTION).stream()
    fields = document.to_dict()
    assert fields == {
        "schema_version": 1,
        "kind": "student_tokens",
        "expire_at": EXPIRES,
        "total": 5,
    }
    # A write of an index entry would cost as much again, and a rising one slows all others.
    exempt = index_file().field_overrides
    assert {o.field_path for o in exempt if o.collection_group == COLLECTION} == fields.keys()


def test_a_separate_database_may_hold_the_counts(new_counters: NewCounters, totals: Totals) -> None:
    apart = new_counters(database="limits")
    assert [apart.add(SPENT, 5), apart.add(SPENT, 5)] == [5, 10]
    assert totals() == {}


def test_no_count_of_many_threads_and_processes_is_lost(new_counters: NewCounters) -> None:
    processes = [new_counters() for _ in range(3)]
    for process in processes:
        process.add(SPENT, 0)

    def add(number: int) -> int:
        return processes[number % 3].add(SPENT, 1)

    with ThreadPoolExecutor(12) as threads:
        seen = list(threads.map(add, range(60)))
    assert sorted(seen) == list(range(1, 61))


def test_a_write_with_a_lost_reply_is_not_repeated(
    new_counters: NewCounters, channel: FaultyChannel, totals: Totals
) -> None:
    counters = new_counters()
    channel.lose(COMMIT)
    with pytest.raises(CountersUnreachable):
        counters.add(SPENT, 5)
    assert channel.calls == [Rpc(COMMIT, 1)]
    assert totals() == {"student_tokens": 5}


def test_calls_after_a_failure_fail_at_once_for_a_while(
    new_counters: NewCounters, channel: FaultyChannel
) -> None:
    clock = Clock()
    counters = new_counters(monotonic=clock)
    channel.refuse(COMMIT)
    for _ in range(20):
        with pytest.raises(CountersUnreachable):
            counters.add(SPENT, 5)
    assert channel.calls == [Rpc(COMMIT, 1)]
    clock.seconds += PAUSE_SECONDS
    assert counters.add(SPENT, 5) == 5


def test_contention_on_one_document_does_not_block_another(
    new_counters: NewCounters, channel: FaultyChannel
) -> None:
    counters = new_counters()
    channel.refuse(COMMIT, ABORTED)
    with pytest.raises(CountersUnreachable):
        counters.add(SPENT, 5)
    assert counters.add(Counter("turns", "another", EXPIRES), 1) == 1


def test_a_slow_document_does_not_block_another(
    new_counters: NewCounters, channel: FaultyChannel
) -> None:
    counters, other = new_counters(), Counter("turns", "another", EXPIRES)
    channel.refuse(COMMIT, DEADLINE_EXCEEDED, times=3)
    for _ in range(3):
        with pytest.raises(CountersUnreachable):
            counters.add(SPENT, 5)
    assert counters.add(other, 1) == 1
    channel.refuse(COMMIT, DEADLINE_EXCEEDED)
    with pytest.raises(CountersUnreachable):
        counters.add(other, 1)
    assert counters.add(SPENT, 5) == 5


def test_several_slow_documents_count_as_an_outage_of_the_database(
    new_counters: NewCounters, channel: FaultyChannel
) -> None:
    clock = Clock()
    counters, other = new_counters(monotonic=clock), Counter("turns", "another", EXPIRES)
    channel.refuse(COMMIT, DEADLINE_EXCEEDED, times=2)
    for late in (SPENT, other, SPENT, other):
        with pytest.raises(CountersUnreachable):
            counters.add(late, 1)
    assert len(channel.calls) == 2
    clock.seconds += PAUSE_SECONDS
    assert counters.add(SPENT, 5) == 5


def test_an_unreachable_database_is_detected_in_time(new_counters: NewCounters) -> None:
    counters = new_counters(
        emulator_host=f"127.0.0.1:{free_port()}", timeout_seconds=TIMEOUT_SECONDS
    )
    started = time.monotonic()
    with pytest.raises(CountersUnreachable):
        counters.add(SPENT, 5)
    assert time.monotonic() - started < TIMEOUT_SECONDS + GRACE_SECONDS


def test_a_database_that_never_answers_is_given_up_in_time(new_counters: NewCounters) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        counters = new_counters(
            emulator_host=f"127.0.0.1:{silent.getsockname()[1]}", timeout_seconds=TIMEOUT_SECONDS
        )
        started = time.monotonic()
        with pytest.raises(CountersUnreachable):
            counters.add(SPENT, 5)
        assert TIMEOUT_SECONDS * 0.9 < time.monotonic() - started < TIMEOUT_SECONDS + GRACE_SECONDS


def test_missing_credentials_make_only_the_counters_unreachable(
    new_counters: NewCounters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere/credentials.json")
    with pytest.raises(CountersUnreachable):
        new_counters(emulator_host="").add(SPENT, 5)


def test_the_process_keeps_its_most_recently_used_counters() -> None:
    counters = ProcessCounters(max_counters=3)
    for name in ("a", "b", "a", "c", "a", "d"):
        counters.add(Counter("turns", name, EXPIRES), 1)
    assert counters.add(Counter("turns", "a", EXPIRES), 1) == 4
    assert counters.add(Counter("turns", "b", EXPIRES), 1) == 1

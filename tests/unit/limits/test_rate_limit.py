"""Limits of a day and of amounts. Those of turns: tests/integration/limits/test_turn_limit.py."""

import logging
from bisect import bisect_left
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.common.errors import RateLimited
from shared.limits.counters import Counter
from shared.limits.process_counters import ProcessCounters
from shared.limits.rate_limit import (
    ADDRESS_JOIN_ATTEMPTS,
    DAY,
    LIMIT_KINDS,
    SESSION_STARTS,
    SPREAD_SECONDS,
    STORED_BYTES,
    TEMPLATE_WRITES,
    TURNS,
    LimitKind,
    RateLimit,
)

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 11, tzinfo=UTC)
EVERY_DAILY = pytest.mark.parametrize(
    "kind", [TEMPLATE_WRITES, SESSION_STARTS, STORED_BYTES], ids=lambda kind: kind.name
)


def admits(limit: RateLimit, amount: int = 1, uid: str = "sam", *, at: datetime = NOON) -> bool:
    try:
        limit.admit(uid, amount, at=at)
    except RateLimited:
        return False
    return True


def refusal(limit: RateLimit, amount: int = 1, *, at: datetime = NOON) -> RateLimited:
    with pytest.raises(RateLimited) as refused:
        limit.admit("sam", amount, at=at)
    return refused.value


class RecordingCounters(ProcessCounters):
    """Counters that record what is added to them."""

    def __init__(self) -> None:
        super().__init__()
        self.added: list[tuple[Counter, int]] = []

    def add(self, counter: Counter, amount: int) -> int:
        self.added.append((counter, amount))
        return super().add(counter, amount)


@EVERY_DAILY
def test_a_day_is_limited_until_it_ends(kind: LimitKind) -> None:
    limit = RateLimit(kind, 5)
    hours = [NOON - timedelta(hours=hours) for hours in (11, 8, 5, 3, 0)]
    assert [admits(limit, at=at) for at in hours] == [True] * 5
    for at in (NOON, NOON + timedelta(hours=8), NOON + timedelta(hours=11.9)):
        wait = refusal(limit, at=at).retry_after_seconds
        assert wait is not None
        # The day starts up to a minute early, at a second that is the user's own.
        assert MIDNIGHT - timedelta(seconds=SPREAD_SECONDS) < at + timedelta(seconds=wait)
        assert at + timedelta(seconds=wait) <= MIDNIGHT
        fresh = RateLimit(kind, 1)
        assert admits(fresh, at=at)
        assert not admits(fresh, at=at + timedelta(seconds=wait - 1.002))
        assert admits(fresh, at=at + timedelta(seconds=wait))


def test_at_the_border_of_two_days_each_has_its_own_limit() -> None:
    limit = RateLimit(TEMPLATE_WRITES, 3)
    before = MIDNIGHT - timedelta(seconds=SPREAD_SECONDS)
    border = before + timedelta(milliseconds=first_of_next_day(before))
    moments = [border + timedelta(milliseconds=ms) for ms in (-5, -4, -3, -2, 0, 1, 2, 3)]
    assert [admits(limit, at=at) for at in moments] == [*[True] * 3, False] * 2
    # A thread that is late counts in the day that has begun.
    assert not admits(limit, at=border - timedelta(milliseconds=1))


def first_of_next_day(start: datetime) -> int:
    """The milliseconds after `start` at which the next day of the user begins."""

    def is_in_next_day(milliseconds: int) -> bool:
        limit = RateLimit(TEMPLATE_WRITES, 1)
        assert admits(limit, at=start)
        return admits(limit, at=start + timedelta(milliseconds=milliseconds))

    return bisect_left(range(SPREAD_SECONDS * 1_000 + 1), True, key=is_in_next_day)


def test_days_of_users_end_at_different_seconds_of_the_last_minute() -> None:
    limit = RateLimit(TEMPLATE_WRITES, 1)
    waits = set()
    for number in range(50):
        uid = f"user-{number}"
        assert admits(limit, uid=uid)
        with pytest.raises(RateLimited) as refused:
            limit.admit(uid, at=NOON)
        waits.add(refused.value.retry_after_seconds)
    assert len(waits) > 20
    assert waits <= set(range(12 * 3_600 - SPREAD_SECONDS, 12 * 3_600 + 1))


def test_an_amount_that_exceeds_the_rest_is_refused_and_a_smaller_one_is_not() -> None:
    limit = RateLimit(STORED_BYTES, 1_000)
    assert admits(limit, 700)
    assert not admits(limit, 301)
    assert admits(limit, 200)
    assert not admits(limit, 101)
    assert admits(limit, 100)
    assert not admits(limit, 1)
    assert admits(limit, 1_000, "ann")


def test_an_amount_refused_at_a_shared_count_leaves_the_rest_for_a_smaller_one() -> None:
    counters = ProcessCounters()
    here, elsewhere = (RateLimit(STORED_BYTES, 1_000, lambda: counters) for _ in range(2))
    assert admits(elsewhere, 600)
    assert not admits(here, 500)
    assert admits(here, 350)
    assert not admits(here, 100)


def test_only_each_twentieth_of_a_day_s_limit_is_shared() -> None:
    counters = RecordingCounters()
    limit = RateLimit(STORED_BYTES, 100_000_000, lambda: counters)
    assert all(admits(limit, 4_999_999 // 50) for _ in range(50))
    assert counters.added == []
    assert admits(limit, 1_000_000)
    ((counter, amount),) = counters.added
    assert amount == 50 * (4_999_999 // 50) + 1_000_000
    assert counter.kind == "stored_bytes"


@EVERY_DAILY
def test_a_day_s_count_is_stored_for_a_day_after_it(kind: LimitKind) -> None:
    counters = RecordingCounters()
    assert admits(RateLimit(kind, 1, lambda: counters))
    ((counter, _),) = counters.added
    assert timedelta() <= counter.expire_at - (MIDNIGHT + timedelta(days=1)) < timedelta(minutes=1)


@given(
    st.integers(1, 200),
    st.integers(1, 5),
    st.lists(st.tuples(st.integers(0, 4), st.integers(1, 60)), max_size=300),
)
def test_amounts_over_many_processes_are_bounded(
    most: int, processes: int, asked: list[tuple[int, int]]
) -> None:
    counters = ProcessCounters()
    limits = [RateLimit(STORED_BYTES, most, lambda: counters) for _ in range(processes)]
    taken = 0
    for process, amount in asked:
        if admits(limits[process % processes], amount):
            taken += amount
        else:
            # Nothing is refused that fits into what the whole limit leaves, save what each other
            # process has reported last and then refused.
            assert taken + amount > most - 60 * (processes - 1)
    report_size = -(-most // DAY.parts)
    assert taken <= most + processes * (report_size - 1)


def test_what_is_taken_back_can_be_taken_again() -> None:
    limit = RateLimit(TEMPLATE_WRITES, 2)
    for _ in range(5):
        limit.admit("sam", at=NOON)
        limit.take_back("sam", at=NOON)
    assert [admits(limit) for _ in range(3)] == [True, True, False]
    # Amounts of a forgotten window add nothing to another.
    tomorrow = NOON + timedelta(days=1)
    limit.take_back("sam", at=tomorrow)
    assert [admits(limit, at=tomorrow) for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize(
    ("kind", "detail"),
    [
        (TURNS, "At most 1 turns a minute. Retry after the time given."),
        (
            TEMPLATE_WRITES,
            "At most 1 writes of templates and classes a day. Retry after the time given.",
        ),
        (SESSION_STARTS, "At most 1 starts of sessions a day. Retry after the time given."),
        (
            STORED_BYTES,
            "At most 1 bytes of templates and sessions a day. Retry after the time given.",
        ),
    ],
    ids=lambda value: value.name if isinstance(value, LimitKind) else "",
)
def test_a_refusal_names_its_limit_to_the_client_and_in_the_log(
    caplog: pytest.LogCaptureFixture, kind: LimitKind, detail: str
) -> None:
    with caplog.at_level(logging.WARNING, "practice.limits"):
        assert refusal(RateLimit(kind, 1), 2).detail == detail
    (line,) = caplog.records
    assert vars(line)["fields"] == {"limit": kind.name}
    assert "sam" not in f"{line.getMessage()} {line.__dict__}"


def test_figures_are_written_with_separators() -> None:
    limit = RateLimit(STORED_BYTES, 100_000_000)
    assert refusal(limit, 100_000_001).detail.startswith("At most 100,000,000 bytes")


def test_kinds_count_apart() -> None:
    counters = RecordingCounters()
    kinds = (*LIMIT_KINDS, ADDRESS_JOIN_ATTEMPTS)
    for kind in kinds:
        assert admits(RateLimit(kind, 1, lambda: counters))
    assert len({counter.id for counter, _ in counters.added}) == len(kinds) == 6

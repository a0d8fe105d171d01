"""The limit of turns per minute, in one process and across many."""

import logging
import math
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.common.errors import RateLimited
from shared.limits.counters import Counter, Counters, CountersUnreachable
from shared.limits.process_counters import ProcessCounters
from shared.limits.rate_limit import MAX_USERS, TURNS, RateLimit
from testkit.faults.plans import COMMIT
from tests.integration.limits.conftest import NewCounters, Totals
from tests.support.firestore.faulty_channel import FaultyChannel, Rpc

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)

LIMITS = st.integers(1, 40)
MINUTE_SECONDS = TURNS.period.seconds


def admits(limit: RateLimit, uid: str = "sam", *, at: datetime = NOON) -> bool:
    try:
        limit.admit(uid, at=at)
    except RateLimited:
        return False
    return True


def refusal(limit: RateLimit, uid: str = "sam", *, at: datetime = NOON) -> RateLimited:
    with pytest.raises(RateLimited) as refused:
        limit.admit(uid, at=at)
    return refused.value


def no_counters() -> Counters:
    raise AssertionError("nobody is to be told")


class RecordingCounters:
    """Counters that record each amount, and lose their replies when not `reachable`."""

    def __init__(self, *, reachable: bool = True) -> None:
        self.reachable = reachable
        self.added: list[int] = []
        self.expire_at: set[datetime] = set()
        self._counters = ProcessCounters()

    def add(self, counter: Counter, amount: int) -> int:
        self.added.append(amount)
        self.expire_at.add(counter.expire_at)
        total = self._counters.add(counter, amount)
        if not self.reachable:
            raise CountersUnreachable
        return total


@given(LIMITS, st.integers(0, 10**6), st.integers(0, 59_999))
def test_turns_are_refused_beyond_the_limit_until_the_minute_is_over(
    per_minute: int, minute: int, milliseconds: int
) -> None:
    limit = RateLimit(TURNS, per_minute)
    at = NOON + timedelta(minutes=minute, milliseconds=milliseconds)
    assert [admits(limit, at=at) for _ in range(per_minute + 3)] == [
        *[True] * per_minute,
        *[False] * 3,
    ]
    seconds = refusal(limit, at=at).retry_after_seconds
    assert seconds is not None
    assert 1 <= seconds <= MINUTE_SECONDS
    # The refusal's wait is neither too short nor more than a second too long.
    assert admits(limit, at=at + timedelta(seconds=seconds))
    fresh = RateLimit(TURNS, per_minute)
    assert all(admits(fresh, at=at) for _ in range(per_minute))
    assert not admits(fresh, at=at + timedelta(seconds=seconds - 1.002))


def test_concurrent_threads_at_the_end_of_a_minute_do_not_restart_it() -> None:
    limit = RateLimit(TURNS, 5)
    edge = NOON + timedelta(seconds=MINUTE_SECONDS - seconds_into_a_minute("sam"))
    moments = [edge + timedelta(milliseconds=sign) for sign in (-1, 1) * 50]
    # At most five of the minute that ends and five of the next.
    assert sum(admits(limit, at=at) for at in moments) in range(5, 11)
    # A larger step back of the clock does not block until it catches up.
    assert admits(limit, at=edge - timedelta(hours=1))


def seconds_into_a_minute(uid: str) -> float:
    """Seconds of the student's minute elapsed at noon."""
    seconds = refusal_after(1, uid).retry_after_seconds
    assert seconds is not None
    return MINUTE_SECONDS - seconds


def refusal_after(turns: int, uid: str) -> RateLimited:
    limit = RateLimit(TURNS, turns)
    for _ in range(turns):
        assert admits(limit, uid)
    return refusal(limit, uid)


@given(
    LIMITS,
    st.lists(st.floats(0, 20, allow_nan=False), min_size=1, max_size=200),
)
def test_no_minute_of_a_student_has_more_turns_than_the_limit(
    per_minute: int, pauses: list[float]
) -> None:
    limit, at = RateLimit(TURNS, per_minute), NOON
    taken: list[datetime] = []
    for pause in pauses:
        at += timedelta(seconds=pause)
        if admits(limit, at=at):
            taken.append(at)
    for start in taken:
        minute = [t for t in taken if start <= t < start + timedelta(seconds=MINUTE_SECONDS)]
        # Any sixty seconds overlap at most two of the student's minutes.
        assert len(minute) <= 2 * per_minute


def test_students_have_limits_of_their_own_and_their_minutes_begin_at_different_seconds() -> None:
    limit = RateLimit(TURNS, 1)
    students = [f"student-{n}" for n in range(50)]
    assert all(admits(limit, uid) for uid in students)
    seconds = {refusal(limit, uid).retry_after_seconds for uid in students}
    assert len(seconds) > 20


def test_an_ordinary_student_is_not_reported_to_the_shared_counters() -> None:
    limit = RateLimit(TURNS, 60, no_counters)
    ordinary = 60 // TURNS.period.parts - 1
    for minute in range(30):
        at = NOON + timedelta(minutes=minute)
        assert all(admits(limit, at=at) for _ in range(ordinary))
    with pytest.raises(AssertionError, match="nobody"):
        limit.admit("sam", at=at)


@given(LIMITS, st.integers(1, 5), st.data())
def test_a_flood_over_many_processes_is_bounded(
    per_minute: int, processes: int, data: st.DataObject
) -> None:
    counters = ProcessCounters()
    limits = [RateLimit(TURNS, per_minute, lambda: counters) for _ in range(processes)]
    asked = data.draw(st.lists(st.integers(0, processes - 1), max_size=300))
    admitted = sum(admits(limits[process]) for process in asked)
    report_size = math.ceil(per_minute / TURNS.period.parts)
    assert admitted <= per_minute + processes * (report_size - 1)
    # No turn is refused before the limit is reached.
    assert admitted >= min(per_minute, len(asked))


def test_a_student_over_the_limit_elsewhere_is_refused_at_the_first_shared_count() -> None:
    counters = ProcessCounters()
    here, elsewhere = (RateLimit(TURNS, 20, lambda: counters) for _ in range(2))
    assert all(admits(elsewhere) for _ in range(20))
    assert [admits(here) for _ in range(6)] == [True] * 4 + [False] * 2


def test_threads_of_one_process_share_its_limit() -> None:
    counters = ProcessCounters()
    limit = RateLimit(TURNS, 100, lambda: counters)
    with ThreadPoolExecutor(50) as threads:
        admitted = list(threads.map(lambda _: admits(limit), range(1_000)))
    assert sum(admitted) == 100


@pytest.mark.parametrize("reachable", [True, False])
def test_an_amount_is_never_reported_twice(reachable: bool) -> None:
    counters = RecordingCounters(reachable=reachable)
    limit = RateLimit(TURNS, 20, lambda: counters)
    assert sum(admits(limit) for _ in range(50)) == 20
    assert counters.added == [5, 5, 5, 5]


def test_a_count_expires_soon_after_its_minute() -> None:
    counters = RecordingCounters()
    limit = RateLimit(TURNS, 4, lambda: counters)
    assert admits(limit)
    (expires,) = counters.expire_at
    assert timedelta(minutes=1) < expires - NOON < timedelta(hours=2)


def test_each_process_uses_its_own_count_without_the_shared_one() -> None:
    counters = RecordingCounters(reachable=False)
    limits = [RateLimit(TURNS, 20, lambda: counters) for _ in range(3)]
    assert [sum(admits(limit) for _ in range(50)) for limit in limits] == [20, 20, 20]


def test_memory_is_bounded_for_any_number_of_students() -> None:
    limit = RateLimit(TURNS, 60)
    for n in range(MAX_USERS + 5_000):
        limit.admit(f"student-{n}", at=NOON)
    assert len(limit._windows._entries) == MAX_USERS


def test_a_refusal_is_logged_by_kind_without_a_user_id(
    caplog: pytest.LogCaptureFixture,
) -> None:
    limit = RateLimit(TURNS, 1)
    limit.admit("sam-secret", at=NOON)
    with caplog.at_level(logging.WARNING, "practice.limits"):
        refusal(limit, "sam-secret")
    (line,) = caplog.records
    assert vars(line)["fields"] == {"limit": "turns"}
    assert "secret" not in f"{line.getMessage()} {line.__dict__}"


def test_processes_share_a_document(
    new_counters: NewCounters, channel: FaultyChannel, totals: Totals
) -> None:
    first, second = new_counters(), new_counters()
    here, elsewhere = RateLimit(TURNS, 20, lambda: first), RateLimit(TURNS, 20, lambda: second)
    assert sum(admits(elsewhere) for _ in range(15)) == 15
    assert sum(admits(here) for _ in range(20)) == 5
    # One document written for every five turns, and none read.
    assert channel.calls == [Rpc(COMMIT, 1)] * 4
    assert totals() == {"turns": 20}

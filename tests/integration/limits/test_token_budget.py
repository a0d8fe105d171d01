"""The daily token budget: reservations, settlements, leases and refusals."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from threading import Lock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.limits.counters import Counter, Counters, CountersUnreachable
from shared.limits.process_counters import ProcessCounters
from shared.limits.project_quota import LEASES_PER_DAY, ProjectTokenQuota
from shared.limits.student_quota import StudentTokenQuota
from shared.limits.token_budget import REFUSAL_PAUSE, BudgetReservation, TokenBudget, TokenQuota
from testkit.faults.plans import COMMIT, UNAVAILABLE
from tests.integration.limits.conftest import NewCounters, Totals
from tests.support.firestore.faulty_channel import ALWAYS, FaultyChannel

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
TOMORROW = NOON + timedelta(days=1)
FROM_NOW = timedelta(minutes=2)


class RecordingCounters:
    """Counters in memory that record each call."""

    def __init__(self) -> None:
        self.added: list[tuple[str, int]] = []
        self.expire_at: set[datetime] = set()
        self.reachable = True
        self.takes_back = True
        self._counters = ProcessCounters()

    def add(self, counter: Counter, amount: int) -> int:
        if not self.reachable or (amount < 0 and not self.takes_back):
            raise CountersUnreachable
        self.added.append((counter.kind, amount))
        self.expire_at.add(counter.expire_at)
        return self._counters.add(counter, amount)

    def total(self, kind: str) -> int:
        return sum(amount for of, amount in self.added if of == kind)


def budget_of(counters: Counters, *, student: int = 0, project: int = 0) -> TokenBudget:
    """The budget of one process."""
    quotas: list[TokenQuota] = []
    if project:
        quotas.append(ProjectTokenQuota(project, lambda: counters))
    if student:
        quotas.append(StudentTokenQuota(student, lambda: counters))
    return TokenBudget(quotas)


def reserved(
    budget: TokenBudget, tokens: int, uid: str = "sam", *, at: datetime = NOON
) -> BudgetReservation:
    made = budget.reserve(uid, tokens, at=at)
    assert made is not None
    return made


@pytest.mark.parametrize("limit", ["student", "project"])
def test_a_budget_is_spent_completely_and_not_exceeded(limit: str) -> None:
    budget = budget_of(RecordingCounters(), **{limit: 1_000})
    for _ in range(3):
        reserved(budget, 300)
    assert budget.reserve("sam", 300, at=NOON) is None
    assert budget.reserve("sam", 100, at=NOON + FROM_NOW) is not None
    assert budget.reserve("sam", 1, at=NOON + FROM_NOW) is None


@pytest.mark.parametrize("limit", ["student", "project"])
def test_tokens_that_a_call_did_not_use_can_be_spent_again(limit: str) -> None:
    budget = budget_of(RecordingCounters(), **{limit: 1_000})
    for _ in range(90):
        reserved(budget, 900).settle(1)
    reserved(budget, 900).settle(0)
    assert budget.reserve("sam", 911, at=NOON) is None
    reserved(budget, 910, at=NOON + FROM_NOW)


@pytest.mark.parametrize("limit", ["student", "project"])
def test_a_call_that_cost_more_than_reserved_is_charged_in_full(limit: str) -> None:
    counters = RecordingCounters()
    budget = budget_of(counters, **{limit: 10_000})
    reserved(budget, 100).settle(5_000)
    assert budget.reserve("sam", 5_001, at=NOON) is None
    reserved(budget, 5_000, at=NOON + FROM_NOW)
    assert counters.total(f"{limit}_tokens") == 10_000


@pytest.mark.parametrize("limit", ["student", "project"])
def test_each_day_has_its_budget_and_a_call_is_charged_to_the_day_it_began(limit: str) -> None:
    counters = RecordingCounters()
    budget = budget_of(counters, **{limit: 1_000})
    last_second = datetime(2026, 3, 10, 23, 59, 59, tzinfo=UTC)
    long_call = reserved(budget, 900, at=last_second)
    assert budget.reserve("sam", 900, at=last_second) is None
    midnight = last_second + timedelta(seconds=1)
    reserved(budget, 900, at=midnight)
    long_call.settle(0)
    assert budget.reserve("sam", 900, at=midnight) is None
    assert counters.expire_at == {
        datetime(2026, 3, 12, tzinfo=UTC),
        datetime(2026, 3, 13, tzinfo=UTC),
    }


def test_a_day_is_a_utc_day_in_every_time_zone() -> None:
    budget = budget_of(RecordingCounters(), student=1_000)
    late = datetime.fromisoformat("2026-03-10T23:30:00-05:00")
    reserved(budget, 900, at=late.replace(hour=12))
    reserved(budget, 900, at=late)
    assert budget.reserve("sam", 900, at=datetime(2026, 3, 11, 20, tzinfo=UTC)) is None


def test_a_late_thread_at_midnight_spends_from_the_new_day() -> None:
    budget = budget_of(RecordingCounters(), project=1_000)
    reserved(budget, 600, at=TOMORROW)
    assert budget.reserve("sam", 600, at=NOON) is None


def test_students_have_separate_budgets_and_share_the_projects() -> None:
    budget = budget_of(RecordingCounters(), student=1_000, project=2_500)
    for uid in ("ann", "sam"):
        reserved(budget, 1_000, uid)
        assert budget.reserve(uid, 1_000, at=NOON) is None
    assert budget.reserve("tom", 1_000, at=NOON) is None
    reserved(budget, 500, "tom", at=NOON + FROM_NOW)


def test_a_refusal_by_one_limit_reserves_nothing_from_the_other() -> None:
    counters = RecordingCounters()
    budget = budget_of(counters, student=1_000, project=100_000)
    for n in range(20):
        assert budget.reserve("greedy", 5_000, at=NOON + n * FROM_NOW) is None
    assert counters.total("student_tokens") == 0
    assert counters.total("project_tokens") == 5_000
    for n in range(100):
        reserved(budget, 1_000, f"student-{n}")
    assert counters.total("project_tokens") == 100_000


@pytest.mark.parametrize("limit", ["student", "project"])
def test_a_spent_budget_is_not_counted_again_for_a_minute(limit: str) -> None:
    counters = RecordingCounters()
    budget = budget_of(counters, **{limit: 1_000})
    reserved(budget, 900)
    asked = len(counters.added)
    for second in range(int(REFUSAL_PAUSE.total_seconds())):
        assert budget.reserve("sam", 900, at=NOON + timedelta(seconds=second)) is None
    assert len(counters.added) == asked + 2
    assert budget.reserve("sam", 900, at=NOON + REFUSAL_PAUSE) is None
    assert len(counters.added) == asked + 4


@pytest.mark.parametrize("limit", ["student", "project"])
def test_the_pause_ends_with_the_day(limit: str) -> None:
    budget = budget_of(RecordingCounters(), **{limit: 1_000})
    last_second = datetime(2026, 3, 10, 23, 59, 59, tzinfo=UTC)
    reserved(budget, 900, at=last_second)
    assert budget.reserve("sam", 900, at=last_second) is None
    reserved(budget, 900, at=last_second + timedelta(seconds=1))


@pytest.mark.parametrize("limit", ["student", "project"])
def test_nothing_is_reserved_while_counters_are_unreachable(limit: str) -> None:
    counters = RecordingCounters()
    counters.reachable = False
    budget = budget_of(counters, **{limit: 1_000})
    assert budget.reserve("sam", 1, at=NOON) is None
    counters.reachable = True
    reserved(budget, 1_000)


def test_a_settlement_that_fails_leaves_the_reservation_counted() -> None:
    counters = RecordingCounters()
    budget = budget_of(counters, student=1_000)
    call = reserved(budget, 900)
    counters.reachable = False
    call.settle(10)
    counters.reachable = True
    assert counters.total("student_tokens") == 900
    assert budget.reserve("sam", 101, at=NOON) is None


def test_an_existing_lease_outlives_an_outage() -> None:
    counters = RecordingCounters()
    budget = budget_of(counters, project=1_000_000)
    reserved(budget, 4_000).settle(10)
    counters.reachable = False
    for _ in range(300):
        reserved(budget, 1_000).settle(10)


@given(st.lists(st.integers(1, 3_000), max_size=300), st.integers(20_000, 10**7))
def test_a_process_that_ends_loses_little_more_than_it_used(costs: list[int], per_day: int) -> None:
    counters, most = RecordingCounters(), 3_000
    budget = budget_of(counters, project=per_day)
    used = 0
    for cost in costs:
        if (call := budget.reserve("sam", most, at=NOON)) is not None:
            call.settle(cost)
            used += cost
    leased = counters.total("project_tokens")
    assert used <= leased <= per_day
    assert leased - used <= most + max(most, min(2 * (used + most), per_day // LEASES_PER_DAY))


def test_the_last_lease_is_the_remainder() -> None:
    counters = RecordingCounters()
    others, here = (budget_of(counters, project=1_000_000) for _ in range(2))
    reserved(others, 998_000)
    reserved(here, 1_000)
    # A lease twice the last one is due, and only half of that remains.
    for _ in range(2):
        reserved(here, 500)
    assert here.reserve("sam", 1, at=NOON) is None
    assert counters.total("project_tokens") == 1_000_000


def test_tokens_that_could_not_be_returned_are_lost_and_the_rest_is_spent() -> None:
    counters = RecordingCounters()
    counters.takes_back = False
    others, here = (budget_of(counters, project=1_000_000) for _ in range(2))
    reserved(others, 998_000)
    reserved(here, 1_000)
    for _ in range(2):
        reserved(here, 500)
    assert counters.total("project_tokens") == 1_001_000
    assert here.reserve("sam", 1, at=NOON) is None
    assert others.reserve("sam", 1, at=NOON) is None


def test_a_remainder_too_small_for_one_call_serves_another() -> None:
    counters = RecordingCounters()
    here, elsewhere = (budget_of(counters, project=1_000) for _ in range(2))
    reserved(elsewhere, 900)
    assert here.reserve("sam", 101, at=NOON) is None
    reserved(elsewhere, 100)


def test_a_lease_ends_with_its_day() -> None:
    counters = RecordingCounters()
    here, elsewhere = (budget_of(counters, project=1_000) for _ in range(2))
    reserved(here, 1_000).settle(0)
    reserved(here, 1_000, at=TOMORROW)
    assert elsewhere.reserve("sam", 1_000, at=TOMORROW) is None


def test_leases_are_few() -> None:
    counters = RecordingCounters()
    budget = budget_of(counters, project=20_000_000)
    for _ in range(1_000):
        reserved(budget, 14_000).settle(3_000)
    assert len(counters.added) < 50


def test_refusals_are_logged_by_kind_without_user_ids(
    caplog: pytest.LogCaptureFixture,
) -> None:
    counters = RecordingCounters()
    with caplog.at_level(logging.WARNING, "practice.limits"):
        budget_of(counters, student=10).reserve("secret", 11, at=NOON)
        budget_of(counters, project=10).reserve("secret", 11, at=NOON)
        counters.reachable = False
        budget_of(counters, student=10).reserve("secret", 11, at=NOON)
    fields = [vars(line)["fields"] for line in caplog.records]
    assert [logged for logged in fields if "limit" in logged] == [
        {"limit": "student_tokens"},
        {"limit": "project_tokens"},
        {"limit": "unreachable"},
    ]
    assert "secret" not in caplog.text


def test_a_nearly_spent_project_budget_is_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    counters = RecordingCounters()
    processes = [budget_of(counters, project=1_000) for _ in range(2)]
    logged = []
    with caplog.at_level(logging.WARNING, "practice.limits"):
        for n in range(10):
            reserved(processes[n % 2], 100)
            logged.append([line.getMessage() for line in caplog.records])
    assert logged == [[]] * 7 + [["project tokens nearly spent"]] * 3


@dataclass
class Call:
    uid: str
    day: date
    tokens: int
    reservation: BudgetReservation


@given(st.integers(0, 2**32), st.integers(100, 5_000), st.integers(100, 20_000))
def test_no_budget_is_exceeded_by_any_interleaving_of_three_processes(
    seed: int, student: int, project: int
) -> None:
    chance, counters = Random(seed), RecordingCounters()
    processes = [budget_of(counters, student=student, project=project) for _ in range(3)]
    at, open_calls = NOON, list[Call]()
    spent: dict[tuple[date, str], int] = {}

    def charged(day: date, uid: str | None = None) -> int:
        calls = [c.tokens for c in open_calls if c.day == day and uid in (None, c.uid)]
        paid = [n for (on, who), n in spent.items() if on == day and uid in (None, who)]
        return sum(calls) + sum(paid)

    for _ in range(120):
        at += timedelta(minutes=chance.choice([0, 0, 0, 1, 5, 240]))
        if open_calls and chance.random() < 0.4:
            call = open_calls.pop(chance.randrange(len(open_calls)))
            cost = chance.randint(0, call.tokens)
            call.reservation.settle(cost)
            key = call.day, call.uid
            spent[key] = spent.get(key, 0) + cost
            continue
        uid, tokens = chance.choice(["ann", "sam"]), chance.randint(1, student)
        made = chance.choice(processes).reserve(uid, tokens, at=at)
        if made is not None:
            open_calls.append(Call(uid, at.date(), tokens, made))
            assert charged(at.date(), uid) <= student
            assert charged(at.date()) <= project


def race(processes: list[TokenBudget], threads: int, reserve: Callable[[TokenBudget], int]) -> int:
    """The sum that all threads got, with ten attempts each."""
    got, lock = 0, Lock()

    def play(number: int) -> None:
        nonlocal got
        for _ in range(10):
            tokens = reserve(processes[number % len(processes)])
            with lock:
                got += tokens

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(play, range(threads)))
    return got


def hundred(budget: TokenBudget) -> int:
    return 100 if budget.reserve("sam", 100, at=NOON) is not None else 0


@pytest.mark.parametrize("limit", ["student", "project"])
def test_fifty_threads_get_exactly_the_budget(limit: str) -> None:
    counters = RecordingCounters()
    got = race([budget_of(counters, **{limit: 20_000})], 50, hundred)
    assert counters.total(f"{limit}_tokens") <= 20_000
    # Two threads that meet at the end may both be refused, with no new lease for a minute.
    assert 20_000 - 50 * 100 <= got <= 20_000


@pytest.mark.parametrize("limit", ["student", "project"])
def test_three_processes_over_the_same_documents_get_no_more_than_the_budget(
    limit: str, new_counters: NewCounters, totals: Totals
) -> None:
    processes = [budget_of(new_counters(), **{limit: 3_000}) for _ in range(3)]
    for process in processes:
        reserved(process, 100).settle(0)
    got = race(processes, 9, hundred)
    # A process keeps the tokens that it leased and did not spend.
    assert got <= totals()[f"{limit}_tokens"] <= 3_000
    assert got >= 3_000 - 9 * 100


@pytest.mark.parametrize("limit", ["student", "project"])
def test_a_lease_with_a_lost_reply_is_neither_used_nor_requested_again(
    limit: str, new_counters: NewCounters, channel: FaultyChannel, totals: Totals
) -> None:
    budget = budget_of(new_counters(), **{limit: 20_000})
    channel.lose(COMMIT)
    assert budget.reserve("sam", 15_000, at=NOON) is None
    assert channel.methods == [COMMIT]
    assert totals() == {f"{limit}_tokens": 15_000}
    assert budget.reserve("sam", 15_000, at=NOON) is None


def test_a_call_costs_two_writes_and_an_occasional_lease(
    new_counters: NewCounters, channel: FaultyChannel, totals: Totals
) -> None:
    budget = budget_of(new_counters(), student=200_000, project=20_000_000)
    for _ in range(20):
        reserved(budget, 14_000).settle(3_000)
    assert totals()["student_tokens"] == 60_000
    assert channel.methods == [COMMIT] * (2 * 20 + 3)


def test_an_unreachable_database_is_not_waited_for_repeatedly(
    new_counters: NewCounters, channel: FaultyChannel
) -> None:
    budget = budget_of(new_counters(), student=200_000, project=20_000_000)
    channel.refuse(COMMIT, UNAVAILABLE, times=ALWAYS)
    assert race([budget], 20, hundred) == 0
    assert len(channel.calls) <= 2

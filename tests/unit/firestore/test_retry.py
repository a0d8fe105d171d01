"""Pauses between attempts: random, growing, and within the time that a request has left."""

import random
import time

import pytest
from google.api_core.exceptions import ServiceUnavailable

from shared.domain.common.errors import Unavailable
from shared.firestore import retry
from shared.firestore.retry import Deadline, retry_until_settled

NO_CONNECTION: type[Exception] = ServiceUnavailable


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses in seconds. Sleep is replaced, so they take no time."""
    made: list[float] = []
    monkeypatch.setattr(time, "sleep", made.append)
    return made


def test_pauses_are_spread_over_a_span_that_doubles_up_to_a_second(pauses: list[float]) -> None:
    random.seed(1)
    deadline = Deadline(1_000)
    for attempt in range(retry.MAX_ATTEMPTS):
        pauses.clear()
        for _ in range(200):
            deadline.pause(attempt)
        span = min(1.0, 0.05 * 2**attempt)
        assert 0 <= min(pauses) < 0.1 * span
        assert 0.9 * span < max(pauses) <= span


def test_a_pause_ends_with_the_time_that_is_left(pauses: list[float]) -> None:
    for _ in range(200):
        Deadline(0.01).pause(attempt=10)
        Deadline(-1).pause(attempt=10)
    assert 0 <= min(pauses) <= max(pauses) <= 0.01


@pytest.mark.parametrize("seed", range(20))
def test_a_step_that_fails_at_once_is_repeated_for_nearly_as_long_as_the_request_has(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """As on a channel that waits to reconnect, of which each call fails without a delay."""
    now = 0.0

    def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    def step(_deadline: Deadline) -> str:
        if now < 6:
            raise NO_CONNECTION("no connection")
        return "connected"

    monkeypatch.setattr(time, "sleep", sleep)
    monkeypatch.setattr(time, "monotonic", lambda: now)
    monkeypatch.setattr(retry, "_random", random.Random(seed))
    assert retry_until_settled(step) == "connected"


def test_a_call_may_take_three_seconds_or_the_time_left_and_is_refused_without_any() -> None:
    assert Deadline(100).timeout() == 3
    assert 0 < Deadline(0.5).timeout() <= 0.5
    with pytest.raises(Unavailable):
        Deadline(0).timeout()

"""Somebody is told when most of a day's tokens are spent, once, while there is time to act."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from shared.limits.process_counters import ProcessCounters
from shared.limits.project_quota import ProjectTokenQuota

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
BUDGET = 1_000_000


def told_at(
    quota: ProjectTokenQuota, caplog: pytest.LogCaptureFixture, *, at: datetime
) -> list[int]:
    """How much had been spent whenever it was told, spending all of the day's tokens."""
    caplog.clear()
    spent, told = 0, []
    while quota.reserve("sam", 10_000, at=at) is not None:
        spent += 10_000
        if any(record.message == "project tokens nearly spent" for record in caplog.records):
            told.append(spent)
            caplog.clear()
    return told


def test_it_is_told_once_a_day_at_four_fifths(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "practice.limits")
    counters = ProcessCounters()
    quota = ProjectTokenQuota(BUDGET, lambda: counters)
    for day in range(2):
        (spent,) = told_at(quota, caplog, at=NOON + timedelta(days=day))
        assert 0.78 * BUDGET <= spent <= 0.82 * BUDGET


def test_of_many_processes_one_tells_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "practice.limits")
    counters = ProcessCounters()
    quotas = [ProjectTokenQuota(BUDGET, lambda: counters) for _ in range(5)]
    while [quota for quota in quotas if quota.reserve("sam", 10_000, at=NOON) is not None]:
        pass
    told = [r for r in caplog.records if r.message == "project tokens nearly spent"]
    assert len(told) == 1
    assert told[0].levelname == "WARNING"

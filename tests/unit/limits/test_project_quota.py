"""The warning that most of a day's project tokens are spent."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from shared.limits.process_counters import ProcessCounters
from shared.limits.project_quota import ProjectTokenQuota

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
BUDGET = 1_000_000


def spent_at_warnings(
    quota: ProjectTokenQuota, caplog: pytest.LogCaptureFixture, *, at: datetime
) -> list[int]:
    """The tokens spent at each warning, while all of the day's tokens are spent."""
    caplog.clear()
    spent, warnings = 0, []
    while quota.reserve("sam", 10_000, at=at) is not None:
        spent += 10_000
        if any(record.message == "project tokens nearly spent" for record in caplog.records):
            warnings.append(spent)
            caplog.clear()
    return warnings


def test_a_warning_is_logged_once_a_day_at_four_fifths_of_the_quota(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING, "practice.limits")
    counters = ProcessCounters()
    quota = ProjectTokenQuota(BUDGET, lambda: counters)
    for day in range(2):
        (spent,) = spent_at_warnings(quota, caplog, at=NOON + timedelta(days=day))
        assert 0.78 * BUDGET <= spent <= 0.82 * BUDGET


def test_only_one_of_many_processes_logs_the_warning(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "practice.limits")
    counters = ProcessCounters()
    quotas = [ProjectTokenQuota(BUDGET, lambda: counters) for _ in range(5)]
    while [quota for quota in quotas if quota.reserve("sam", 10_000, at=NOON) is not None]:
        pass
    warnings = [r for r in caplog.records if r.message == "project tokens nearly spent"]
    assert len(warnings) == 1
    assert warnings[0].levelname == "WARNING"

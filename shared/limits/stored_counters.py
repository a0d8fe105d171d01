"""The counters that may be stored about one student, for exports and erasure (admin/).

A counter's id is a hash, so the counters of a student can't be queried. They are enumerated: each
day and minute that is recent enough gives one id.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from shared.limits import quota_days, rate_limit
from shared.limits.counters import Counter
from shared.limits.student_quota import StudentTokenQuota

# Firestore deletes an expired document within about a day.
TTL_DELAY = timedelta(days=2)
# Instances may have counted by clocks that are ahead of ours.
CLOCK_SKEW = timedelta(minutes=5)


def possible_counters(uid: str, *, at: datetime) -> Iterator[Counter]:
    """The student's counter of every day and minute whose document may still be stored at `at`."""
    latest = at + CLOCK_SKEW
    first_day = quota_days.day_of(at - quota_days.COUNTER_RETENTION - TTL_DELAY) - timedelta(days=1)
    for days in range((quota_days.day_of(latest) - first_day).days + 1):
        day = first_day + timedelta(days=days)
        yield quota_days.daily_counter(StudentTokenQuota.kind, day, uid)
    for kind in rate_limit.LIMIT_KINDS:
        earliest = at - timedelta(seconds=kind.period.retention_seconds) - TTL_DELAY
        yield from rate_limit.counters_between(kind, uid, earliest, latest)

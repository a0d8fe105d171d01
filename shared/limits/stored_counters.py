"""Which counters may be stored about a student: their ids tell nobody, so they are made up again.

No function needs this; it serves the rights of access and erasure, from admin/.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from shared.limits.counters import Counter
from shared.limits.quota_days import KEPT, counter_of_day, day_of
from shared.limits.student_quota import StudentTokenQuota
from shared.limits.turn_limit import KEPT_SECONDS, WINDOW_SECONDS, counter_at

# The database deletes what has expired within a day or so.
DELETED_WITHIN = timedelta(days=2)
# Clocks differ.
AHEAD = timedelta(minutes=5)


def counters_about(uid: str, *, at: datetime) -> Iterator[Counter]:
    """Those of every day and minute whose count may still be there."""
    since = day_of(at - KEPT - DELETED_WITHIN) - timedelta(days=1)
    for days in range((day_of(at + AHEAD) - since).days + 1):
        yield counter_of_day(StudentTokenQuota.kind, since + timedelta(days=days), uid)
    minute = timedelta(seconds=WINDOW_SECONDS)
    earliest = at - timedelta(seconds=KEPT_SECONDS) - DELETED_WITHIN
    for minutes in range((at + AHEAD - earliest) // minute + 1):
        yield counter_at(uid, earliest + minutes * minute)

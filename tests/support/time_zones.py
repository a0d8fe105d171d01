"""A time zone for tests in which the date must not change."""

from datetime import UTC, datetime

_HOURS_BEHIND = datetime.now(UTC).hour - 12
# The zone where it is about noon when the tests begin, so that no midnight falls between calls.
ZONE_OF_NOON = f"Etc/GMT{_HOURS_BEHIND:+d}" if _HOURS_BEHIND else "Etc/GMT"

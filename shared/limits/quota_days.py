"""The day of a token quota: from midnight to midnight, UTC."""

from datetime import UTC, date, datetime, time, timedelta

from shared.limits.counters import Counter, counter_for

# How long a counter is stored after its day.
COUNTER_RETENTION = timedelta(days=1)


def day_of(at: datetime) -> date:
    return at.astimezone(UTC).date()


def end_of_day(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(tzinfo=UTC))


def daily_counter(kind: str, day: date, subject: str) -> Counter:
    """The counter of one kind, UTC day and subject (a user id, or "all")."""
    return counter_for(
        kind, day.isoformat(), subject, expire_at=end_of_day(day) + COUNTER_RETENTION
    )

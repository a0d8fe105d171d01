"""Days of a budget: from midnight to midnight, UTC."""

from datetime import UTC, date, datetime, time, timedelta

from shared.limits.counters import Counter, counter

KEPT = timedelta(days=1)


def day_of(at: datetime) -> date:
    return at.astimezone(UTC).date()


def midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(tzinfo=UTC))


def counter_of_day(kind: str, day: date, who: str) -> Counter:
    return counter(kind, day.isoformat(), who, expire_at=midnight_after(day) + KEPT)

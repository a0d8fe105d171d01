"""A write counts in two limits, or in none."""

from datetime import UTC, datetime

import pytest

from shared.domain.common.errors import RateLimited
from shared.limits.rate_limit import STORED_BYTES, TEMPLATE_WRITES, RateLimit
from shared.limits.write_limit import MIN_COUNTED_BYTES, WriteLimit

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def limit(*, requests: int | None = None, stored_bytes: int | None = None) -> WriteLimit:
    return WriteLimit(
        requests=None if requests is None else RateLimit(TEMPLATE_WRITES, requests),
        stored_bytes=None if stored_bytes is None else RateLimit(STORED_BYTES, stored_bytes),
    )


def refused_by(limit: WriteLimit, size: int) -> str:
    """The kind that refuses a body of this size; "" where it is admitted."""
    try:
        limit.admit("sam", lambda: size, at=NOON)
    except RateLimited as refused:
        return next(kind for kind in ("writes", "bytes") if kind in refused.detail)
    return ""


def unread() -> int:
    raise AssertionError("the body is not needed")


def test_a_small_request_counts_as_the_minimum_and_a_larger_one_as_its_size() -> None:
    few = limit(stored_bytes=10 * MIN_COUNTED_BYTES)
    assert [refused_by(few, 0) for _ in range(11)] == [*[""] * 10, "bytes"]
    large = limit(stored_bytes=10 * MIN_COUNTED_BYTES)
    assert refused_by(large, 9 * MIN_COUNTED_BYTES + 1) == ""
    assert refused_by(large, 1) == "bytes"


def test_a_request_that_one_limit_refuses_counts_in_neither() -> None:
    both = limit(requests=3, stored_bytes=100_000)
    assert refused_by(both, 90_000) == ""
    assert [refused_by(both, 90_000) for _ in range(9)] == ["bytes"] * 9
    assert [refused_by(both, 4_000) for _ in range(2)] == [""] * 2
    # Refused for their number, so that the last 2,000 bytes stay as they are.
    assert [refused_by(both, 0) for _ in range(2)] == ["writes"] * 2


def test_a_body_is_measured_only_where_its_bytes_count() -> None:
    limit(requests=1).admit("sam", unread, at=NOON)
    spent = limit(requests=1, stored_bytes=10**6)
    spent.admit("sam", lambda: 0, at=NOON)
    with pytest.raises(RateLimited):
        spent.admit("sam", unread, at=NOON)
    limit().admit("sam", unread, at=NOON)

"""The limits on what one user stores in a day: a number of requests, and the bytes of bodies."""

from collections.abc import Callable
from datetime import datetime

from shared.domain.common.errors import RateLimited
from shared.limits.rate_limit import RateLimit

# A small request costs documents too. So the limit of bytes bounds the number of requests as well.
MIN_COUNTED_BYTES = 4_000


class WriteLimit:
    """`requests` bounds the number of requests, `stored_bytes` the bytes of their bodies."""

    def __init__(self, *, requests: RateLimit | None, stored_bytes: RateLimit | None) -> None:
        self._requests = requests
        self._stored_bytes = stored_bytes

    def admit(self, uid: str, body_size: Callable[[], int], *, at: datetime) -> None:
        """Counts one request and its bytes. Raises RateLimited, and then counts neither."""
        if self._requests is not None:
            self._requests.admit(uid, at=at)
        if self._stored_bytes is not None:
            amount = max(MIN_COUNTED_BYTES, body_size())
            try:
                self._stored_bytes.admit(uid, amount, at=at)
            except RateLimited:
                if self._requests is not None:
                    self._requests.take_back(uid, at=at)
                raise

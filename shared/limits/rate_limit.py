"""The limit on what one user takes in a minute or in a day: requests, or the bytes of their bodies.

Each process counts on its own, so that an ordinary user causes no database call. The requests or
bytes of a fast user are reported to a counter that all instances share, a part of the limit at a
time, and the reply tells how much other processes have reported.
"""

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from zlib import crc32

from shared.domain.common.errors import RateLimited
from shared.limits.counters import Counter, Counters, CountersUnreachable, counter_for
from shared.lru_cache import LruCache

MAX_USERS = 10_000
# The windows of users begin at different seconds of a minute.
SPREAD_SECONDS = 60

logger = logging.getLogger("practice.limits")


@dataclass(frozen=True)
class Period:
    """The length of a window; its counters are stored for `retention_seconds` after it.

    A process reports each time a user has taken a part of the limit, one of `parts`. A user who
    stays below is never reported.
    """

    seconds: int
    retention_seconds: int
    parts: int


MINUTE = Period(seconds=60, retention_seconds=3_600, parts=4)
# Many processes start and end in a day, and what a user has taken in one since its last report is
# forgotten with it: so the parts are smaller.
DAY = Period(seconds=86_400, retention_seconds=86_400, parts=20)
HOUR = Period(seconds=3_600, retention_seconds=3_600, parts=10)


@dataclass(frozen=True)
class LimitKind:
    """A kind of limit. `name` is that of the limit in counters and in the log."""

    name: str
    period: Period
    unit: str


TURNS = LimitKind("turns", MINUTE, "turns a minute")
TEMPLATE_WRITES = LimitKind("template_writes", DAY, "writes of templates and classes a day")
SESSION_STARTS = LimitKind("session_starts", DAY, "starts of sessions a day")
STORED_BYTES = LimitKind("stored_bytes", DAY, "bytes of templates and sessions a day")
JOIN_ATTEMPTS = LimitKind("join_attempts", HOUR, "join codes that open no class an hour")
# Its subjects are network addresses. All other limits count users.
ADDRESS_JOIN_ATTEMPTS = LimitKind(
    "address_join_attempts", HOUR, "join codes that open no class an hour from one address"
)
LIMIT_KINDS = (TURNS, TEMPLATE_WRITES, SESSION_STARTS, STORED_BYTES, JOIN_ATTEMPTS)


@dataclass
class _Window:
    """The amounts of one user in one window.

    `local` was admitted by this process; `reported` of it has been sent to the shared counter,
    successfully or not. `remote` was admitted by other processes, as far as known.
    """

    number: int
    local: int = 0
    reported: int = 0
    remote: int = 0


class RateLimit:
    """At most `most` of one kind for each user and window, in a process, which its threads share.

    `counters` is called when a user is first reported; without it, each process limits alone.
    """

    def __init__(
        self, kind: LimitKind, most: int, counters: Callable[[], Counters] | None = None
    ) -> None:
        self._kind = kind
        self._most = most
        self._counters = counters
        self._report_size = math.ceil(most / kind.period.parts)
        self._windows: LruCache[_Window] = LruCache(MAX_USERS)
        self._lock = Lock()

    def admit(self, uid: str, amount: int = 1, *, at: datetime) -> None:
        """Counts an amount. Raises RateLimited, with the seconds until the user's next window.

        A refused amount is not counted; a smaller one may still be admitted. While the shared
        counter is unreachable, each process limits what it admits itself.
        """
        number, seconds_left = _window_at(self._kind.period, uid, at)
        with self._lock:
            window = self._current_window(uid, number)
            is_refused = window.local + window.remote + amount > self._most
            if not is_refused:
                window.local += amount
            counts = not is_refused and self._counters is not None
            unreported = window.local - window.reported if counts else 0
            if unreported >= self._report_size:
                # Set before the report, so that no other thread and no retry reports it again.
                window.reported = window.local
        if unreported >= self._report_size:
            self._report(window, _counter_of(self._kind, uid, window.number), unreported)
            with self._lock:
                is_refused = window.local + window.remote > self._most
                if is_refused:
                    window.local -= amount
        if is_refused:
            name = self._kind.name
            logger.warning("limit reached: %s", name, extra={"fields": {"limit": name}})
            raise RateLimited(
                f"At most {self._most:,} {self._kind.unit}. Retry after the time given.",
                retry_after_seconds=max(1, math.ceil(seconds_left)),
            )

    def take_back(self, uid: str, amount: int = 1, *, at: datetime) -> None:
        """Uncounts an amount that was admitted at this time, because another limit refused it."""
        number, _ = _window_at(self._kind.period, uid, at)
        with self._lock:
            window = self._current_window(uid, number)
            window.local = max(0, window.local - amount)

    def _current_window(self, uid: str, number: int) -> _Window:
        window = self._windows.get(uid)
        # A thread that is late at the end of a window counts in the next one, which has begun.
        if window is None or window.number not in (number, number + 1):
            window = _Window(number)
            self._windows.put(uid, window)
        return window

    def _report(self, window: _Window, counter: Counter, amount: int) -> None:
        assert self._counters is not None
        try:
            total = self._counters().add(counter, amount)
        except CountersUnreachable:
            return
        with self._lock:
            # `reported` may include what another thread is still sending. The difference is then
            # too low, and the next report corrects it.
            window.remote = max(window.remote, total - window.reported)


def counters_between(kind: LimitKind, uid: str, first: datetime, last: datetime) -> list[Counter]:
    """The shared counters of the user's windows, from the one at `first` to the one at `last`."""
    (start, _), (end, _) = (_window_at(kind.period, uid, at) for at in (first, last))
    return [_counter_of(kind, uid, number) for number in range(start, end + 1)]


def _window_at(period: Period, uid: str, at: datetime) -> tuple[int, float]:
    """The number of the user's window and the seconds left of it, more than 0.

    Windows start at a different second for each user, so that refused clients do not all return at
    once. A day therefore starts up to a minute before midnight (UTC).
    """
    spread = crc32(uid.encode()) % SPREAD_SECONDS
    number, passed = divmod(at.timestamp() + spread, period.seconds)
    return int(number), period.seconds - passed


def _counter_of(kind: LimitKind, uid: str, number: int) -> Counter:
    expires = (number + 1) * kind.period.seconds + kind.period.retention_seconds
    expire_at = datetime.fromtimestamp(expires, UTC)
    return counter_for(kind.name, str(number), uid, expire_at=expire_at)

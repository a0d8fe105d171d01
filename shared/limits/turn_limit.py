"""How many turns a student may take in a minute.

Each process counts by itself, so an ordinary student costs no call to a database. Only of one who
is fast does it tell the others: every few turns it adds them to a count that all instances share,
and learns from the total what was taken elsewhere.
"""

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from zlib import crc32

from shared.domain.common.errors import RateLimited
from shared.limits.counters import Counter, Counters, CountersUnreachable, counter
from shared.lru_cache import LruCache

WINDOW_SECONDS = 60
# A student who stays below a quarter of the limit in each process is never told of.
SHARES = 4
MOST_REMEMBERED = 10_000
KEPT_SECONDS = 3_600

logger = logging.getLogger("practice.limits")


@dataclass
class _Window:
    """One student's turns in the minute that is on.

    `own` were taken here, `told` of them are in the shared count or got lost on the way there;
    `others` were taken elsewhere, as far as is known.
    """

    number: int
    own: int = 0
    told: int = 0
    others: int = 0


class TurnLimit:
    """One per process, for all threads.

    `counters` makes the shared counts when they are first needed; None: each process for itself.
    """

    def __init__(
        self,
        per_minute: int,
        counters: Callable[[], Counters] | None = None,
        *,
        remembered: int = MOST_REMEMBERED,
    ) -> None:
        self._per_minute = per_minute
        self._counters = counters
        self._told_each = math.ceil(per_minute / SHARES)
        self._windows: LruCache[_Window] = LruCache(remembered)
        self._lock = Lock()

    def admit(self, uid: str, *, at: datetime) -> None:
        """Counts a turn. Raises RateLimited; to be refused makes nobody wait the longer.

        With the shared count out of reach what was taken elsewhere is not known, and the limit
        holds for each process by itself.
        """
        number, seconds_left = _window(uid, at)
        with self._lock:
            window = self._current(uid, number)
            full = self._is_full(window)
            if not full:
                window.own += 1
            untold = 0 if full or self._counters is None else window.own - window.told
            if untold >= self._told_each:
                # Told by this thread alone, and never again, whatever becomes of it.
                window.told = window.own
        if untold >= self._told_each:
            self._tell(window, _counter(uid, window.number), untold)
            with self._lock:
                full = window.own + window.others > self._per_minute
        if full:
            logger.warning("limit reached: turns", extra={"fields": {"limit": "turns"}})
            raise RateLimited(retry_after_seconds=max(1, math.ceil(seconds_left)))

    def _current(self, uid: str, number: int) -> _Window:
        window = self._windows.get(uid)
        # A thread that is late at the end of a minute counts in the next, and begins none anew.
        if window is None or window.number not in (number, number + 1):
            window = _Window(number)
            self._windows.put(uid, window)
        return window

    def _is_full(self, window: _Window) -> bool:
        return window.own + window.others >= self._per_minute

    def _tell(self, window: _Window, shared: Counter, turns: int) -> None:
        assert self._counters is not None
        try:
            total = self._counters().add(shared, turns)
        except CountersUnreachable:
            return
        with self._lock:
            # `told` may hold what other threads are adding just now; then the next time tells.
            window.others = max(window.others, total - window.told)


def counter_at(uid: str, at: datetime) -> Counter:
    """The shared count of the student's minute that this instant is in."""
    number, _ = _window(uid, at)
    return _counter(uid, number)


def _window(uid: str, at: datetime) -> tuple[int, float]:
    """The number of the minute, and how many seconds of it are left.

    Minutes begin at another second for each student, so that those who were refused don't all come
    back at once.
    """
    number, passed = divmod(at.timestamp() + crc32(uid.encode()) % WINDOW_SECONDS, WINDOW_SECONDS)
    return int(number), WINDOW_SECONDS - passed


def _counter(uid: str, number: int) -> Counter:
    expire_at = datetime.fromtimestamp((number + 1) * WINDOW_SECONDS + KEPT_SECONDS, UTC)
    return counter("turns", str(number), uid, expire_at=expire_at)

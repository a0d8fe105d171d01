"""The limit on the turns of one student per minute.

Each process counts on its own, so that an ordinary student causes no database call. The turns of
a fast student are reported to a counter that all instances share, a few at a time, and the reply
tells how many turns other processes have reported.
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

WINDOW_SECONDS = 60
# A process reports after each quarter of the limit. Students who stay below are never reported.
REPORTS_PER_WINDOW = 4
MAX_STUDENTS = 10_000
# How long a counter is stored after its window.
RETENTION_SECONDS = 3_600

logger = logging.getLogger("practice.limits")


@dataclass
class _Window:
    """One student's turns in one minute.

    `local` turns were admitted by this process; `reported` of them have been sent to the shared
    counter, successfully or not. `remote` turns were admitted by other processes, as far as known.
    """

    number: int
    local: int = 0
    reported: int = 0
    remote: int = 0


class TurnLimit:
    """The limit of a process, which its threads share.

    `counters` is called when a student is first reported; without it, each process limits alone.
    """

    def __init__(self, per_minute: int, counters: Callable[[], Counters] | None = None) -> None:
        self._per_minute = per_minute
        self._counters = counters
        self._report_size = math.ceil(per_minute / REPORTS_PER_WINDOW)
        self._windows: LruCache[_Window] = LruCache(MAX_STUDENTS)
        self._lock = Lock()

    def admit(self, uid: str, *, at: datetime) -> None:
        """Counts one turn. Raises RateLimited, with the seconds until the student's next minute.

        A refused turn is not counted. While the shared counter is unreachable, each process
        limits the turns that it admits itself.
        """
        number, seconds_left = _window_at(uid, at)
        with self._lock:
            window = self._current_window(uid, number)
            full = window.local + window.remote >= self._per_minute
            if not full:
                window.local += 1
            unreported = 0 if full or self._counters is None else window.local - window.reported
            if unreported >= self._report_size:
                # Set before the report, so that no other thread and no retry reports them again.
                window.reported = window.local
        if unreported >= self._report_size:
            self._report(window, _counter_of(uid, window.number), unreported)
            with self._lock:
                full = window.local + window.remote > self._per_minute
        if full:
            logger.warning("limit reached: turns", extra={"fields": {"limit": "turns"}})
            raise RateLimited(retry_after_seconds=max(1, math.ceil(seconds_left)))

    def _current_window(self, uid: str, number: int) -> _Window:
        window = self._windows.get(uid)
        # A thread that is late at the end of a minute counts in the next one, which has begun.
        if window is None or window.number not in (number, number + 1):
            window = _Window(number)
            self._windows.put(uid, window)
        return window

    def _report(self, window: _Window, counter: Counter, turns: int) -> None:
        assert self._counters is not None
        try:
            total = self._counters().add(counter, turns)
        except CountersUnreachable:
            return
        with self._lock:
            # `reported` may include turns that another thread is still sending. The difference
            # is then too low, and the next report corrects it.
            window.remote = max(window.remote, total - window.reported)


def counter_at(uid: str, at: datetime) -> Counter:
    """The shared counter of the student's minute that contains `at`."""
    number, _ = _window_at(uid, at)
    return _counter_of(uid, number)


def _window_at(uid: str, at: datetime) -> tuple[int, float]:
    """The number of the student's minute and the seconds left of it (0 to 60, without 0).

    Minutes start at a different second for each student, so that refused clients do not all
    return at once.
    """
    number, passed = divmod(at.timestamp() + crc32(uid.encode()) % WINDOW_SECONDS, WINDOW_SECONDS)
    return int(number), WINDOW_SECONDS - passed


def _counter_of(uid: str, number: int) -> Counter:
    expires = (number + 1) * WINDOW_SECONDS + RETENTION_SECONDS
    return counter_for("turns", str(number), uid, expire_at=datetime.fromtimestamp(expires, UTC))

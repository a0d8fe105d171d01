"""Totals in the memory of one process: for a single instance, or where limits are not shared."""

from threading import Lock

from shared.limits.counters import Counter
from shared.lru_cache import LruCache

MAX_COUNTERS = 50_000


class ProcessCounters:
    """Totals are lost when the process ends. Beyond `max_counters` the least recently used go."""

    def __init__(self, max_counters: int = MAX_COUNTERS) -> None:
        self._totals: LruCache[int] = LruCache(max_counters)
        self._lock = Lock()

    def add(self, counter: Counter, amount: int) -> int:
        """The total after adding. Never raises."""
        with self._lock:
            total = (self._totals.get(counter.id) or 0) + amount
            self._totals.put(counter.id, total)
            return total

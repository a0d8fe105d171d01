"""Counts in the memory of one process: for one instance, or where limits need not be shared."""

from threading import Lock

from shared.limits.counters import Counter
from shared.lru_cache import LruCache

MOST_COUNTERS = 50_000


class ProcessCounters:
    """Gone with the process. Of very many counters those used last are kept."""

    def __init__(self, most: int = MOST_COUNTERS) -> None:
        self._totals: LruCache[int] = LruCache(most)
        self._lock = Lock()

    def add(self, counter: Counter, amount: int) -> int:
        with self._lock:
            total = (self._totals.get(counter.id) or 0) + amount
            self._totals.put(counter.id, total)
            return total

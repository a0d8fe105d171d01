"""Concurrent calls."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import requests

Call = Callable[[], requests.Response]


def at_once(calls: Sequence[Call]) -> list[requests.Response]:
    """Makes all the calls at the same moment. Returns their responses in order."""
    barrier = Barrier(len(calls))

    def together(call: Call) -> requests.Response:
        barrier.wait(timeout=20)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(together, calls))

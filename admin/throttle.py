"""A limit on the writes of a command, so that the functions stay fast."""

import time
from typing import Annotated

import typer

WritesPerSecond = Annotated[
    int, typer.Option(min=1, help="The maximum number of writes per second.")
]
WRITES_PER_SECOND = 500


class WriteThrottle:
    def __init__(self, writes_per_second: int) -> None:
        self._writes_per_second = writes_per_second
        self._next_write_at = time.monotonic()

    def wait(self, writes: int) -> None:
        """Sleeps as long as `writes` that were just made take at the limit."""
        begin = max(self._next_write_at, time.monotonic())
        self._next_write_at = begin + writes / self._writes_per_second
        time.sleep(max(0.0, self._next_write_at - time.monotonic()))

"""Processor time of a piece of work alone."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from time import process_time


@contextmanager
def taking_less_than(seconds: float) -> Iterator[None]:
    """Fails if the work takes longer.

    A collection of garbage would look through all that the tests before have left, which takes
    longer than the work.
    """
    gc.disable()
    try:
        began = process_time()
        yield
        taken = process_time() - began
    finally:
        gc.enable()
    assert taken < seconds

"""Queries read page by page, so that memory does not grow with the result."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from itertools import repeat
from typing import Any

from google.api_core.retry import Retry
from google.cloud.firestore import Query

from shared.firestore.documents import Document
from shared.firestore.protobuf_values import decode_instant
from shared.firestore.retry import DEADLINE_SECONDS, Deadline, retry_until_settled

# With its own retries a stream that breaks midway raises AttributeError or returns rows twice
# (python-firestore#596). Instead a whole page is read again.
NO_RETRY = Retry(predicate=lambda _error: False)


def query_step(query: Query) -> Callable[[Deadline], list[Any]]:
    """The step that reads the whole result of the query."""
    return lambda deadline: list(query.stream(retry=NO_RETRY, timeout=deadline.timeout()))


def count_step(query: Query) -> Callable[[Deadline], int]:
    """The step that counts the documents in the result; none of them is read."""
    counting = query.count()

    def count(deadline: Deadline) -> int:
        counted = counting.get(retry=NO_RETRY, timeout=deadline.timeout())
        return int(counted[0][0].value)

    return count


def count_documents(query: Query, *, seconds: float) -> int:
    """The number of documents in the result; none of them is read."""
    return retry_until_settled(count_step(query), seconds=seconds)


def read_pages(
    query: Query, *, size: int, as_of: datetime | None = None, seconds: float
) -> Iterator[list[Document]]:
    """The result in order of the documents' names; `seconds` bounds each page.

    With `as_of`, an instant of the last hour, all pages show the database as it was then.
    """
    step = partial(_query_step_as_of, instant=as_of)
    yield from query_pages(query.order_by("__name__"), repeat(size), step=step, seconds=seconds)


def query_pages(
    query: Query,
    sizes: Iterable[int],
    *,
    step: Callable[[Query], Callable[[Deadline], list[Any]]] = query_step,
    seconds: float = DEADLINE_SECONDS,
) -> Iterator[list[Document]]:
    """The result in the query's order: a page of each size, until one is not full.

    `step` makes the step that reads a page; `seconds` bounds each page. No page is empty.
    """
    last: Any = None
    for size in sizes:
        paged = query.limit(size)
        if last is not None:
            paged = paged.start_after(last)
        snapshots = retry_until_settled(step(paged), seconds=seconds)
        if snapshots:
            last = snapshots[-1]
            yield [Document(s.reference.path, s.to_dict(), _update_time(s)) for s in snapshots]
        if len(snapshots) < size:
            return


def _update_time(snapshot: Any) -> datetime:
    """The library has a protobuf message there for queries of a collection group."""
    at: Any = snapshot.update_time
    return at if isinstance(at, datetime) else decode_instant(at)


def _query_step_as_of(query: Query, instant: datetime | None) -> Callable[[Deadline], list[Any]]:
    """The step that reads a page; a large one may take the whole time until the deadline."""
    return lambda deadline: list(
        query.stream(retry=NO_RETRY, timeout=deadline.remaining_seconds, read_time=instant)
    )

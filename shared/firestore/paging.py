"""Queries read page by page, so that memory does not grow with the result."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from google.api_core.retry import Retry
from google.cloud.firestore import Query

from shared.firestore.documents import Document
from shared.firestore.retry import Deadline, retry_until_settled

# With its own retries a stream that breaks midway raises AttributeError or returns rows twice
# (python-firestore#596). Instead a whole page is read again.
NO_RETRY = Retry(predicate=lambda _error: False)


def query_step(query: Query) -> Callable[[Deadline], list[Any]]:
    """The step that reads the whole result of the query."""
    return lambda deadline: list(query.stream(retry=NO_RETRY, timeout=deadline.timeout()))


def count_documents(query: Query, *, seconds: float) -> int:
    """The number of documents in the result; none of them is read."""
    counting = query.count()

    def step(deadline: Deadline) -> int:
        counted = counting.get(retry=NO_RETRY, timeout=deadline.timeout())
        return int(counted[0][0].value)

    return retry_until_settled(step, seconds=seconds)


def read_pages(
    query: Query, *, size: int, as_of: datetime | None = None, seconds: float
) -> Iterator[list[Document]]:
    """The result in order of the documents' names; `seconds` bounds each page.

    With `as_of`, an instant of the last hour, all pages show the database as it was then.
    """
    ordered = query.order_by("__name__").limit(size)
    last: Any = None
    while True:
        paged = ordered if last is None else ordered.start_after(last)
        snapshots = retry_until_settled(_as_of(paged, as_of), seconds=seconds)
        if snapshots:
            last = snapshots[-1]
            yield [Document(s.reference.path, s.to_dict(), s.update_time) for s in snapshots]
        if len(snapshots) < size:
            return


def _as_of(query: Query, instant: datetime | None) -> Callable[[Deadline], list[Any]]:
    """The step that reads a page; a large one may take the whole time until the deadline."""
    return lambda deadline: list(
        query.stream(retry=NO_RETRY, timeout=deadline.remaining_seconds, read_time=instant)
    )

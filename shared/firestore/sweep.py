"""The sweep over sessions that their students left: page by page, each with a precondition."""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from google.cloud.firestore import Query
from google.cloud.firestore_v1.base_query import FieldFilter
from pydantic import BaseModel, ValidationError

from shared.domain.common.fields import Id, Instant, UserId
from shared.domain.sessions.session import Status, abandonment_fields
from shared.firestore.database import Database, Decision, Delete, Update, Write
from shared.firestore.documents import SESSIONS, Document, lock_path
from shared.firestore.paging import NO_RETRY, query_step
from shared.firestore.retry import Deadline, retry_until_settled
from shared.ports.calls import IdempotencyContext, Reply

PAGE = 200  # two writes each, within the 500 that every edition takes in one commit
SWEEP_SECONDS = 45.0  # below the 60 s a function may take by default

logger = logging.getLogger("practice.store")


class SweptFields(BaseModel):
    """What a sweep reads of a session."""

    student_id: UserId
    template_id: Id | None
    started_at: Instant
    last_activity_at: Instant
    revision: int


@dataclass(frozen=True)
class SweepResult:
    """`remaining` stale sessions are left; `next_at` is the last activity of the oldest one."""

    scanned: int
    abandoned: int
    remaining: int
    next_at: datetime | None


class StaleSessionSweep:
    def __init__(self, database: Database) -> None:
        self._database = database

    def run(
        self,
        answer: Callable[[SweepResult], Reply],
        *,
        stale_before: datetime,
        limit: int,
        dry_run: bool,
        once: IdempotencyContext,
    ) -> Reply:
        """Abandons up to `limit` sessions without activity since `stale_before`, oldest first.

        Safe to repeat and to cut off anywhere: each page is done or not done. A student who comes
        back in the meantime keeps the session.
        """
        swept: SweepResult | None = None

        def decide(_documents: object, _budget: Deadline) -> Decision:
            # Only the idempotency record is committed with it. Should that need another attempt,
            # a second sweep would find nothing left and say so.
            nonlocal swept
            swept = swept or self._swept(stale_before, limit, dry_run=dry_run)
            return Decision(answer(swept))

        return self._database.change([], decide, once=once, seconds=SWEEP_SECONDS + 15)

    def _swept(self, stale_before: datetime, limit: int, *, dry_run: bool) -> SweepResult:
        ends = time.monotonic() + SWEEP_SECONDS
        query = self._stale(stale_before)
        scanned = done = 0
        for page in self._pages(query, limit):
            scanned += len(page)
            if not dry_run:
                done += self._abandon([document for document in page if _sound(document)])
            if time.monotonic() > ends:
                break
        remaining, next_at = self._left(query)
        return SweepResult(scanned, done, remaining, next_at)

    def _stale(self, before: datetime) -> Query:
        sessions = self._database.client.collection(SESSIONS)
        return (
            sessions.where(filter=FieldFilter("status", "==", Status.ACTIVE.value))
            .where(filter=FieldFilter("last_activity_at", "<", before))
            .order_by("last_activity_at")
        )

    def _pages(self, query: Query, limit: int) -> Iterator[list[Document]]:
        """Pages of the fields that a sweep needs, so that memory stays flat."""
        last: Any = None
        for start in count(0, PAGE):
            size = min(PAGE, limit - start)
            if size <= 0:
                return
            paged = query.select(list(SweptFields.model_fields)).limit(size)
            if last is not None:
                paged = paged.start_after(last)
            snapshots = retry_until_settled(query_step(paged))
            if snapshots:
                last = snapshots[-1]
                yield [Document(s.reference.path, s.to_dict(), s.update_time) for s in snapshots]
            if len(snapshots) < size:
                return

    def _abandon(self, page: list[Document]) -> int:
        """How many of the page are abandoned now. Sessions that changed since are left alone."""
        pending = page
        done = 0
        again = False

        def step(budget: Deadline) -> None:
            nonlocal pending, done, again
            if again:
                # Someone changed one of them, or the last commit's reply got lost.
                paths = [document.path for document in pending]
                current = self._database.read(paths, budget, only=["status"])
                done += sum(_is_abandoned(current[d.path]) for d in pending)
                pending = [d for d in pending if current[d.path].update_time == d.update_time]
            again = True
            if pending:
                self._database.commit([w for d in pending for w in _writes(d)], budget)

        retry_until_settled(step)
        return done + len(pending)

    def _left(self, query: Query) -> tuple[int, datetime | None]:
        def step(budget: Deadline) -> tuple[int, datetime | None]:
            first = query_step(query.select(["last_activity_at"]).limit(1))(budget)
            if not first:
                return 0, None
            counted = query.count().get(retry=NO_RETRY, timeout=budget.timeout())
            return int(counted[0][0].value), first[0].get("last_activity_at")

        return retry_until_settled(step)


def _sound(document: Document) -> bool:
    """Whether the session can be abandoned: one that can't must not keep the others waiting."""
    try:
        SweptFields.model_validate(document.fields)
    except ValidationError as invalid:
        logger.error("session %s can't be swept: %d faults", document.id, invalid.error_count())
        return False
    return True


def _is_abandoned(document: Document) -> bool:
    return document.fields is not None and document.fields["status"] == Status.ABANDONED


def _writes(document: Document) -> list[Write]:
    fields = document.fields or {}
    writes: list[Write] = [Update(document, abandonment_fields(fields))]
    if fields["template_id"] is not None:
        writes.append(Delete(lock_path(fields["student_id"], fields["template_id"])))
    return writes

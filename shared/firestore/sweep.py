"""The sweep over stale sessions: page by page, each session with a precondition."""

import logging
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from typing import Any

from google.cloud.firestore import Query
from google.cloud.firestore_v1.base_query import FieldFilter
from pydantic import BaseModel, ValidationError

from shared.domain.common.fields import Id, Instant, UserId
from shared.domain.sessions.session import Mode, Status, abandonment_fields
from shared.firestore.database import Database
from shared.firestore.documents import SESSIONS, Document, moved_fields, state_path
from shared.firestore.locks import place, unlock_writes
from shared.firestore.paging import NO_RETRY, query_step
from shared.firestore.retry import Deadline, retry_until_settled
from shared.firestore.unconfirmed_commit import Decision
from shared.firestore.writes import Delete, Update, Write
from shared.ports.calls import IdempotencyContext, R, Reply, StoredReply
from shared.ports.sessions import SweepResult

PAGE = 120  # each session takes up to four writes of a commit
SWEEP_SECONDS = 45.0  # below the 60 s a function may take by default

logger = logging.getLogger("practice.store")


class SweptFields(BaseModel):
    """The fields of a session that a sweep reads."""

    student_id: UserId
    template_id: Id | None
    mode: Mode
    started_at: Instant
    last_activity_at: Instant
    revision: int


class FirestoreStaleSessionSweeper:
    """Implements shared.ports.sessions.StaleSessionSweeper."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sweep(
        self,
        reply_to: Callable[[SweepResult], Reply[R]],
        *,
        stale_before: datetime,
        limit: int,
        dry_run: bool,
        idempotency: IdempotencyContext,
    ) -> Reply[R] | StoredReply:
        decision: Decision[R] | None = None

        def decide(_documents: object, _budget: Deadline) -> Decision[R]:
            # Only the idempotency record is committed with it. Should that need another attempt,
            # a second sweep would find nothing left and report so.
            nonlocal decision
            if decision is None:
                decision = Decision(reply_to(self._sweep(stale_before, limit, dry_run=dry_run)))
            return decision

        return self._database.change(
            [], decide, idempotency=idempotency, seconds=SWEEP_SECONDS + 15
        )

    def _sweep(self, stale_before: datetime, limit: int, *, dry_run: bool) -> SweepResult:
        ends = time.monotonic() + SWEEP_SECONDS
        query = self._stale(stale_before)
        scanned = done = 0
        for page in self._pages(query, limit):
            scanned += len(page)
            if not dry_run:
                done += self._abandon([document for document in page if _is_valid(document)])
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
                # Another request changed one of them, or the last commit's response got lost.
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


def _is_valid(document: Document) -> bool:
    """Whether the session can be abandoned: one that can't must not block the others."""
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
    mode = Mode(fields["mode"])
    ended = Update(document, abandonment_fields(fields), removed=moved_fields(mode))
    state = [Delete(state_path(document.id))] if mode is Mode.INFINITE else []
    locked = place(fields["student_id"], fields["template_id"], mode)
    return [ended, *state, *unlock_writes(locked)]

"""The sweep over stale sessions: page by page, each session with a precondition.

A session is abandoned and its student credited in one commit, so it is credited once.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from google.cloud.firestore import Query
from google.cloud.firestore_v1.base_query import FieldFilter
from pydantic import ValidationError

from shared.domain.classes.assignment import Policy
from shared.domain.sessions.abandonment import abandon_stale_session
from shared.domain.sessions.session import EndReason, Mode, Session, Status, is_empty
from shared.domain.students.student import Student
from shared.firestore.database import Database
from shared.firestore.documents import (
    SESSIONS,
    Document,
    fields_of,
    moved_fields,
    session_of,
    state_path,
    student_of,
    student_path,
)
from shared.firestore.locks import lock_scope, unlock_writes
from shared.firestore.packs import pack_end_writes
from shared.firestore.paging import count_step, query_pages, query_step
from shared.firestore.retry import Deadline, retry_until_settled
from shared.firestore.rows import ended_live_path, ended_live_writes, self_practice_writes
from shared.firestore.unconfirmed_commit import Decision, Documents
from shared.firestore.writes import Delete, Update, Write, create_or_update
from shared.ports.calls import IdempotencyContext, R, Reply, StoredReply
from shared.ports.sessions import SweepResult

# A session takes up to six writes of a commit: itself, its locks, its state, what its class shows
# of it, and its student, who has a row in each of their classes besides.
PAGE = 100
# A student may do homework over weeks: it becomes stale so much later than other sessions. Strict
# work never does: its answers are in its state alone until it is handed in.
WORK_WAITS = timedelta(days=30)
SWEEP_SECONDS = 45.0  # below the 60 s a function may take by default

logger = logging.getLogger("practice.store")


# Free data and a state may be large, and to abandon a session takes neither.
UNREAD = {"session_id", "session_data", "stored_session"}
READ_FIELDS = [name for name in Session.model_fields if name not in UNREAD]

Stale = tuple[Document, Session]


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

        def decide(_documents: object, _deadline: Deadline) -> Decision[R]:
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
        queries = self._stale(stale_before)
        scanned = done = 0
        for page in self._pages(queries, limit):
            scanned += len(page)
            if not dry_run:
                done += self._abandon(list(_valid_sessions(page)))
            if time.monotonic() > ends:
                break
        # Usually nothing is stale: the first pages are empty, and nothing else is left.
        left = [self._left(query) for query in queries] if scanned else []
        oldest = [next_at for _, next_at in left if next_at is not None]
        return SweepResult(
            scanned, done, sum(remaining for remaining, _ in left), min(oldest, default=None)
        )

    def _pages(self, queries: Sequence[Query], limit: int) -> Iterator[Sequence[Document]]:
        """The first sessions of each query, at most `limit` in all.

        Without the fields that a sweep does not need, so that memory stays flat.
        """
        scanned = 0
        for query in queries:
            sizes = (min(PAGE, limit - start) for start in range(scanned, limit, PAGE))
            for page in query_pages(query.select(READ_FIELDS), sizes):
                scanned += len(page)
                yield page

    def _stale(self, before: datetime) -> list[Query]:
        """The stale sessions, and the work on assignments that is stale."""
        sessions = self._database.client.collection(SESSIONS)
        active = sessions.where(filter=FieldFilter("status", "==", Status.ACTIVE.value))
        others = [mode.value for mode in Mode if mode is not Mode.ASSIGNMENT]
        return [
            active.where(filter=mode)
            .where(filter=FieldFilter("last_activity_at", "<", latest))
            .order_by("last_activity_at")
            for mode, latest in (
                (FieldFilter("mode", "in", others), before),
                (FieldFilter("assignment.policy", "==", Policy.OPEN.value), before - WORK_WAITS),
            )
        ]

    def _abandon(self, page: list[Stale]) -> int:
        """How many of the page are abandoned now. Sessions that changed since are left alone."""
        pending = page
        done = 0
        again = False

        def step(deadline: Deadline) -> None:
            nonlocal pending, done, again
            if again:
                # Another request changed one of them, or the last commit's response got lost.
                paths = [document.path for document, _ in pending]
                current = self._database.read(paths, deadline, only=["end_reason"])
                done += sum(_is_abandoned(current[d.path]) for d, _ in pending)
                pending = [
                    (d, s) for d, s in pending if current[d.path].update_time == d.update_time
                ]
            again = True
            students_at = _student_paths(pending)
            stored = self._database.read([*students_at, *_live_paths(pending)], deadline)
            students = _readable_students({path: stored[path] for path in students_at})
            pending = [(d, s) for d, s in pending if _is_creditable(s, students)]
            if pending:
                self._database.commit(list(_writes(pending, students, stored)), deadline)

        retry_until_settled(step)
        return done + len(pending)

    def _left(self, query: Query) -> tuple[int, datetime | None]:
        def step(deadline: Deadline) -> tuple[int, datetime | None]:
            first = query_step(query.select(["last_activity_at"]).limit(1))(deadline)
            if not first:
                return 0, None
            return count_step(query)(deadline), first[0].get("last_activity_at")

        return retry_until_settled(step)


def _valid_sessions(page: Sequence[Document]) -> Iterator[Stale]:
    """The sessions that can be abandoned: one that can't must not block the others."""
    for document in page:
        try:
            fields = {**(document.fields or {}), "session_data": {}}
            session = session_of(Document(document.path, fields, document.update_time))
        except ValidationError as invalid:
            logger.error(
                "session %s can't be swept: %d violations", document.id, invalid.error_count()
            )
        else:
            if session:
                yield document, session


def _student_paths(sessions: Sequence[Stale]) -> list[str]:
    """The students who are credited with any of the sessions."""
    return sorted({student_path(s.student_id) for _, s in sessions if not is_empty(s)})


def _live_paths(sessions: Sequence[Stale]) -> list[str]:
    return sorted({path for _, session in sessions if (path := ended_live_path(session))})


def _readable_students(stored: Documents) -> dict[str, Student]:
    """The students by path, new ones where nothing is stored."""
    students = {}
    for path, document in stored.items():
        with suppress(ValidationError):
            students[path] = student_of(document) or Student(student_id=document.id)
    return students


def _is_creditable(session: Session, students: Mapping[str, Student]) -> bool:
    if is_empty(session) or student_path(session.student_id) in students:
        return True
    logger.error("session %s can't be swept: its student can't be read", session.session_id)
    return False


def _is_abandoned(document: Document) -> bool:
    return document.fields is not None and document.fields.get("end_reason") == EndReason.STALE


def _writes(
    sessions: Sequence[Stale], students: Mapping[str, Student], stored: Documents
) -> Iterator[Write]:
    """The writes that abandon the sessions, oldest first, and credit their students.

    `students` are those to credit, by path; `stored` has their documents, and what their classes
    show of them.
    """
    credited = dict(students)
    for document, session in sessions:
        path = student_path(session.student_id)
        student = credited.get(path) or Student(student_id=session.student_id)
        abandoned, student = abandon_stale_session(session, student)
        if path in credited:
            credited[path] = student
        fields = fields_of(abandoned)
        moved = moved_fields(session.mode)
        yield Update(
            document, {name: fields[name] for name in READ_FIELDS if name in fields}, removed=moved
        )
        if session.is_run_by_tutor:
            yield Delete(state_path(document.id))
        yield from unlock_writes(lock_scope(session.student_id, session.template_id, session.mode))
        yield from pack_end_writes(abandoned)
        shown = ended_live_path(session)
        yield from ended_live_writes(abandoned, stored[shown] if shown else None)
    for path, student in credited.items():
        yield create_or_update(stored[path], fields_of(student))
        yield from self_practice_writes(student)

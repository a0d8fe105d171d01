"""Stale sessions: created for a benchmark, swept, and abandoned by commits alone.

As a command, sweeps until no session is left, and prints the duration and the peak memory:

    FIRESTORE_EMULATOR_HOST=... python -m bench.sweeps
"""

import json
import resource
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.domain.sessions.abandonment import abandon_stale_session
from shared.domain.sessions.session import Mode, Session
from shared.domain.students.student import Student
from shared.firestore.client import Client
from shared.firestore.database import Database
from shared.firestore.documents import session_path
from shared.firestore.locks import LockScope
from shared.firestore.sweep import PAGE, FirestoreStaleSessionSweeper
from shared.ports.calls import IdempotencyContext, Reply
from shared.ports.sessions import SweepResult
from testkit.long_practice import empty_session

PROJECT_ID = "demo-bench"
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
STALE_BEFORE = NOW - timedelta(days=1)
TEMPLATE_ID = "template"
MAX_SESSIONS = 20_000


class StaleSessions:
    """Stale sessions with their locks, numbered from the oldest, in a database of their own.

    Each measurement starts with `waiting` stale sessions.
    """

    def __init__(self, client: Client, *, waiting: int) -> None:
        self._client = client
        self._waiting = waiting
        self._created = 0
        self._abandoned = 0
        self._document = {
            **empty_session().model_dump(mode="python"),
            "mode": Mode.CHECKLIST.value,
            "origin": "assigned",
            "status": "active",
            "template_id": TEMPLATE_ID,
        }

    def fill(self) -> None:
        """Adds sessions until `waiting` are stale."""
        until = self._abandoned + self._waiting
        for page in _pages(range(self._created, until)):
            batch = self._client.batch()
            for number in page:
                fields = self._fields(number)
                batch.set(self._client.document(session_path(str(number))), fields)
                lock = {"session_id": str(number), "schema_version": 1}
                batch.set(self._client.document(_scope(number).lock), lock)
            batch.commit()
        self._created = until

    def measure_sweep(self, limit: int) -> float:
        """Sessions per second of one sweep up to the limit."""
        self.fill()
        began = time.perf_counter()
        done = sweep(self._client, limit)
        seconds = time.perf_counter() - began
        if (done.abandoned, done.remaining) != (limit, self._waiting - limit):
            raise AssertionError(f"of {self._waiting}: {done}")
        self._abandoned += limit
        return limit / seconds

    def measure_dry_run(self, limit: int) -> float:
        """Sessions per second of a dry run, which makes the same queries and no writes."""
        self.fill()
        began = time.perf_counter()
        done = sweep(self._client, limit, dry_run=True)
        seconds = time.perf_counter() - began
        if (done.scanned, done.abandoned) != (limit, 0):
            raise AssertionError(f"of {self._waiting}: {done}")
        return limit / seconds

    def measure_bare_commits(self, count: int) -> float:
        """Sessions per second of the same writes without reads and preconditions."""
        self.fill()
        numbers = range(self._abandoned, self._abandoned + count)
        changes = {number: self._changes(number) for number in numbers}
        began = time.perf_counter()
        for page in _pages(numbers):
            batch = self._client.batch()
            for number in page:
                batch.update(self._client.document(session_path(str(number))), changes[number])
                for lock in _scope(number).locks:
                    batch.delete(self._client.document(lock))
            batch.commit()
        seconds = time.perf_counter() - began
        self._abandoned += count
        return count / seconds

    def _changes(self, number: int) -> dict[str, Any]:
        before = Session.model_validate(self._fields(number))
        after, _ = abandon_stale_session(before, Student(student_id=before.student_id))
        known = before.model_dump()
        return {name: v for name, v in after.model_dump().items() if v != known[name]}

    def _fields(self, number: int) -> dict[str, Any]:
        left_at = STALE_BEFORE - timedelta(days=365) + timedelta(seconds=number)
        return {
            **self._document,
            "session_id": str(number),
            "student_id": _student(number),
            "started_at": left_at - timedelta(minutes=5),
            "last_activity_at": left_at,
        }


def sweep(client: Client, limit: int, *, dry_run: bool = False) -> SweepResult:
    """One sweep over the sessions that are stale at NOW, up to `limit` of them."""
    results: list[SweepResult] = []

    def reply_to(result: SweepResult) -> Reply[None]:
        results.append(result)
        return Reply(None)

    FirestoreStaleSessionSweeper(Database(client)).sweep(
        reply_to,
        stale_before=STALE_BEFORE,
        limit=limit,
        dry_run=dry_run,
        idempotency=IdempotencyContext("scheduler", "cleanup_stale_sessions", None, "", NOW),
    )
    return results[0]


def _student(number: int) -> str:
    return f"student-{number}"


def _scope(number: int) -> LockScope:
    return LockScope(_student(number), TEMPLATE_ID, Mode.CHECKLIST)


def _pages(numbers: range) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), PAGE):
        yield numbers[start : start + PAGE]


def main() -> None:
    client = Client(project=PROJECT_ID)
    began = time.perf_counter()
    calls = count = 0
    remaining = True
    while remaining:  # a call ends before it takes too long, and the scheduler calls again
        done = sweep(client, MAX_SESSIONS)
        calls, count, remaining = calls + 1, count + done.abandoned, done.remaining > 0
    seconds = time.perf_counter() - began
    peak_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    result = {"abandoned": count, "calls": calls, "seconds": seconds, "peak_bytes": peak_bytes}
    print(json.dumps(result))


if __name__ == "__main__":
    main()

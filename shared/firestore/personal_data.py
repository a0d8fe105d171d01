"""The documents about one person: their own, and those of others that name them.

It serves the rights of access and erasure, from admin/; no function needs it. Each query is served
by single-field indexes and listed in docs/queries.json.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from google.api_core.exceptions import GoogleAPICallError
from google.auth.exceptions import GoogleAuthError
from google.cloud.firestore import Query
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.firestore.database import Database
from shared.firestore.documents import (
    ASSIGNMENTS,
    AUDIT,
    CLASSES,
    IDEMPOTENCY,
    LOCKS,
    MEMBERS,
    REPORTS,
    ROWS,
    SESSIONS,
    TEMPLATES,
    TURNS,
    Document,
    session_path,
    student_path,
)
from shared.firestore.paging import count_documents, read_pages
from shared.firestore.retry import COMMAND_DEADLINE_SECONDS, Deadline, retry_until_settled

# Errors of the database's client that are not worth a retry.
ERRORS = (GoogleAPICallError, GoogleAuthError)
KEYS_ONLY = ("__name__",)
ASSIGNMENT_ID = "assignment_id"
READ_AT_ONCE = 500
# Written by shared/limits; only this module reads them besides.
LIMITS = "limits"


class DataKind(StrEnum):
    SESSIONS = "sessions"
    ITEMS = "items"
    TURNS = "turns"  # of strict work
    LOCKS = "locks"
    SKILLS = "skills"
    PACKS = "packs"
    STUDENT = "student"
    IDEMPOTENCY = "idempotency"
    LIMITS = "limits"
    REPORTS = "reports"  # of wrong questions, by the person
    TEMPLATES = "templates"
    ASSIGNED = "assigned"  # templates that are assigned to the person
    NAMED_IN_TEMPLATES = "named_in_templates"  # of an older version: they name their students
    TAUGHT = "taught"  # sessions of others that name the person as their teacher
    REPORTED_TO = "reported_to"  # reports of others that name the person as their teacher
    MEMBERSHIPS = "memberships"  # of classes, present and past
    CLASSES = "classes"  # that the person owns
    TEACHER_OF = "teacher_of"  # classes that name the person as a teacher, owned ones too
    ROWS = "rows"  # of gradebooks
    GRADE_CHANGES = "grade_changes"  # of the person's grades
    CHANGED_GRADES = "changed_grades"  # of others, by the person
    NAMED_IN_ASSIGNMENTS = "named_in_assignments"  # of classes, which name their students


# Their documents belong to sessions.
OF_SESSIONS = (DataKind.ITEMS, DataKind.TURNS)


# The collection, and the field by which a document of the kind names the person.
NAMED_IN = {
    DataKind.SESSIONS: (SESSIONS, "student_id", "=="),
    DataKind.LOCKS: (LOCKS, "student_id", "=="),
    DataKind.IDEMPOTENCY: (IDEMPOTENCY, "uid", "=="),
    DataKind.TEMPLATES: (TEMPLATES, "owner_id", "=="),
    DataKind.NAMED_IN_TEMPLATES: (TEMPLATES, "student_ids", "array_contains"),
    DataKind.TAUGHT: (SESSIONS, "teacher_id", "=="),
    DataKind.REPORTS: (REPORTS, "student_id", "=="),
    DataKind.REPORTED_TO: (REPORTS, "teacher_id", "=="),
    DataKind.CLASSES: (CLASSES, "owner_id", "=="),
    DataKind.TEACHER_OF: (CLASSES, "teacher_ids", "array_contains"),
}
# The same, of all collections of this name.
NAMED_IN_GROUP = {
    DataKind.MEMBERSHIPS: (MEMBERS, "student_id", "=="),
    DataKind.ROWS: (ROWS, "student_id", "=="),
    DataKind.GRADE_CHANGES: (AUDIT, "student_id", "=="),
    DataKind.CHANGED_GRADES: (AUDIT, "by", "=="),
    DataKind.NAMED_IN_ASSIGNMENTS: (ASSIGNMENTS, "student_ids", "array_contains"),
}


class PersonalData:
    """`limits` are the ids that the person's counters may have: the counters themselves don't name
    the person. `limits_in` is the counters' database, where they have one of their own.
    """

    def __init__(
        self,
        database: Database,
        uid: str,
        *,
        limits: Sequence[str] = (),
        limits_in: Database | None = None,
    ) -> None:
        self.database = database
        self.limits_in = limits_in or database
        self.uid = uid
        self._limits = limits

    def query(self, kind: DataKind, *, session_id: str | None = None) -> Query:
        """All documents of the kind; items and turns are those of one session."""
        if kind is DataKind.ITEMS:
            return self._collection(f"{session_path(session_id or '')}/items")
        if kind is DataKind.TURNS:
            return self._collection(f"{session_path(session_id or '')}/{TURNS}")
        if kind is DataKind.SKILLS:
            return self._collection(f"{student_path(self.uid)}/skills")
        if kind is DataKind.PACKS:
            return self._collection(f"{student_path(self.uid)}/packs")
        if kind is DataKind.ASSIGNED:
            return self._collection(f"{student_path(self.uid)}/assigned_templates")
        if kind in NAMED_IN_GROUP:
            name, field, operator = NAMED_IN_GROUP[kind]
            documents: Query = self.database.client.collection_group(name)
        else:
            name, field, operator = NAMED_IN[kind]
            documents = self._collection(name)
        return documents.where(filter=FieldFilter(field, operator, self.uid))

    def pages(
        self,
        kind: DataKind,
        *,
        size: int,
        only: Sequence[str] | None = None,
        session_id: str | None = None,
        as_of: datetime | None = None,
    ) -> Iterator[list[Document]]:
        """The documents of the kind, with the fields that `only` names.

        Those of ASSIGNED are the person's own documents about the templates. A template that is
        assigned to its own owner is among TEMPLATES too.
        """
        if kind is DataKind.STUDENT:
            student = self.student(as_of=as_of)
            if student.fields is not None:
                yield [student]
            return
        if kind is DataKind.LIMITS:
            yield from self._counters(as_of)
            return
        query = self.query(kind, session_id=session_id)
        if only is not None:
            query = query.select(list(only))
        yield from read_pages(query, size=size, as_of=as_of, seconds=COMMAND_DEADLINE_SECONDS)

    def student(self, *, as_of: datetime | None = None) -> Document:
        return self.document(student_path(self.uid), as_of=as_of)

    def document(self, path: str, *, as_of: datetime | None = None) -> Document:
        (snapshot,) = self._snapshots(self.database, [path], as_of)
        return Document(path, snapshot.to_dict(), snapshot.update_time)

    def now(self) -> datetime:
        """The present time of the database, at which reads can be made."""
        (snapshot,) = self._snapshots(self.database, [student_path(self.uid)], None)
        read_at: datetime = snapshot.read_time
        return read_at

    def count(self, kind: DataKind, *, session_id: str | None = None) -> int:
        if kind is DataKind.STUDENT:
            return int(self.student().fields is not None)
        if kind is DataKind.LIMITS:
            return sum(len(page) for page in self._counters(None))
        return count_documents(
            self.query(kind, session_id=session_id), seconds=COMMAND_DEADLINE_SECONDS
        )

    def counts(self) -> dict[DataKind, int]:
        """The number of documents of each kind but those that belong to sessions."""
        return {kind: self.count(kind) for kind in DataKind if kind not in OF_SESSIONS}

    def count_of_sessions(self) -> Iterator[Counter[DataKind]]:
        """The number of documents of each session, by the kinds that belong to sessions."""
        for page in self.pages(DataKind.SESSIONS, size=300, only=[ASSIGNMENT_ID]):
            for session in page:
                # Only strict work on an assignment has turns.
                has_turns = (session.fields or {}).get(ASSIGNMENT_ID) is not None
                kinds = OF_SESSIONS if has_turns else (DataKind.ITEMS,)
                yield Counter({kind: self.count(kind, session_id=session.id) for kind in kinds})

    def _collection(self, path: str) -> Query:
        return self.database.client.collection(path)

    def _counters(self, as_of: datetime | None) -> Iterator[list[Document]]:
        for start in range(0, len(self._limits), READ_AT_ONCE):
            ids = self._limits[start : start + READ_AT_ONCE]
            paths = [f"{LIMITS}/{name}" for name in ids]
            found = self._snapshots(self.limits_in, paths, as_of)
            if page := [
                Document(s.reference.path, s.to_dict(), s.update_time) for s in found if s.exists
            ]:
                yield page

    def _snapshots(
        self, database: Database, paths: Sequence[str], as_of: datetime | None
    ) -> list[Any]:
        """The documents' snapshots in any order, of missing ones too."""
        references = [database.client.document(path) for path in paths]

        def step(deadline: Deadline) -> list[Any]:
            timeout = deadline.remaining_seconds
            return list(
                database.client.get_all(references, retry=None, timeout=timeout, read_time=as_of)
            )

        return retry_until_settled(step, seconds=COMMAND_DEADLINE_SECONDS)

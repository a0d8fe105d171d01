"""Erasing the documents about one person, in commits that each leave a consistent state.

It may be interrupted anywhere and started again: the same queries find the rest. Where a function
writes at the same time, one of the two loses and starts over, because both carry preconditions:

- a session is deleted with the last of its items and turns, its state and its lock, on condition
  that it is as it was before these were listed, so an update in between leaves nothing without a
  session;
- a template is deleted with its students' documents, and a student's document with its entry in
  the template's list, on condition that the list is as it was;
- a lock alone is deleted only where its session is gone, so there are never two active sessions;
- a membership is deleted with the return of its place, on condition that both are as they were;
- a class loses the person as a teacher, with its code where nobody is left to teach it;
- a row of a gradebook is deleted with what its class shows of the student's work of the moment;
- a grade loses the person as the teacher who set it, in its row and in the audit log at once, and
  a question as the one who took it out;
- documents of others are changed on condition that they are as they were read.

The next pass finds documents that a function writes after this one has queried for them.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from shared.domain.classes.join_code import close_join
from shared.domain.classes.membership import MemberStatus
from shared.domain.classes.school_class import without_teacher
from shared.domain.sessions.session import Mode, Status
from shared.firestore.assignments import (
    STUDENT_IDS,
    assigned_path,
    assignment_path,
    student_ids_of,
)
from shared.firestore.classes import deleted_code, place_return
from shared.firestore.database import Database
from shared.firestore.documents import (
    Document,
    Fields,
    class_of,
    class_path,
    fields_of,
    join_path,
    join_settings_of,
    live_path,
    row_path,
    session_path,
    source_path,
    state_path,
    template_path,
)
from shared.firestore.locks import lock_scope, unlock_writes
from shared.firestore.paging import query_step
from shared.firestore.personal_data import (
    ASSIGNMENT_ID,
    KEYS_ONLY,
    OF_SESSIONS,
    DataKind,
    PersonalData,
)
from shared.firestore.retry import COMMAND_DEADLINE_SECONDS, Deadline, retry_until_settled
from shared.firestore.rows import CELLS
from shared.firestore.writes import Delete, Put, Remove, Update, Write

BATCH = 400  # writes of a commit, with room for a session, its state and its lock
REWRITTEN_AT_ONCE = 100  # others write to these too, and one change delays the batch
# Documents that no other document depends on.
ERASED_ALONE = (
    *(DataKind.SKILLS, DataKind.PACKS, DataKind.REPORTS, DataKind.STUDENT),
    *(DataKind.IDEMPOTENCY, DataKind.LIMITS, DataKind.GRADE_CHANGES),
)
NEEDED_OF_SESSION = ("status", "template_id", "mode", ASSIGNMENT_ID)
NEEDED_OF_CHANGE = ("class_id", ASSIGNMENT_ID, "student_id")

# The number of documents of each kind that a commit erased or, of others, changed.
ErasedCounts = Counter[DataKind]


class Erasure:
    def __init__(self, data: PersonalData) -> None:
        self._data = data
        self._database = data.database

    def run_pass(self) -> Iterator[ErasedCounts]:
        """Erases all documents found, a step a commit. A pass without a step found none."""
        for session in self._each(DataKind.SESSIONS, NEEDED_OF_SESSION):
            yield from self._erase_session(session)
        for lock in self._each(DataKind.LOCKS, ["session_id"]):
            yield from self._erase_lock(lock)
        for kind in ERASED_ALONE:
            yield from self._erase_all(kind, lambda document: [Delete(document.path)])
        for template in self._each(DataKind.TEMPLATES, KEYS_ONLY):
            retry_until_settled(self._template_step(template.id), seconds=COMMAND_DEADLINE_SECONDS)
            yield ErasedCounts({DataKind.TEMPLATES: 1})
        for assignment in self._each(DataKind.ASSIGNED, KEYS_ONLY):
            retry_until_settled(self._assignment_step(assignment), seconds=COMMAND_DEADLINE_SECONDS)
            yield ErasedCounts({DataKind.ASSIGNED: 1})
        for member in self._each(DataKind.MEMBERSHIPS, ["class_id", "status"]):
            retry_until_settled(self._membership_step(member), seconds=COMMAND_DEADLINE_SECONDS)
            yield ErasedCounts({DataKind.MEMBERSHIPS: 1})
        for kind in (DataKind.CLASSES, DataKind.TEACHER_OF):
            for school_class in self._each(kind, KEYS_ONLY):
                step = self._class_step(school_class.id)
                retry_until_settled(step, seconds=COMMAND_DEADLINE_SECONDS)
                yield ErasedCounts({kind: 1})
        yield from self._erase_all(DataKind.ROWS, _row_writes)
        for entry in self._each(DataKind.CHANGED_GRADES, NEEDED_OF_CHANGE):
            retry_until_settled(self._grade_step(entry), seconds=COMMAND_DEADLINE_SECONDS)
            yield ErasedCounts({DataKind.CHANGED_GRADES: 1})
        yield from self._rewrite(DataKind.NAMED_IN_TEMPLATES, [STUDENT_IDS], self._without_student)
        yield from self._rewrite(
            DataKind.NAMED_IN_ASSIGNMENTS, [STUDENT_IDS, "version"], self._without_named_student
        )
        yield from self._rewrite(DataKind.TAUGHT, ["teacher_id", "revision"], self._without_teacher)
        yield from self._rewrite(DataKind.REPORTED_TO, ["teacher_id"], self._without_recipient)

    def has_shared_templates(self) -> bool:
        """Whether others practise templates of the person, who then is a teacher."""
        if any(self._data.count(kind) for kind in (DataKind.TAUGHT, DataKind.TEACHER_OF)):
            return True
        pages = self._data.pages(DataKind.TEMPLATES, size=BATCH, only=["visibility"])
        return any(
            (template.fields or {})["visibility"] != "private"
            for page in pages
            for template in page
        )

    def _each(self, kind: DataKind, only: Sequence[str]) -> Iterator[Document]:
        for page in self._data.pages(kind, size=BATCH, only=only):
            yield from page

    def _erase_all(
        self, kind: DataKind, writes: Callable[[Document], list[Write]]
    ) -> Iterator[ErasedCounts]:
        database = self._data.limits_in if kind is DataKind.LIMITS else self._database
        for page in self._data.pages(kind, size=BATCH // 2, only=KEYS_ONLY):
            self._commit(database, [write for document in page for write in writes(document)])
            yield ErasedCounts({kind: len(page)})

    def _erase_session(self, session: Document) -> Iterator[ErasedCounts]:
        done = ErasedCounts()
        while not done[DataKind.SESSIONS]:
            done = retry_until_settled(
                self._session_step(session), seconds=COMMAND_DEADLINE_SECONDS
            )
            yield done

    def _session_step(self, read: Document) -> Callable[[Deadline], ErasedCounts]:
        """Erases a batch of items and turns, with the last one the session, its state and its
        lock.
        """
        session: Document | None = read
        done = ErasedCounts()

        def step(deadline: Deadline) -> ErasedCounts:
            nonlocal session, done
            if session is None:
                session = self._read(read.path, NEEDED_OF_SESSION, deadline)
            if session.fields is None:  # erased before, or by this step, whose response got lost
                return done | ErasedCounts({DataKind.SESSIONS: 1})
            current, session = session, None
            below, done = self._below_session(current, deadline)
            if len(below) == BATCH:
                self._database.commit(below, deadline)
                return done
            locks = self._lock_of(current.fields or {})
            state = Delete(state_path(current.id))
            done += ErasedCounts({DataKind.SESSIONS: 1, DataKind.LOCKS: int(bool(locks))})
            self._database.commit([*below, *locks, state, Remove(current)], deadline)
            return done

        return step

    def _below_session(
        self, session: Document, deadline: Deadline
    ) -> tuple[list[Write], ErasedCounts]:
        """The writes that erase a batch of its items and turns, and the number of each."""
        writes: list[Write] = []
        counts = ErasedCounts()
        # Only strict work on an assignment has turns.
        has_turns = (session.fields or {}).get(ASSIGNMENT_ID) is not None
        for kind in OF_SESSIONS if has_turns else (DataKind.ITEMS,):
            if room := BATCH - len(writes):
                log = self._data.query(kind, session_id=session.id).select(list(KEYS_ONLY))
                found = query_step(log.limit(room))(deadline)
                writes += [Delete(below.reference.path) for below in found]
                counts[kind] = len(found)
        return writes, counts

    def _lock_of(self, session: Fields) -> list[Write]:
        locked = lock_scope(self._data.uid, session["template_id"], Mode(session["mode"]))
        return unlock_writes(locked) if session["status"] == Status.ACTIVE else []

    def _erase_lock(self, first: Document) -> Iterator[ErasedCounts]:
        lock: Document | None = first

        def step(deadline: Deadline) -> bool:
            nonlocal lock
            current = lock or self._read(first.path, ["session_id"], deadline)
            lock = None
            if current.fields is None:
                return True
            session = session_path(current.fields["session_id"])
            if self._read(session, KEYS_ONLY, deadline).fields is not None:
                return False  # started since the sessions were erased: left for the next pass
            self._database.commit([Remove(current)], deadline)
            return True

        if retry_until_settled(step, seconds=COMMAND_DEADLINE_SECONDS):
            yield ErasedCounts({DataKind.LOCKS: 1})

    def _template_step(self, template_id: str) -> Callable[[Deadline], None]:
        path, assigned = template_path(template_id), assigned_path(template_id)

        def step(deadline: Deadline) -> None:
            read = self._database.read([path, assigned], deadline, only=[STUDENT_IDS])
            writes: list[Write] = [Remove(d) for d in read.values() if d.fields is not None]
            students = student_ids_of(read[path], read[assigned])
            writes += [Delete(assignment_path(uid, template_id)) for uid in students]
            self._database.commit([Delete(source_path(template_id)), *writes], deadline)

        return step

    def _assignment_step(self, assignment: Document) -> Callable[[Deadline], None]:
        path = assigned_path(assignment.id)

        def step(deadline: Deadline) -> None:
            listed = self._read(path, [STUDENT_IDS], deadline)
            change = self._without_student(listed.fields or {})
            writes: list[Write] = [Update(listed, change)] if change else []
            self._database.commit([*writes, Delete(assignment.path)], deadline)

        return step

    def _membership_step(self, found: Document) -> Callable[[Deadline], None]:
        def step(deadline: Deadline) -> None:
            member = self._read(found.path, ["class_id", "status"], deadline)
            if member.fields is None:  # erased by this step, whose response got lost
                return
            writes: list[Write] = [Remove(member)]
            if member.fields["status"] == MemberStatus.ACTIVE:
                path = join_path(member.fields["class_id"])
                join = self._database.read([path], deadline)[path]
                writes += place_return(self._database, join, self._data.uid, deadline)
            self._database.commit(writes, deadline)

        return step

    def _class_step(self, class_id: str) -> Callable[[Deadline], None]:
        path, join = class_path(class_id), join_path(class_id)

        def step(deadline: Deadline) -> None:
            read = self._database.read([path, join], deadline)
            school_class = class_of(read[path])
            if school_class is None or not school_class.is_taught_by(self._data.uid):
                return
            after = without_teacher(school_class, self._data.uid, at=datetime.now(UTC))
            writes: list[Write] = [Update(read[path], fields_of(after))]
            settings = join_settings_of(read[join])
            if after.owner_id is None and settings and settings.code:
                writes += [Put(join, fields_of(close_join(settings))), *deleted_code(settings.code)]
            self._database.commit(writes, deadline)

        return step

    def _grade_step(self, entry: Document) -> Callable[[Deadline], None]:
        class_id, assignment_id, student_id = (
            (entry.fields or {}).get(name) for name in NEEDED_OF_CHANGE
        )
        # An entry about a question is of no student.
        rows = [row_path(class_id, student_id)] if class_id and student_id else []

        def step(deadline: Deadline) -> None:
            read = self._database.read([entry.path, *rows], deadline)
            writes: list[Write] = []
            if (read[entry.path].fields or {}).get("by") == self._data.uid:
                writes.append(Update(read[entry.path], {"by": None}))
            for path in rows:
                cells = (read[path].fields or {}).get(CELLS, {})
                cell = cells.get(assignment_id, {})
                if (override := cell.get("override")) and override["by"] == self._data.uid:
                    after = {**cell, "override": {**override, "by": None}}
                    writes.append(Update(read[path], {CELLS: {**cells, assignment_id: after}}))
            if writes:
                self._database.commit(writes, deadline)

        return step

    def _rewrite(
        self, kind: DataKind, only: Sequence[str], change: Callable[[Fields], dict[str, Any] | None]
    ) -> Iterator[ErasedCounts]:
        for page in self._data.pages(kind, size=REWRITTEN_AT_ONCE, only=only):
            retry_until_settled(
                self._rewrite_step(page, only, change), seconds=COMMAND_DEADLINE_SECONDS
            )
            yield ErasedCounts({kind: len(page)})

    def _rewrite_step(
        self,
        page: list[Document],
        only: Sequence[str],
        change: Callable[[Fields], dict[str, Any] | None],
    ) -> Callable[[Deadline], None]:
        documents: list[Document] | None = page

        def step(deadline: Deadline) -> None:
            nonlocal documents
            if documents is None:
                again = self._database.read([d.path for d in page], deadline, only=only)
                documents = list(again.values())
            current, documents = documents, None
            changes = [(d, change(d.fields)) for d in current if d.fields is not None]
            if writes := [Update(d, fields) for d, fields in changes if fields]:
                self._database.commit(writes, deadline)

        return step

    def _without_student(self, students: Fields) -> dict[str, Any] | None:
        """The change that removes the student. A template's version stays: its seal binds it."""
        # Absent in a template moved meanwhile, None in an assignment that is for everybody now.
        listed = students.get(STUDENT_IDS) or []
        left = [uid for uid in listed if uid != self._data.uid]
        return None if left == listed else {STUDENT_IDS: left}

    def _without_named_student(self, assignment: Fields) -> dict[str, Any] | None:
        """The change that removes the student, and refuses one that was made without knowing it."""
        change = self._without_student(assignment)
        return change and {**change, "version": assignment["version"] + 1}

    def _without_teacher(self, session: Fields) -> dict[str, Any] | None:
        if session["teacher_id"] != self._data.uid:
            return None
        return {"teacher_id": None, "revision": session["revision"] + 1}

    def _without_recipient(self, report: Fields) -> dict[str, Any] | None:
        return None if report["teacher_id"] != self._data.uid else {"teacher_id": None}

    def _read(self, path: str, only: Sequence[str], deadline: Deadline) -> Document:
        return self._database.read([path], deadline, only=only)[path]

    def _commit(self, database: Database, writes: Sequence[Write]) -> None:
        retry_until_settled(
            lambda deadline: database.commit(writes, deadline), seconds=COMMAND_DEADLINE_SECONDS
        )


def _row_writes(row: Document) -> list[Write]:
    class_id = row.path.split("/")[1]
    return [Delete(row.path), Delete(live_path(class_id, row.id))]

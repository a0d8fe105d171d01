"""Assignments of classes, the sessions that students begin from them, and grades."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from shared.domain.classes.assignment import Assignment
from shared.domain.classes.membership import Member
from shared.domain.classes.school_class import SchoolClass
from shared.domain.gradebook.rows import Cell
from shared.domain.gradebook.work import work_session_id
from shared.domain.sessions.session import Session
from shared.domain.students.skills import Skill
from shared.domain.students.student import Student
from shared.domain.templates.template import Template
from shared.firestore.assignments import assignment_path, template_for
from shared.firestore.classes import active_members_among
from shared.firestore.database import Database
from shared.firestore.documents import (
    assignments_path,
    audit_path,
    cell_of,
    class_assignment_of,
    class_assignment_path,
    class_of,
    class_path,
    fields_of,
    frozen_template_fields,
    frozen_template_of,
    frozen_template_path,
    member_of,
    member_path,
    row_path,
    session_of,
    session_path,
    skill_of,
    skill_path,
    state_fields,
    state_path,
    student_of,
    student_path,
    template_path,
)
from shared.firestore.paging import count_step
from shared.firestore.retry import Deadline
from shared.firestore.rows import CELLS, begun_work_write, live_writes, row_with_cells_write
from shared.firestore.unconfirmed_commit import Decision, Documents
from shared.firestore.writes import Create, Update, Write
from shared.ports.calls import IdempotencyContext, R, Reply, StoredReply
from shared.ports.class_assignments import (
    DecideAssignment,
    DecideGrade,
    DecideNewAssignment,
    DecideWork,
)


class FirestoreClassAssignmentRepository:
    """Implements shared.ports.class_assignments.ClassAssignmentRepository."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        class_id: str,
        assignment_id: str,
        template_id: str,
        decide: DecideNewAssignment[R],
        *,
        teacher_id: str,
        idempotency: IdempotencyContext,
    ) -> Reply[R] | StoredReply:
        path = class_assignment_path(class_id, assignment_id)
        template = template_path(template_id)
        assigned = assignment_path(teacher_id, template_id)

        def decision(documents: Documents, deadline: Deadline) -> Decision[R]:
            readable = template_for(teacher_id, documents[template], documents[assigned])
            new = decide(_Reader(self._database, class_id, documents, deadline, readable))
            writes: list[Write] = [
                Create(path, fields_of(new.assignment)),
                Create(
                    frozen_template_path(class_id, assignment_id),
                    frozen_template_fields(new.template),
                ),
            ]
            return Decision(new.reply, writes)

        return self._database.change(
            [class_path(class_id), template, assigned],
            decision,
            idempotency=idempotency,
            receipt=path,
        )

    def change(
        self,
        class_id: str,
        assignment_id: str,
        decide: DecideAssignment[R],
        *,
        idempotency: IdempotencyContext,
    ) -> Reply[R] | StoredReply:
        path = class_assignment_path(class_id, assignment_id)

        def decision(documents: Documents, deadline: Deadline) -> Decision[R]:
            reader = _Reader(self._database, class_id, documents, deadline)
            reader.assignment = class_assignment_of(documents[path])
            change = decide(reader)
            if change.assignment is None:
                return Decision(change.reply)
            return Decision(change.reply, [Update(documents[path], fields_of(change.assignment))])

        return self._database.change(
            [class_path(class_id), path], decision, idempotency=idempotency
        )

    def begin(
        self,
        class_id: str,
        assignment_id: str,
        student_id: str,
        decide: DecideWork[R],
        *,
        idempotency: IdempotencyContext,
    ) -> Reply[R] | StoredReply:
        paths = _WorkPaths(class_id, assignment_id, student_id)

        def decision(documents: Documents, deadline: Deadline) -> Decision[R]:
            reader = _WorkReader(self._database, paths, documents, deadline)
            change = decide(reader)
            session = change.session
            if session is None:
                return Decision(change.reply)
            writes: list[Write] = [
                Create(paths.session, fields_of(session)),
                begun_work_write(session),
                *live_writes(session),
            ]
            if session.stored_session is not None:
                writes.append(Create(paths.state, state_fields(session.stored_session)))
            return Decision(change.reply, writes)

        return self._database.change(paths.all, decision, idempotency=idempotency)

    def grade(
        self,
        class_id: str,
        assignment_id: str,
        student_id: str,
        decide: DecideGrade[R],
        *,
        idempotency: IdempotencyContext,
    ) -> Reply[R] | StoredReply:
        assignment = class_assignment_path(class_id, assignment_id)
        member, row = member_path(class_id, student_id), row_path(class_id, student_id)

        def decision(documents: Documents, deadline: Deadline) -> Decision[R]:
            reader = _Reader(self._database, class_id, documents, deadline)
            reader.assignment = class_assignment_of(documents[assignment])
            reader.member = member_of(documents[member])
            reader.cell = cell_of(documents[row], assignment_id)
            change = decide(reader)
            if change.cell is None or change.entry is None:
                return Decision(change.reply)
            cells = (documents[row].fields or {}).get(CELLS, {})
            after = {**cells, assignment_id: change.cell.model_dump()}
            entry = audit_path(change.entry, change.cell.revision)
            writes: list[Write] = [
                row_with_cells_write(documents[row], reader.member, after),
                Create(entry, fields_of(change.entry)),
            ]
            return Decision(change.reply, writes)

        return self._database.change(
            [class_path(class_id), assignment, member, row], decision, idempotency=idempotency
        )


class _Reader:
    """Implements NewAssignmentReader, AssignmentReader and GradeReader of the port."""

    def __init__(
        self,
        database: Database,
        class_id: str,
        documents: Documents,
        deadline: Deadline,
        template: Template | None = None,
    ) -> None:
        self._database = database
        self._class_id = class_id
        self._deadline = deadline
        self.school_class: SchoolClass | None = class_of(documents[class_path(class_id)])
        self.template = template
        self.assignment: Assignment | None = None
        self.member: Member | None = None
        self.cell: Cell | None = None

    def count_assignments(self) -> int:
        assignments = self._database.client.collection(assignments_path(self._class_id))
        return count_step(assignments)(self._deadline)

    def students_among(self, uids: Sequence[str]) -> list[str]:
        return active_members_among(self._database, self._class_id, uids, self._deadline)


class _WorkPaths:
    """The documents that a student's work on an assignment begins from."""

    def __init__(self, class_id: str, assignment_id: str, student_id: str) -> None:
        session_id = work_session_id(class_id, assignment_id, student_id)
        self.student_id = student_id
        self.school_class = class_path(class_id)
        self.member = member_path(class_id, student_id)
        self.assignment = class_assignment_path(class_id, assignment_id)
        self.template = frozen_template_path(class_id, assignment_id)
        self.student = student_path(student_id)
        self.session = session_path(session_id)
        self.state = state_path(session_id)

    @property
    def all(self) -> list[str]:
        return [path for name, path in vars(self).items() if name != "student_id"]


class _WorkReader:
    """Implements shared.ports.class_assignments.WorkReader."""

    def __init__(
        self, database: Database, paths: _WorkPaths, documents: Documents, deadline: Deadline
    ) -> None:
        self._database = database
        self._paths = paths
        self._documents = documents
        self._deadline = deadline
        self.school_class: SchoolClass | None = class_of(documents[paths.school_class])
        self.member: Member | None = member_of(documents[paths.member])
        self.assignment: Assignment | None = class_assignment_of(documents[paths.assignment])
        self.student: Student | None = student_of(documents[paths.student])
        self.session: Session | None = session_of(documents[paths.session], documents[paths.state])

    @cached_property
    def template(self) -> Template | None:
        return frozen_template_of(self._documents[self._paths.template])

    def skills(self, skill_ids: Sequence[str]) -> Mapping[str, Skill | None]:
        paths = {id_: skill_path(self._paths.student_id, id_) for id_ in skill_ids}
        read = self._database.read(list(paths.values()), self._deadline)
        return {skill_id: skill_of(read[path]) for skill_id, path in paths.items()}

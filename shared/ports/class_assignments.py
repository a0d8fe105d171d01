"""Assignments of classes, students' work on them, and grades, as use cases read and store them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol

from shared.domain.classes.assignment import Assignment
from shared.domain.classes.membership import Member
from shared.domain.classes.school_class import SchoolClass
from shared.domain.gradebook.rows import Cell, GradeChange
from shared.domain.sessions.session import Session
from shared.domain.students.skills import Skill
from shared.domain.students.student import Student
from shared.domain.templates.template import Template
from shared.ports.calls import IdempotencyContext, R, R_co, Reply, StoredReply


class NewAssignmentReader(Protocol):
    """What a new assignment is made from. `template` is as the caller may read it."""

    @property
    def school_class(self) -> SchoolClass | None: ...

    @property
    def template(self) -> Template | None: ...

    def count_assignments(self) -> int:
        """Those of the class, archived ones too."""

    def students_among(self, uids: Sequence[str]) -> list[str]:
        """Those who are active members."""


class AssignmentReader(Protocol):
    @property
    def school_class(self) -> SchoolClass | None: ...

    @property
    def assignment(self) -> Assignment | None: ...

    def students_among(self, uids: Sequence[str]) -> list[str]:
        """Those who are active members."""


class WorkReader(Protocol):
    """What a student's work on an assignment begins from. `template` is the frozen copy."""

    @property
    def school_class(self) -> SchoolClass | None: ...

    @property
    def member(self) -> Member | None: ...

    @property
    def assignment(self) -> Assignment | None: ...

    @property
    def template(self) -> Template | None: ...

    @property
    def student(self) -> Student | None: ...

    @property
    def session(self) -> Session | None:
        """The student's session of this assignment, with its state."""

    def skills(self, skill_ids: Sequence[str]) -> Mapping[str, Skill | None]:
        """The student's stored skills by skill_id, None for one that was never practised."""


class GradeReader(Protocol):
    @property
    def school_class(self) -> SchoolClass | None: ...

    @property
    def assignment(self) -> Assignment | None: ...

    @property
    def member(self) -> Member | None: ...

    @property
    def cell(self) -> Cell | None:
        """The student's cell, None before any work and any grade."""


@dataclass(frozen=True)
class NewAssignment(Generic[R_co]):
    """The reply, and what is stored before it is given. `template` is the frozen copy."""

    reply: Reply[R_co]
    assignment: Assignment
    template: Template


@dataclass(frozen=True)
class AssignmentChange(Generic[R_co]):
    """The reply, and the assignment to store before it is given; None where nothing changes."""

    reply: Reply[R_co]
    assignment: Assignment | None = None


@dataclass(frozen=True)
class WorkChange(Generic[R_co]):
    """The reply, and the session to store before it is given; None where there is one."""

    reply: Reply[R_co]
    session: Session | None = None


@dataclass(frozen=True)
class CellChange(Generic[R_co]):
    """The reply, and the cell with its entry of the audit log; None where nothing changes."""

    reply: Reply[R_co]
    cell: Cell | None = None
    entry: GradeChange | None = None


DecideNewAssignment = Callable[[NewAssignmentReader], NewAssignment[R]]
DecideAssignment = Callable[[AssignmentReader], AssignmentChange[R]]
DecideWork = Callable[[WorkReader], WorkChange[R]]
DecideGrade = Callable[[GradeReader], CellChange[R]]


class ClassAssignmentRepository(Protocol):
    """Stores assignments, with the reply where the request has an Idempotency-Key.

    A decision is made again when another request was faster. Its refusals are raised, and
    IdempotencyKeyReused or Unavailable.
    """

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
        """Stores a new assignment and the copy of its template."""

    def change(
        self,
        class_id: str,
        assignment_id: str,
        decide: DecideAssignment[R],
        *,
        idempotency: IdempotencyContext,
    ) -> Reply[R] | StoredReply:
        """Decides on an assignment, and stores the change."""

    def begin(
        self,
        class_id: str,
        assignment_id: str,
        student_id: str,
        decide: DecideWork[R],
        *,
        idempotency: IdempotencyContext,
    ) -> Reply[R] | StoredReply:
        """Decides on a student's session, and stores it with its cell of the gradebook."""

    def grade(
        self,
        class_id: str,
        assignment_id: str,
        student_id: str,
        decide: DecideGrade[R],
        *,
        idempotency: IdempotencyContext,
    ) -> Reply[R] | StoredReply:
        """Decides on a student's grade, and stores the change with its entry of the audit log."""

"""Taking questions out of assignments, and the grading of their work without them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.domain.classes.assignment import Assignment
from shared.domain.classes.school_class import SchoolClass
from shared.domain.gradebook.voiding import QuestionChange
from shared.domain.templates.template import Template
from shared.ports.calls import IdempotencyContext


class VoidReader(Protocol):
    """What the decision is made from. `template` is the frozen copy."""

    @property
    def school_class(self) -> SchoolClass | None: ...

    @property
    def assignment(self) -> Assignment | None: ...

    @property
    def template(self) -> Template | None: ...

    def count_sessions(self) -> int:
        """Those of the assignment."""


@dataclass(frozen=True)
class VoidChange:
    """The assignment, with its entry of the audit log where it is to be stored."""

    assignment: Assignment
    entry: QuestionChange | None = None


class RegradingRepository(Protocol):
    """Each session is graded again in a commit of its own, under the condition that it is as it was
    read, so the work may end anywhere and be taken up again.
    """

    def void(
        self,
        class_id: str,
        assignment_id: str,
        decide: Callable[[VoidReader], VoidChange],
        *,
        idempotency: IdempotencyContext,
    ) -> Assignment:
        """Decides on the assignment and stores it. Raises the refusals of the decision, or
        Unavailable.
        """

    def regrade(
        self, class_id: str, assignment_id: str, *, at: datetime, seconds: float
    ) -> Assignment:
        """Grades sessions without the voided questions for so long, and notes in the assignment how
        far that is. Raises AssignmentNotFound or Unavailable.
        """

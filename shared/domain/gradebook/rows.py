"""The gradebook of a class: a row for each student, with a cell for each assignment.

A cell says what the student did. Whether work is late or missing, and its points, follow from the
assignment as it is when the gradebook is read: a teacher may move a date, or change the points.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Annotated, Literal

from pydantic import Field, PlainValidator

from shared.domain.classes.assignment import Assignment, AssignmentMode
from shared.domain.classes.membership import MemberStatus
from shared.domain.common.fields import (
    Id,
    Instant,
    JsonEnum,
    Name,
    Number,
    Text,
    UserId,
    ValueObject,
)
from shared.domain.common.json_schema import Check
from shared.domain.sessions.session import Session
from shared.domain.students.student import SubjectTotals

EXEMPT = "exempt"
HUNDREDTH = Decimal("0.01")
# Two numbers of JSON have 34 digits at most, and their product as many.
EXACT = Context(prec=60)
Percent = Annotated[Number, Field(ge=0, le=100)]


def _require_grade(value: object) -> object:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 100:
        return value
    if value != EXEMPT:
        raise ValueError('must be a number from 0 to 100, or "exempt"')
    return value


# One check, so that a wrong value is reported once and not for each member of the union.
Grade = Annotated[
    int | float | Literal["exempt"],
    Check(
        PlainValidator(_require_grade),
        anyOf=[{"type": "number", "minimum": 0, "maximum": 100}, {"const": EXEMPT}],
    ),
]


class CellStatus(JsonEnum):
    """What a student has done of an assignment."""

    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"


class WorkStatus(JsonEnum):
    """What the gradebook says of a student and an assignment at an instant."""

    NOT_ASSIGNED = "not_assigned"
    EXEMPT = "exempt"
    SUBMITTED = "submitted"
    LATE = "late"
    MISSING = "missing"
    IN_PROGRESS = "in_progress"
    NOT_STARTED = "not_started"


class Override(ValueObject):
    """A teacher's grade, in place of the computed one. `by` is None for a teacher whose data were
    erased.
    """

    grade: Grade
    by: UserId | None
    at: Instant


class Cell(ValueObject):
    """Work on one assignment. `status` is None where only an override is there.

    `score_percent` is computed (see score_of); an override leaves it as it is. `revision` counts
    the changes of the override.
    """

    status: CellStatus | None = None
    session_id: Id | None = None
    started_at: Instant | None = None
    submitted_at: Instant | None = None
    score_percent: Percent | None = None
    questions_correct: int = 0
    total_questions: int = 0
    override: Override | None = None
    revision: int = 0


class Row(ValueObject):
    """A student in the gradebook. `cells` are by assignment_id; `self_practice` has the totals of
    what the student chose to practise, in all subjects.
    """

    schema_version: Literal[1] = 1
    class_id: Id
    student_id: UserId
    display_name: Name | None = None
    status: MemberStatus = MemberStatus.ACTIVE
    cells: Mapping[str, Cell] = {}
    self_practice: SubjectTotals = SubjectTotals()


class GradeChange(ValueObject):
    """An entry of the audit log: who changed a grade, when, from what, to what, and why.

    `before` and `after` are overrides; None is the computed score. `by` is None for a teacher whose
    data were erased.
    """

    schema_version: Literal[1] = 1
    class_id: Id
    assignment_id: Id
    student_id: UserId
    by: UserId | None
    at: Instant
    before: Grade | None
    after: Grade | None
    score_percent: Percent | None
    note: Text


def score_of(session: Session) -> float | None:
    """The score of assigned work, in percent, with one decimal; None where nothing can be scored.

    For `questions` the share of all its questions that were answered right at once, for a
    checklist the share of its exercises that are done, and for the tutor's practice the mean
    mastery of the template's skills, 0 for one that was not practised.
    """
    work = session.assignment
    if work is None:
        return None
    if work.mode is AssignmentMode.QUESTIONS:
        return _percent(session.questions_correct, work.questions)
    if work.mode is AssignmentMode.CHECKLIST:
        return _percent(session.items_completed, session.items_count)
    return _percent(sum(skill.after for skill in session.mastery), work.skills)


def begun_cell(session: Session) -> Cell:
    return Cell(
        status=CellStatus.IN_PROGRESS, session_id=session.session_id, started_at=session.started_at
    )


def submitted_cell(session: Session) -> Cell:
    return Cell(
        status=CellStatus.SUBMITTED,
        session_id=session.session_id,
        started_at=session.started_at,
        submitted_at=session.ended_at,
        score_percent=score_of(session),
        questions_correct=session.questions_correct,
        total_questions=session.total_questions,
    )


def work_status(
    cell: Cell | None, assignment: Assignment, student_id: str, *, at: datetime
) -> WorkStatus:
    """What the gradebook says. Nothing is missing before it is due, nor without a due date."""
    cell = cell or Cell()
    if cell.override is not None and cell.override.grade == EXEMPT:
        return WorkStatus.EXEMPT
    if cell.status is CellStatus.SUBMITTED:
        return WorkStatus.LATE if _is_late(cell, assignment) else WorkStatus.SUBMITTED
    if not assignment.is_for(student_id):
        return WorkStatus.NOT_ASSIGNED
    if assignment.due_at is not None and at > assignment.due_at:
        return WorkStatus.MISSING
    if cell.status is CellStatus.IN_PROGRESS:
        return WorkStatus.IN_PROGRESS
    return WorkStatus.NOT_STARTED


def grade_of(cell: Cell | None) -> Grade | None:
    """The grade that counts: the teacher's, else the computed score."""
    if cell is None:
        return None
    return cell.override.grade if cell.override else cell.score_percent


def points_of(cell: Cell | None, assignment: Assignment) -> float | None:
    """The points of the grade that counts, with two decimals; None where there are none.

    Half a hundredth is rounded up, of the numbers as they are written: 0.5% of 1 point are 0.01.
    Clients do the same, so that a page and an LMS never differ.
    """
    grade = grade_of(cell)
    if grade is None or isinstance(grade, str) or assignment.points is None:
        return None
    percent, points = Decimal(str(grade)), Decimal(str(assignment.points))
    exact = EXACT.divide(EXACT.multiply(percent, points), 100)
    return float(exact.quantize(HUNDREDTH, ROUND_HALF_UP, EXACT))


def override_cell(cell: Cell, grade: Grade | None, *, by: str, at: Instant) -> Cell:
    """The cell with another grade; None restores the computed score."""
    override = None if grade is None else Override(grade=grade, by=by, at=at)
    return cell.model_copy(update={"override": override, "revision": cell.revision + 1})


def _is_late(cell: Cell, assignment: Assignment) -> bool:
    if assignment.due_at is None or cell.submitted_at is None:
        return False
    return cell.submitted_at > assignment.due_at


def _percent(part: float, whole: float) -> float | None:
    return round(100 * part / whole, 1) if whole else None

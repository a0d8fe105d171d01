"""The scores of a gradebook as an LMS takes them.

A score says what the student did and how far it is graded. A score without points takes away what
the LMS had before.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.domain.classes.assignment import Assignment
from shared.domain.gradebook.rows import (
    Cell,
    CellStatus,
    Row,
    WorkStatus,
    grade_of,
    points_of,
    work_status,
)

Score = dict[str, Any]

# The maximum of an assignment without points: its scores are in percent.
PERCENT = 100
LATE = "Handed in late."
EXEMPT = "Exempt."
PROGRESS = {
    None: "Initialized",
    CellStatus.IN_PROGRESS: "InProgress",
    CellStatus.SUBMITTED: "Completed",
}
NO_SCORE: Mapping[str, Any] = {"activityProgress": "Initialized", "gradingProgress": "NotReady"}


def maximum_of(assignment: Assignment) -> float:
    return assignment.points or PERCENT


def score_of_work(row: Row, assignment: Assignment, *, at: datetime) -> Score | None:
    """The score of a student, without userId and timestamp; None where nothing was done and no
    grade was set, missing work included.
    """
    cell = row.cells.get(assignment.assignment_id)
    if cell is None:
        return None
    status = work_status(cell, assignment, row.student_id, at=at)
    if status is WorkStatus.EXEMPT:
        return {**_ungraded(cell, "NotReady"), "comment": EXEMPT}
    late = {"comment": LATE} if status is WorkStatus.LATE else {}
    grade = grade_of(cell)
    if isinstance(grade, int | float):
        points = points_of(cell, assignment)
        return {
            "scoreGiven": grade if points is None else points,
            "scoreMaximum": maximum_of(assignment),
            # A grade that a teacher sets ends the matter, also where nothing was handed in.
            "activityProgress": "Completed",
            "gradingProgress": "FullyGraded",
            **late,
        }
    if cell.status is CellStatus.SUBMITTED:  # nothing in it can be scored by a program
        return {**_ungraded(cell, "PendingManual"), **late}
    return _ungraded(cell, "NotReady") if cell.status else None


def _ungraded(cell: Cell, grading: str) -> Score:
    return {"activityProgress": PROGRESS[cell.status], "gradingProgress": grading}

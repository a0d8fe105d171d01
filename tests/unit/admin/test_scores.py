"""The score that an LMS gets of a cell, for what no test of the command stores."""

from datetime import UTC, datetime
from typing import Any

import pytest

from admin.lti.scores import score_of_work
from shared.domain.classes.assignment import Assignment, AssignmentMode, Feedback, Policy
from shared.domain.gradebook.rows import Cell, CellStatus, Override, Row

NOON = datetime(2024, 2, 29, 12, tzinfo=UTC)
ASSIGNMENT = Assignment(
    class_id="c",
    assignment_id="a",
    title="Sums",
    template_id="t",
    template_version=1,
    mode=AssignmentMode.QUESTIONS,
    questions=3,
    skills=1,
    opens_at=None,
    due_at=NOON,
    closes_at=None,
    points=7,
    policy=Policy.STRICT,
    feedback=Feedback.IMMEDIATE,
    student_ids=["sam"],
    version=1,
    created_at=NOON,
    updated_at=NOON,
)


def score(student_id: str = "sam", **fields: Any) -> Any:
    cells = {"a": Cell(**fields)} if fields else {}
    row = Row(class_id="c", student_id=student_id, cells=cells)
    return score_of_work(row, ASSIGNMENT, at=NOON.replace(hour=13))


def graded(grade: Any) -> Override:
    return Override(grade=grade, by="ann", at=NOON)


@pytest.mark.parametrize("student_id", ["sam", "sue"])
def test_missing_and_unassigned_work_has_none(student_id: str) -> None:
    assert score(student_id) is None
    assert score(student_id, revision=2) is None


def test_work_that_is_not_handed_in_when_it_is_due_has_no_score() -> None:
    progress = {"activityProgress": "InProgress", "gradingProgress": "NotReady"}
    assert score(status=CellStatus.IN_PROGRESS) == progress


def test_work_that_nothing_can_score_waits_for_its_teacher() -> None:
    progress = {"activityProgress": "Completed", "gradingProgress": "PendingManual"}
    assert score(status=CellStatus.SUBMITTED, submitted_at=NOON) == progress


def test_a_grade_counts_wherever_a_teacher_sets_it() -> None:
    points = {"scoreGiven": 3.5, "scoreMaximum": 7}
    progress = {"activityProgress": "Completed", "gradingProgress": "FullyGraded"}
    assert score(override=graded(50)) == {**points, **progress}
    assert score(status=CellStatus.IN_PROGRESS, override=graded(50)) == {**points, **progress}
    assert score("sue", override=graded(50)) == {**points, **progress}
    assert score(score_percent=100, override=graded(0))["scoreGiven"] == 0


@pytest.mark.parametrize(
    ("status", "progress"),
    [
        (None, "Initialized"),
        (CellStatus.IN_PROGRESS, "InProgress"),
        (CellStatus.SUBMITTED, "Completed"),
    ],
)
def test_exempt_work_has_no_score(status: CellStatus | None, progress: str) -> None:
    assert score(status=status, score_percent=90, override=graded("exempt")) == {
        "activityProgress": progress,
        "gradingProgress": "NotReady",
        "comment": "Exempt.",
    }

"""What the gradebook says of a cell: its status, its grade and its points."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.classes.assignment import Assignment
from shared.domain.gradebook.rows import (
    Cell,
    CellStatus,
    Grade,
    WorkStatus,
    begun_cell,
    grade_of,
    override_cell,
    points_of,
    score_of,
    submitted_cell,
    work_status,
)
from shared.domain.sessions.session import AssignedWork, Mode, Session, SkillProgress, Status
from tests.unit.domain.classes.test_assignment import NOW, an_assignment
from tests.unit.domain.samples import a_session

SECOND = timedelta(seconds=1)
OPEN = {"policy": "open", "feedback": "immediate"}
DUE = an_assignment(due_at=NOW)


def submitted(at: datetime, **fields: Any) -> Cell:
    return Cell(status=CellStatus.SUBMITTED, submitted_at=at, score_percent=50, **fields)


def exempt(cell: Cell) -> Cell:
    return override_cell(cell, "exempt", by="lee", at=NOW)


BEGUN = Cell(status=CellStatus.IN_PROGRESS)


@pytest.mark.parametrize(
    ("cell", "assignment", "at", "status"),
    [
        (None, DUE, NOW, WorkStatus.NOT_STARTED),
        (None, DUE, NOW + SECOND, WorkStatus.MISSING),
        (BEGUN, DUE, NOW, WorkStatus.IN_PROGRESS),
        (BEGUN, DUE, NOW + SECOND, WorkStatus.MISSING),
        (submitted(NOW), DUE, NOW + SECOND, WorkStatus.SUBMITTED),
        (submitted(NOW + SECOND), DUE, NOW + SECOND, WorkStatus.LATE),
        # Without a due date nothing is missing or late, however old it is.
        (None, an_assignment(), NOW + timedelta(days=900), WorkStatus.NOT_STARTED),
        (BEGUN, an_assignment(), NOW + timedelta(days=900), WorkStatus.IN_PROGRESS),
        (submitted(NOW), an_assignment(), NOW, WorkStatus.SUBMITTED),
        (exempt(Cell()), DUE, NOW + SECOND, WorkStatus.EXEMPT),
        (exempt(submitted(NOW + SECOND)), DUE, NOW + SECOND, WorkStatus.EXEMPT),
        # A grade alone is not work.
        (override_cell(Cell(), 90, by="lee", at=NOW), DUE, NOW + SECOND, WorkStatus.MISSING),
        (None, an_assignment(due_at=NOW, student_ids=["sue"]), NOW, WorkStatus.NOT_ASSIGNED),
        (
            None,
            an_assignment(due_at=NOW, student_ids=["sue"]),
            NOW + SECOND,
            WorkStatus.NOT_ASSIGNED,
        ),
        (None, an_assignment(due_at=NOW, student_ids=["sam"]), NOW + SECOND, WorkStatus.MISSING),
        # Taken off the list, after the work was handed in.
        (submitted(NOW), an_assignment(student_ids=["sue"]), NOW, WorkStatus.SUBMITTED),
    ],
)
def test_the_status_of_work(
    cell: Cell | None, assignment: Assignment, at: datetime, status: WorkStatus
) -> None:
    assert work_status(cell, assignment, "sam", at=at) is status


@given(at=st.datetimes(timezones=st.just(UTC)), due_at=st.datetimes(timezones=st.just(UTC)))
def test_nothing_is_missing_before_it_is_due(at: datetime, due_at: datetime) -> None:
    for cell in (None, BEGUN, submitted(at)):
        status = work_status(cell, an_assignment(due_at=due_at), "sam", at=at)
        assert (status is WorkStatus.MISSING) is (cell in (None, BEGUN) and at > due_at)


def test_a_moved_due_date_takes_effect_at_once() -> None:
    late = submitted(NOW + SECOND)
    moved = an_assignment(due_at=NOW + timedelta(days=1))
    assert work_status(late, DUE, "sam", at=NOW + SECOND) is WorkStatus.LATE
    assert work_status(late, moved, "sam", at=NOW + SECOND) is WorkStatus.SUBMITTED


@pytest.mark.parametrize(
    ("cell", "points", "grade", "expected"),
    [
        (None, 10, None, None),
        (BEGUN, 10, None, None),
        (submitted(NOW), None, 50, None),
        (submitted(NOW), 15, 50, 7.5),
        (Cell(score_percent=66.7), 7, 66.7, 4.67),
        (override_cell(submitted(NOW), 90, by="lee", at=NOW), 10, 90, 9.0),
        (override_cell(submitted(NOW), 0, by="lee", at=NOW), 10, 0, 0.0),
        (exempt(submitted(NOW)), 10, "exempt", None),
    ],
)
def test_the_grade_that_counts_and_its_points(
    cell: Cell | None, points: float | None, grade: Grade | None, expected: float | None
) -> None:
    assert grade_of(cell) == grade
    assert points_of(cell, an_assignment(points=points)) == expected


def test_the_computed_score_comes_back_when_the_override_is_taken_away() -> None:
    cell = submitted(NOW)
    overridden = override_cell(cell, 90, by="lee", at=NOW)
    restored = override_cell(overridden, None, by="kim", at=NOW)
    assert overridden.score_percent == restored.score_percent == grade_of(restored) == 50
    assert (restored.override, restored.revision) == (None, 2)


def work(mode: str, **fields: Any) -> Session:
    asked = {"questions": 3, "skills": 2, **fields.pop("asked", {})}
    return a_session(
        mode=Mode.ASSIGNMENT,
        assignment=AssignedWork.model_validate({"mode": mode, **OPEN, **asked}),
        **fields,
    )


def skill(after: float) -> SkillProgress:
    return SkillProgress(skill_id="s", name="Scales", before=0.1, after=after)


@pytest.mark.parametrize(
    ("session", "score"),
    [
        (a_session(), None),
        (work("questions", questions_correct=2, total_questions=2), 66.7),
        (work("questions"), 0),
        (work("infinite", mastery=[skill(0.5)]), 25.0),
        (work("infinite", mastery=[skill(0.5), skill(1.0)]), 75.0),
        (work("infinite", asked={"skills": 0}), None),
        (work("checklist", items_count=3), 0),
    ],
)
def test_the_score_of_work(session: Session, score: float | None) -> None:
    assert score_of(session) == score


def test_the_cells_of_a_session() -> None:
    session = work("questions", questions_correct=3, total_questions=3, started_at=NOW)
    begun = begun_cell(session)
    assert (begun.status, begun.session_id, begun.started_at) == (
        CellStatus.IN_PROGRESS,
        "session",
        NOW,
    )
    done = session.model_copy(update={"status": Status.COMPLETED, "ended_at": NOW + SECOND})
    cell = submitted_cell(done)
    assert (cell.status, cell.submitted_at) == (CellStatus.SUBMITTED, NOW + SECOND)
    assert (cell.score_percent, cell.questions_correct, cell.total_questions) == (100, 3, 3)

"""The gradebook's meaning, by the cases that the TypeScript client is tested with too."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from shared.domain.gradebook.rows import Cell, grade_of, points_of, work_status
from tests.unit.domain.classes.test_assignment import an_assignment

CASES = json.loads((Path(__file__).parents[3] / "support" / "gradebook.json").read_text())


def named(cases: list[dict[str, Any]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=[case["name"] for case in cases])


def cell_of(case: dict[str, Any]) -> Cell | None:
    return case["cell"] and Cell.model_validate(case["cell"])


def instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


@named(CASES["statuses"])
def test_the_state_of_work(case: dict[str, Any]) -> None:
    assignment = an_assignment(due_at=instant(case["due_at"]), student_ids=case["student_ids"])
    at = datetime.fromisoformat(case["at"])
    assert work_status(cell_of(case), assignment, "sam", at=at).value == case["status"]


@named(CASES["points"])
def test_the_grade_that_counts_and_its_points(case: dict[str, Any]) -> None:
    cell, assignment = cell_of(case), an_assignment(points=case["points"])
    assert grade_of(cell) == case["grade"]
    assert points_of(cell, assignment) == case["expected"]

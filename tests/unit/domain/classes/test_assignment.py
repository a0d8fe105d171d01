"""Assignments: their dates, whom they are for, and what a change leaves."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from shared.domain.classes.assignment import (
    Assignment,
    change_assignment,
    is_changed,
    require_assignment,
    require_members,
    require_not_closed,
    require_open,
    require_ordered_dates,
)
from shared.domain.common.errors import (
    AssignmentClosed,
    AssignmentNotFound,
    AssignmentNotOpen,
    InvalidArgument,
)

NOW = datetime(2026, 3, 2, 17, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAYS = [None, NOW, NOW + SECOND, NOW + 2 * SECOND]


def an_assignment(**fields: Any) -> Assignment:
    given = {
        "class_id": "c",
        "assignment_id": "a",
        "title": "Sums",
        "template_id": "t",
        "template_version": 1,
        "mode": "questions",
        "questions": 3,
        "skills": 2,
        "opens_at": None,
        "due_at": None,
        "closes_at": None,
        "points": None,
        "policy": "open",
        "feedback": "immediate",
        "student_ids": None,
        "version": 1,
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Assignment.model_validate({**given, **fields})


def test_it_is_open_from_the_time_that_opens_it_until_the_one_that_closes_it() -> None:
    assignment = an_assignment(opens_at=NOW, closes_at=NOW + 2 * SECOND)
    with pytest.raises(AssignmentNotOpen, match="2026-03-02T17:00Z"):
        require_open(assignment, at=NOW - SECOND)
    require_open(assignment, at=NOW)
    require_open(assignment, at=NOW + SECOND)
    with pytest.raises(AssignmentClosed, match="closed at 2026-03-02T17:00Z"):
        require_open(assignment, at=NOW + 2 * SECOND)


def test_without_dates_it_is_always_open() -> None:
    for at in (NOW - timedelta(days=9_000), NOW + timedelta(days=9_000)):
        require_open(an_assignment(), at=at)


def test_a_due_date_closes_nothing() -> None:
    require_open(an_assignment(due_at=NOW), at=NOW + SECOND)


def test_a_withdrawn_one_takes_no_work() -> None:
    with pytest.raises(AssignmentClosed, match="withdrawn"):
        require_not_closed(an_assignment(archived_at=NOW), at=NOW - SECOND)


@pytest.mark.parametrize(("opens", "due", "closes"), list(product(DAYS, DAYS, DAYS)))
def test_dates_are_in_order(
    opens: datetime | None, due: datetime | None, closes: datetime | None
) -> None:
    """It is open for a time, until it is due at least; it may close as it is due."""
    wrong = (
        bool(opens and due and due <= opens)
        or bool(opens and closes and closes <= opens)
        or bool(due and closes and closes < due)
    )
    if not wrong:
        require_ordered_dates(opens, due, closes)
        return
    with pytest.raises(InvalidArgument) as refusal:
        require_ordered_dates(opens, due, closes)
    (error,) = refusal.value.errors
    assert error.path in ("due_at", "closes_at")


def test_it_is_for_everybody_or_for_the_students_it_names() -> None:
    assert an_assignment().is_for("sam")
    named = an_assignment(student_ids=["sam"])
    assert (named.is_for("sam"), named.is_for("sue")) == (True, False)
    assert not an_assignment(student_ids=[]).is_for("sam")


def test_students_who_are_not_in_the_class_are_named() -> None:
    require_members(None, lambda _uids: [])
    require_members(["sam"], lambda uids: uids)
    with pytest.raises(InvalidArgument) as refusal:
        require_members(["sam", "sue", "tom"], lambda _uids: ["sue"])
    assert refusal.value.errors[0].message == "sam, tom: not in the class"


def test_a_change_makes_the_next_version() -> None:
    before = an_assignment(points=5, due_at=NOW)
    after = change_assignment(before, {"points": None, "archived": True}, at=NOW + SECOND)
    assert (after.points, after.archived_at, after.due_at) == (None, NOW + SECOND, NOW)
    assert (after.version, after.updated_at, after.created_at) == (2, NOW + SECOND, NOW)
    again = change_assignment(after, {"archived": True}, at=NOW + 2 * SECOND)
    assert again.archived_at == NOW + SECOND
    back = change_assignment(again, {"archived": False}, at=NOW)
    assert back.archived_at is None


def test_a_change_of_one_date_is_checked_against_the_others() -> None:
    before = an_assignment(opens_at=NOW)
    with pytest.raises(InvalidArgument) as refusal:
        change_assignment(before, {"due_at": NOW - SECOND}, at=NOW)
    assert [error.path for error in refusal.value.errors] == ["due_at"]


def test_a_change_that_is_in_place_is_none() -> None:
    before = an_assignment(points=5)
    assert not is_changed(before, change_assignment(before, {"points": 5}, at=NOW + SECOND))
    assert is_changed(before, change_assignment(before, {"points": 6}, at=NOW))


def test_a_missing_one_is_refused() -> None:
    assert require_assignment(an_assignment()) == an_assignment()
    with pytest.raises(AssignmentNotFound):
        require_assignment(None)

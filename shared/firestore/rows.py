"""Rows of the gradebook, written in the commits that change what they show.

A request that changes a cell knows nothing else of the row, so it writes the fields of this cell
alone, without reading the row. The condition of the commit is that of its session.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from shared.domain.classes.membership import Member
from shared.domain.gradebook.live import live_of
from shared.domain.gradebook.rows import Cell, begun_cell, submitted_cell
from shared.domain.practice.state import Practice
from shared.domain.sessions.session import Session, Status
from shared.domain.students.student import Origin, Student, SubjectTotals
from shared.firestore.documents import Document, fields_of, live_path, row_path
from shared.firestore.writes import Create, Merge, Put, Remove, Update, Write

CELLS = "cells"
# The part of a cell that a teacher writes.
OF_TEACHER = ("override", "revision")


def member_row_write(member: Member, self_practice: SubjectTotals | None) -> Write:
    """The write of what a row says of the student. Without totals they stay as they are."""
    fields = _member_fields(member)
    if self_practice is not None:
        fields["self_practice"] = _totals(self_practice)
    return Merge(row_path(member.class_id, member.student_id), fields)


def begun_work_write(session: Session) -> Write:
    return _cell_write(session, begun_cell(session))


def submitted_work_write(session: Session) -> Write:
    return _cell_write(session, submitted_cell(session))


def row_with_cells_write(row: Document, member: Member | None, cells: Mapping[str, Any]) -> Write:
    """The write of a row's cells. A member who joined an older version has no row yet."""
    if row.fields is not None or member is None:
        return Update(row, {CELLS: cells})
    return Create(row.path, {**_member_fields(member), CELLS: cells})


def credited_work_writes(session: Session, student: Student) -> Iterator[Write]:
    """The writes of the rows that change as a session ends and its student is credited.

    Assigned work changes its class's row. Self-practice changes the student's row in each class.
    """
    if session.assignment_id is not None:
        if session.status is Status.COMPLETED:
            yield submitted_work_write(session)
    elif session.origin is Origin.SELF_PRACTICE:
        yield from self_practice_writes(student)


def live_writes(session: Session, practice: Practice | None = None) -> list[Write]:
    """The write of what the student works on, in an active session of a class.

    Without the practice that the session advanced to, the skill is not known.
    """
    live = live_of(session, practice)
    if live is None:
        return []
    return [Put(live_path(live.class_id, live.student_id), fields_of(live))]


def ended_live_path(session: Session) -> str | None:
    """The path of what a class shows of the moment, to be read before the session ends."""
    return session.class_id and live_path(session.class_id, session.student_id)


def ended_live_writes(session: Session, shown: Document | None) -> list[Write]:
    """The write that clears what the class shows as the session ends.

    A student may have begun to work on another assignment since: what the class shows of that one
    stays, also where it is written while this session ends.
    """
    if shown is None or shown.fields is None:
        return []
    if shown.fields["assignment_id"] != session.assignment_id:
        return []
    return [Remove(shown)]


def self_practice_writes(student: Student) -> Iterator[Write]:
    """The writes of the totals in the student's row of each class."""
    totals = _totals(student.totals.self_practice)
    for class_id in student.class_ids:
        identity = _identity(class_id, student.student_id)
        path = row_path(class_id, student.student_id)
        yield Merge(path, {**identity, "self_practice": totals})


def _member_fields(member: Member) -> dict[str, Any]:
    return {
        **_identity(member.class_id, member.student_id),
        "display_name": member.display_name,
        "status": member.status.value,
    }


def _cell_write(session: Session, cell: Cell) -> Write:
    class_id, assignment_id = session.class_id, session.assignment_id
    assert class_id is not None
    assert assignment_id is not None
    fields = cell.model_dump(exclude=set(OF_TEACHER))
    return Merge(
        row_path(class_id, session.student_id),
        {**_identity(class_id, session.student_id), CELLS: {assignment_id: fields}},
        inner=tuple((CELLS, assignment_id, name) for name in fields),
    )


def _identity(class_id: str, student_id: str) -> Mapping[str, Any]:
    return {"schema_version": 1, "class_id": class_id, "student_id": student_id}


def _totals(totals: SubjectTotals) -> dict[str, int]:
    found: dict[str, int] = totals.model_dump(include=set(SubjectTotals.model_fields))
    return found

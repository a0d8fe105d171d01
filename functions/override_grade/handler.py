"""Stores a teacher's grade over the computed one, with an entry of the audit log."""

from dataclasses import dataclass

from functions.override_grade.contract import OverrideGrade, OverrideGradeReply
from shared.domain.classes.assignment import require_assignment
from shared.domain.classes.school_class import require_current, require_taught
from shared.domain.common.errors import MemberNotFound
from shared.domain.common.revisions import require_same_revision
from shared.domain.gradebook.rows import (
    Cell,
    GradeChange,
    override_cell,
)
from shared.ports.calls import Call, Reply, StoredReply
from shared.ports.class_assignments import CellChange, ClassAssignmentRepository, GradeReader


@dataclass(frozen=True)
class Dependencies:
    assignments: ClassAssignmentRepository


def handle(
    command: OverrideGrade, call: Call, dependencies: Dependencies
) -> Reply[OverrideGradeReply] | StoredReply:
    now, uid = call.received_at, call.caller.uid

    def decide(found: GradeReader) -> CellChange[OverrideGradeReply]:
        school_class = require_current(require_taught(found.school_class, by=uid))
        assignment = require_assignment(found.assignment)
        if found.member is None:
            raise MemberNotFound
        before = found.cell or Cell()
        grade = before.override.grade if before.override else None
        if grade == command.score_percent and before.revision in (
            command.revision,
            command.revision + 1,
        ):
            return CellChange(Reply(OverrideGradeReply(cell=before)))
        require_same_revision(command.revision, before.revision, found="The grade is at revision")
        after = override_cell(before, command.score_percent, by=uid, at=now)
        entry = GradeChange(
            class_id=school_class.class_id,
            assignment_id=assignment.assignment_id,
            student_id=command.student_id,
            by=uid,
            at=now,
            before=grade,
            after=command.score_percent,
            score_percent=before.score_percent,
            note=command.note,
        )
        return CellChange(Reply(OverrideGradeReply(cell=after)), after, entry)

    return dependencies.assignments.grade(
        command.class_id,
        command.assignment_id,
        command.student_id,
        decide,
        idempotency=call.idempotency,
    )

"""Stores the next version of an assignment."""

from dataclasses import dataclass

from functions.update_assignment.contract import IDS, UpdateAssignment, UpdateAssignmentReply
from shared.domain.classes.assignment import (
    change_assignment,
    is_changed,
    require_assignment,
    require_members,
)
from shared.domain.classes.school_class import require_current, require_taught
from shared.domain.common.revisions import require_same_revision
from shared.ports.calls import Call, Reply, StoredReply
from shared.ports.class_assignments import (
    AssignmentChange,
    AssignmentReader,
    ClassAssignmentRepository,
)


@dataclass(frozen=True)
class Dependencies:
    assignments: ClassAssignmentRepository


def handle(
    command: UpdateAssignment, call: Call, dependencies: Dependencies
) -> Reply[UpdateAssignmentReply] | StoredReply:
    changes = {name: getattr(command, name) for name in command.model_fields_set - IDS}

    def decide(found: AssignmentReader) -> AssignmentChange[UpdateAssignmentReply]:
        require_current(require_taught(found.school_class, by=call.caller.uid))
        before = require_assignment(found.assignment)
        after = change_assignment(before, changes, at=call.received_at)
        if not is_changed(before, after):
            return AssignmentChange(Reply(UpdateAssignmentReply(assignment=before)))
        require_same_revision(command.version, before.version, found="The assignment is at version")
        if after.student_ids != before.student_ids:
            require_members(command.student_ids, found.students_among)
        return AssignmentChange(Reply(UpdateAssignmentReply(assignment=after)), after)

    return dependencies.assignments.change(
        command.class_id, command.assignment_id, decide, idempotency=call.idempotency
    )

"""Stores an assignment of a class, with a copy of the template that its students practise."""

from collections.abc import Callable
from dataclasses import dataclass

from functions.create_assignment.contract import CreateAssignment, CreateAssignmentReply
from shared.domain.classes.assignment import (
    MAX_ASSIGNMENTS,
    Assignment,
    policy_of,
    require_due_date,
    require_members,
    require_ordered_dates,
)
from shared.domain.classes.school_class import require_current, require_taught
from shared.domain.common.errors import FieldError, InvalidArgument
from shared.domain.gradebook.work import freeze, source_of
from shared.domain.templates.template import require_startable
from shared.ports.calls import Call, Reply, StoredReply
from shared.ports.class_assignments import (
    ClassAssignmentRepository,
    NewAssignment,
    NewAssignmentReader,
)
from shared.ports.sealing import TemplateSealer


@dataclass(frozen=True)
class Dependencies:
    assignments: ClassAssignmentRepository
    template_sealer: TemplateSealer
    new_id: Callable[[], str]


def handle(
    command: CreateAssignment, call: Call, dependencies: Dependencies
) -> Reply[CreateAssignmentReply] | StoredReply:
    now, uid = call.received_at, call.caller.uid
    assignment_id = dependencies.new_id()
    require_ordered_dates(command.opens_at, command.due_at, command.closes_at)
    require_due_date(command.feedback, command.due_at)
    policy = policy_of(command.mode, command.policy, command.feedback, points=command.points)

    def decide(found: NewAssignmentReader) -> NewAssignment[CreateAssignmentReply]:
        school_class = require_current(require_taught(found.school_class, by=uid))
        template = require_startable(found.template, by=uid)
        source = source_of(template, command.mode, dependencies.template_sealer.open)
        _require_room(found.count_assignments())
        require_members(command.student_ids, found.students_among)
        assignment = Assignment(
            class_id=school_class.class_id,
            assignment_id=assignment_id,
            title=command.title or template.name,
            template_id=template.template_id,
            template_version=template.version,
            mode=command.mode,
            questions=len(source.bank) if source and source.plan else 0,
            skills=len(source.skills) if source else 0,
            opens_at=command.opens_at,
            due_at=command.due_at,
            closes_at=command.closes_at,
            points=command.points,
            policy=policy,
            feedback=command.feedback,
            student_ids=command.student_ids,
            version=1,
            created_at=now,
            updated_at=now,
        )
        reply = Reply(CreateAssignmentReply(assignment=assignment), status=201)
        return NewAssignment(reply, assignment, freeze(template, school_class.class_id))

    return dependencies.assignments.add(
        command.class_id,
        assignment_id,
        command.template_id,
        decide,
        teacher_id=uid,
        idempotency=call.idempotency,
    )


def _require_room(assignments: int) -> None:
    if assignments >= MAX_ASSIGNMENTS:
        message = f"has {MAX_ASSIGNMENTS} assignments, the most there can be: begin a new class"
        raise InvalidArgument(errors=[FieldError("class_id", message)])

"""Begins a student's session of an assignment, or returns the one there is."""

from functools import partial

from functions.start_session.contract import StartSession, StartSessionReply
from functions.start_session.reply import start_reply
from shared.domain.classes.assignment import Assignment, require_open
from shared.domain.common.errors import AssignmentClosed, AssignmentNotFound
from shared.domain.gradebook.voiding import without_questions
from shared.domain.gradebook.work import Begun, begin_work, source_of
from shared.domain.sessions.session import require_active
from shared.domain.students.student import days_of
from shared.domain.templates.template import Template
from shared.ports.calls import Call, Reply, StoredReply
from shared.ports.class_assignments import ClassAssignmentRepository, WorkChange, WorkReader
from shared.ports.sealing import PracticeSealer, TemplateSealer, seal_new


def begin_assignment(
    command: StartSession,
    ids: tuple[str, str],
    call: Call,
    *,
    assignments: ClassAssignmentRepository,
    practice_sealer: PracticeSealer,
    template_sealer: TemplateSealer,
) -> Reply[StartSessionReply] | StoredReply:
    """`ids` are those of the class and the assignment."""
    student_id, now = call.caller.uid, call.received_at

    def decide(found: WorkReader) -> WorkChange[StartSessionReply]:
        assignment, template = _require_assigned(found, student_id)
        if found.session is not None:
            # With the time of this request: its own, from a commit whose response got lost.
            resumed = found.session.started_at != now
            return WorkChange(start_reply(require_active(found.session), resumed=resumed))
        require_open(assignment, at=now)
        source = source_of(template, assignment.mode, template_sealer.open)
        if source is not None:
            source = without_questions(source, assignment.voided)
        skills = found.skills([skill.skill_id for skill in source.skills]) if source else {}
        days = days_of(found.student, command.timezone)
        session = begin_work(
            assignment,
            template,
            source,
            skills,
            Begun(student_id, days, command.practice_mode, now),
            seal=partial(seal_new, practice_sealer),
        )
        return WorkChange(start_reply(session, resumed=False), session)

    return assignments.begin(*ids, student_id, decide, idempotency=call.idempotency)


def _require_assigned(found: WorkReader, student_id: str) -> tuple[Assignment, Template]:
    """The assignment and its copy of the template, for a student whom the assignment is for.

    Raises AssignmentNotFound for everybody else, and AssignmentClosed in an archived class.
    """
    assignment, template = found.assignment, found.template
    if assignment is None or template is None or found.school_class is None:
        raise AssignmentNotFound
    if found.member is None or not found.member.is_active or not assignment.is_for(student_id):
        raise AssignmentNotFound
    if found.school_class.archived_at is not None:
        raise AssignmentClosed("The class is archived.")
    return assignment, template

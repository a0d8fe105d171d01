"""Work on an assignment: the template's frozen copy, and a student's session of it."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from shared.domain.classes.assignment import Assignment, AssignmentMode, Feedback
from shared.domain.common.digest import digest
from shared.domain.common.errors import FieldError, InvalidArgument
from shared.domain.common.fields import Instant, PracticeMode, TimeZone
from shared.domain.practice.client_view import ResealedPractice
from shared.domain.practice.history import add_history
from shared.domain.practice.planned_blocks import planned_draft
from shared.domain.practice.source import Source, TemplateSealContent, source_from_template
from shared.domain.practice.state import Practice
from shared.domain.practice.transitions import add_block, begin_turn, start_practice
from shared.domain.practice.whole_bank import plan_whole_bank
from shared.domain.sessions.session import AssignedWork, Mode, Session, Status, recount_items
from shared.domain.sessions.session_data import SessionContent, content_from_template
from shared.domain.sessions.synchronisation import synchronise
from shared.domain.students.local_days import LocalDays
from shared.domain.students.skills import Skill
from shared.domain.students.student import Origin
from shared.domain.templates.template import Template, Visibility

# Of a session whose first block no model has written.
TUTOR = "offline"

OpenSeal = Callable[[str], TemplateSealContent]
Seal = Callable[[Practice], ResealedPractice]


def work_session_id(class_id: str, assignment_id: str, student_id: str) -> str:
    """The id of the one session in which a student works on an assignment."""
    return digest(class_id, assignment_id, student_id)


def freeze(template: Template, class_id: str) -> Template:
    """The copy that a class practises: the class owns it, whatever becomes of the template."""
    return template.model_copy(
        update={"owner_id": class_id, "visibility": Visibility.PRIVATE, "student_ids": []}
    )


def source_of(template: Template, mode: AssignmentMode, open_seal: OpenSeal) -> Source | None:
    """What the tutor practises; None for a checklist.

    Raises InvalidArgument, for the field `template_id`, for a template that can't be practised so.
    """
    if mode is AssignmentMode.CHECKLIST:
        return None
    try:
        sealed = open_seal(template.seal) if template.seal else None
        source = source_from_template(template.model_dump(), sealed)
    except InvalidArgument as invalid:
        message = f"can't be practised: {invalid.errors[0].message}"
        raise InvalidArgument(errors=[FieldError("template_id", message)]) from invalid
    if mode is AssignmentMode.QUESTIONS:
        return plan_whole_bank(source, template.template_data)
    return source


class Begun(NamedTuple):
    """The choices of a request to begin, and the student's stored settings."""

    student_id: str
    days: LocalDays
    practice_mode: PracticeMode | None
    at: Instant


def begin_work(
    assignment: Assignment,
    template: Template,
    source: Source | None,
    skills: Mapping[str, Skill | None],
    begun: Begun,
    *,
    seal: Seal,
) -> Session:
    """A student's session of an assignment. `source` is that of source_of, `skills` the student's
    stored ones by skill_id.
    """
    content = content_from_template(template) if source is None else SessionContent()
    timezone: TimeZone = begun.days.timezone
    session = Session(
        session_id=work_session_id(assignment.class_id, assignment.assignment_id, begun.student_id),
        student_id=begun.student_id,
        teacher_id=None,
        template_id=template.template_id,
        template_name=template.name,
        template_version=template.version,
        origin=Origin.ASSIGNED,
        mode=Mode.ASSIGNMENT,
        practice_mode=begun.practice_mode,
        name=assignment.title,
        description=template.description,
        root_id=template.root_id,
        parent_ids=[],
        subject=template.subject,
        topic=template.topic,
        grade_level=template.grade_level,
        timezone=timezone,
        day_begins=begun.days.begins,
        status=Status.ACTIVE,
        started_at=begun.at,
        last_activity_at=begun.at,
        session_data=content,
        class_id=assignment.class_id,
        assignment_id=assignment.assignment_id,
        assignment=AssignedWork(
            mode=assignment.mode,
            questions=assignment.questions_left,
            skills=assignment.skills,
            policy=assignment.policy,
            feedback=assignment.feedback,
            voided=len(assignment.voided),
            voided_in_skills=len(assignment.voided),
        ),
    )
    if source is None:
        return recount_items(session)
    practice = _first_turn(session, source, skills, at=begun.at)
    if session.is_strict:
        is_later = assignment.feedback is not Feedback.IMMEDIATE
        practice = practice.model_copy(update={"strict": True, "feedback_later": is_later})
    step = synchronise(session, seal(practice), {}, at=begun.at)
    if step is None:
        raise AssertionError("a session without a state takes any")
    return step.session.model_copy(update={"revision": 1})


def _first_turn(
    session: Session, source: Source, skills: Mapping[str, Skill | None], *, at: Instant
) -> Practice:
    """The state as the session begins, with the first block where a plan has it."""
    practice = start_practice(
        source,
        session_id=session.session_id,
        student_id=session.student_id,
        tutor=TUTOR,
        at=at,
    )
    practice = begin_turn(add_history(practice, skills, at=at), state_hash=None)
    if not source.plan:
        return practice
    return add_block(practice, planned_draft(practice), tutor=TUTOR, degraded=False)

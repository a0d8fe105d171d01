"""Assignments of a class: what its students are to practise, by when, and for how many points."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import Field

from shared.domain.common.errors import (
    AssignmentClosed,
    AssignmentNotFound,
    AssignmentNotOpen,
    FieldError,
    InvalidArgument,
)
from shared.domain.common.fields import (
    NOT_A_NAME_OR_ADDRESS,
    UNIQUE,
    Id,
    Instant,
    JsonEnum,
    Name,
    NodeId,
    Number,
    UserId,
    ValueObject,
)

# A student's row of the gradebook has a cell for each, and stays far below the size of a document.
MAX_ASSIGNMENTS = 500
MAX_NAMED_STUDENTS = 100
# An assignment with more bad questions is better replaced.
MAX_VOIDED = 50

Points = Annotated[Number, Field(gt=0, le=10_000)]
# As a request names them; see SentTeacherIds.
NamedStudents = Annotated[
    list[Annotated[UserId, NOT_A_NAME_OR_ADDRESS]],
    Field(min_length=1, max_length=MAX_NAMED_STUDENTS),
    UNIQUE,
]
DATES = ("opens_at", "due_at", "closes_at")


class AssignmentMode(JsonEnum):
    """The way in which an assignment is practised, and what its score counts."""

    QUESTIONS = "questions"  # each question of the template once
    INFINITE = "infinite"  # the tutor chooses, until the student hands in
    CHECKLIST = "checklist"  # the template's exercises are ticked


class Policy(JsonEnum):
    """How answers are taken."""

    OPEN = "open"  # by practice_turn, which has no database: an answer may be tried before
    STRICT = "strict"  # by assignment_turn: an answer is stored before anything is said about it


class Feedback(JsonEnum):
    """When a student learns what was right."""

    IMMEDIATE = "immediate"  # after each answer
    AFTER_SUBMIT = "after_submit"  # when the work is handed in
    AFTER_DUE = "after_due"  # the score when it is handed in, the answers once it is due


class Regrading(ValueObject):
    """How far the work on an assignment is graded without its voided questions.

    `sessions` is the number of sessions there were at first, and `done` of those that are done.
    `after` is the last of these, in the order of their ids. `skills_left` counts skills of students
    that stay as they were, because a part of their log is missing.
    """

    sessions: Annotated[int, Field(ge=0)]
    done: Annotated[int, Field(ge=0)] = 0
    skills_left: Annotated[int, Field(ge=0)] = 0
    after: Id | None = None
    finished_at: Instant | None = None


class Assignment(ValueObject):
    """`student_ids` is None for everybody in the class. `questions` counts those of the template
    that are asked in the mode `questions`; `skills` those that the tutor practises, 0 in a
    checklist. Dates that are None set no limit. `voided` are the ids of the questions that count no
    more, in the order in which they were taken out.
    """

    schema_version: Literal[1] = 1
    class_id: Id
    assignment_id: Id
    title: Name
    template_id: Id
    template_version: int
    mode: AssignmentMode
    questions: int
    skills: int
    opens_at: Instant | None
    due_at: Instant | None
    closes_at: Instant | None
    points: Points | None
    policy: Policy
    feedback: Feedback
    student_ids: Annotated[list[UserId], Field(max_length=MAX_NAMED_STUDENTS)] | None
    archived_at: Instant | None = None
    voided: list[NodeId] = []
    regrading: Regrading | None = None
    version: Annotated[int, Field(ge=1)]
    created_at: Instant
    updated_at: Instant

    @property
    def questions_left(self) -> int:
        """The number of questions that are asked and count."""
        return max(0, self.questions - len(self.voided)) if self.questions else 0

    def is_for(self, student_id: str) -> bool:
        return self.student_ids is None or student_id in self.student_ids

    def keeps_answers(self, *, at: datetime) -> bool:
        """Whether its students may not yet learn which of the answers were right."""
        return self.feedback is Feedback.AFTER_DUE and self.due_at is not None and at <= self.due_at

    def is_closed(self, *, at: datetime) -> bool:
        return self.closes_at is not None and at >= self.closes_at


def policy_of(
    mode: AssignmentMode, policy: Policy | None, feedback: Feedback, *, points: float | None
) -> Policy:
    """The policy of an assignment that asks for this one, None for the default: strict where there
    are points for questions.

    Raises InvalidArgument for values that don't go together.
    """
    is_asked = mode is AssignmentMode.QUESTIONS
    if policy is Policy.STRICT and not is_asked:
        message = (
            "strict needs the mode questions: in the others nothing has a key, or all is shown"
        )
        raise InvalidArgument(errors=[FieldError("policy", message)])
    chosen = policy or (Policy.STRICT if is_asked and points is not None else Policy.OPEN)
    if feedback is not Feedback.IMMEDIATE and chosen is Policy.OPEN:
        message = "needs policy strict: practice_turn tells what was right at once"
        raise InvalidArgument(errors=[FieldError("feedback", message)])
    return chosen


def require_assignment(assignment: Assignment | None) -> Assignment:
    """Raises AssignmentNotFound."""
    if assignment is None:
        raise AssignmentNotFound
    return assignment


def require_open(assignment: Assignment, *, at: datetime) -> None:
    """Raises AssignmentNotOpen before it opens, AssignmentClosed from the time it closes."""
    if assignment.opens_at is not None and at < assignment.opens_at:
        raise AssignmentNotOpen(f"The assignment opens at {_shown(assignment.opens_at)}.")
    require_not_closed(assignment, at=at)


def require_not_closed(assignment: Assignment, *, at: datetime) -> None:
    """Raises AssignmentClosed."""
    if assignment.archived_at is not None:
        raise AssignmentClosed("The teacher has withdrawn the assignment.")
    if assignment.closes_at is not None and at >= assignment.closes_at:
        raise AssignmentClosed(f"The assignment closed at {_shown(assignment.closes_at)}.")


def require_due_date(feedback: Feedback, due_at: Instant | None) -> None:
    """Raises InvalidArgument where the answers would never be shown."""
    if feedback is Feedback.AFTER_DUE and due_at is None:
        message = "is needed: the answers are shown once the assignment is due"
        raise InvalidArgument(errors=[FieldError("due_at", message)])


def require_ordered_dates(
    opens_at: Instant | None, due_at: Instant | None, closes_at: Instant | None
) -> None:
    """Raises InvalidArgument where an assignment would be due, or close, before it opens."""
    found = [
        (name, date)
        for name, date in zip(DATES, (opens_at, due_at, closes_at), strict=True)
        if date is not None
    ]
    for (earlier, start), (name, end) in pairwise(found):
        # The time that closes an assignment is no longer open; a due time is still in time.
        if end < start or (end == start and (earlier, name) != ("due_at", "closes_at")):
            raise InvalidArgument(errors=[FieldError(name, f"must be after {earlier}")])


def require_members(
    student_ids: Sequence[str] | None, members_among: Callable[[Sequence[str]], Sequence[str]]
) -> None:
    """Raises InvalidArgument for students who are not in the class."""
    if student_ids is None:
        return
    members = members_among(student_ids)
    if others := [uid for uid in student_ids if uid not in members]:
        message = f"{', '.join(others)}: not in the class"
        raise InvalidArgument(errors=[FieldError("student_ids", message)])


def change_assignment(
    assignment: Assignment, changes: Mapping[str, Any], *, at: Instant
) -> Assignment:
    """The next version. Raises InvalidArgument. `archived` sets or clears `archived_at`."""
    fields = dict(changes)
    archived = fields.pop("archived", assignment.archived_at is not None)
    after = Assignment.model_validate(
        {
            **assignment.model_dump(),
            **fields,
            "archived_at": (assignment.archived_at or at) if archived else None,
            "version": assignment.version + 1,
            "updated_at": at,
        }
    )
    require_ordered_dates(after.opens_at, after.due_at, after.closes_at)
    require_due_date(after.feedback, after.due_at)
    return after


def void_question(
    assignment: Assignment, question_id: str, *, sessions: int, at: Instant
) -> Assignment:
    """The assignment without the question; its `sessions` are to be graded again.

    Raises InvalidArgument where no more can be taken out.
    """
    if len(assignment.voided) >= MAX_VOIDED:
        message = f"can't be taken out: {MAX_VOIDED} are out, the most of an assignment"
        raise InvalidArgument(errors=[FieldError("question_id", message)])
    return assignment.model_copy(
        update={
            "voided": [*assignment.voided, question_id],
            "regrading": Regrading(sessions=sessions),
            "version": assignment.version + 1,
            "updated_at": at,
        }
    )


def is_changed(before: Assignment, after: Assignment) -> bool:
    """Whether they differ in more than their version."""
    ignored = {"version": before.version, "updated_at": before.updated_at}
    return after.model_copy(update=ignored) != before


def _shown(at: datetime) -> str:
    return at.isoformat(timespec="minutes").replace("+00:00", "Z")

"""A student's report that a question is wrong, kept with the question for the teacher."""

import hashlib
from typing import Annotated, Literal

from pydantic import Field

from shared.domain.common.fields import Id, Instant, Label, Name, NodeId, Text, UserId, ValueObject
from shared.domain.practice.attempts import MAX_FEEDBACK, MAX_PROMPT
from shared.domain.questions.any_question import CorrectAnswer
from shared.domain.questions.image import LoggedImage
from shared.domain.questions.stem import LoggedStem
from shared.domain.sessions.items import LoggedItem
from shared.domain.sessions.session import Session


class QuestionReport(ValueObject):
    """The question as it was asked, and the answer to it, from the log of the session.

    `teacher_id` is the owner of the template, who reads the report; its student reads it too, who
    has seen all of it. It is None where the session has no genuine template. `prompt`, `choices`,
    `correct_answer` and `feedback` are None where the log lacks them: of items that a client
    reported, `question_id` names the question.
    """

    schema_version: Literal[1] = 1
    report_id: Id
    student_id: UserId
    teacher_id: UserId | None
    template_id: Id | None
    template_name: Name | None
    session_id: Id
    question_id: NodeId
    kind: Label | None = None
    prompt: Annotated[str, Field(max_length=MAX_PROMPT)] | None = None
    choices: list[dict[str, str]] | None = None
    answer: CorrectAnswer = None
    correct_answer: CorrectAnswer = None
    feedback: Annotated[str, Field(max_length=MAX_FEEDBACK)] | None = None
    image: LoggedImage | None = Field(default=None, exclude_if=lambda image: image is None)
    stem: LoggedStem | None = Field(default=None, exclude_if=lambda stem: stem is None)
    note: Text | None = None
    reported_at: Instant


def report_id_of(session: Session, question_id: str) -> str:
    """One for each student and question: a question's id is unique in its template, and without one
    in its session.
    """
    place = session.template_id or session.session_id
    text = f"{session.student_id}/{place}/{question_id}"
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def report_question(
    session: Session, item: LoggedItem, *, owner_id: str | None, note: str | None, at: Instant
) -> QuestionReport:
    return QuestionReport(
        report_id=report_id_of(session, item.node_id),
        student_id=session.student_id,
        teacher_id=owner_id,
        template_id=session.template_id,
        template_name=session.template_name,
        session_id=session.session_id,
        question_id=item.node_id,
        kind=item.exercise_type,
        prompt=item.prompt,
        choices=item.choices,
        answer=item.answer,
        correct_answer=item.correct_answer,
        feedback=item.feedback,
        image=item.image,
        stem=item.stem,
        note=note,
        reported_at=at,
    )


def add_note(report: QuestionReport, note: str | None) -> QuestionReport:
    """The report with another note; as it is without one."""
    return report if note is None else report.model_copy(update={"note": note})

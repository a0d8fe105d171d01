"""Taking a bad question out of an assignment: scores and skills as if it had never been asked.

A session keeps its XP and its log, and its student's totals stay: they say what was done.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from shared.domain.classes.assignment import Assignment, AssignmentMode
from shared.domain.common.errors import FieldError, InvalidArgument
from shared.domain.common.fields import Id, Instant, NodeId, Text, UserId, ValueObject
from shared.domain.practice.source import Source
from shared.domain.practice.whole_bank import question_ids_by_exercise
from shared.domain.questions.grades import Grade
from shared.domain.sessions.items import LoggedItem
from shared.domain.sessions.session import Session, SkillProgress
from shared.domain.students.evidence import observe
from shared.domain.students.local_days import LocalDays
from shared.domain.students.scoring import score_percent
from shared.domain.students.skills import Skill, SkillReplay, belief_at, replay_answers
from shared.domain.templates.template import Template


class QuestionChange(ValueObject):
    """An entry of the audit log: who took a question out of an assignment, when, and why.

    `by` is None for a teacher whose data were erased.
    """

    schema_version: Literal[1] = 1
    class_id: Id
    assignment_id: Id
    question_id: NodeId
    by: UserId | None
    at: Instant
    note: Text


class LoggedAnswer(NamedTuple):
    """An entry of a session's log, with what replaying it needs of its session."""

    item: LoggedItem
    days: LocalDays
    is_voided: bool


class _Replayed(NamedTuple):
    """Implements shared.domain.students.skills.GradedAttempt."""

    question_id: str
    first_attempt: bool
    score: float
    guess: float
    hinted: bool
    grade: Grade
    at: Instant


def require_question(template: Template | None, assignment: Assignment, question_id: str) -> None:
    """Raises InvalidArgument where the assignment asks no such question."""
    exercises = [] if template is None else question_ids_by_exercise(template.template_data)
    is_asked = any(question_id in questions for questions in exercises)
    if assignment.mode is AssignmentMode.CHECKLIST or not is_asked:
        message = "is no question of this assignment"
        raise InvalidArgument(errors=[FieldError("question_id", message)])


def without_questions(source: Source, voided: Sequence[str]) -> Source:
    """The source without these questions of its bank and its plan.

    Raises InvalidArgument where nothing is left to be asked.
    """
    if not voided:
        return source
    bank = [entry for entry in source.bank if entry.question.question_id not in voided]
    if not bank:
        message = "asks nothing any more: all its questions were taken out"
        raise InvalidArgument(errors=[FieldError("assignment_id", message)])
    blocks = [
        block.model_copy(
            update={"question_ids": [id_ for id_ in block.question_ids if id_ not in voided]}
        )
        for block in source.plan
    ]
    return source.model_copy(
        update={"bank": bank, "plan": [block for block in blocks if block.question_ids]}
    )


def regrade(session: Session, items: Sequence[LoggedItem], voided: Sequence[str]) -> Session:
    """An ended session of an assignment without its voided questions. `items` is its whole log."""
    work = session.assignment
    assert work is not None
    newly = voided[work.voided :]
    left_out = [item for item in items if item.is_graded and item.node_id in newly]
    total = session.total_questions - len(left_out)
    correct = session.questions_correct - sum(bool(item.correct) for item in left_out)
    asked = 0
    if work.mode is AssignmentMode.QUESTIONS:
        # What could not be graded is not among the questions of the score.
        ungraded = {item.node_id for item in items if item.verified and not item.is_graded}
        asked = max(0, work.questions - sum(id_ not in ungraded for id_ in newly))
    return session.model_copy(
        update={
            "assignment": work.model_copy(update={"questions": asked, "voided": len(voided)}),
            "total_questions": total,
            "questions_correct": correct,
            "items_count": asked or total,
            "items_completed": total,
            "score_percent": score_percent(correct, asked or total),
            "mastery": [
                progress
                for before in session.mastery
                if (progress := _progress_without(before, session, items, voided))
            ],
        }
    )


def _progress_without(
    progress: SkillProgress,
    session: Session,
    items: Sequence[LoggedItem],
    voided: Sequence[str],
) -> SkillProgress | None:
    """The progress in a skill without these questions; None where nothing else was asked of it."""
    own = [item for item in items if item.skill_id == progress.skill_id]
    kept = [item for item in own if item.node_id not in voided]
    if len(kept) == len(own):
        return progress
    if not kept:
        return None
    before = next((e.before for item in own if (e := item.evidence) and e.before), None)
    if before is None:
        return progress
    belief = belief_at(before, session.started_at)
    for item in kept:
        if item.evidence is not None:
            belief = observe(
                belief,
                score=item.score or 0,
                guess=item.evidence.guess,
                hinted=item.hinted,
                repeated=not item.evidence.first,
            )
    return progress.model_copy(update={"after": belief.mastery})


def skills_to_replay(items: Sequence[LoggedItem], voided: Sequence[str]) -> list[str]:
    """The skills which answers to these questions have changed."""
    found = {item.skill_id for item in items if item.evidence and item.node_id in voided}
    return sorted(skill_id for skill_id in found if skill_id is not None)


def replay_of(skill: Skill, session: Session, items: Sequence[LoggedItem]) -> SkillReplay | None:
    """Where the skill's recomputation begins: before its first answer in the session, or before an
    earlier one which it was recomputed from once. None where the log does not say.
    """
    own = [e.before for i in items if i.skill_id == skill.skill_id and (e := i.evidence)]
    befores = [before for before in own if before is not None]
    if not befores:
        return skill.replay
    first = min(befores, key=lambda before: before.attempts)
    if skill.replay is not None and skill.replay.before.attempts <= first.attempts:
        return skill.replay
    return SkillReplay(before=first, since=session.started_at)


def replay_skill(
    skill: Skill, replay: SkillReplay, answers: Sequence[LoggedAnswer], *, student_id: str
) -> Skill | None:
    """The skill recomputed from the log, without its voided answers.

    `answers` are all since the replay's begin, in any order. None where one of them is missing.
    """
    begin = replay.before.attempts
    by_place = {
        answer.item.evidence.place: answer
        for answer in answers
        if answer.item.evidence is not None and answer.item.evidence.place >= begin
    }
    places = range(begin, skill.attempts)
    if any(place not in by_place for place in places):
        return None
    kept = [by_place[place] for place in places if not by_place[place].is_voided]
    return replay_answers(
        skill, replay, [(_replayed(a.item), a.days) for a in kept], student_id=student_id
    )


def _replayed(item: LoggedItem) -> _Replayed:
    assert item.evidence is not None
    return _Replayed(
        question_id=item.node_id,
        first_attempt=item.evidence.first,
        score=float(item.score or 0),
        guess=float(item.evidence.guess),
        hinted=item.hinted,
        grade=item.grade or Grade.AGAIN,
        at=item.completed_at,
    )

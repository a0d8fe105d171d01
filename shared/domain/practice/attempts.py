"""Attempts: the log's entry of a graded answer, and what it changes of its skill.

The texts of an entry are cut, because clients carry the log.
"""

import json
from typing import NamedTuple

from pydantic import JsonValue
from pydantic_core import to_json

from shared.domain.common.fields import Instant
from shared.domain.common.json_object import find_violations
from shared.domain.practice.attempt_log import (
    MAX_KEPT_UNGRADED_BYTES,
    MAX_UNGRADED_BYTES,
    Attempt,
    UngradedAnswer,
)
from shared.domain.practice.source import Source
from shared.domain.practice.state import Practice, require_pending
from shared.domain.questions.grading import Verdict, recall_grade
from shared.domain.students.mastery import SkillState, apply_attempt
from shared.domain.students.scoring import QuestionResult

MAX_PROMPT = 1_000
MAX_CHOICE = 200
MAX_UNGRADED_PROMPT = 300
MAX_LOGGED_ANSWER = 2_000
MAX_FEEDBACK = 1_000


class GivenAnswer(NamedTuple):
    """An answer as the student gave it, with the feedback on it.

    `duration_ms` is the time from question to answer as the client reports it.
    """

    answer: JsonValue
    feedback: str
    duration_ms: int | None = None


def new_attempt(
    practice: Practice,
    given: GivenAnswer,
    verdict: Verdict,
    *,
    earned: QuestionResult | None,
    at: Instant,
) -> Attempt:
    """The graded answer to the pending question."""
    question, hinted = require_pending(practice), practice.hints_used > 0
    stem = practice.source.stem_of(question)
    return Attempt(
        index=practice.totals.questions_answered,
        question_id=question.question_id,
        skill_id=practice.skill_asked(question.question_id),
        kind=question.kind,
        correct=verdict.correct,
        score=verdict.score,
        hinted=hinted,
        first_attempt=not practice.is_asked(question.question_id),
        guess=question.guess_probability,
        grade=recall_grade(verdict, hinted=hinted),
        at=at,
        earned=earned,
        self_rated=question.graded_by_student or _is_key_of_student(practice, question.question_id),
        duration_ms=given.duration_ms,
        prompt=question.prompt[:MAX_PROMPT],
        choices=[
            {"id": choice.id, "text": choice.text[:MAX_CHOICE]}
            for choice in practice.as_shown(question).choices or []
        ],
        answer=_cut(question.in_words(given.answer)),
        correct_answer=_cut(question.in_words(verdict.correct_answer)),
        feedback=given.feedback[:MAX_FEEDBACK],
        image=question.image.logged() if question.image else None,
        stem=stem.logged() if stem else None,
    )


def ungraded_answer(practice: Practice, given: GivenAnswer, *, at: Instant) -> UngradedAnswer:
    """The answer to the pending question, for a teacher to grade."""
    question = require_pending(practice)
    most = MAX_KEPT_UNGRADED_BYTES if practice.strict else MAX_UNGRADED_BYTES
    room = most - sum(len(to_json(answer)) for answer in practice.ungraded)
    answer = str(_cut(question.in_words(given.answer)))
    if len(to_json(answer)) > room:
        answer = answer.encode()[: max(0, room) // 2].decode(errors="ignore")  # escapes double
    return UngradedAnswer(
        index=practice.totals.ungraded,
        question_id=question.question_id,
        skill_id=practice.skill_asked(question.question_id),
        kind=question.kind,
        at=at,
        prompt=question.prompt[:MAX_UNGRADED_PROMPT],
        answer=answer,
    )


def skill_after(skill: SkillState, attempt: Attempt, source: Source) -> SkillState:
    """The skill after this attempt at it."""
    return apply_attempt(
        skill,
        score=attempt.score,
        correct=attempt.correct,
        guess=attempt.guess,
        hinted=attempt.hinted,
        first_attempt=attempt.first_attempt,
        criterion=source.criterion,
        firsts_needed=source.firsts_needed(skill.skill_id),
        asked_at=attempt.index + 1,
    )


def _is_key_of_student(practice: Practice, question_id: str) -> bool:
    """Whether the student may know the answer key, having written the template or made it up."""
    binding = practice.source.binding_of(question_id)
    if binding is not None and binding.owner_id != practice.student_id:
        return False
    return practice.source.has_question(question_id)


def _cut(value: JsonValue) -> JsonValue:
    """The value, as text where it is too long or could not be stored otherwise."""
    if isinstance(value, str):
        return value[:MAX_LOGGED_ANSWER]
    text = json.dumps(value, ensure_ascii=False)
    return (
        text[:MAX_LOGGED_ANSWER]
        if len(text) > MAX_LOGGED_ANSWER or find_violations(value)
        else value
    )

"""What a class's students work on at the moment, for their teachers."""

from typing import Literal

from shared.domain.common.fields import ExerciseName, Id, Instant, JsonEnum, UserId, ValueObject
from shared.domain.practice.state import Practice, require_block
from shared.domain.sessions.session import Session

# A student needs help with a skill that so many answers have not brought above this mastery.
MIN_ATTEMPTS = 3
LOW_MASTERY = 0.25


class LiveState(JsonEnum):
    WORKING = "working"
    DONE = "done"


class Live(ValueObject):
    """A student's work of this moment. It has less than 1 KB."""

    schema_version: Literal[1] = 1
    class_id: Id
    student_id: UserId
    assignment_id: Id
    state: LiveState
    answered: int
    correct: int
    skill: ExerciseName | None
    needs_help: bool
    last_at: Instant


def live_of(session: Session, practice: Practice | None) -> Live | None:
    """None for a session of no class. Without a practice the skill is not known.

    Help is needed by mastery, which weighs how hard the answers were to guess, and not by a run of
    wrong answers alone.
    """
    if session.class_id is None or session.assignment_id is None:
        return None
    skill = practice.skill(_current_skill(practice)) if practice else None
    totals = practice.totals if practice else None
    return Live(
        class_id=session.class_id,
        student_id=session.student_id,
        assignment_id=session.assignment_id,
        state=LiveState.WORKING,
        answered=totals.questions_answered if totals else session.items_completed,
        correct=totals.questions_correct if totals else session.questions_correct,
        skill=skill.name if skill else None,
        needs_help=skill is not None
        and skill.attempts >= MIN_ATTEMPTS
        and skill.mastery < LOW_MASTERY,
        last_at=session.last_activity_at,
    )


def _current_skill(practice: Practice) -> str:
    pending = practice.pending
    return (
        practice.skill_asked(pending.question_id) if pending else require_block(practice).skill_id
    )

"""Storing infinite practice: a session advances to a state that a seal vouches for.

What counts (attempts, score, mastery) comes from the seal alone. An old state changes nothing, the
same state changes nothing, a newer one is taken once; a state that did not come about from the
stored one belongs to another branch and is refused.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from shared.domain.common.errors import ContextForked
from shared.domain.common.fields import Instant
from shared.domain.practice.state import Attempt, Practice, is_descendant, state_hash, trim_log
from shared.domain.sessions.items import LoggedItem
from shared.domain.sessions.session import Session, SkillProgress, StoredState
from shared.domain.students.mastery import INITIAL
from shared.domain.students.scoring import score_percent
from shared.domain.students.skills import Skill, apply_attempts

StoredForm = Callable[[Practice], dict[str, Any]]


class Synchronisation(NamedTuple):
    """The session with the state in it, its new log entries, and the attempts they come from."""

    session: Session
    items: list[LoggedItem]
    attempts: list[Attempt]


def synchronise(
    session: Session, practice: Practice, *, form: StoredForm, at: Instant
) -> Synchronisation | None:
    """The session advanced; None when the state brings nothing new.

    `form` gives a state the form in which it is stored. The log and the chain are trimmed from it,
    for they are stored now. Raises ContextForked.
    """
    mark = session.stored
    if mark is not None:
        if practice.seq < mark.seq:
            return None
        here = state_hash(practice)
        if practice.seq == mark.seq:
            if here == mark.state_hash:
                return None
            raise ContextForked
        if not is_descendant(practice, seq=mark.seq, hash_=mark.state_hash):
            raise ContextForked
    known = mark.attempts if mark else 0
    attempts = [attempt for attempt in practice.log if attempt.index >= known]
    totals = practice.totals
    changed = session.model_copy(
        update={
            "stored_session": form(trim_log(practice)),
            "stored": StoredState(
                seq=practice.seq,
                state_hash=state_hash(practice),
                attempts=totals.questions_answered,
            ),
            "tally": session.tally.model_copy(
                update={
                    "items_logged": totals.questions_answered,
                    "verified_first": totals.right_at_first_try,
                    "verified_later": totals.right_later,
                }
            ),
            "items_count": totals.questions_answered,
            "items_completed": totals.questions_answered,
            "total_questions": totals.questions_answered,
            "questions_correct": totals.questions_correct,
            "score_percent": score_percent(totals.questions_correct, totals.questions_answered),
            "mastery": [
                SkillProgress(
                    skill_id=skill.skill_id, name=skill.name, before=INITIAL, after=skill.mastery
                )
                for skill in practice.skills
                if skill.attempts
            ],
            "revision": session.revision + 1,
            "last_activity_at": max(at, session.last_activity_at),
        }
    )
    return Synchronisation(changed, [_logged(attempt) for attempt in attempts], attempts)


def _logged(attempt: Attempt) -> LoggedItem:
    # The id is the place in the log: no attempt can be appended twice.
    return LoggedItem(
        item_id=f"attempt-{attempt.index:06d}",
        index=attempt.index,
        node_id=attempt.question_id,
        exercise_type=attempt.kind.value,
        grade=attempt.grade,
        correct=attempt.correct,
        score=attempt.score,
        hinted=attempt.hinted,
        verified=True,
        completed_at=attempt.at,
    )


def update_skills(
    attempts: list[Attempt], practice: Practice, known: Mapping[str, Skill | None]
) -> list[Skill]:
    """The student's skills after these attempts; `known` has what is stored of them."""
    changed = []
    for state in practice.skills:
        own = [attempt for attempt in attempts if attempt.skill_id == state.skill_id]
        if own:
            stored = known.get(state.skill_id)
            skill = stored or Skill(skill_id=state.skill_id, name=state.name)
            changed.append(apply_attempts(skill, own))
    return changed


def practised_skill_ids(practice: Practice | None) -> list[str]:
    """The skills that storing this state may change."""
    return sorted({attempt.skill_id for attempt in practice.log}) if practice else []

"""What earlier sessions have shown of a student, put into the state of a new session.

A turn reads no database. So the history reaches it in the sealed state, when that is first stored.
"""

from collections.abc import Mapping, Sequence

from shared.domain.common.fields import Instant
from shared.domain.practice.attempt_log import Attempt
from shared.domain.practice.attempts import skill_after
from shared.domain.practice.source import Source
from shared.domain.practice.state import Practice
from shared.domain.students.mastery import SkillState, begin_skill
from shared.domain.students.skills import Skill, question_key


def add_history(practice: Practice, skills: Mapping[str, Skill | None], *, at: Instant) -> Practice:
    """The state as if its session had begun with the student's stored skills, by skill_id.

    The answers given since are applied again. Unchanged where nothing is stored of its skills, or
    where its log does not have all answers.
    """
    known = {skill_id: skill for skill_id, skill in skills.items() if skill is not None}
    if not known or len(practice.log.entries) < practice.totals.questions_answered:
        return practice
    keys = {key for skill in known.values() for key in skill.questions_asked}
    asked_earlier = [
        entry.question.question_id
        for entry in practice.source.bank
        if question_key(*practice.source.origin(entry)) in keys
    ]
    attempts = [
        attempt.model_copy(update={"first_attempt": False})
        if attempt.question_id in asked_earlier
        else attempt
        for attempt in practice.log.attempts
    ]
    return practice.model_copy(
        update={
            "asked_earlier": asked_earlier,
            "skills": [
                _with_history(state, known[state.skill_id], attempts, practice.source, at=at)
                if state.belief is not None and state.skill_id in known
                else state
                for state in practice.skills
            ],
        }
    )


def _with_history(
    state: SkillState, skill: Skill, attempts: Sequence[Attempt], source: Source, *, at: Instant
) -> SkillState:
    state = begin_skill(
        state,
        belief=skill.belief_at(at),
        firsts=skill.firsts_asked,
        due=skill.is_due(at),
        firsts_needed=source.firsts_needed(state.skill_id),
        criterion=source.criterion,
    )
    for attempt in attempts:
        if attempt.skill_id == state.skill_id:
            state = skill_after(state, attempt, source)
    return state

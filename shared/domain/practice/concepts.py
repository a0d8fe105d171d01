"""The concept of a block, from what its template says of the skill."""

from collections.abc import Sequence

from shared.domain.practice.self_ratings import is_recall, rated_exercise
from shared.domain.practice.state import Concept, Practice

MAX_EXERCISES_SHOWN = 5


def concept_of(practice: Practice, skill_id: str, coming: Sequence[str]) -> Concept:
    """The template's description of the skill, and an answered question as an example.

    Before a recall it shows only the exercise's name.
    """
    key, recalled = rated_exercise(coming[0]), is_recall(coming[0])
    exercises = [
        exercise
        for exercise in practice.source.exercises
        if exercise.skill_id == skill_id and key in (None, exercise.key)
    ]
    lines = [
        f"{e.name}: {e.description}" if e.description and not recalled else e.name
        for e in exercises[: 1 if key else MAX_EXERCISES_SHOWN]
    ]
    skill = practice.skill(skill_id)
    return Concept(
        title=skill.name,
        explanation="\n".join(lines) or skill.name,
        worked_example=_worked_example(practice, skill_id, coming),
    )


def _worked_example(practice: Practice, skill_id: str, coming: Sequence[str]) -> str | None:
    """The question of this skill answered last, with its explanation."""
    answered = [
        (practice.seen[e.question.question_id].last_seen_at, e.question)
        for e in practice.source.bank
        if e.skill_id == skill_id
        and e.question.explanation
        and e.question.is_self_contained
        and e.question.question_id in practice.seen
        and e.question.question_id not in coming
    ]
    if not answered:
        return None
    _, question = max(answered, key=lambda entry: entry[0])
    return f"{question.prompt}\n{question.explanation}"[:4_000]

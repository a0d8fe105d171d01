"""The tutor without a model: it selects the template's own questions, by a deterministic rule."""

from collections.abc import Mapping, Sequence

from shared.domain.practice.block_selection import select_from_bank
from shared.domain.practice.self_ratings import is_recall, rated_exercise
from shared.domain.practice.state import Concept, Practice
from shared.domain.practice.transitions import BlockDraft
from shared.domain.questions.question import Question
from shared.domain.questions.rubric import Finding
from shared.tutor.ports import TutorFailed, Usage

BLOCK_SIZE = 4
MAX_EXERCISES_SHOWN = 5


class OfflineTutor:
    name = "offline"
    grades_free_text = False
    solves_drafts = False

    def draft(self, practice: Practice, repair: Sequence[str] = ()) -> tuple[BlockDraft, Usage]:
        """From the bank: questions of the skill whose turn it is, missed ones again first."""
        bank = {e.question.question_id: e for e in practice.source.bank}
        chosen = [bank[i] for i in select_from_bank(practice, size=BLOCK_SIZE)]
        skill_id = chosen[0].skill_id
        questions = [entry.question for entry in chosen]
        concept = _concept(practice, skill_id, [q.question_id for q in questions])
        return BlockDraft(skill_id=skill_id, concept=concept, questions=questions), Usage()

    def solve(self, questions: Sequence[Question]) -> tuple[Mapping[str, Sequence[str]], Usage]:
        raise TutorFailed("questions can't be solved without a model")

    def examine(self, question: Question, answer: str) -> tuple[Sequence[Finding], Usage]:
        raise TutorFailed("free text can't be graded without a model")


def _concept(practice: Practice, skill_id: str, coming: Sequence[str]) -> Concept:
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
        and e.question.question_id in practice.seen
        and e.question.question_id not in coming
    ]
    if not answered:
        return None
    _, question = max(answered, key=lambda entry: entry[0])
    return f"{question.prompt}\n{question.explanation}"[:4_000]

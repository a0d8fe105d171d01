"""The tutor without a model: the template's own questions, deterministic, never running out."""

from collections.abc import Sequence

from shared.domain.practice.state import Concept, Practice
from shared.domain.practice.transitions import BlockDraft, select_from_bank
from shared.domain.questions.grading import Finding
from shared.domain.questions.question import Question, QuestionKind
from shared.tutor.ports import TutorFailed, Usage

BLOCK_SIZE = 4
# Free text is graded by a model alone; without one it is asked only where there is nothing else.
NOT_ASKED = frozenset({QuestionKind.FREE_RESPONSE})
MAX_TOLD = 5


class OfflineTutor:
    name = "offline"
    grades_free_text = False

    def draft(self, practice: Practice, repair: Sequence[str] = ()) -> tuple[BlockDraft, Usage]:
        """From the bank: the weakest skill's questions, repeats spaced and wrong ones sooner."""
        bank = {e.question.question_id: e for e in practice.source.bank}
        chosen = [bank[i] for i in select_from_bank(practice, size=BLOCK_SIZE, without=NOT_ASKED)]
        skill_id = chosen[0].skill_id
        questions = [entry.question for entry in chosen]
        concept = _concept(practice, skill_id, {q.question_id for q in questions})
        return BlockDraft(skill_id=skill_id, concept=concept, questions=questions), Usage()

    def examine(self, question: Question, answer: str) -> tuple[Sequence[Finding], Usage]:
        raise TutorFailed("free text can't be graded without a model")


def _concept(practice: Practice, skill_id: str, coming: set[str]) -> Concept:
    """What the template says of the skill, and one question as an example that was answered."""
    told = [e for e in practice.source.exercises if e.skill_id == skill_id][:MAX_TOLD]
    lines = [f"{e.name}: {e.description}" if e.description else e.name for e in told]
    skill = practice.skill(skill_id)
    explanation = "\n".join(lines) or practice.source.name
    return Concept(
        title=skill.name,
        explanation=explanation,
        worked_example=_worked_example(practice, skill_id, coming),
    )


def _worked_example(practice: Practice, skill_id: str, coming: set[str]) -> str | None:
    """The latest question of this skill that is behind the student, with its explanation."""
    behind = [
        (practice.seen[e.question.question_id].last_seen_at, e.question)
        for e in practice.source.bank
        if e.skill_id == skill_id
        and e.question.explanation
        and e.question.question_id in practice.seen
        and e.question.question_id not in coming
    ]
    if not behind:
        return None
    _, question = max(behind, key=lambda entry: entry[0])
    return f"{question.prompt}\n{question.explanation}"[:4_000]

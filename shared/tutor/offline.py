"""The tutor without a model: it selects the template's own questions, by a deterministic rule."""

from collections.abc import Mapping, Sequence

from shared.domain.practice.block_selection import select_from_bank
from shared.domain.practice.concepts import concept_of
from shared.domain.practice.state import Practice
from shared.domain.practice.transitions import BlockDraft
from shared.domain.questions.question import Question
from shared.domain.questions.rubric import Finding
from shared.tutor.ports import TutorFailed, Usage

BLOCK_SIZE = 4


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
        concept = concept_of(practice, skill_id, [q.question_id for q in questions])
        return BlockDraft(skill_id=skill_id, concept=concept, questions=questions), Usage()

    def solve(self, questions: Sequence[Question]) -> tuple[Mapping[str, Sequence[str]], Usage]:
        raise TutorFailed("questions can't be solved without a model")

    def examine(self, question: Question, answer: str) -> tuple[Sequence[Finding], Usage]:
        raise TutorFailed("free text can't be graded without a model")

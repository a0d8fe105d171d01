"""The tutor with a language model."""

import logging
from collections.abc import Mapping, Sequence

from shared.domain.practice.question_selection import next_skill
from shared.domain.practice.state import Practice
from shared.domain.practice.transitions import BlockDraft
from shared.domain.questions.question import Question
from shared.domain.questions.rubric import Finding
from shared.tutor.language_model.client import (
    ModelClient,
    ReserveTokens,
    TurnAllowance,
    unlimited,
)
from shared.tutor.language_model.output_parser import (
    OutputRejected,
    ParsedFindings,
    parse_block,
    parse_findings,
    parse_solutions,
)
from shared.tutor.language_model.prompts import block_prompt, grading_prompt, solving_prompt
from shared.tutor.ports import DraftRefused, TutorFailed, Usage

logger = logging.getLogger("practice.tutor")


class LanguageModelTutor:
    """One for each turn, made at its beginning: the turn's allowance begins with it.

    `reserve` reserves tokens of the turn's student.
    """

    name = "model"
    grades_free_text = True

    def __init__(
        self, model: ModelClient, reserve: ReserveTokens = unlimited, *, solves_drafts: bool = True
    ) -> None:
        self.solves_drafts = solves_drafts
        self._model = model
        self._allowance = TurnAllowance(model.settings, reserve)

    def draft(self, practice: Practice, repair: Sequence[str] = ()) -> tuple[BlockDraft, Usage]:
        """One request to the model: the graph repeats it with the reasons of a DraftRefused."""
        skill = next_skill(
            practice.skills, now=practice.totals.questions_answered, seed=practice.session_id
        )
        output = self._model.ask(block_prompt(practice, skill, repair), self._allowance)
        try:
            draft = parse_block(output.text, practice=practice, skill_id=skill.skill_id)
        except OutputRejected as rejected:
            raise DraftRefused(rejected.reasons, output.usage) from rejected
        return draft, output.usage

    def solve(self, questions: Sequence[Question]) -> tuple[Mapping[str, Sequence[str]], Usage]:
        """One request to the model for all questions."""
        output = self._model.ask(solving_prompt(questions), self._allowance)
        try:
            solutions = parse_solutions(output.text)
        except OutputRejected as rejected:
            raise TutorFailed("no_solutions", output.usage) from rejected
        numbered = enumerate(questions, start=1)
        return {q.question_id: solutions.get(number, []) for number, q in numbered}, output.usage

    def examine(self, question: Question, answer: str) -> tuple[Sequence[Finding], Usage]:
        """One request to the model, or two where the first reply is doubtful."""
        usage = Usage()
        found: ParsedFindings | None = None
        problems: list[str] = []
        for _ in range(2):
            try:
                output = self._model.ask(
                    grading_prompt(question, answer, problems), self._allowance
                )
            except TutorFailed as failed:
                usage = usage.plus(failed.usage)
                break
            usage = usage.plus(output.usage)
            try:
                found = parse_findings(output.text, question=question, answer=answer)
            except OutputRejected as rejected:
                problems = rejected.reasons
            else:
                problems = found.doubts
            if not problems:
                break
            logger.warning("findings rejected: %d violations", len(problems))
        if found is None:
            raise TutorFailed("no_findings", usage)
        return found.findings, usage

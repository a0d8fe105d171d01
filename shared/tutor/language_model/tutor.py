"""The tutor with a language model."""

import logging
from collections.abc import Sequence

from shared.domain.practice.state import Practice
from shared.domain.practice.transitions import BlockDraft
from shared.domain.questions.grading import Finding
from shared.domain.questions.question import Question
from shared.tutor.language_model.client import ModelClient, TurnAllowance
from shared.tutor.language_model.output_parser import (
    OutputRejected,
    ParsedFindings,
    parse_block,
    parse_findings,
)
from shared.tutor.language_model.prompts import block_prompt, grading_prompt
from shared.tutor.language_model.token_reservation import ReserveTokens, unlimited
from shared.tutor.ports import DraftRefused, TutorFailed, Usage

logger = logging.getLogger("practice.tutor")


class LanguageModelTutor:
    """One for each turn: with it begins the time that the turn may spend on the model.

    `reserve` guards the tokens of the turn's student.
    """

    name = "model"
    grades_free_text = True

    def __init__(self, model: ModelClient, reserve: ReserveTokens = unlimited) -> None:
        self._model = model
        self._budget = TurnAllowance(model.settings, reserve)

    def draft(self, practice: Practice, repair: Sequence[str] = ()) -> tuple[BlockDraft, Usage]:
        """One call, repairs being the graph's. Raises DraftRefused for what can't be used."""
        skill = min(practice.skills, key=lambda skill: skill.mastery)
        written = self._model.ask(block_prompt(practice, skill, repair), self._budget)
        try:
            draft = parse_block(written.text, practice=practice, skill_id=skill.skill_id)
        except OutputRejected as refused:
            raise DraftRefused(refused.reasons, written.usage) from refused
        return draft, written.usage

    def examine(self, question: Question, answer: str) -> tuple[Sequence[Finding], Usage]:
        """One call, or two where the first reply is doubtful."""
        usage = Usage()
        found: ParsedFindings | None = None
        problems: list[str] = []
        for _ in range(2):
            try:
                written = self._model.ask(grading_prompt(question, answer, problems), self._budget)
            except TutorFailed as failed:
                usage = usage.plus(failed.usage)
                break
            usage = usage.plus(written.usage)
            try:
                found = parse_findings(written.text, question=question, answer=answer)
            except OutputRejected as refused:
                problems = refused.reasons
            else:
                problems = found.doubts
            if not problems:
                break
            logger.warning("findings have %d faults", len(problems))
        if found is None:
            raise TutorFailed("no_findings", usage)
        return found.findings, usage

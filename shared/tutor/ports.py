"""The tutor as the graph uses it. It has two adapters: offline and a language model."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from shared.domain.common.fields import ValueObject
from shared.domain.practice.state import Practice
from shared.domain.practice.transitions import BlockDraft
from shared.domain.questions.question import Question
from shared.domain.questions.rubric import Finding


class Usage(ValueObject):
    """The cost of calls to the model: their number, input tokens and output tokens."""

    model_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.output_tokens

    def plus(self, other: "Usage") -> "Usage":
        return Usage(
            model_calls=self.model_calls + other.model_calls,
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
        )


class TutorFailed(Exception):
    """The tutor has failed, after its own retries. The turn continues without it.

    `usage` is the cost of the attempts.
    """

    def __init__(self, reason: str, usage: Usage | None = None) -> None:
        super().__init__(reason)
        self.usage = usage or Usage()


class DraftRefused(TutorFailed):
    """There is a draft that can't be used. `reasons` are worded so that they help to repair it."""

    def __init__(self, reasons: Sequence[str], usage: Usage | None = None) -> None:
        super().__init__(f"{len(reasons)} violations", usage)
        self.reasons = list(reasons)


class Tutor(Protocol):
    """All methods raise TutorFailed. `grades_free_text` is False for a tutor that never does;
    `solves_drafts` is True for one whose drafts are to be solved before they are served.
    """

    name: str
    grades_free_text: bool
    solves_drafts: bool

    def draft(self, practice: Practice, repair: Sequence[str] = ()) -> tuple[BlockDraft, Usage]:
        """The next block, on the skill whose turn it is.

        `repair` lists the violations of the draft before.

        Raises DraftRefused where another draft may be usable.
        """

    def solve(self, questions: Sequence[Question]) -> tuple[Mapping[str, Sequence[str]], Usage]:
        """Answers, by question_id, found in what a student sees of the questions: no key, no
        explanation, no hint. In the texts in which a model writes `answer`.
        """

    def examine(self, question: Question, answer: str) -> tuple[Sequence[Finding], Usage]:
        """The criteria of the rubric that a free text meets, each with a quote from it."""

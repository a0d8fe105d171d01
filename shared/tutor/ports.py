"""What the graph needs of a tutor. Two adapters speak it: offline, and a language model."""

from collections.abc import Sequence
from typing import Protocol

from shared.domain.common.fields import ValueObject
from shared.domain.practice.state import Practice
from shared.domain.practice.transitions import BlockDraft
from shared.domain.questions.grading import Finding
from shared.domain.questions.question import Question


class Usage(ValueObject):
    """What a turn cost at the model: calls made, tokens in and out."""

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
    """The adapter could not do it, after its own retries. The turn goes on without it.

    `usage` is what the attempts cost all the same.
    """

    def __init__(self, why: str, usage: Usage | None = None) -> None:
        super().__init__(why)
        self.usage = usage or Usage()


class DraftRefused(TutorFailed):
    """There is a draft, and it can't be used. `reasons` say why, in words that help to mend it."""

    def __init__(self, reasons: Sequence[str], usage: Usage | None = None) -> None:
        super().__init__(f"{len(reasons)} faults", usage)
        self.reasons = list(reasons)


class Tutor(Protocol):
    """Raises TutorFailed from either method."""

    name: str
    grades_free_text: bool

    def draft(self, practice: Practice, repair: Sequence[str] = ()) -> tuple[BlockDraft, Usage]:
        """The next block, for the weakest skill. `repair` says what was wrong with the last one.

        Raises DraftRefused where another try may do.
        """

    def examine(self, question: Question, answer: str) -> tuple[Sequence[Finding], Usage]:
        """Which criteria of the rubric a free text meets, each with a quote from it."""

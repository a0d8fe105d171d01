"""The student's input as a request has it, natively or otherwise."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from shared.contract.turn_input import Input
from shared.domain.gradebook.turns import CommittedTurn
from shared.domain.questions.question import Question


class GivenInput(Protocol):
    """An input, and the seq that it is for, as far as the request says."""

    @property
    def seq(self) -> int | None: ...

    def read(
        self, question: Callable[[], Question | None], committed: CommittedTurn | None
    ) -> Input:
        """The input for the question, which is None after the work, and what was committed for the
        same seq. Raises InvalidArgument.
        """


class NativeInput(NamedTuple):
    """Implements GivenInput."""

    seq: int | None
    input: Input

    def read(
        self, question: Callable[[], Question | None], committed: CommittedTurn | None
    ) -> Input:
        return self.input

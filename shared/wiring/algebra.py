"""The algebra that grades mathematics. Its process is started by the first answer that needs it."""

from functools import cache
from typing import TYPE_CHECKING

from shared.domain.questions.algebra.port import Algebra

if TYPE_CHECKING:
    from shared.algebra.process import AlgebraProcess


def algebra() -> Algebra:
    """The algebra of one answer."""
    from shared.algebra.process import AlgebraOfAnswer

    return AlgebraOfAnswer(_process())


@cache
def _process() -> "AlgebraProcess":
    from shared.algebra.process import AlgebraProcess

    return AlgebraProcess()

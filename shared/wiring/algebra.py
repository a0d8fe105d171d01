"""The algebra that grades mathematics. Its process is started by the first answer that needs it."""

from functools import cache

from shared.domain.questions.algebra.port import Algebra


@cache
def algebra() -> Algebra:
    from shared.algebra.process import AlgebraProcess

    return AlgebraProcess()

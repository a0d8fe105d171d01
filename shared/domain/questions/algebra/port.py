"""The algebra that the domain asks where it can't decide by itself; see shared/algebra."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from shared.domain.questions.algebra.tree import Node


class Algebra(Protocol):
    def is_zero(self, value: "Node") -> bool | None:
        """Whether the value is 0 for all numbers that it is defined for; None if undecided."""


class NoAlgebra:
    """Leaves undecided what the domain can't decide."""

    def is_zero(self, value: "Node") -> bool | None:
        return None

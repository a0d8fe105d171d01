"""Whether two values are equal: for all real numbers that both are defined for.

Most are decided here, exactly or because they differ by more than an error of rounding can explain;
the rest is asked of an Algebra.
"""

from collections.abc import Iterator, Mapping, Sequence

from shared.domain.questions.algebra import ratios
from shared.domain.questions.algebra.evaluation import Estimate, Undefined, evaluate
from shared.domain.questions.algebra.port import Algebra
from shared.domain.questions.algebra.tree import (
    INFINITE,
    Node,
    difference,
    has_imaginary_unit,
    is_value,
    names_in,
)

# Bounds differ by a factor from the first-order estimates of error that they are made of.
SAFETY = 64.0
# A rounded value is this close to the exact one, relatively.
ROUNDED = 1e-2
# The factors of the numbers at each point: some expressions exist for small or large numbers only.
_SCALES = (1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, 0.3, 0.3, 7.0, 40.0, -7.0)


class Undecided(Exception):
    """It can't be decided, within the bounds of time, whether two expressions are equal."""


def points(names: Sequence[str]) -> Iterator[Mapping[str, float]]:
    """Numbers to put in for the names: the same in each run, some negative, none special."""
    for n, scale in enumerate(_SCALES):
        yield {
            name: abs(scale)
            * (0.35 + 2.6 * ((0.754877666 * (n + 1) + 0.569840291 * (m + 1)) % 1.0))
            * (-1.0 if scale < 0 and (n + m) % 2 else 1.0)
            for m, name in enumerate(names)
        }


def is_equal(left: Node, right: Node, algebra: Algebra) -> bool:
    """Whether two values are equal. Raises Undecided."""
    if left == right:
        return True
    if left in INFINITE or right in INFINITE:
        return False
    exact = ratios.are_equal(left, right)
    if exact is not None:
        return exact
    if any(_is_certain(one, other) for one, other in estimates(left, right)):
        return False
    decided = algebra.is_zero(difference(left, right))
    if decided is None:
        raise Undecided
    return decided


def has_value(node: Node) -> bool:
    """Whether a constant has a value; True for anything with a name in it."""
    if names_in(node):
        return True
    return _estimate(node, {}, imaginary=has_imaginary_unit(node)) is not None


def is_rounded(given: Node, key: Node) -> bool:
    """Whether a constant is near the key, with a decimal where the key has none."""
    if names_in(given) or names_in(key) or not (is_value(given) and is_value(key)):
        return False
    if not _has_decimal(given) or _has_decimal(key):
        return False
    return any(
        abs(one.value - other.value) <= ROUNDED * abs(other.value)
        for one, other in estimates(given, key)
    )


def _has_decimal(node: Node) -> bool:
    return "." in node.text or any(map(_has_decimal, node.args))


def estimates(left: Node, right: Node) -> Iterator[tuple[Estimate, Estimate]]:
    imaginary = has_imaginary_unit(left) or has_imaginary_unit(right)
    for names in points(sorted(names_in(left) | names_in(right))):
        one = _estimate(left, names, imaginary=imaginary)
        other = _estimate(right, names, imaginary=imaginary)
        if one is not None and other is not None:
            yield one, other


def _estimate(node: Node, names: Mapping[str, float], *, imaginary: bool) -> Estimate | None:
    try:
        return evaluate(node, names, imaginary=imaginary)
    except Undefined:
        return None


def _is_certain(one: Estimate, other: Estimate) -> bool:
    """Whether the two differ by more than their errors."""
    return abs(one.value - other.value) > SAFETY * (one.error + other.error)

"""Whether two pieces of mathematics mean the same."""

from collections.abc import Callable, Sequence
from typing import Any

from shared.domain.questions.algebra import ratios
from shared.domain.questions.algebra.equality import SAFETY, Undecided, estimates, is_equal
from shared.domain.questions.algebra.port import Algebra
from shared.domain.questions.algebra.readings import (
    Interval,
    entries_of,
    given_intervals,
    given_solutions,
    intervals_of,
    relation_of,
    rows_of,
    solutions,
    system_of,
    value_of,
)
from shared.domain.questions.algebra.tree import ZERO, Node, difference, is_value

MAX_ENTRIES = 30
# The names of a renamed expression end with this, which no typed name does.
_RENAMED = "*"


def means_the_same(given: Node, key: Node, algebra: Algebra) -> bool:
    """Whether an answer means what the key means. Raises Undecided.

    An equation solved for a name and the value alone mean the same, and so do a solved inequality
    and its interval, several solutions and their set, entries with brackets and without.
    """
    for read_given, read_key, are_alike in _READINGS:
        found, expected = read_given(given), read_key(key)
        if found is not None and expected is not None:
            return are_alike(found, expected, algebra)
    return False


def is_slip(given: Node, key: Node) -> bool:
    """Whether there are several entries where the key is one value, as in 1,5 for 1.5."""
    return is_value(key) and given.op == "list" and all(map(is_value, given.args))


def _same_relation(given: Node, key: Node, algebra: Algebra) -> bool:
    if given.op != key.op or len(given.args) != len(key.args):
        return False
    if key.op == "chain":
        return given.text == key.text and all(
            is_equal(one, other, algebra) for one, other in zip(given.args, key.args, strict=True)
        )
    mirrored = {"<": ">", ">": "<", "≤": "≥", "≥": "≤"}
    one, other = _moved(given), _moved(key)
    factor = _constant_factor(one, other, algebra, is_equation=key.text in ("=", "≠"))
    if factor is None:
        return False
    sign = given.text if factor > 0 else mirrored.get(given.text, given.text)
    return sign == key.text


def _moved(relation: Node) -> Node:
    return difference(*relation.args)


def _constant_factor(
    one: Node, other: Node, algebra: Algebra, *, is_equation: bool
) -> float | None:
    """The number that `other` is to be multiplied with to give `one`; None where there is none.

    Denominators of equations are multiplied out first: y = 1/x and xy = 1 have the factor 1.
    """
    quick = _exact_factor(one, other, is_equation=is_equation)
    if quick is not None:
        return quick or None
    factors = [
        first.value.real / second.value.real
        for first, second in estimates(one, other)
        if abs(second.value) > SAFETY * second.error and abs(first.value) > SAFETY * first.error
    ]
    if not factors:
        raise Undecided
    crossed = difference(
        Node("product", (one, _renamed(other))), Node("product", (_renamed(one), other))
    )
    return factors[0] if is_equal(crossed, ZERO, algebra) else None


def _exact_factor(one: Node, other: Node, *, is_equation: bool) -> float | None:
    """0 where there is no such number, None where this can't tell."""
    try:
        first, second = ratios.ratio_of(one), ratios.ratio_of(other)
    except ratios.Inexpressible:
        return None
    if not (first.plain and second.plain):
        return None
    has_divisor = not all(map(ratios.is_constant, (first.under, second.under)))
    if has_divisor and not is_equation:
        return None
    if not first.over or not second.over:
        return float(first.over == second.over)
    if ratios.primitive(first.over) != ratios.primitive(second.over):
        return 0.0
    leading = max(first.over)
    factor = first.over[leading] / second.over[leading]
    if not has_divisor:
        ((under,), (other_under,)) = first.under.values(), second.under.values()
        factor *= other_under / under
    return float(factor)


def _renamed(node: Node) -> Node:
    if node.op == "name":
        return node._replace(text=node.text + _RENAMED)
    return node._replace(args=tuple(map(_renamed, node.args)))


def _same_entries(given: Sequence[Node], key: Sequence[Node], algebra: Algebra) -> bool:
    return len(given) == len(key) and all(
        means_the_same(one, other, algebra) for one, other in zip(given, key, strict=True)
    )


def _same_rows(given: Sequence[Node], key: Sequence[Node], algebra: Algebra) -> bool:
    return len(given) == len(key) and all(
        _same_entries(one.args, other.args, algebra) for one, other in zip(given, key, strict=True)
    )


def _same_set(given: Sequence[Node], key: Sequence[Node], algebra: Algebra) -> bool:
    """Without regard to order and repetition."""
    if max(len(given), len(key)) > MAX_ENTRIES:
        raise Undecided
    return _is_within(given, key, algebra) and _is_within(key, given, algebra)


def _is_within(some: Sequence[Node], others: Sequence[Node], algebra: Algebra) -> bool:
    return all(any(means_the_same(one, other, algebra) for other in others) for one in some)


def _same_intervals(given: Sequence[Interval], key: Sequence[Interval], algebra: Algebra) -> bool:
    if max(len(given), len(key)) > MAX_ENTRIES:
        raise Undecided

    def same(one: Interval, other: Interval) -> bool:
        return all(
            first.closed == second.closed and is_equal(first.value, second.value, algebra)
            for first, second in zip(one, other, strict=True)
        )

    return len(given) == len(key) and all(any(same(i, k) for i in given) for k in key)


# How an answer and a key can be read; the first way that both can be read in decides.
_READINGS: Sequence[
    tuple[Callable[[Node], Any], Callable[[Node], Any], Callable[[Any, Any, Algebra], bool]]
] = (
    (given_intervals, intervals_of, _same_intervals),
    (given_solutions, solutions, _same_set),
    (system_of, system_of, _same_set),
    (entries_of, entries_of, _same_entries),
    (rows_of, rows_of, _same_rows),
    (relation_of, relation_of, _same_relation),
    (value_of, value_of, is_equal),
)

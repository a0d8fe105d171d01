"""Whether two pieces of mathematics mean the same.

Two values are equal where they agree for all real numbers that both are defined for. Most are
decided here, exactly or because they differ by more than an error of rounding can explain; the rest
is asked of an Algebra.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from shared.domain.questions.algebra import ratios
from shared.domain.questions.algebra.evaluation import Estimate, Undefined, evaluate
from shared.domain.questions.algebra.port import Algebra
from shared.domain.questions.algebra.tree import (
    INFINITY,
    ZERO,
    Node,
    difference,
    has_imaginary_unit,
    is_value,
    names_in,
)

MAX_ENTRIES = 30
# The names of a renamed expression end with this, which no typed name does.
_RENAMED = "*"
# Bounds differ by a factor from the first-order estimates of error that they are made of.
SAFETY = 64.0
_MINUS_INFINITY = Node("negative", (INFINITY,))
_INFINITE = (INFINITY, _MINUS_INFINITY)
# x(a + b) is a product, and so is f(x): but these names are those of functions.
_FUNCTION_NAMES = frozenset("fghFGH")
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
    if left in _INFINITE or right in _INFINITE:
        return False
    exact = ratios.are_equal(left, right)
    if exact is not None:
        return exact
    if any(_is_certain(one, other) for one, other in _estimates(left, right)):
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
        for one, other in _estimates(given, key)
    )


def _has_decimal(node: Node) -> bool:
    return "." in node.text or any(map(_has_decimal, node.args))


def _estimates(left: Node, right: Node) -> Iterator[tuple[Estimate, Estimate]]:
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


def is_slip(given: Node, key: Node) -> bool:
    """Whether there are several entries where the key is one value, as in 1,5 for 1.5."""
    return is_value(key) and given.op == "list" and all(map(is_value, given.args))


class Bound(NamedTuple):
    value: Node
    closed: bool


class Interval(NamedTuple):
    lower: Bound
    upper: Bound

    @property
    def finite_values(self) -> list[Node]:
        return [value for value, _ in self if value not in _INFINITE]


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


def intervals_of(node: Node) -> list[Interval] | None:
    """The intervals of a solved inequality or a union; None for anything else."""
    if node.op == "in":
        return (
            intervals_of(node.args[1])
            if node.args[1].op in ("interval", "union", "point")
            else None
        )
    if node.op == "interval":
        closed = [sign in "[]" for sign in node.text]
        return [Interval(Bound(node.args[0], closed[0]), Bound(node.args[1], closed[1]))]
    if node.op == "point" and len(node.args) == 2 and _is_unbounded(node):
        return [Interval(Bound(node.args[0], False), Bound(node.args[1], False))]
    if node.op in ("union", "or"):
        parts = [intervals_of(_opened(part)) for part in node.args]
        if all(part is not None for part in parts):
            return [interval for part in parts for interval in part or []]
        return None
    return _solved_inequality(node)


def _opened(node: Node) -> Node:
    """A pair in a union, or where an interval is asked for, is an open interval."""
    is_pair = node.op == "point" and len(node.args) == 2
    return Node("interval", node.args, "()") if is_pair else node


def given_intervals(node: Node) -> list[Interval] | None:
    return intervals_of(_opened(node))


def _is_unbounded(node: Node) -> bool:
    return any(part in _INFINITE for part in node.args)


def _solved_inequality(node: Node) -> list[Interval] | None:
    if node.op == "relation" and node.text in ("<", "≤", ">", "≥"):
        left, right = node.args
        sign = node.text
        if right.op == "name" and not names_in(left):
            left, right, sign = right, left, {"<": ">", ">": "<", "≤": "≥", "≥": "≤"}[sign]
        if left.op != "name" or names_in(right):
            return None
        bound, free = Bound(right, sign in ("≤", "≥")), Bound(INFINITY, False)
        if sign in ("<", "≤"):
            return [Interval(Bound(_MINUS_INFINITY, False), bound)]
        return [Interval(bound, free)]
    if node.op == "chain" and node.args[1].op == "name":
        first, second = node.text.split(",")
        lower, upper = Bound(node.args[0], first in "≤≥"), Bound(node.args[2], second in "≤≥")
        if first in ">≥":
            lower, upper = upper, lower
        return None if names_in(lower.value) or names_in(upper.value) else [Interval(lower, upper)]
    return None


def _solutions(node: Node) -> tuple[Node, ...] | None:
    """The values of a set or of several solutions, which have no order."""
    if node.op == "set":
        return node.args
    if node.op == "in" and node.args[1].op == "set":
        return node.args[1].args
    if node.op in ("or", "list") and all(part.op == "relation" for part in node.args):
        solved = [solved_for(part) for part in node.args]
        names = {name.partition("_")[0] for name, _ in filter(None, solved)}
        if all(solved) and len(names) == 1:
            return tuple(value for _, value in filter(None, solved))
    if node.op == "or" and all(map(is_value, node.args)):
        return node.args
    return None


def _given_solutions(node: Node) -> tuple[Node, ...] | None:
    """Where a set is asked for, a list without braces is one too, and so is a single value."""
    found = _solutions(node) or _entries(node)
    if found is None and (is_value(node) or solved_for(node)):
        return (node,)
    return found


def solved_for(node: Node) -> tuple[str, Node] | None:
    """The name and its value, of an equation solved for a name."""
    if node.op != "relation" or node.text != "=":
        return None
    left, right = node.args
    if _defined(left) is None:
        left, right = right, left
    name = _defined(left)
    if name is None or name in names_in(right):
        return None
    return name, right


def _defined(node: Node) -> str | None:
    """The name that stands alone, or f of f(x)."""
    if node.op == "product" and node.args[0].text.rstrip("'") in _FUNCTION_NAMES:
        rest = node.args[1:]
        return node.args[0].text if all(part.op == "name" for part in rest) else None
    return node.text if node.op == "name" else None


def _entries(node: Node) -> tuple[Node, ...] | None:
    """The entries of a list or a point, in their order."""
    if node.op in ("list", "point") or (node.op == "interval" and node.text == "[]"):
        return node.args
    return None


def _rows(node: Node) -> tuple[Node, ...] | None:
    return node.args if node.op == "matrix" else None


def _system(node: Node) -> tuple[Node, ...] | None:
    """Equations that hold together, or of which one holds; a solved one is not among them."""
    if node.op in ("list", "or") and all(part.op == "relation" for part in node.args):
        return node.args
    return None


def _relation(node: Node) -> Node | None:
    return node if node.op in ("relation", "chain") else None


def _value(node: Node) -> Node | None:
    """A value, or that of an equation solved for a name."""
    if is_value(node):
        return node
    solved = solved_for(node)
    if solved is not None:
        return solved[1]
    (entry,) = node.args if node.op in ("set", "list") and len(node.args) == 1 else (None,)
    return entry if entry is not None and is_value(entry) else None


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
        for first, second in _estimates(one, other)
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
    (_given_solutions, _solutions, _same_set),
    (_system, _system, _same_set),
    (_entries, _entries, _same_entries),
    (_rows, _rows, _same_rows),
    (_relation, _relation, _same_relation),
    (_value, _value, is_equal),
)

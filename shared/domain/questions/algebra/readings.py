"""What mathematics can be read as: intervals, solutions, entries, a relation, a value."""

from typing import NamedTuple

from shared.domain.questions.algebra.tree import (
    INFINITE,
    INFINITY,
    MINUS_INFINITY,
    Node,
    is_value,
    names_in,
)

# x(a + b) is a product, and so is f(x): but these names are those of functions.
_FUNCTION_NAMES = frozenset("fghFGH")


class Bound(NamedTuple):
    value: Node
    closed: bool


class Interval(NamedTuple):
    lower: Bound
    upper: Bound

    @property
    def finite_values(self) -> list[Node]:
        return [value for value, _ in self if value not in INFINITE]


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


def given_intervals(node: Node) -> list[Interval] | None:
    return intervals_of(_opened(node))


def _opened(node: Node) -> Node:
    """A pair in a union, or where an interval is asked for, is an open interval."""
    is_pair = node.op == "point" and len(node.args) == 2
    return Node("interval", node.args, "()") if is_pair else node


def _is_unbounded(node: Node) -> bool:
    return any(part in INFINITE for part in node.args)


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
            return [Interval(Bound(MINUS_INFINITY, False), bound)]
        return [Interval(bound, free)]
    if node.op == "chain" and node.args[1].op == "name":
        first, second = node.text.split(",")
        lower, upper = Bound(node.args[0], first in "≤≥"), Bound(node.args[2], second in "≤≥")
        if first in ">≥":
            lower, upper = upper, lower
        return None if names_in(lower.value) or names_in(upper.value) else [Interval(lower, upper)]
    return None


def solutions(node: Node) -> tuple[Node, ...] | None:
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


def given_solutions(node: Node) -> tuple[Node, ...] | None:
    """Where a set is asked for, a list without braces is one too, and so is a single value."""
    found = solutions(node) or entries_of(node)
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


def entries_of(node: Node) -> tuple[Node, ...] | None:
    """The entries of a list or a point, in their order."""
    if node.op in ("list", "point") or (node.op == "interval" and node.text == "[]"):
        return node.args
    return None


def rows_of(node: Node) -> tuple[Node, ...] | None:
    return node.args if node.op == "matrix" else None


def system_of(node: Node) -> tuple[Node, ...] | None:
    """Equations that hold together, or of which one holds; a solved one is not among them."""
    if node.op in ("list", "or") and all(part.op == "relation" for part in node.args):
        return node.args
    return None


def relation_of(node: Node) -> Node | None:
    return node if node.op in ("relation", "chain") else None


def value_of(node: Node) -> Node | None:
    """A value, or that of an equation solved for a name."""
    if is_value(node):
        return node
    solved = solved_for(node)
    if solved is not None:
        return solved[1]
    (entry,) = node.args if node.op in ("set", "list") and len(node.args) == 1 else (None,)
    return entry if entry is not None and is_value(entry) else None

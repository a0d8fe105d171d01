"""Mathematics as a tree."""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple


class Node(NamedTuple):
    """`op` says what it is, `args` are its operands, `text` its name, value or signs.

    Of values: number (text: its decimal digits with a point), name, constant (π, e, i, ∞), sum,
    product, quotient, negative, power, root (radicand, index), call (text: the function; log has
    its base as a second operand), factorial.

    Of statements: relation (text: =, ≠, <, ≤, > or ≥), chain (text: two of these, with a comma;
    three operands), in, list, point, set, interval (text: its two brackets), union, or, matrix (of
    rows).
    """

    op: str
    args: tuple["Node", ...] = ()
    text: str = ""


ROW = "row"
ENTRIES = frozenset({"list", "point", "set", "interval", "union", "or", "matrix", ROW})
RELATIONS = frozenset({"relation", "chain", "in"})
# Of powers, as they are typed.
MAX_EXPONENT = 100
INFINITY = Node("constant", text="∞")
MINUS_INFINITY = Node("negative", (INFINITY,))
INFINITE = (INFINITY, MINUS_INFINITY)
ONE = Node("number", text="1")
ZERO = Node("number", text="0")


def is_value(node: Node) -> bool:
    """Whether it is one value: no equation, no list."""
    return node.op not in ENTRIES and node.op not in RELATIONS


def negated(node: Node) -> Node:
    return node.args[0] if node.op == "negative" else Node("negative", (node,))


def difference(left: Node, right: Node) -> Node:
    return left if right == ZERO else Node("sum", (left, negated(right)))


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, each before its operands."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.args))


def names_in(node: Node) -> frozenset[str]:
    return frozenset(part.text for part in walk(node) if part.op == "name")


def has_imaginary_unit(node: Node) -> bool:
    return any(part.op == "constant" and part.text == "i" for part in walk(node))


def size(node: Node) -> int:
    """The number of numbers, names and operations. A fraction of numbers is one number, and a minus
    sign, a matrix's row and what is not written (the 2 of a square root) count none.
    """
    if literal(node) is not None:
        return 1
    own = node.op not in ("negative", ROW)
    args = node.args[:1] if node.op == "root" and node.args[1].text == "2" else node.args
    return own + sum(map(size, args))


def literal(node: Node) -> Fraction | None:
    """The value of a number as it is written: with its sign, as a fraction, or as 3·10^5.

    None for anything else.
    """
    if node.op == "number":
        return Fraction(node.text)
    if node.op == "negative":
        value = literal(node.args[0])
        return None if value is None else -value
    if node.op == "quotient":
        over, under = map(literal, node.args)
        return None if over is None or not under else over / under
    if node.op == "power":
        return _power_of_ten(node)
    if node.op == "product" and len(node.args) == 2:
        factor, scale = literal(node.args[0]), _power_of_ten(node.args[1])
        return None if factor is None or scale is None else factor * scale
    return None


def _power_of_ten(node: Node) -> Fraction | None:
    if node.op != "power" or node.args[0].text != "10":
        return None
    exponent = literal(node.args[1])
    if exponent is None or exponent.denominator != 1 or abs(exponent) > MAX_EXPONENT:
        return None
    return Fraction(10) ** int(exponent)


def values_in(node: Node) -> list[Node]:
    """The values that a statement is made of, left to right."""
    if is_value(node):
        return [node]
    return [value for part in node.args for value in values_in(part)]

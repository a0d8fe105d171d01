"""Generated trees of rational functions, and their exact values."""

import operator
from collections.abc import Mapping
from fractions import Fraction
from functools import reduce

from hypothesis import strategies as st

from shared.domain.questions.algebra.tree import Node

OPERATIONS = {
    "sum": operator.add,
    "product": operator.mul,
    "quotient": operator.truediv,
    "power": lambda base, exponent: base ** int(exponent),
}
NAMES = ("x", "y", "a")


def number(value: int) -> Node:
    return Node("number", text=str(value))


def _composed(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return (
        st.builds(Node, st.sampled_from(["sum", "product"]), several)
        | st.builds(lambda a, b: Node("quotient", (a, b)), inner, inner)
        | st.builds(lambda a, n: Node("power", (a, number(n))), inner, st.integers(0, 3))
        | st.builds(lambda a: Node("negative", (a,)), inner)
    )


trees = st.recursive(
    st.integers(0, 12).map(number)
    | st.sampled_from(NAMES).map(lambda name: Node("name", text=name)),
    _composed,
    max_leaves=8,
)


def value_of(node: Node, names: Mapping[str, Fraction]) -> Fraction:
    """Raises ZeroDivisionError."""
    if node.op == "number":
        return Fraction(node.text)
    if node.op == "name":
        return names[node.text]
    values = [value_of(part, names) for part in node.args]
    if node.op == "negative":
        return -values[0]
    return reduce(OPERATIONS[node.op], values)

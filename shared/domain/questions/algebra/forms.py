"""The form of an answer, beside its value: whether it is written as the question asks.

Half of all keys equal something in their prompt: without a look at the form, "expand (x + 1)²" is
answered by its own prompt.
"""

from collections.abc import Iterator, Mapping
from math import gcd

from shared.domain.questions.algebra import ratios
from shared.domain.questions.algebra.readings import given_intervals, solved_for
from shared.domain.questions.algebra.tree import (
    RELATIONS,
    ZERO,
    Node,
    is_value,
    literal,
    names_in,
    size,
    values_in,
    walk,
)

DEFAULT_FORM = "like_key"
# How much longer than the key an answer of the key's form may be.
LONGEST = 1.5
# What a form asks for, as a student is told.
REQUESTS: Mapping[str, str] = {
    "like_key": "Write it as simply as you can, in the form that is asked for.",
    "factored": "Write it as a product, factored as far as possible.",
    "expanded": "Write it as a sum without parentheses, like terms combined.",
    "lowest_terms": "Write it as one fraction in lowest terms.",
    "solved": "Write it solved: a name alone on one side, and its value on the other.",
}

_TOPS = {
    "quotient": "product",
    "root": "power",
    "or": "set",
    "list": "entries",
    "point": "entries",
    "in": "set",
}


def has_form(given: Node, key: Node, form: str) -> bool:
    """Whether an answer that means what the key means is also written in the form."""
    if form == "any":
        return True
    if form == "solved" or (form == DEFAULT_FORM and _is_solution(key)):
        return _is_solved(given, key)
    is_in_form = _VALUE_FORMS[form]
    given, key = _without_name(given, key), _without_name(key, given)
    is_solved = given_intervals(given) is not None and given_intervals(key) is not None
    if form == DEFAULT_FORM and given.op == key.op and key.op in RELATIONS and not is_solved:
        return is_in_form(given, key)
    return all(is_in_form(one, other) for one, other in _pairs(given, key))


def _is_solution(key: Node) -> bool:
    """Whether the key is an equation solved to a constant, or several of them."""
    solved = [solved_for(statement) for statement in _statements(key)]
    return bool(solved) and all(found and not names_in(found[1]) for found in solved)


def _pairs(given: Node, key: Node) -> Iterator[tuple[Node, Node]]:
    """The values of an answer beside those of the key.

    Where the two have other shapes, or no order, each stands beside the value of the key that is
    most like it.
    """
    if is_value(given) and is_value(key):
        yield given, key
    elif given_intervals(given) and given_intervals(key):
        yield from _nearest(_written_values(given), _written_values(key))
    elif given.op == key.op and len(given.args) == len(key.args) and given.op not in ("set", "or"):
        for one, other in zip(given.args, key.args, strict=True):
            yield from _pairs(one, other)
    else:
        yield from _nearest(_written_values(given), _written_values(key))


def _nearest(found: list[Node], wanted: list[Node]) -> Iterator[tuple[Node, Node]]:
    for value in found if wanted else []:
        alike = [other for other in wanted if _top(other) == _top(value)] or wanted
        yield value, min(alike, key=lambda other: abs(size(other) - size(value)))


def _written_values(node: Node) -> list[Node]:
    """The values of a statement: of an inequality its bounds, of a solved equation its value."""
    intervals = given_intervals(node)
    if intervals is not None:
        return [value for interval in intervals for value in interval.finite_values]
    if is_value(node):
        return [node]
    solved = solved_for(node)
    parts = node.args if solved is None else solved[1:]
    return [value for part in parts for value in _written_values(part)]


def _without_name(node: Node, other: Node) -> Node:
    """The value of an equation solved for a name, where the other is a value alone."""
    solved = solved_for(node)
    return solved[1] if solved and is_value(other) else node


def can_be_key(key: Node, form: str) -> bool:
    """Whether a key has the shape of the form; without calculation: a template has many keys."""
    if form == "solved":
        return all(map(_has_solved_shape, _statements(key)))
    if form == "expanded":
        return not any(map(_multiplies_sum, walk(key)))
    if form == "lowest_terms":
        return all(literal(value) is None or _is_reduced(value) for value in values_in(key))
    return True


def _statements(node: Node) -> tuple[Node, ...]:
    return node.args if node.op in ("or", "list", "set", "point") else (node,)


def _has_solved_shape(statement: Node) -> bool:
    return (
        is_value(statement) or solved_for(statement) is not None or _is_solved_inequality(statement)
    )


def _is_solved(given: Node, key: Node) -> bool:
    """One equation, several of them, or values alone. The values are as simple as the key's."""
    wanted = solved_for(key)
    for statement in _statements(given):
        found = solved_for(statement)
        if not _has_solved_shape(statement) or (wanted and found and wanted[0] != found[0]):
            return False
    given, key = _without_name(given, key), _without_name(key, given)
    return all(_is_as_simple(one, other) for one, other in _pairs(given, key))


def _is_solved_inequality(node: Node) -> bool:
    if node.op in ("interval", "union", "in"):
        return True
    if node.op == "chain":
        return node.args[1].op == "name" and not names_in(node.args[0]) | names_in(node.args[2])
    left, right = node.args[:2] if node.op == "relation" else (node, node)
    return (left.op == "name" and not names_in(right)) or (
        right.op == "name" and not names_in(left)
    )


def _is_like(given: Node, key: Node) -> bool:
    """The same operation at the top, with no more terms, and as simple."""
    return _top(given) == _top(key) and _parts(given) <= _parts(key) and _is_as_simple(given, key)


def _is_as_simple(given: Node, key: Node) -> bool:
    """No more than 1.5 times as long, and calculated as far."""
    return size(given) <= LONGEST * size(key) and _unfinished(given) <= _unfinished(key)


def _top(node: Node) -> str:
    node = _unsigned(node)
    if literal(node) is not None:
        return "number"
    return _TOPS.get(node.op, node.text if node.op == "call" else node.op)


def _unsigned(node: Node) -> Node:
    return node.args[0] if node.op == "negative" else node


def _parts(node: Node) -> int:
    """The number of terms of a sum."""
    node = _unsigned(node)
    return len(node.args) if node.op == "sum" else 1


def _unfinished(node: Node) -> int:
    """How many calculations with numbers are left to do: 2 + 3, 2·3x, 6/8, x·1, √4, x + x."""
    return sum(map(_left_to_do, walk(node)))


def _left_to_do(node: Node) -> int:
    match node.op:
        case "sum":
            count = sum(literal(part) is not None for part in node.args)
            return max(0, count - 1) + (ZERO in node.args) + _like_terms(node)
        case "product" if literal(node) is None:
            numbers = [part for part in node.args if literal(part) is not None]
            bases = [part.args[0] if part.op == "power" else part for part in node.args]
            return (
                max(0, len(numbers) - 1)
                + sum(abs(literal(number) or 0) == 1 for number in numbers)
                + sum(base in bases[:n] for n, base in enumerate(bases) if literal(base) is None)
            )
        case "quotient":
            return _reducible(*node.args)
        case "power" | "root":
            return int(_is_number_power(node))
        case "factorial":
            return int(node.args[0].op == "number")
        case _:
            return 0


def _like_terms(node: Node) -> int:
    """How many terms of a sum could be combined with another."""
    kinds = []
    for term in node.args:
        if literal(term) is not None:
            continue
        try:
            over, under, _ = ratios.ratio_of(term)
        except ratios.Inexpressible:
            continue
        kinds.append((tuple(sorted(ratios.primitive(over).items())), tuple(sorted(under.items()))))
    return len(kinds) - len(set(kinds))


def _reducible(over: Node, under: Node) -> int:
    """Whether numbers above and below the stroke have a common divisor, or one of them is 1."""
    above, below = _coefficient(over), _coefficient(under)
    if below == 1 and literal(under) is not None:
        return 1
    if above is None or below is None:
        return 1
    return int(gcd(above, below) > 1)


def _coefficient(node: Node) -> int | None:
    """The whole number that a value is a multiple of, as it is written; None for a decimal."""
    node = _unsigned(node)
    if node.op == "number":
        return int(node.text) if node.text.isdecimal() else None
    if node.op == "product":
        whole = [_coefficient(part) for part in node.args if part.op == "number"]
        return 1 if len(whole) != 1 else whole[0]
    if node.op == "sum":
        parts = [_coefficient(part) for part in node.args]
        return None if None in parts else gcd(*(part or 0 for part in parts))
    return 1


def _is_number_power(node: Node) -> bool:
    """Whether a power or a root of a number can be calculated; 10^5 can stay."""
    base = literal(node.args[0])
    if base is None:
        return False
    try:
        value = ratios.ratio_of(node)
    except ratios.Inexpressible:
        return False
    if node.op == "power" and base == 10:
        return False
    if node.op == "root":
        # √8 is 2·√2: a root is finished if nothing can be taken out of it.
        ((monomial, factor),) = value.over.items() or (((), 0),)
        return not monomial or abs(factor) != 1
    exponent = literal(node.args[1])
    return ratios.is_constant(value.over) and exponent is not None and abs(exponent) <= 6


def _is_factored(given: Node, key: Node) -> bool:
    """A product of the key's factors, but for their order and numbers that could be taken out."""
    found, wanted = _factors(given), _factors(key)
    return (
        found is not None
        and wanted is not None
        and sorted(found, key=repr) == sorted(wanted, key=repr)
        and (_is_primitive(given) or not _is_primitive(key))
    )


def _factors(node: Node) -> list[tuple[object, ...]] | None:
    """The factors that are no numbers, each as often as it occurs, without their content."""
    node = _unsigned(node)
    if node.op == "product":
        parts = [_factors(part) for part in node.args]
        return None if None in parts else [factor for part in parts for factor in part or []]
    if node.op == "quotient" and literal(node.args[1]) is not None:
        return _factors(node.args[0])
    exponent = literal(node.args[1]) if node.op == "power" else None
    if exponent and exponent.denominator == 1 and 0 < exponent <= ratios.MAX_DEGREE:
        inner = _factors(node.args[0])
        return None if inner is None else inner * int(exponent)
    if literal(node) is not None:
        return []
    try:
        over, under, _ = ratios.ratio_of(node)
    except ratios.Inexpressible:
        return None
    return [(tuple(sorted(ratios.primitive(over).items())), tuple(sorted(under.items())))]


def _is_primitive(node: Node) -> bool:
    """Whether no number can be taken out of a sum within."""
    for part in walk(node):
        if part.op == "sum" and not literal(part):
            try:
                over, under, _ = ratios.ratio_of(part)
            except ratios.Inexpressible:
                return False
            if ratios.content(over) not in (0, 1) or not ratios.is_constant(under):
                return False
    return True


def _is_expanded(given: Node, key: Node) -> bool:
    """No product or power of a sum, and like terms combined."""
    return not any(map(_multiplies_sum, walk(given))) and _unfinished(given) <= _unfinished(key)


def _multiplies_sum(node: Node) -> bool:
    if node.op not in ("product", "power", "quotient"):
        return False
    inner = node.args if node.op == "product" else node.args[:1]
    return any(_unsigned(part).op == "sum" for part in inner)


def _is_reduced(number: Node) -> bool:
    """Whether a number is whole or a fraction in lowest terms, and no decimal."""
    has_decimal = any("." in part.text for part in walk(number))
    return not has_decimal and _unfinished(number) == 0


def _is_in_lowest_terms(given: Node, key: Node) -> bool:
    """One fraction, of which no number and no polynomial can be cancelled.

    It equals the key, which is in lowest terms: so it is too where its denominator is as long.
    """
    plain, wanted = _unsigned(given), _unsigned(key)
    if literal(given) is not None:
        return _is_reduced(given)
    if plain.op == "sum" and wanted.op != "sum":
        return False
    try:
        found, expected = ratios.ratio_of(plain), ratios.ratio_of(wanted)
    except ratios.Inexpressible:
        return _is_like(given, key)
    return ratios.degree(found.under) <= ratios.degree(expected.under) and _unfinished(
        given
    ) <= _unfinished(key)


_VALUE_FORMS = {
    "like_key": _is_like,
    "factored": _is_factored,
    "expanded": _is_expanded,
    "lowest_terms": _is_in_lowest_terms,
}

"""A tree in plain text, with as many parentheses as it takes to read it in one way."""

from collections.abc import Callable, Mapping

from shared.domain.questions.algebra.tree import ROW, Node

# How strongly an operation holds its operands together.
_SUM, _PRODUCT, _POWER, _ATOM = range(4)
_STRENGTHS = {
    "sum": _SUM,
    "negative": _SUM,
    "product": _PRODUCT,
    "quotient": _PRODUCT,
    "power": _POWER,
    "factorial": _POWER,
}
_BRACKETS = {"set": "{}", "point": "()", "matrix": "[]", ROW: "[]"}
_ROOTS = {"2": "√", "3": "∛"}


def written(node: Node, mark: str = ".") -> str:
    """The text, with this decimal mark."""
    return _Writer(mark).show(node)


class _Writer:
    def __init__(self, mark: str) -> None:
        self._mark = mark
        self._separator = "; " if mark == "," else ", "

    def show(self, node: Node) -> str:
        write: Callable[[_Writer, Node], str] = _WRITERS.get(node.op, _Writer._entries)
        return write(self, node)

    def _inner(self, node: Node, least: int) -> str:
        text = self.show(node)
        return f"({text})" if _STRENGTHS.get(node.op, _ATOM) < least else text

    def _plain(self, node: Node) -> str:
        return node.text.replace(".", self._mark) if node.op == "number" else node.text

    def _sum(self, node: Node) -> str:
        first, *others = node.args
        terms = [self.show(first)]
        for term in others:
            is_minus = term.op == "negative"
            shown = self._inner(term.args[0] if is_minus else term, _PRODUCT)
            terms.append(f" {'-' if is_minus else '+'} {shown}")
        return "".join(terms)

    def _product(self, node: Node) -> str:
        first, *others = node.args
        least = _POWER if first.op == "quotient" else _PRODUCT
        return "·".join([self._inner(first, least), *(self._inner(o, _POWER) for o in others)])

    def _quotient(self, node: Node) -> str:
        return f"{self._inner(node.args[0], _PRODUCT)}/{self._inner(node.args[1], _POWER)}"

    def _negative(self, node: Node) -> str:
        return f"-{self._inner(node.args[0], _PRODUCT)}"

    def _power(self, node: Node) -> str:
        base, exponent = (self._inner(part, _ATOM) for part in node.args)
        # x^1/2 could be read in two ways.
        return f"{base}^(1)" if exponent == "1" else f"{base}^{exponent}"

    def _factorial(self, node: Node) -> str:
        return f"{self._inner(node.args[0], _ATOM)}!"

    def _root(self, node: Node) -> str:
        radicand, index = node.args
        if sign := _ROOTS.get(index.text):
            return f"{sign}({self.show(radicand)})"
        return f"root({index.text}{self._separator}{self.show(radicand)})"

    def _call(self, node: Node) -> str:
        operand = self.show(node.args[0])
        if node.text == "abs":
            return f"|{operand}|"
        base = f"_{self._inner(node.args[1], _ATOM)}" if node.text == "log" else ""
        return f"{node.text}{base}({operand})"

    def _relation(self, node: Node) -> str:
        first, *others = map(self.show, node.args)
        signs = node.text.split(",")
        return " ".join([first, *(f"{s} {o}" for s, o in zip(signs, others, strict=True))])

    def _in(self, node: Node) -> str:
        return " ∈ ".join(map(self.show, node.args))

    def _or(self, node: Node) -> str:
        return " or ".join(map(self.show, node.args))

    def _union(self, node: Node) -> str:
        return " ∪ ".join(map(self.show, node.args))

    def _interval(self, node: Node) -> str:
        return f"{node.text[:1]}{'; '.join(map(self.show, node.args))}{node.text[1:]}"

    def _entries(self, node: Node) -> str:
        brackets = _BRACKETS.get(node.op, "")
        return f"{brackets[:1]}{self._separator.join(map(self.show, node.args))}{brackets[1:]}"


_WRITERS: Mapping[str, Callable[[_Writer, Node], str]] = {
    "number": _Writer._plain,
    "name": _Writer._plain,
    "constant": _Writer._plain,
    "sum": _Writer._sum,
    "product": _Writer._product,
    "quotient": _Writer._quotient,
    "negative": _Writer._negative,
    "power": _Writer._power,
    "factorial": _Writer._factorial,
    "root": _Writer._root,
    "call": _Writer._call,
    "relation": _Writer._relation,
    "chain": _Writer._relation,
    "in": _Writer._in,
    "or": _Writer._or,
    "union": _Writer._union,
    "interval": _Writer._interval,
}

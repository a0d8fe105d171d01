"""The process that has SymPy: it answers whether a value is 0, line by line.

Each line of standard input is a tree as JSON, [operation, text, operands…]; each line of standard
output is true, false or null. It ends with its input, or when it has used up its limits.

    python -m shared.algebra.worker
"""

import json
import operator
import resource
import sys
from collections.abc import Sequence
from typing import Any

import sympy

from shared.domain.questions.algebra.equality import points

# Of address space, of which SymPy takes 56 MiB: what is left of the memory of practice_turn.
MEMORY_BYTES = 256 * 1024 * 1024
CPU_SECONDS = 120
DIGITS = 60
# To which SymPy calculates where digits cancel out.
MOST_DIGITS = 400
# A difference of two values that is smaller than this share of them is none.
NOTHING = sympy.Float(10) ** -40
CONSTANTS = {"π": sympy.pi, "e": sympy.E, "i": sympy.I}
FUNCTIONS = {
    "arcsin": sympy.asin,
    "arccos": sympy.acos,
    "arctan": sympy.atan,
    "ln": sympy.log,
    "log": sympy.log,
    "abs": sympy.Abs,
    **{
        name: getattr(sympy, name)
        for name in ("sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh")
    },
}


class Undefined(ValueError):
    """The value does not exist at this point."""


def is_zero(tree: Sequence[Any]) -> bool | None:
    """Whether the value is 0 wherever it exists as a real number; None if that can't be told.

    Values of 60 digits decide it. Where the value exists at none of the points, its symbolic form
    does.
    """
    names, imaginary = _names_in(tree), _has_imaginary_unit(tree)
    is_known = False
    for point in points(names):
        values = {name: sympy.Rational(f"{number:.3f}") for name, number in point.items()}
        try:
            if not _is_nothing(tree, values, imaginary=imaginary):
                return False
        except Undefined:
            continue
        is_known = True
    if is_known:
        return True
    unknowns = {name: sympy.Symbol(name, real=True) for name in names}
    return True if sympy.simplify(_expression(tree, unknowns)) == 0 else None


def _is_nothing(tree: Sequence[Any], values: dict[str, Any], *, imaginary: bool) -> bool:
    operation, _, *operands = tree
    terms = operands if operation == "sum" else [tree]
    found = [_number(term, values, imaginary=imaginary) for term in terms]
    size = max(map(abs, found))
    return bool(abs(sum(found)) <= NOTHING * size)


def _number(tree: Sequence[Any], values: dict[str, Any], *, imaginary: bool) -> Any:
    number = sympy.N(_expression(tree, values), DIGITS, maxn=MOST_DIGITS)
    if not number.is_number or not number.is_finite:
        raise Undefined
    if not imaginary and abs(sympy.im(number)) > NOTHING * abs(number):
        raise Undefined
    return number


def _expression(tree: Sequence[Any], names: dict[str, Any]) -> Any:
    operation, text, *operands = tree
    if operation == "number":
        return sympy.Rational(text)
    if operation == "name":
        return names[text]
    if operation == "constant":
        return CONSTANTS[text]
    values = [_expression(operand, names) for operand in operands]
    if operation == "call":
        return FUNCTIONS[text](*values)
    return OPERATIONS[operation](*values)


def _quotient(over: Any, under: Any) -> Any:
    if under == 0:
        raise Undefined
    return over / under


def _power(base: Any, exponent: Any) -> Any:
    if exponent.is_Rational and exponent.q % 2 and exponent.q > 1:
        return sympy.real_root(base, exponent.q) ** exponent.p
    return sympy.Pow(base, exponent)


def _root(radicand: Any, index: Any) -> Any:
    return (sympy.real_root if index % 2 else sympy.root)(radicand, index)


OPERATIONS = {
    "sum": sympy.Add,
    "product": sympy.Mul,
    "negative": operator.neg,
    "quotient": _quotient,
    "power": _power,
    "root": _root,
    "factorial": sympy.factorial,
}


def _names_in(tree: Sequence[Any]) -> list[str]:
    operation, text, *operands = tree
    own = {text} if operation == "name" else set()
    return sorted(own.union(*map(_names_in, operands)))


def _has_imaginary_unit(tree: Sequence[Any]) -> bool:
    operation, text, *operands = tree
    return (operation, text) == ("constant", "i") or any(map(_has_imaginary_unit, operands))


def limit_resources() -> None:
    """Of this process, for good: its memory, its processor time, and that it writes no file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _reply(value: object) -> None:
    sys.stdout.write(f"{json.dumps(value)}\n")
    sys.stdout.flush()


def main() -> None:
    limit_resources()
    _reply("ready")
    for line in sys.stdin:
        try:
            answer = is_zero(json.loads(line))
        except (ArithmeticError, ValueError, TypeError, RecursionError, MemoryError):
            answer = None
        _reply(answer)


if __name__ == "__main__":
    main()

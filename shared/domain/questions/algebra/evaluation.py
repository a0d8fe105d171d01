"""Values in floating point, each with a bound of its error, at numbers put in for the names.

A bound makes a difference certain: where two values differ by more than their bounds, they differ.
"""

import cmath
import math
from collections.abc import Callable, Mapping
from functools import reduce
from typing import NamedTuple

from shared.domain.questions.algebra.tree import Node, literal

EPSILON = 2.0**-50
MAX_VALUE = 1e150
# Of a number with a factorial.
MAX_GAMMA = 80
# A value with a larger imaginary part is not real.
MAX_IMAGINARY = 1e-9


class Undefined(ValueError):
    """There is no such value, or none of a size that can be calculated with."""


class Estimate(NamedTuple):
    value: complex
    error: float


_Function = Callable[[complex], complex]
# Each function with the size of its derivative, to first order.
_FUNCTIONS: Mapping[str, tuple[_Function, _Function]] = {
    "sin": (cmath.sin, cmath.cos),
    "cos": (cmath.cos, cmath.sin),
    "tan": (cmath.tan, lambda x: 1 / cmath.cos(x) ** 2),
    "cot": (lambda x: 1 / cmath.tan(x), lambda x: 1 / cmath.sin(x) ** 2),
    "sec": (lambda x: 1 / cmath.cos(x), lambda x: cmath.sin(x) / cmath.cos(x) ** 2),
    "csc": (lambda x: 1 / cmath.sin(x), lambda x: cmath.cos(x) / cmath.sin(x) ** 2),
    "arcsin": (cmath.asin, lambda x: 1 / cmath.sqrt(1 - x * x)),
    "arccos": (cmath.acos, lambda x: 1 / cmath.sqrt(1 - x * x)),
    "arctan": (cmath.atan, lambda x: 1 / (1 + x * x)),
    "sinh": (cmath.sinh, cmath.cosh),
    "cosh": (cmath.cosh, cmath.sinh),
    "tanh": (cmath.tanh, lambda x: 1 / cmath.cosh(x) ** 2),
    "ln": (cmath.log, lambda x: 1 / x),
    "abs": (lambda x: complex(abs(x)), lambda _x: 1),
}
_CONSTANTS = {"π": complex(math.pi), "e": complex(math.e), "i": 1j}


def evaluate(node: Node, names: Mapping[str, float], *, imaginary: bool = False) -> Estimate:
    """The value, real unless `imaginary`. Raises Undefined."""
    try:
        return _Evaluation(names, imaginary=imaginary).estimate(node)
    except (ArithmeticError, ValueError) as error:
        raise Undefined from error


class _Evaluation:
    def __init__(self, names: Mapping[str, float], *, imaginary: bool) -> None:
        self._names = names
        self._imaginary = imaginary

    def estimate(self, node: Node) -> Estimate:
        value, error = self._raw(node)
        if not (abs(value) < MAX_VALUE and error < MAX_VALUE):
            raise Undefined
        if not self._imaginary:
            if abs(value.imag) > MAX_IMAGINARY * max(1.0, abs(value)):
                raise Undefined
            value = complex(value.real)
        return Estimate(value, error)

    def _raw(self, node: Node) -> Estimate:
        method: Callable[[Node], Estimate] | None = getattr(self, f"_{node.op}", None)
        if method is None:
            raise Undefined
        return method(node)

    def _number(self, node: Node) -> Estimate:
        value = complex(float(node.text))
        return Estimate(value, EPSILON * abs(value))

    def _name(self, node: Node) -> Estimate:
        return Estimate(complex(self._names[node.text]), 0.0)

    def _constant(self, node: Node) -> Estimate:
        if node.text not in _CONSTANTS:
            raise Undefined
        return Estimate(_CONSTANTS[node.text], EPSILON * 4)

    def _negative(self, node: Node) -> Estimate:
        value, error = self.estimate(node.args[0])
        return Estimate(-value, error)

    def _sum(self, node: Node) -> Estimate:
        terms = [self.estimate(part) for part in node.args]
        size = sum(abs(value) for value, _ in terms)
        return Estimate(
            sum(value for value, _ in terms), sum(error for _, error in terms) + EPSILON * size
        )

    def _product(self, node: Node) -> Estimate:
        return reduce(_multiplied, map(self.estimate, node.args))

    def _quotient(self, node: Node) -> Estimate:
        return _divided(*map(self.estimate, node.args))

    def _root(self, node: Node) -> Estimate:
        return self._real_root(self.estimate(node.args[0]), int(node.args[1].text))

    def _factorial(self, node: Node) -> Estimate:
        value, error = self.estimate(node.args[0])
        if value.imag or value.real < 0 or value.real > MAX_GAMMA:
            raise Undefined
        result = math.gamma(value.real + 1)
        # The logarithmic derivative of the gamma function is below ln(x + 1) + 1 here.
        slope = math.log(value.real + 1) + 1
        return Estimate(complex(result), result * (slope * error + 64 * EPSILON))

    def _call(self, node: Node) -> Estimate:
        if node.text == "log":
            return _divided(*(self._applied("ln", self.estimate(part)) for part in node.args))
        return self._applied(node.text, self.estimate(node.args[0]))

    def _applied(self, function: str, operand: Estimate) -> Estimate:
        value, error = operand
        if function == "ln" and not self._imaginary and value.real <= 0:
            raise Undefined
        of, slope = _FUNCTIONS[function]
        result = of(value)
        spread = error + EPSILON * abs(value)
        return Estimate(result, abs(slope(value)) * spread + EPSILON * abs(result))

    def _power(self, node: Node) -> Estimate:
        base, exponent = self.estimate(node.args[0]), self.estimate(node.args[1])
        exact = literal(node.args[1])
        if exact is not None and exact.denominator == 1:
            return self._whole_power(base, int(exact))
        if exact is not None and exact.denominator % 2 and exact.denominator <= 100:
            root = self._real_root(base, exact.denominator)
            return self._whole_power(root, exact.numerator)
        if abs(base.value) <= 4 * base.error:
            raise Undefined
        if not self._imaginary and base.value.real < 0:
            raise Undefined
        logarithm = cmath.log(base.value)
        value = cmath.exp(exponent.value * logarithm)
        spread = abs(logarithm) * exponent.error + abs(exponent.value / base.value) * base.error
        rounding = EPSILON * (1 + abs(exponent.value * logarithm))
        return Estimate(value, abs(value) * (spread + rounding))

    def _whole_power(self, base: Estimate, exponent: int) -> Estimate:
        result = Estimate(1 + 0j, 0.0)
        for _ in range(abs(exponent)):
            result = _multiplied(result, base)
        if exponent < 0:
            return _divided(Estimate(1 + 0j, 0.0), result)
        return result

    def _real_root(self, base: Estimate, index: int) -> Estimate:
        value, error = base
        if value.imag == 0 and value.real < 0 and index % 2:
            root = complex(-((-value.real) ** (1 / index)))
        elif value.imag == 0 and value.real < 0 and not self._imaginary:
            raise Undefined
        else:
            root = cmath.exp(cmath.log(value) / index) if value else 0j
        if abs(value) <= 4 * error:
            return Estimate(root, (abs(value) + error) ** (1 / index))
        return Estimate(root, abs(root) * (error / abs(value) / index + EPSILON * 4))


def _divided(over: Estimate, under: Estimate) -> Estimate:
    if abs(under.value) <= 4 * under.error:
        raise Undefined
    value = over.value / under.value
    error = (over.error + abs(value) * under.error) / (abs(under.value) - under.error)
    return Estimate(value, error + EPSILON * abs(value))


def _multiplied(left: Estimate, right: Estimate) -> Estimate:
    value = left.value * right.value
    error = abs(left.value) * right.error + abs(right.value) * left.error
    return Estimate(value, error + left.error * right.error + EPSILON * abs(value))

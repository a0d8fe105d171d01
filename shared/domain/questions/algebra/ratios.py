"""Values as fractions of polynomials with rational coefficients, calculated exactly.

A root of a prime, the imaginary unit, π, a sine and so on count as unknowns of their own; powers of
roots and of the imaginary unit are carried out. Two values whose fractions are equal are equal. The
reverse holds where nothing but names of unknowns occurs: sin²x + cos²x and 1 differ here.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import reduce
from math import gcd, isqrt, lcm
from typing import NamedTuple

from shared.domain.questions.algebra.tree import Node, literal

MAX_TERMS = 60
MAX_DEGREE = 40
# Products of two terms in one calculation: a few milliseconds.
MAX_STEPS = 2_000
# Of a numerator or a denominator.
MAX_BITS = 2_000
# Larger numbers keep their roots as they are.
MAX_FACTORED = 10**6

# A product of unknowns with their exponents, in alphabetical order; a polynomial's coefficients.
Monomial = tuple[tuple[str, int], ...]
Polynomial = Mapping[Monomial, Fraction]

_UNIT: Monomial = ()


class Inexpressible(ValueError):
    """There is no such fraction, or it is too large."""


class DividesByZero(Inexpressible):
    pass


class Ratio(NamedTuple):
    """The unknowns of `plain` ratios are names alone."""

    over: Polynomial
    under: Polynomial
    plain: bool = True


def ratio_of(node: Node) -> Ratio:
    """Raises Inexpressible, or DividesByZero of it where the value does not exist."""
    return _Calculation().ratio(node)


def are_equal(left: Node, right: Node) -> bool | None:
    """Whether two values are equal, as far as this can tell."""
    calculation = _Calculation()
    try:
        first, second = calculation.ratio(left), calculation.ratio(right)
        crossed = calculation.multiply(first.over, second.under)
        if crossed == calculation.multiply(second.over, first.under):
            return True
    except Inexpressible:
        return None
    return False if first.plain and second.plain else None


def _constant(value: Fraction | int) -> Polynomial:
    return {_UNIT: Fraction(value)} if value else {}


def is_constant(polynomial: Polynomial) -> bool:
    return polynomial.keys() <= {_UNIT}


def degree(polynomial: Polynomial) -> int:
    return max((sum(power for _, power in monomial) for monomial in polynomial), default=0)


def content(polynomial: Polynomial) -> Fraction:
    """The largest number that leaves whole coefficients without a common divisor; 0 for nothing."""
    values = polynomial.values()
    if not values:
        return Fraction(0)
    over = reduce(gcd, (value.numerator for value in values))
    return Fraction(over, reduce(lcm, (value.denominator for value in values)))


def primitive(polynomial: Polynomial) -> Polynomial:
    """Without its content, the sign of its first coefficient included."""
    if not polynomial:
        return polynomial
    factor = content(polynomial)
    if polynomial[max(polynomial)] < 0:
        factor = -factor
    return {monomial: value / factor for monomial, value in polynomial.items()}


class _Calculation:
    """Polynomials over the unknowns of one comparison.

    `_reductions` has for a root the exponent at which its power is a polynomial without it, and
    that polynomial.
    """

    def __init__(self) -> None:
        self._steps = 0
        self._reductions: dict[str, tuple[int, Polynomial]] = {"i": (2, _constant(-1))}

    def ratio(self, node: Node) -> Ratio:
        method: Callable[[Node], Ratio] | None = getattr(self, f"_{node.op}", None)
        if method is None:
            raise Inexpressible
        return method(node)

    def multiply(self, left: Polynomial, right: Polynomial) -> Polynomial:
        self._steps += len(left) * len(right)
        if self._steps > MAX_STEPS:
            raise Inexpressible
        product: dict[Monomial, Fraction] = {}
        for first, one in left.items():
            for second, other in right.items():
                value = one * other
                for monomial, factor in self._reduced(_merged(first, second)).items():
                    product[monomial] = product.get(monomial, Fraction(0)) + factor * value
        return _bounded(product)

    def _reduced(self, monomial: Monomial) -> Polynomial:
        for name, power in monomial:
            if name in self._reductions and power >= self._reductions[name][0]:
                exponent, replaced = self._reductions[name]
                rest = tuple(
                    (other, count - exponent if other == name else count)
                    for other, count in monomial
                    if other != name or count > exponent
                )
                return self.multiply({rest: Fraction(1)}, replaced)
        return {monomial: Fraction(1)}

    def _times(self, left: Ratio, right: Ratio) -> Ratio:
        return Ratio(
            self.multiply(left.over, right.over),
            self.multiply(left.under, right.under),
            left.plain and right.plain,
        )

    def _plus(self, left: Ratio, right: Ratio) -> Ratio:
        plain = left.plain and right.plain
        if left.under == right.under:
            return Ratio(_added(left.over, right.over), left.under, plain)
        over = _added(self.multiply(left.over, right.under), self.multiply(right.over, left.under))
        return Ratio(over, self.multiply(left.under, right.under), plain)

    def _inverse(self, ratio: Ratio) -> Ratio:
        if not ratio.over:
            raise DividesByZero
        return Ratio(ratio.under, ratio.over, ratio.plain)

    def _raised(self, ratio: Ratio, exponent: int) -> Ratio:
        if exponent < 0:
            return self._raised(self._inverse(ratio), -exponent)
        if exponent > MAX_DEGREE and not (is_constant(ratio.over) and is_constant(ratio.under)):
            raise Inexpressible
        if exponent == 0 and not ratio.over:
            raise Inexpressible
        result = Ratio(_constant(1), _constant(1), ratio.plain)
        while exponent:
            if exponent & 1:
                result = self._times(result, ratio)
            exponent >>= 1
            if exponent:
                ratio = self._times(ratio, ratio)
        return result

    def _number(self, node: Node) -> Ratio:
        return _rational(Fraction(node.text))

    def _name(self, node: Node) -> Ratio:
        return _unknown(node.text, plain=True)

    def _constant(self, node: Node) -> Ratio:
        if node.text == "∞":
            raise Inexpressible
        return _unknown(node.text)

    def _sum(self, node: Node) -> Ratio:
        return reduce(self._plus, map(self.ratio, node.args))

    def _product(self, node: Node) -> Ratio:
        return reduce(self._times, map(self.ratio, node.args))

    def _quotient(self, node: Node) -> Ratio:
        over, under = map(self.ratio, node.args)
        return self._times(over, self._inverse(under))

    def _negative(self, node: Node) -> Ratio:
        over, under, plain = self.ratio(node.args[0])
        return Ratio({monomial: -value for monomial, value in over.items()}, under, plain)

    def _factorial(self, node: Node) -> Ratio:
        value = literal(node.args[0])
        if value is None:
            return _unknown(f"({self._key(node.args[0])})!")
        if value < 0 or value.denominator != 1:
            raise Inexpressible
        return _rational(Fraction(reduce(int.__mul__, range(1, int(value) + 1), 1)))

    def _power(self, node: Node) -> Ratio:
        base, exponent = node.args
        value = self._value(exponent)
        if value is not None and value.denominator == 1:
            return self._raised(self.ratio(base), int(value))
        if value is not None and value.denominator <= 100 and abs(value.numerator) <= MAX_DEGREE:
            return self._raised(self._root_of(base, value.denominator), value.numerator)
        return _unknown(f"({self._key(base)})^({self._key(exponent)})")

    def _root(self, node: Node) -> Ratio:
        return self._root_of(node.args[0], int(node.args[1].text))

    def _value(self, node: Node) -> Fraction | None:
        """The rational value of a constant, None for others."""
        over, under, _ = self.ratio(node)
        if not (is_constant(over) and is_constant(under)):
            return None
        return over.get(_UNIT, Fraction(0)) / under[_UNIT]

    def _root_of(self, node: Node, index: int) -> Ratio:
        radicand = self.ratio(node)
        if is_constant(radicand.over) and is_constant(radicand.under):
            value = radicand.over.get(_UNIT, Fraction(0)) / radicand.under[_UNIT]
            return self._numeric_root(value, index)
        name = f"({self._key(node)})^(1/{index})"
        if radicand.under == _constant(1):
            self._reductions[name] = (index, radicand.over)
        return _unknown(name)

    def _numeric_root(self, value: Fraction, index: int) -> Ratio:
        """Roots of primes, times a rational number: √12 is 2·√3, and 1/√2 is √2/2."""
        if value < 0:
            if index == 2:
                return self._times(_unknown("i"), self._numeric_root(-value, index))
            if index % 2 == 0:
                raise Inexpressible
            over, under, plain = self._numeric_root(-value, index)
            return Ratio({key: -factor for key, factor in over.items()}, under, plain)
        radicand = value.numerator * value.denominator ** (index - 1)
        if radicand.bit_length() > MAX_BITS:
            raise Inexpressible
        result = _rational(Fraction(1, value.denominator))
        for prime, exponent in _factors(radicand).items():
            whole, rest = divmod(exponent, index)
            result = self._times(result, _rational(Fraction(prime**whole)))
            if rest:
                name = f"{prime}^(1/{index})"
                self._reductions[name] = (index, _constant(prime))
                result = self._times(result, self._raised(_unknown(name), rest))
        return result if value else _rational(Fraction(0))

    def _call(self, node: Node) -> Ratio:
        if node.text == "abs":
            value = self._value(node.args[0])
            if value is not None:
                return _rational(abs(value))
        keys = ",".join(map(self._key, node.args))
        return _unknown(f"{node.text}({keys})")

    def _key(self, node: Node) -> str:
        """A text that equal fractions share, mostly."""
        over, under, _ = self.ratio(node)
        if not over:
            return "0"
        factor = content(under) * (1 if under[max(under)] > 0 else -1)
        return "/".join(
            "+".join(f"{value / factor}*{monomial}" for monomial, value in sorted(part.items()))
            for part in (over, under)
        )


def _unknown(name: str, *, plain: bool = False) -> Ratio:
    return Ratio({((name, 1),): Fraction(1)}, _constant(1), plain)


def _rational(value: Fraction) -> Ratio:
    return Ratio(_constant(value), _constant(1))


def _merged(left: Monomial, right: Monomial) -> Monomial:
    if not left or not right:
        return left or right
    powers = dict(left)
    for name, power in right:
        powers[name] = powers.get(name, 0) + power
    return tuple(sorted(powers.items()))


def _added(left: Polynomial, right: Polynomial) -> Polynomial:
    total = dict(left)
    for monomial, value in right.items():
        total[monomial] = total.get(monomial, Fraction(0)) + value
    return _bounded(total)


def _bounded(polynomial: Mapping[Monomial, Fraction]) -> Polynomial:
    kept = {monomial: value for monomial, value in polynomial.items() if value}
    if len(kept) > MAX_TERMS or degree(kept) > MAX_DEGREE:
        raise Inexpressible
    for value in kept.values():
        if max(value.numerator.bit_length(), value.denominator.bit_length()) > MAX_BITS:
            raise Inexpressible
    return kept


def _factors(number: int) -> dict[int, int]:
    """The prime factors with their exponents; what is left of a large number counts as one."""
    found: dict[int, int] = {}
    divisor, limit = 2, MAX_FACTORED
    while divisor * divisor <= number and divisor * divisor <= limit:
        while number % divisor == 0:
            number //= divisor
            found[divisor] = found.get(divisor, 0) + 1
        divisor += 1 if divisor == 2 else 2
    if number > 1:
        root = isqrt(number)
        base, exponent = (root, 2) if root * root == number else (number, 1)
        found[base] = found.get(base, 0) + exponent
    return found

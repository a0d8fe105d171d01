"""Arithmetic: the exact value of an expression of numbers, within bounds. Nothing is executed."""

import re
from collections.abc import Sequence
from fractions import Fraction

MAX_TOKENS = 60
MAX_DEPTH = 20
MAX_DIGITS = 30
MAX_EXPONENT = 64
MAX_POWER_BITS = 4_096


def value_of(tokens: Sequence[str]) -> Fraction | None:
    """The value of numbers, brackets and the signs + - * / : ^ %, None where there is none.

    None also for what has several readings or is too large to be worth computing.
    """
    if len(tokens) > MAX_TOKENS:
        return None
    parser = _Parser(tokens)
    try:
        value = parser.sum_(0)
    except (_Unreadable, ZeroDivisionError):
        return None
    return value if parser.at == len(tokens) else None


def readings(number: str) -> list[Fraction]:
    """The values that a number without a sign may have: 1,234 has two, 3/4 and 1 1/2 one each."""
    if sum(map(str.isdecimal, number)) > MAX_DIGITS:
        return []
    if "/" in number:
        whole, _, part = number.rpartition(" ")
        over, under = map(int, part.split("/"))
        return [int(whole or 0) + Fraction(over, under)] if under else []
    marks, groups = re.findall(r"[.,']", number), re.split(r"[.,']", number)
    if not marks:
        return [Fraction(number)]
    values = []
    if len(groups) == 2 and marks != ["'"]:
        values.append(Fraction(f"{groups[0]}.{groups[1]}"))
    if len(set(marks)) == 1 and _is_grouped(groups):
        values.append(Fraction("".join(groups)))
    if len(set(marks)) == 2 and len(set(marks[:-1])) == 1 and _is_grouped(groups[:-1]):
        values.append(Fraction(f"{''.join(groups[:-1])}.{groups[-1]}"))
    return values


def _is_grouped(groups: Sequence[str]) -> bool:
    return (
        len(groups) > 1
        and 1 <= len(groups[0]) <= 3
        and groups[0][0] != "0"
        and all(len(group) == 3 for group in groups[1:])
    )


class _Unreadable(Exception):
    """The tokens have no value, or none that is worth computing."""


class _Parser:
    """Sums of products of powers, from left to right; -3^2 is -9. Raises _Unreadable."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self.tokens, self.at = tokens, 0

    def sum_(self, depth: int) -> Fraction:
        if depth > MAX_DEPTH:
            raise _Unreadable
        value = self._product(depth)
        while (sign := self._take("+", "-")) is not None:
            term = self._product(depth)
            value = value + term if sign == "+" else value - term
        return value

    def _product(self, depth: int) -> Fraction:
        value = self._signed(depth)
        while True:
            sign = self._take("*", "/", ":")
            if sign is None and self._peek() == "(":
                # 8/2(2+2) is read in two ways.
                if "/" in self.tokens or ":" in self.tokens:
                    raise _Unreadable
                sign = "*"
            if sign is None:
                return value
            factor = self._signed(depth)
            value = value * factor if sign == "*" else value / factor

    def _signed(self, depth: int) -> Fraction:
        sign = self._take("-", "+")
        value = self._power(depth)
        return -value if sign == "-" else value

    def _power(self, depth: int) -> Fraction:
        base = self._atom(depth)
        if self._take("^") is None:
            return base
        sign = self._take("-")
        exponent = self._atom(depth)
        if exponent.denominator != 1 or exponent > MAX_EXPONENT or self._peek() == "^":
            raise _Unreadable
        bits = max(base.numerator.bit_length(), base.denominator.bit_length())
        if bits * int(exponent) > MAX_POWER_BITS:
            raise _Unreadable
        return base ** (-int(exponent) if sign else int(exponent))

    def _atom(self, depth: int) -> Fraction:
        if self._take("(") is not None:
            value = self.sum_(depth + 1)
            if self._take(")") is None:
                raise _Unreadable
        else:
            value = self._number()
        return value / 100 if self._take("%") is not None else value

    def _number(self) -> Fraction:
        token = self._peek()
        values = readings(token) if token and token[0].isdecimal() else []
        if len(values) != 1:
            raise _Unreadable
        self.at += 1
        return values[0]

    def _peek(self) -> str | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def _take(self, *signs: str) -> str | None:
        token = self._peek()
        if token not in signs:
            return None
        self.at += 1
        return token

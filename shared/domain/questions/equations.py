"""Equations in prose: those between numbers are found and computed again, exactly.

It judges only what has one reading. An equation with a letter, a unit within it or a number that
can be read in two ways is left alone.
"""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from shared.domain.common.text_normalisation import DASHES, clean_text
from shared.domain.questions.arithmetic import value_of

MAX_SIDE_CHARACTERS = 200
# Results of rounded numbers may differ by this share.
ROUNDING = Fraction(1, 200)

_PLAIN = str.maketrans(
    {
        **dict.fromkeys(DASHES, "-"),
        **dict.fromkeys("\u00d7\u00b7\u22c5\u2219", "*"),
        **dict.fromkeys("\u00f7\u2044\u2215", "/"),
        **dict.fromkeys("\u00a0\u2009\u202f", " "),
        "$": " ",
    }
)
_RAISED = str.maketrans(
    "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207b", "0123456789-"
)
_SUPERSCRIPT = re.compile("\u207b?[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]+")
_LATEX_FRACTION = re.compile(r"\\[dt]?frac\{(\d+)\}\{(\d+)\}")
_LATEX = (("\\times", "*"), ("\\cdot", "*"), ("\\div", "/"), ("\\left", ""), ("\\right", ""))
_BOLD = re.compile(r"(?<!\d)\*\*|\*\*(?!\d)")
_TIMES = re.compile(r"(?<=\d) [xX] (?=\d)")

_EQUALS = re.compile(r"(?<![<>=!:])=(?![=>])")
_SIDE_CHARACTERS = r"[-+*/^():%\d.,' ]"
_RESULT_SIGN = re.compile(rf"{_EQUALS.pattern}|\u2248")
_LEFT = re.compile(rf"{_SIDE_CHARACTERS}*\Z")
_RIGHT = re.compile(rf"{_SIDE_CHARACTERS}*")
_TOKEN = re.compile(r"\d+(?:[.,']\d+)*|[-+*/^()%:.,']| +")
NUMBER = re.compile(r"\d+ \d+/\d+|\d+/\d+|\d+(?:[.,']\d+)*")
_WORD_BEFORE = re.compile(r"([^\W\d_]+) +\Z")
_WORD_AFTER = re.compile(r" *\(?([^\W\d_]+)")
# Around a number these words make it a part of something else; letters alone are variables.
_PART_BEFORE = frozenset(
    (
        *("of", "von", "times", "mal", "plus", "minus", "durch", "over", "by", "per", "pro"),
        *("hoch", "sin", "cos", "tan", "log", "ln", "sqrt", "root"),
    )
)
_PART_AFTER = frozenset(
    (
        *("times", "mal", "plus", "minus", "durch", "over", "mod", "modulo", "and", "und"),
        *("hundred", "thousand", "million", "billion"),
        *("hundert", "tausend", "millionen", "milliarden", "mio", "mrd"),
    )
)
_MIXED = re.compile(r"(?<![\d/.,^*])(\d{1,6}) (\d{1,6})/(\d{1,6})(?!\d|[.,]\d)")


class _Side(NamedTuple):
    """`tokens` are the numbers, operators and brackets of one side of an equation."""

    tokens: list[str]

    @property
    def is_number(self) -> bool:
        return len(self.tokens) == 1

    @property
    def decimals(self) -> int:
        return max(map(_decimals, self.tokens), default=0)


def find_false_equations(text: str) -> list[str]:
    """The equations between numbers in a text that do not hold, each as it is computed."""
    return [shown for shown, holds in _equations(_in_brackets(plain_arithmetic(text))) if not holds]


def concluding_value(text: str) -> Fraction | None:
    """The value after the last equals sign of a text, None where that is no arithmetic."""
    plain = _in_brackets(plain_arithmetic(text))
    signs = list(_RESULT_SIGN.finditer(plain))
    side = _right_side(plain[signs[-1].end() :]) if signs else None
    return value_of(side.tokens) if side else None


def plain_arithmetic(text: str) -> str:
    """The text with one sign for each operation: TeX and typographic signs replaced."""
    text = _SUPERSCRIPT.sub(lambda raised: f"^{raised[0].translate(_RAISED)}", clean_text(text))
    text = _LATEX_FRACTION.sub(r"(\1/\2)", text.translate(_PLAIN))
    for name, sign in _LATEX:
        text = text.replace(name, sign)
    return _TIMES.sub("*", _BOLD.sub("", text))


def _in_brackets(plain: str) -> str:
    """The text with mixed numbers as sums: 1 1/2 is (1+1/2)."""
    return _MIXED.sub(r"(\1+\2/\3)", plain)


def _equations(text: str) -> Iterator[tuple[str, bool]]:
    """Each equation that can be computed, and whether it holds."""
    for sign in _EQUALS.finditer(text):
        left = _left_side(text[: sign.start()])
        right = _right_side(text[sign.end() :])
        if left is None or right is None or (left.is_number and right.is_number):
            continue
        if _adds_percents(left, right):
            continue  # 100 + 10 % is read in two ways
        value, other = value_of(left.tokens), value_of(right.tokens)
        if value is None or other is None:
            continue
        yield f"{_shown(left)} = {_shown(right)}", _are_equal(left, right, value, other)


def _shown(side: _Side) -> str:
    return " ".join(side.tokens)


def _are_equal(left: _Side, right: _Side, value: Fraction, other: Fraction) -> bool:
    """Whether the sides are equal, as far as the decimals show it."""
    if value == other or not (left.decimals or right.decimals):
        return value == other
    margin = ROUNDING * abs(value)
    for side, exact in ((right, value), (left, other)):
        if side.is_number:
            if (exact * 10**side.decimals).denominator == 1:
                return False  # nothing to round
            if side.decimals:
                margin = max(margin, Fraction(1, 10**side.decimals))
    return abs(value - other) <= margin


def _decimals(token: str) -> int:
    _, mark, places = token.rpartition("." if "." in token else ",")
    return len(places) if mark else 0


def _left_side(before: str) -> _Side | None:
    """The side that ends here, None where it can't be told where it begins."""
    before = before[-MAX_SIDE_CHARACTERS:].rstrip(" ")
    run = _LEFT.search(before)
    assert run is not None
    tokens = _TOKEN.findall(run[0])
    start = _start(tokens)
    if start == 0 and not _is_boundary_before(before[: run.start()], tokens):
        return None
    return _side(tokens[start:])


def _right_side(after: str) -> _Side | None:
    after = after[:MAX_SIDE_CHARACTERS].lstrip(" ")
    run = _RIGHT.match(after)
    assert run is not None
    tokens = _TOKEN.findall(run[0].rstrip(" "))
    end = _end(tokens)
    rest = after[len("".join(tokens[:end])) :]
    if rest and not rest[0].isspace() and rest[0] not in ".,;:!?)]\"'*_\u201d\u201c=":
        return None
    word = _WORD_AFTER.match(rest)
    if word and _is_part(word[1], _PART_AFTER):
        return None
    return _side(tokens[:end])


def _is_boundary_before(before: str, tokens: Sequence[str]) -> bool:
    if not before or before[-1] in '\n;!?=[{"\u201c\u201e>|&':
        return True
    if not tokens or tokens[0].strip():
        return False
    word = _WORD_BEFORE.search(f"{before} ")
    return word is None or not _is_part(word[1], _PART_BEFORE)


def _is_part(word: str, words: frozenset[str]) -> bool:
    # "3 = 1 r 2" and its like: a remainder.
    return (
        len(word) == 1 or word.lower() in words or word.lower().startswith("rem") or word == "Rest"
    )


def _start(tokens: Sequence[str]) -> int:
    """Where the last expression of these tokens begins: after a separator or an open bracket."""
    depth, start = 0, len(tokens)
    for position in range(len(tokens) - 1, -1, -1):
        part = tokens[position]
        depth += (part == ")") - (part == "(")
        if depth < 0 or _is_separator(tokens, position) or _is_apart(tokens, position):
            return position + 1
        start = position
    # A closing bracket without its opening one, as in "a) 3 + 4".
    for position in range(len(tokens) - 1, -1, -1) if depth else ():
        if tokens[position] == ")":
            return position + 1
    return start


def _end(tokens: Sequence[str]) -> int:
    depth = 0
    for position, part in enumerate(tokens):
        depth += (part == "(") - (part == ")")
        if depth < 0 or _is_separator(tokens, position):
            return position
        if position and _is_apart(tokens, position - 1):
            return position
    while depth:
        depth -= 1
        tokens = tokens[: len(tokens) - 1 - list(reversed(tokens)).index("(")]
    return len(tokens)


def _is_separator(tokens: Sequence[str], position: int) -> bool:
    part = tokens[position]
    if part == ":":
        around = [tokens[i : i + 1] for i in (position - 1, position + 1) if i >= 0]
        return around.count([" "]) == 1
    return part in (".", ",", "'")


def _is_apart(tokens: Sequence[str], position: int) -> bool:
    """Whether a space here parts two numbers: "in 2024 3 + 4"."""
    if tokens[position].strip() or not 0 < position < len(tokens) - 1:
        return False
    return tokens[position - 1][-1].isdecimal() and tokens[position + 1][0].isdecimal()


def _side(tokens: Sequence[str]) -> _Side | None:
    solid = [part for part in tokens if part.strip()]
    # A sign of a number stands at it; apart from it, it belongs to what is before.
    if not solid:
        return None
    first = next(i for i, part in enumerate(tokens) if part.strip())
    if solid[0] in "+*/^:%" or (solid[0] == "-" and tokens[first + 1 : first + 2] == [" "]):
        return None
    if ":" in solid and not _are_colons_apart(tokens):
        return None  # a time, or a score
    return _Side(solid)


def _adds_percents(left: _Side, right: _Side) -> bool:
    signs = {*left.tokens, *right.tokens}
    return "%" in signs and not signs.isdisjoint("+-")


def _are_colons_apart(tokens: Sequence[str]) -> bool:
    return all(
        tokens[i - 1 : i] == [" "] and tokens[i + 1 : i + 2] == [" "]
        for i, part in enumerate(tokens)
        if part == ":"
    )

"""The signs of typed mathematics, plain or in TeX, one by one."""

import re
import unicodedata
from typing import NamedTuple

from shared.domain.common.text_normalisation import DASHES, clean_text

MAX_CHARACTERS = 500
MAX_TOKENS = 100
MAX_DIGITS = 40
# Of a refused text, repeated in the reason.
MAX_ECHOED = 20

TOO_MANY_TOKENS = f"has more than {MAX_TOKENS} numbers, names and signs"


class NotUnderstood(ValueError):
    """The text is not mathematics that can be read. The message explains it to its author."""


class Token(NamedTuple):
    """`kind` is number, word, command (of TeX), sign or end. `start` is its place in the text.

    `spaced` is True where white space stands before it.
    """

    kind: str
    text: str
    start: int
    spaced: bool


_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿˣ", "0123456789+-()nx", strict=True))
_RAISED_RUN = re.compile(f"[{''.join(_RAISED)}]+")
_LOWERED = {chr(0x2080 + digit): f"_{digit}" for digit in range(10)}
_PLAIN = str.maketrans(
    {
        **dict.fromkeys(DASHES, "-"),
        **dict.fromkeys("×·⋅∙•∗", "*"),
        **dict.fromkeys("÷⁄∕", "/"),
        **_LOWERED,
        "∶": ":",
        "≤": "<=",
        "⩽": "<=",
        "≥": ">=",
        "⩾": ">=",
        "≠": "!=",
        "∞": "\\infty ",
        "√": "\\sqrt ",
        "∛": "\\cbrt ",
        "∪": "\\cup ",
        "∈": "\\in ",
        "±": "\\pm ",
        "∓": "\\mp ",
        "∨": " or ",
        "∣": "|",
        "′": "'",
        "’": "'",
    }
)
_MATH_DELIMITERS = [("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]")]
_TEX_TEXT = re.compile(r"\\(?:text|textrm|mathrm|operatorname|mathit)\s*\{([^{}]*)\}")
_TEX_SPACE = re.compile(
    r"(?<!\\)\\(?:[,;:! ]|(?:left|right|[bB]igg?[lr]?|q?quad|displaystyle)(?![A-Za-z]))|~"
)
_TEX_SIGNS = {
    "cdot": "*",
    "times": "*",
    "ast": "*",
    "div": "/",
    "le": "<=",
    "leq": "<=",
    "leqslant": "<=",
    "ge": ">=",
    "geq": ">=",
    "geqslant": ">=",
    "ne": "!=",
    "neq": "!=",
    "lt": "<",
    "gt": ">",
    "lvert": "|",
    "rvert": "|",
    "vert": "|",
    "mid": "|",
    "lbrace": "{",
    "rbrace": "}",
    "{": "{",
    "}": "}",
    "degree": "°",
    "circ": "°",
}
_TEX_WORDS = {"lor": "or", "vee": "or", "land": "and", "infty": "infinity"}
_TOKEN = re.compile(
    r"(?P<number>[0-9]+(?:[.,][0-9]+)?|[.,][0-9]+)"
    r"|(?P<word>[^\W\d_]+)"
    r"|(?P<command>\\(?:[A-Za-z]+|.))"
    r"|(?P<sign>\*\*|<=|>=|=<|=>|!=|==|<>|.)",
    re.DOTALL,
)
_SAME_SIGNS = {"**": "^", "=<": "<=", "=>": ">=", "==": "=", "<>": "!="}
_KNOWN_SIGNS = frozenset("+-*/:^=<>()[]{}|,;!_&°%'") | {"<=", ">=", "!="}
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")


def tokenize(text: str, mark: str = ".") -> list[Token]:
    """The tokens, the last of which is the end. `mark` is the decimal mark, a point or a comma.

    Raises NotUnderstood.
    """
    text = _plain(text)
    tokens: list[Token] = []
    position, spaced = 0, False
    length = len(text)
    while position < length:
        if text[position].isspace():
            position, spaced = position + 1, True
            continue
        match = _TOKEN.match(text, position)
        assert match is not None
        token = _token(match, mark, spaced=spaced)
        tokens.append(token)
        if len(tokens) > MAX_TOKENS:
            raise NotUnderstood(TOO_MANY_TOKENS)
        # With a point as decimal mark "1,2" is two entries.
        is_cut = match.lastgroup == "number"
        position = token.start + len(token.text) if is_cut else match.end()
        spaced = False
    return [*tokens, Token("end", "", length, spaced)]


def _token(match: re.Match[str], mark: str, *, spaced: bool) -> Token:
    kind, found, start = str(match.lastgroup), match[0], match.start()
    if kind == "number":
        if mark == "." and found.startswith(","):
            return Token("sign", ",", start, spaced)
        return Token("number", _number(found, mark), start, spaced)
    if kind == "command":
        name = found[1:]
        if name in _TEX_WORDS:
            return Token("word", _TEX_WORDS[name], start, spaced)
        if name == "\\":
            return Token("sign", "\\\\", start, spaced)
        return (
            Token("sign", _TEX_SIGNS[name], start, spaced)
            if name in _TEX_SIGNS
            else Token("command", name, start, spaced)
        )
    if kind == "sign":
        found = _SAME_SIGNS.get(found, found)
        if found not in _KNOWN_SIGNS:
            raise NotUnderstood(f"has a sign that can't be read: {found}")
    return Token(kind, found, start, spaced)


def _number(found: str, mark: str) -> str:
    if len(found) > MAX_DIGITS:
        raise NotUnderstood(f"has a number of more than {MAX_DIGITS} digits")
    if mark == ".":
        return found.partition(",")[0]
    if _THOUSANDS.fullmatch(found):
        raise NotUnderstood(
            f"can be read in two ways; write {found.replace('.', '')} or {found.replace('.', ',')}"
        )
    return found


def _plain(text: str) -> str:
    if len(text) > MAX_CHARACTERS:
        raise NotUnderstood(f"is longer than {MAX_CHARACTERS} characters")
    # Each of these takes long to look up.
    if len(text) - len(text.encode("ascii", "ignore")) > MAX_TOKENS:
        raise NotUnderstood(TOO_MANY_TOKENS)
    text = clean_text(text)
    if not text.isascii():
        text = _RAISED_RUN.sub(_as_power, text)
        text = "".join(map(_spelled_out, text)).translate(_PLAIN)
        text = unicodedata.normalize("NFKC", text)
        if len(text) > 2 * MAX_CHARACTERS:
            raise NotUnderstood(f"is longer than {MAX_CHARACTERS} characters")
    for left, right in _MATH_DELIMITERS:
        if text.startswith(left) and text.endswith(right) and len(text) > len(left + right):
            text = text[len(left) : -len(right)]
    if "\\" in text or "~" in text or "{,}" in text:
        text = _TEX_SPACE.sub(" ", _TEX_TEXT.sub(r" \1 ", text.replace("{,}", ",")))
    return text.strip().rstrip(".")


def _as_power(raised: re.Match[str]) -> str:
    """Raised signs as an exponent in TeX."""
    return f"^{{{''.join(_RAISED[sign] for sign in raised[0])}}}"


def _spelled_out(character: str) -> str:
    """Digits of other scripts as ours, and ½ as TeX, which keeps 1½ from being a product."""
    if character.isascii():
        return character
    if unicodedata.category(character) == "Nd":
        return str(unicodedata.decimal(character))
    kind, _, parts = unicodedata.decomposition(character).partition(" ")
    if kind == "<fraction>" and len(codes := parts.split(" 2044 ")) == 2:
        over, under = ("".join(chr(int(code, 16)) for code in part.split()) for part in codes)
        return f"\\frac{{{over}}}{{{under}}}"
    return character


def unreadable(text: str, start: int) -> str:
    """The reason where the text can't be read from `start` on."""
    rest = text[start : start + MAX_ECHOED]
    if not rest.strip():
        return "ends too early: something is missing after it"
    return f"can't be read from “{rest}” on"

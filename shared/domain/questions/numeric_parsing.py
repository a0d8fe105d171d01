"""Numbers as people write them, read exactly: 0.1 is a tenth.

It reads integers, decimals, fractions (3/4, 1 1/2) and powers of ten (1.2e3, 1.2 x 10^3), raised
digits and the signs of other scripts included, each with a unit after it or a currency sign before
it. The same in TeX, in parentheses, or after the name of an unknown and an equals sign is read
alike. Marks of thousands and a decimal comma are accepted where they have one meaning only. 1,234
has two, so it is refused where nobody has said which mark is the decimal one.
"""

import re
import unicodedata
from fractions import Fraction
from typing import Literal, NamedTuple

from shared.domain.common.text_normalisation import DASHES, clean_text

MAX_CHARACTERS = 200
MAX_DIGITS = 100
MAX_EXPONENT = 400
# Of a number that is written for a student to read.
MAX_WRITTEN_DIGITS = 30

DecimalMark = Literal[".", ","]

UNREADABLE = "is not a number; write it like 12, -0.5, 3/4, 1 1/2 or 1.2e3"

_SUPERSCRIPT = re.compile("[\u207a\u207b]?[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]+")
_SUBSCRIPT = re.compile("[\u2080-\u2089]+")
_PLAIN = str.maketrans(
    {
        **dict.fromkeys(DASHES, "-"),
        **dict.fromkeys("\u2044\u2215", "/"),
        **dict.fromkeys("\u00d7\u00b7\u22c5\u2219", "*"),
        "\u2019": "'",
        "\u066a": "%",  # Arabic signs: percent, decimal, thousands
        "\u066b": ".",
        "\u066c": ",",
    }
)

_FRACTION = re.compile(r"(?:([0-9]+) )?([0-9]+) ?/ ?([0-9]+)(?![0-9]|[.,][0-9])")
_POWER = r"10 ?\^ ?([+-]?[0-9]+)"
_POWER_OF_TEN = re.compile(_POWER)
_DECIMAL = re.compile(
    r"((?:[0-9.,]|'(?=[0-9]{3}))+(?: [0-9]{3}(?![0-9]))*(?:[.,][0-9]+)?)"
    rf"(?: ?[eE]([+-]?[0-9]+)| ?[xX*] ?{_POWER})?"
)
_ONE_MARK = re.compile(r"[1-9][0-9]{0,2}([.,])[0-9]{3}")
# Each notation with its mark of thousands, if any, and its decimal mark.
_NOTATIONS = [
    (re.compile(pattern), thousands, mark)
    for pattern, thousands, mark in [
        (r"[0-9]+\.?[0-9]*|\.[0-9]+", "", "."),
        (r"[0-9]*,[0-9]+", "", ","),
        (r"[1-9][0-9]{0,2}(?:(?:,[0-9]{3}){2,}|(?:,[0-9]{3})+\.[0-9]+)", ",", "."),
        (r"[1-9][0-9]{0,2}(?:(?:\.[0-9]{3}){2,}|(?:\.[0-9]{3})+,[0-9]+)", ".", ","),
        (r"[1-9][0-9]{0,2}(?: [0-9]{3})+(?:\.[0-9]+)?", " ", "."),
        (r"[1-9][0-9]{0,2}(?: [0-9]{3})+,[0-9]+", " ", ","),
        (r"[1-9][0-9]{0,2}(?:'[0-9]{3})+(?:\.[0-9]+)?", "'", "."),
        (r"[1-9][0-9]{0,2}(?:'[0-9]{3})+,[0-9]+", "'", ","),
    ]
]

# A formula between the marks of TeX. The sign of a currency stands alone.
_FORMULA = re.compile(r"\$\$?([^$]+)\$\$?|\\\((.+)\\\)|\\\[(.+)\\\]")
# x = 4, v_1 = 4, f(2) = 4, \alpha = 4, = 4, 4 = x. An estimate is compared like any other number.
_NAME = r"\\?[^\W\d_]{1,20}(?:_?\{?[0-9A-Za-z]{1,10}\}?)?(?: ?\([^()=]{1,20}\))?"
_UNKNOWN = re.compile(rf"^(?:{_NAME})? ?[=\u2248] ?")
_UNKNOWN_AFTER = re.compile(rf" ?[=\u2248] ?{_NAME}$")
# (4), -(4), (4) cm; not what continues the number, such as (1) 234, (1)/2 and (2)^3.
_PARENTHESISED = re.compile(r"([+-]?) ?\( ?([^()]+?) ?\)((?! ?[0-9(/^.,*]).*)")
_TEX = [
    (re.compile(pattern), plain)
    for pattern, plain in [
        (r"\\(?:left|right|displaystyle)(?![A-Za-z])", ""),
        (r"\{([.,])\}", r"\1"),
        (r"\\[dt]?frac ?\{ ?(-?[0-9]+) ?\} ?\{ ?([0-9]+) ?\}", r" \1/\2"),
        (r"\\[dt]?frac ?([0-9]) ?([0-9])", r" \1/\2"),
        (r"\^ ?(?:\\circ|\{ ?\\circ ?\})|\\degree(?![A-Za-z])", "\u00b0"),
        (r"\\(?:cdot|times)(?![A-Za-z])", "*"),
        (r"\\(?:text|mathrm|textrm|operatorname) ?\{([^{}\\]*)\}", r" \1"),
        (r"\\mu(?![A-Za-z])", "\u03bc"),
        (r"\\Omega(?![A-Za-z])", "\u03a9"),
        (r"([_^]) ?\{([^{}\\]*)\}", r"\1\2"),
        (r"\\[,;:! ]|~", " "),
        (r"\\([%$])", r"\1"),
    ]
]

# The remainder after a mistyped number: 5 x105, 1e5e5, 6'10, 5 m/
_BROKEN_OFF = re.compile("^[xXeE]\\^|['\"\u2032][0-9]|[-+^/_(]$")
_UNIT_SIGNS = frozenset("%\u2030\u00b0'\"\u2032")
_WITHIN_UNIT = frozenset("0123456789^/+-_.()")


class NotANumber(ValueError):
    """The text is not a number. The message explains it to the author of the text."""


class Quantity(NamedTuple):
    """`unit` is normalised, and empty for a bare number."""

    value: Fraction
    unit: str


def parse_quantity(written: object, decimal_mark: DecimalMark | None = None) -> Quantity:
    """The quantity in a text or a JSON number. Raises NotANumber.

    Without a decimal mark a single point is one, and a single comma before three digits has two
    meanings. With a mark the other sign before three digits is a mark of thousands.
    """
    if isinstance(written, str):
        return _read(_prepared(written), decimal_mark)
    if isinstance(written, int | float) and not isinstance(written, bool):
        return Quantity(exact_fraction(written), "")
    raise NotANumber("must be a number or its text")


def find_value(text: str) -> Fraction | None:
    """The value of the quantity in a text, None where it is not one."""
    try:
        return parse_quantity(text).value
    except NotANumber:
        return None


def exact_fraction(number: float) -> Fraction:
    """A JSON number as it is written: 0.1 is a tenth. Raises NotANumber for what isn't finite."""
    # Checked first, because writing a huge integer takes long.
    if isinstance(number, int) and number.bit_length() > 4 * MAX_DIGITS:
        raise NotANumber(f"has more than {MAX_DIGITS} digits")
    return _read(_prepared(repr(number)), None).value


def write_number(value: Fraction, decimal_mark: DecimalMark | None, *, as_fraction: bool) -> str:
    """The number in digits, as a fraction where it was written as one or has no end."""
    over, under = value.numerator, value.denominator
    places = _decimal_places(under)
    if under == 1 or as_fraction or places is None:
        return str(over) if under == 1 else f"{over}/{under}"
    digits = str(abs(over) * 10**places // under).rjust(places + 1, "0")
    sign = "-" if over < 0 else ""
    return f"{sign}{digits[:-places]}{decimal_mark or '.'}{digits[-places:]}"


def _decimal_places(under: int) -> int | None:
    """The digits after the mark of a fraction with this denominator; None where there are more."""
    for places in range(MAX_WRITTEN_DIGITS):
        if 10**places % under == 0:
            return places
    return None


def is_fraction(written: str) -> bool:
    """Whether a readable number was written as a fraction."""
    return _FRACTION.match(_prepared(written).lstrip("+- ")) is not None


def parse_unit(text: str) -> str:
    """The unit normalised: m/s², m / s^2 and m/s2 are one. Upper and lower case differ.

    Raises NotANumber for a text that cannot be distinguished from a number before it.
    """
    try:
        value, unit = parse_quantity(f"1 {text}")
    except NotANumber:
        value, unit = Fraction(0), ""
    if value != 1 or not unit:
        raise NotANumber("is not a unit; start it with a letter or a sign such as %, ° or $")
    return unit


def is_compatible_unit(given: str, unit: str | None) -> bool:
    """Whether a quantity's unit is that of the question; none given means the question's own."""
    return given in ("", parse_unit(unit) if unit else "")


def _read(text: str, decimal_mark: DecimalMark | None) -> Quantity:
    signed = text[:1] in {"+", "-"}
    unsigned = text[1:].lstrip() if signed else text
    value, end = _unsigned(unsigned, decimal_mark)
    unit = _tidy(unsigned[end:])
    if unit and not _is_unit(unit):
        raise NotANumber(UNREADABLE)
    return Quantity(-value if text.startswith("-") else value, unit.removeprefix("1"))


def _prepared(text: str) -> str:
    if len(text) > MAX_CHARACTERS:
        raise NotANumber(UNREADABLE)
    # NFKC makes raised and lowered digits plain (10³ would be 103) and joins a fraction to the
    # digit before it (1½ would be 11/2), so these are spelled out first.
    text = _SUPERSCRIPT.sub(lambda raised: f"^{raised[0]}", clean_text(text))
    text = _SUBSCRIPT.sub(lambda lowered: f"_{lowered[0]}", text)
    text = "".join(map(_spelled_out, text))
    text = unicodedata.normalize("NFKC", text).translate(_PLAIN).replace("**", "^")
    text = _bare(" ".join(text.split()).rstrip(". "))
    if sum(character.isdecimal() for character in text) > MAX_DIGITS:
        raise NotANumber(f"has more than {MAX_DIGITS} digits")
    return _currency_last(text)


def _bare(text: str) -> str:
    """The number alone: without marks of TeX, the unknown before or after it, and parentheses."""
    if match := _FORMULA.fullmatch(text):
        text = next(filter(None, match.groups())).strip()
    text = _UNKNOWN_AFTER.sub("", _UNKNOWN.sub("", text, count=1), count=1)
    if "\\" in text or "{" in text:
        text = _without_tex(text)
    if match := _PARENTHESISED.fullmatch(text):
        text = f"{match[1]}{match[2]}{match[3]}"
    return text


def _without_tex(text: str) -> str:
    for pattern, plain in _TEX:
        text = pattern.sub(plain, text)
    return " ".join(text.split())


def _spelled_out(character: str) -> str:
    if unicodedata.category(character) == "Nd":
        return str(unicodedata.decimal(character))
    if unicodedata.decomposition(character).startswith("<fraction>"):
        return f" {character}"
    return character


def _currency_last(text: str) -> str:
    amount = text.lstrip("+- ")
    if not amount or not _is_currency(amount[0]):
        return text
    sign = text.removesuffix(amount)
    return f"{sign}{amount[1:].strip()} {amount[0]}"


def _unsigned(text: str, decimal_mark: DecimalMark | None) -> tuple[Fraction, int]:
    """The number that the text starts with, and where it ends."""
    if match := _FRACTION.match(text):
        return _fraction(*match.groups()), match.end()
    if match := _POWER_OF_TEN.match(text):
        return _scaled("1", match[1]), match.end()
    if match := _DECIMAL.match(text):
        return _scaled(_decimal(match[1], decimal_mark), match[2] or match[3] or "0"), match.end()
    raise NotANumber(UNREADABLE)


def _fraction(whole: str | None, over: str, under: str) -> Fraction:
    if not int(under):
        raise NotANumber("divides by zero")
    part = Fraction(int(over), int(under))
    if whole is None:
        return part
    # 1 3/2 is no mixed number, and 1 234/999 may be 1234/999.
    if part >= 1 or (len(over) == 3 and len(whole) <= 3):
        raise NotANumber("can be read in two ways; write it as one fraction, like 7/4")
    return int(whole) + part


def _decimal(body: str, decimal_mark: DecimalMark | None) -> str:
    if match := _ONE_MARK.fullmatch(body):
        mark = match[1]
        if decimal_mark is None and mark == ",":
            raise NotANumber("can be read in two ways; write 1234 or 1.234 instead of 1,234")
        return body.replace(mark, "." if mark == (decimal_mark or ".") else "")
    for notation, thousands, mark in _NOTATIONS:
        if notation.fullmatch(body):
            return body.replace(thousands, "").replace(mark, ".")
    raise NotANumber(UNREADABLE)


def _scaled(mantissa: str, exponent: str) -> Fraction:
    if abs(int(exponent)) > MAX_EXPONENT:
        raise NotANumber(f"has an exponent beyond {MAX_EXPONENT}")
    return Fraction(f"{mantissa}e{exponent}")


def _tidy(unit: str) -> str:
    unit = re.sub(r" ?([/^*]) ?", r"\1", unit.strip(" ."))
    unit = re.sub(r"(?<=[^\W\d_])([+-]?[0-9])", r"^\1", unit)
    # A space between factors is a product, as a dot is: N m, N·m, N*m.
    return unit.replace(" ", "*")


def _is_unit(unit: str) -> bool:
    """Whether it can be distinguished from a number: "x 10", "or 13" and "'10" cannot."""
    bare = re.sub(r"^1?/", "", unit)
    return (
        not _BROKEN_OFF.search(bare)
        and all(word and _is_start_of_unit(word[0]) for word in bare.split("*"))
        and all(_is_start_of_unit(sign) or sign in _WITHIN_UNIT for sign in bare.replace("*", ""))
    )


def _is_start_of_unit(character: str) -> bool:
    return character.isalpha() or character in _UNIT_SIGNS or _is_currency(character)


def _is_currency(character: str) -> bool:
    return unicodedata.category(character) == "Sc"

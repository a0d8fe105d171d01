"""Presentation MathML as TeX, as far as school mathematics needs it."""

from collections.abc import Callable, Mapping, Sequence

from admin.content.items import ItemRefused
from admin.content.tree import Element

# Letters and signs with a command of TeX; the app shows all others as they are.
COMMANDS = {
    "{": r"\{",
    "}": r"\}",
    "%": r"\%",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "\\": r"\backslash ",
    "\u2061": "",  # the invisible signs: application, product, separator, plus
    "\u2062": "",
    "\u2063": "",
    "\u2064": "",
    "\u2212": "-",
    "\u00a0": r"\ ",
}
_FUNCTIONS = "sin cos tan cot sec csc arcsin arccos arctan ln log exp lim max min"
FUNCTIONS = frozenset(_FUNCTIONS.split())
ACCENTS = {"¯": "overline", "‾": "overline", "→": "vec", "^": "hat", "~": "tilde", "˙": "dot"}


def tex_of(math: Element) -> str:
    """The TeX of a `math` element: its own annotation where it has one.

    Raises ItemRefused for an element that is not known, since a formula must not lose a part.
    """
    for element in _all(math):
        encoding = element.attributes.get("encoding", "").lower()
        if element.tag == "annotation" and "tex" in encoding:
            return " ".join(element.text.split())
    return " ".join(_row(math).split())


def _all(element: Element) -> list[Element]:
    return [element, *(inner for child in element.elements() for inner in _all(child))]


def _row(element: Element) -> str:
    return "".join(map(_tex, element.elements()))


def _tex(element: Element) -> str:
    write = WRITERS.get(element.tag)
    if write is None:
        raise ItemRefused("formula", element.tag)
    return write(element)


def _parts(element: Element, count: int) -> Sequence[str]:
    parts = [_tex(child) for child in element.elements()]
    if len(parts) != count:
        raise ItemRefused("formula", element.tag)
    return parts


def _signs(element: Element) -> str:
    return "".join(COMMANDS.get(sign, sign) for sign in element.text.strip())


def _identifier(element: Element) -> str:
    name = _signs(element)
    if name in FUNCTIONS:
        return f"\\{name} "
    return f"\\mathrm{{{name}}}" if len(name) > 1 and name.isalpha() else name


def _fraction(element: Element) -> str:
    over, under = _parts(element, 2)
    return f"\\frac{{{over}}}{{{under}}}"


def _root(element: Element) -> str:
    radicand, degree = _parts(element, 2)
    return f"\\sqrt[{degree}]{{{radicand}}}"


def _scripts(*marks: str) -> Callable[[Element], str]:
    def write(element: Element) -> str:
        base, *scripts = _parts(element, 1 + len(marks))
        shifted = "".join(f"{m}{{{script}}}" for m, script in zip(marks, scripts, strict=True))
        return f"{{{base}}}{shifted}"

    return write


def _over(element: Element) -> str:
    base, over = _parts(element, 2)
    if over.strip() in ACCENTS:
        return f"\\{ACCENTS[over.strip()]}{{{base}}}"
    return f"\\overset{{{over}}}{{{base}}}"


def _fenced(element: Element) -> str:
    begin, end = (element.attributes.get(name) for name in ("open", "close"))
    inner = ",".join(map(_tex, element.elements()))
    marks = ("(" if begin is None else begin or "."), (")" if end is None else end or ".")
    left, right = (COMMANDS.get(mark, mark) for mark in marks)
    return f"\\left{left}{inner}\\right{right}"


def _table(element: Element) -> str:
    rows = [" & ".join(map(_row, row.elements())) for row in element.elements()]
    return "\\begin{matrix}" + r" \\ ".join(rows) + "\\end{matrix}"


WRITERS: Mapping[str, Callable[[Element], str]] = {
    **dict.fromkeys(("mrow", "mstyle", "semantics", "mpadded", "mtd"), _row),
    "mi": _identifier,
    "mn": _signs,
    "mo": _signs,
    "mtext": lambda e: f"\\text{{{_signs(e)}}}",
    "mspace": lambda _: r"\ ",
    "mfrac": _fraction,
    "msqrt": lambda e: f"\\sqrt{{{_row(e)}}}",
    "mroot": _root,
    "msup": _scripts("^"),
    "msub": _scripts("_"),
    "msubsup": _scripts("_", "^"),
    "munder": _scripts("_"),
    "munderover": _scripts("_", "^"),
    "mover": _over,
    "mfenced": _fenced,
    "mtable": _table,
    "annotation": lambda _: "",
    "annotation-xml": lambda _: "",
}

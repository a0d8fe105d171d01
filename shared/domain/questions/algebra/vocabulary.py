"""The words of typed mathematics: functions, constants, Greek letters."""

import re
import unicodedata

from shared.domain.questions.algebra.tree import INFINITY, Node

# The functions, by the names that people type.
FUNCTIONS = {
    **{
        name: name
        for name in (
            *("sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh"),
            *("arcsin", "arccos", "arctan", "ln", "log", "exp", "abs", "sqrt", "cbrt", "root"),
        )
    },
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    "lg": "log",
}
ROOTS = frozenset({"sqrt", "cbrt", "root"})
INVERSES = {"sin": "arcsin", "cos": "arccos", "tan": "arctan"}
ALTERNATIVES = frozenset({"or", "oder"})

_SMALL = (
    *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"),
    *("mu", "nu", "xi", "rho", "sigma", "tau", "phi", "chi", "psi", "omega"),
)
_CAPITAL = ("Gamma", "Delta", "Theta", "Xi", "Sigma", "Phi", "Psi", "Omega")
_GREEK = {
    # As Unicode spells it.
    "lambda": "λ",
    "Lambda": "Λ",
    **{name: unicodedata.lookup(f"GREEK SMALL LETTER {name}") for name in _SMALL},
    **{name: unicodedata.lookup(f"GREEK CAPITAL LETTER {name}") for name in _CAPITAL},
}
_GREEK |= {f"var{name}": _GREEK[name] for name in ("epsilon", "theta", "phi")}
# Words that are one name or one constant.
NAMES = {
    **{word: Node("name", text=letter) for word, letter in _GREEK.items()},
    **{word: Node("constant", text="π") for word in ("pi", "π")},
    **dict.fromkeys(("infinity", "infty", "inf", "oo"), INFINITY),
    **{word: Node("constant", text=word) for word in ("e", "i")},
}
_PIECE = re.compile("|".join([*sorted({*FUNCTIONS, "pi"}, key=len, reverse=True), "."]))


def pieces_of(word: str) -> list[str]:
    """The word itself where it is known; else functions, π and single letters: 2xsinx, pir."""
    return [word] if word in FUNCTIONS or word in NAMES else _PIECE.findall(word)

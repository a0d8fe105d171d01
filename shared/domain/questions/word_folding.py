"""What an author may ask to be ignored when an answer in words is compared."""

import re
import unicodedata
from collections.abc import Collection
from itertools import product
from typing import Literal

from shared.domain.common.text_normalisation import normalise_answer

# Accents on letters of the Latin and Greek alphabets, an article before the answer, and whether
# English words are contracted.
Ignored = Literal["accents", "articles", "contractions"]

# A text with fewer letters is no slip of another one: too many words are one letter apart.
LETTERS_OF_A_SLIP = 5
LETTERS_OF_TWO_SLIPS = 10

# Each doubles the readings of a text, so only so many of them are read in two ways.
MAX_DOUBTFUL = 4

# Those of English, German, the Romance languages and Dutch.
_ARTICLES = frozenset(
    [
        "a",
        "an",
        "the",
        "der",
        "die",
        "das",
        "den",
        "dem",
        "des",
        "ein",
        "eine",
        "einen",
        "einem",
        "einer",
        "eines",
        "le",
        "la",
        "les",
        "un",
        "une",
        "el",
        "los",
        "las",
        "una",
        "lo",
        "il",
        "gli",
        "uno",
        "de",
        "het",
        "een",
    ]
)
_ELIDED = ("l'", "un'")
_MARKS = range(0x0300, 0x0370)  # combining accents; other scripts' marks are letters of their own

_NEGATED = {"can't": "can not", "won't": "will not", "shan't": "shall not", "cannot": "can not"}
_ENDINGS = {"'re": ["are"], "'ve": ["have"], "'ll": ["will"], "'m": ["am"]}
_DOUBTFUL = {"'s": ["is", "has"], "'d": ["would", "had"]}
# After other words 's may be a genitive.
_BEFORE_S = frozenset(
    [
        "it",
        "he",
        "she",
        "that",
        "this",
        "there",
        "here",
        "what",
        "who",
        "where",
        "when",
        "how",
        "why",
    ]
)
_BEFORE_D = frozenset(["i", "you", "he", "she", "it", "we", "they", "there", "that", "who"])
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def folded_wordings(text: str, ignored: Collection[Ignored]) -> frozenset[str]:
    """The wordings that a text can be read as, as they are compared: two texts are the same answer
    where they have one in common.
    """
    plain = normalise_answer(text)
    if "articles" in ignored:
        plain = _without_article(plain)
    readings = _expanded(plain) if "contractions" in ignored else [plain]
    if "accents" in ignored:
        readings = [_without_accents(reading) for reading in readings]
    return frozenset(readings)


def _without_article(text: str) -> str:
    first, _, rest = text.partition(" ")
    if first in _ARTICLES:
        return rest or text
    elided = next((article for article in _ELIDED if text.startswith(article)), "")
    return text.removeprefix(elided) or text


def _without_accents(text: str) -> str:
    return unicodedata.normalize("NFC", "".join(map(_base_letter, text)))


def _base_letter(character: str) -> str:
    if character.isascii():
        return character
    base, *marks = list(unicodedata.normalize("NFD", character))
    has_accents = marks and all(ord(mark) in _MARKS for mark in marks)
    is_known = unicodedata.name(base, "").startswith(("LATIN", "GREEK"))
    return base if has_accents and is_known else character


def _expanded(text: str) -> list[str]:
    """The text with each contraction written out, in each of its meanings."""
    options: list[list[str]] = []
    doubtful = 0
    end = 0
    for match in _WORD.finditer(text):
        meanings = _meanings(match[0])
        doubtful += len(meanings) > 1
        options += [
            [text[end : match.start()]],
            meanings if doubtful <= MAX_DOUBTFUL else meanings[:1],
        ]
        end = match.end()
    return ["".join(parts) for parts in product(*options, [text[end:]])]


def _meanings(word: str) -> list[str]:
    if word in _NEGATED:
        return [_NEGATED[word]]
    if word == "let's":
        return ["let us"]
    if word.endswith("n't"):
        return [f"{word[:-3]} not"]
    stem, mark, ending = word.partition("'")
    after = mark + ending
    known = {"'s": _BEFORE_S, "'d": _BEFORE_D}
    if after in known and stem not in known[after]:
        return [word]
    meanings = _ENDINGS.get(after) or _DOUBTFUL.get(after) or []
    return [f"{stem} {meaning}" for meaning in meanings] or [word]


def is_slip(given: str, accepted: str) -> bool:
    """Whether a folded text differs from an accepted one as by a slip of the pen.

    One letter is missing, added, another, or exchanged with the next; two in a text of at least
    LETTERS_OF_TWO_SLIPS. A digit or a sign that differs is never a slip.
    """
    letters = sum(character.isalpha() for character in accepted)
    if given == accepted or letters < LETTERS_OF_A_SLIP or _signs(given) != _signs(accepted):
        return False
    most = 2 if letters >= LETTERS_OF_TWO_SLIPS else 1
    return edits(given, accepted, most=most) <= most


def _signs(text: str) -> list[str]:
    return [sign for sign in text if not sign.isalpha() and sign not in " '-"]


def edits(one: str, other: str, *, most: int) -> int:
    """The letters to insert, to delete, to replace, or to exchange with the next, to make one text
    the other (optimal string alignment). Any number above `most` where there are more.
    """
    beyond = most + 1
    if abs(len(one) - len(other)) > most:
        return beyond
    before: list[int] = []
    last = [min(j, beyond) for j in range(len(other) + 1)]
    for i, sign in enumerate(one, start=1):
        row = [min(i, beyond)] + [beyond] * len(other)
        # A place further from the diagonal takes more edits than count.
        for j in range(max(1, i - most), min(len(other), i + most) + 1):
            wanted = other[j - 1]
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (sign != wanted))
            if i > 1 and j > 1 and (sign, one[i - 2]) == (other[j - 2], wanted):
                cost = min(cost, before[j - 2] + 1)
            row[j] = min(cost, beyond)
        before, last = last, row
    return last[-1]

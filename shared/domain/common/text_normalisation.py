"""Cleaning texts before they are stored, and normalising them before they are compared."""

import unicodedata

# Other (C*): controls, formats such as zero-width characters and overrides of direction, and half
# surrogate pairs, which can't be encoded.
_STRIPPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs"})
_ALLOWED_CONTROLS = frozenset("\n\t")
# Invisible, though letters and marks by category (Unicode's Default_Ignorable_Code_Point).
_INVISIBLE = frozenset(
    map(
        chr,
        [
            *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0),
            *range(0x180B, 0x1810),
            *range(0xFE00, 0xFE10),
            *range(0xE0100, 0xE01F0),
        ],
    )
)

DASHES = "\u2010\u2011\u2012\u2013\u2212"
_SINGLE_QUOTES = "\u2018\u2019\u201a\u201b\u02bc\u2039\u203a"
_DOUBLE_QUOTES = "\u201c\u201d\u201e\u201f\u00ab\u00bb\u300c\u300d\u300e\u300f"
# The variants that keyboards insert for a plain character.
_PLAIN = str.maketrans(
    {
        **dict.fromkeys(DASHES, "-"),
        **dict.fromkeys(_SINGLE_QUOTES, "'"),
        **dict.fromkeys(_DOUBLE_QUOTES, '"'),
    }
)
_QUOTES = frozenset("\"'`")


def clean_text(text: str) -> str:
    """The text without control and invisible characters, and without white space around it.

    Tabs and line ends stay; a line ends with a line feed.
    """
    if text.isascii() and text.isprintable():  # most texts are, and every turn cleans hundreds
        return text.strip()
    unbroken = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(filter(_is_visible, unbroken)).strip()


def _is_visible(character: str) -> bool:
    return character in _ALLOWED_CONTROLS or (
        unicodedata.category(character) not in _STRIPPED_CATEGORIES and character not in _INVISIBLE
    )


def fold_text(text: str) -> str:
    """The text as it is compared: without regard to case, width, white space or quote style."""
    # Folding case can leave text denormalised and composing can give it a case again, so twice
    # (Unicode 3.13, D147).
    once = unicodedata.normalize("NFKC", clean_text(text).casefold())
    twice = unicodedata.normalize("NFKC", once.casefold())
    return " ".join(twice.translate(_PLAIN).split())


def normalise_answer(text: str) -> str:
    """The folded text without the punctuation and quotes around it; accents and spelling count.

    Punctuation is removed only at the end of a sentence and only where it can't be part of the
    answer: ".5", "n!", "f'", "-5", "C#" and "[0, 1)" stay as they are.
    """
    text = fold_text(text)
    while (bare := _unwrapped(text)) != text:
        text = bare
    return text


def _unwrapped(text: str) -> str:
    text = text.rstrip(".,;: \u3002") or text
    text = text.lstrip("\u00bf\u00a1 ") or text
    unstressed = text.rstrip("!? ")
    if len(unstressed) > 1 and unstressed[-2:].isalpha():
        text = unstressed
    if text[:1] in _QUOTES and text[0] == text[-1]:
        text = text[1:-1].strip() or text
    return text

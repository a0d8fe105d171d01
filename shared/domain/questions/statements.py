"""What the last sentence of an explanation states as the answer."""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from shared.domain.common.text_normalisation import fold_text
from shared.domain.questions.arithmetic import MAX_DIGITS, readings
from shared.domain.questions.equations import NUMBER, concluding_value, plain_arithmetic

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[^\W_]|[(\"\u201e\u201c])")
# A choice that is named by its id.
_LABEL_AT_END = re.compile(r"(?:(?<![^\W_])\(|: )([\w-]{1,10})\)?[.!]?\s*\Z")
_QUOTES = '"\u201c\u201d\u201e\u201f\u00ab\u00bb'
_CONCLUSION = re.compile(
    rf"(?:[{_QUOTES}]([^{_QUOTES}]{{1,60}})[.!]?[{_QUOTES}]|: ([^:{_QUOTES}]{{1,60}}?))[.!]?\s*\Z"
)
_WORD = re.compile(r"[^\W_]+")
_SIGNED_NUMBER = re.compile(rf"((?<![\w)])-)?({NUMBER.pattern})(?![^\W\d_]*_)")
# A number that ends the sentence, perhaps with its unit: "It takes 3 hours."
_LAST_NUMBER = re.compile(rf"{NUMBER.pattern}\s*(?:%|[^\W\d_]+)?[\s.!)\"\u201c\u201d]*\Z")


class StatedNumber(NamedTuple):
    """`values` are the readings of a number, and `margin` what rounding may have taken from it."""

    values: tuple[Fraction, ...]
    margin: Fraction

    def is_near(self, value: Fraction, tolerance: Fraction) -> bool:
        return any(abs(own - value) <= max(tolerance, self.margin) for own in self.values)


class Statement:
    """A sentence that may state an answer."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        self._words = words_of(sentence)

    def names(self, text: str) -> bool:
        return words_of(text) in self._words

    def ends_with(self, text: str) -> bool:
        return bool(text.strip()) and self._words.endswith(words_of(text))

    @property
    def label(self) -> str | None:
        """The id of a choice that the sentence ends with, as in "(b)" or ": b"."""
        label = _LABEL_AT_END.search(self.sentence)
        return label[1] if label else None

    @property
    def conclusion(self) -> str | None:
        """What stands in quotes, or after a colon, at its end."""
        end = _CONCLUSION.search(self.sentence)
        return (end[1] or end[2]) if end else None

    def is_another_number(
        self, right: Sequence[Fraction], tolerance: Fraction = Fraction(0)
    ) -> bool:
        """Whether it concludes with a number, and none of its numbers is one of `right`."""
        result = concluding_value(self.sentence)
        if result is None and not _LAST_NUMBER.search(plain_arithmetic(self.sentence)):
            return False
        numbers = stated_numbers(self.sentence)
        if result is not None:
            numbers.append(StatedNumber((result,), Fraction(0)))
        return not any(number.is_near(value, tolerance) for number in numbers for value in right)


def last_sentence(explanation: str) -> Statement:
    lines = [line for line in explanation.splitlines() if line.strip()]
    return Statement(_SENTENCE_END.split(lines[-1].strip())[-1] if lines else "")


def stated_numbers(text: str) -> list[StatedNumber]:
    """All numbers of a text."""
    numbers = []
    plain = plain_arithmetic(text)
    for match in _SIGNED_NUMBER.finditer(plain):
        sign = -1 if match[1] else 1
        values = [sign * value for value in readings(match[2])]
        _, mark, places = match[2].replace(",", ".").rpartition(".")
        margin = Fraction(1, 10 ** min(len(places), MAX_DIGITS)) if mark else Fraction(0)
        # 25 % is read as 25 and as a quarter.
        if plain[match.end() :].lstrip().startswith("%"):
            values += [value / 100 for value in values]
        numbers.append(StatedNumber(tuple(values), margin))
    return numbers


def words_of(text: str) -> str:
    """The words and numbers of a text, folded, each with a space on both sides."""
    return f" {' '.join(_WORD.findall(fold_text(text)))} "

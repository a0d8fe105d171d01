"""Checks of a question that a model drafted, which need no model: does it agree with itself?

They are not asked of authors, who may have reasons. A check that is wrong drops a good question; so
each judges only what it can read without doubt.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from shared.domain.questions.choices import ChoiceQuestion
from shared.domain.questions.equations import find_false_equations, plain_arithmetic
from shared.domain.questions.numeric_parsing import NotANumber, Quantity, find_value, parse_quantity
from shared.domain.questions.question import Question
from shared.domain.questions.statements import last_sentence, stated_numbers, words_of

# A shorter word, or a smaller number, may stand in a hint by chance.
LEAST_TELLING_CHARACTERS = 3
LEAST_TELLING_NUMBER = 10

# What is said to be the answer, in the languages of the examples.
_ANSWER_IS = re.compile(
    r"\b(?:answer|solution|result|antwort|l\u00f6sung|ergebnis)\b\W{0,3}(?:is\b|ist\b)?\W{0,3}"
    r"(-?\d.{0,40})",
    re.IGNORECASE,
)
_EQUALS = re.compile(r"= ?(-?\d.{0,40})")


def find_faults(question: Question) -> list[str]:
    """Why the question contradicts itself or tells its answer, in words for the model."""
    return list(_faults(question))


def _faults(question: Question) -> Iterator[str]:
    hints = question.hints or []
    for text in (question.explanation or "", *hints):
        yield from (f"{equation} is not true" for equation in find_false_equations(text))
    if question.explanation and question.is_contradicted_by(last_sentence(question.explanation)):
        yield "its explanation ends with another answer than its key"
    if isinstance(question, ChoiceQuestion):
        yield from _equal_choices(question)
    if _tells_key(question, question.prompt, before=""):
        yield "its prompt tells the answer"
    if any(_tells_key(question, hint, before=question.prompt) for hint in hints[:-1]):
        yield "a hint before the last tells the answer"


def _equal_choices(question: ChoiceQuestion) -> Iterator[str]:
    quantities = [(choice.id, _quantity(choice.text)) for choice in question.choices]
    for (one, value), (other, same) in combinations(quantities, 2):
        if value is not None and value == same:
            yield f"its choices {one} and {other} are equal"


def _tells_key(question: Question, text: str, *, before: str) -> bool:
    """Whether the text has the key, and what was shown `before` has not."""
    others = []
    if isinstance(question, ChoiceQuestion):
        others = [choice.text for choice in question.choices]
    for key in question.key_texts:
        value = find_value(key)
        if value is not None:
            if _tells_number(value, text, before=before):
                return True
            continue
        # A text that names several choices tells none.
        wrong = [other for other in others if words_of(other) != words_of(key)]
        if _has(text, key) and not _has(before, key) and not any(_has(text, w) for w in wrong):
            return True
    return False


def _has(text: str, key: str) -> bool:
    words = words_of(key)
    return len(words.strip()) >= LEAST_TELLING_CHARACTERS and words in words_of(text)


def _tells_number(value: Fraction, text: str, *, before: str) -> bool:
    """Whether the text says that the answer is this number; a hint may not even name a large one.

    Half of all keys equal some number of their prompt.
    """
    said = list(_ANSWER_IS.finditer(text))
    # In a prompt an equation may well end with the key: x / 1 = 3.
    said += _EQUALS.finditer(plain_arithmetic(text)) if before else ()
    if any(value in stated_numbers(match[1])[0].values for match in said):
        return True
    if not before or abs(value) < LEAST_TELLING_NUMBER:
        return False
    return _names(value, text) and not _names(value, before)


def _names(value: Fraction, text: str) -> bool:
    return any(value in number.values for number in stated_numbers(text))


def _quantity(text: str) -> Quantity | None:
    try:
        return parse_quantity(text)
    except NotANumber:
        return None

"""The questions of the example bank, and a search for texts that give an answer away."""

import re
from typing import Any

from local.examples import theory_template

EXERCISES: list[dict[str, Any]] = [
    exercise
    for section in theory_template()["template_data"]["sections"]
    for exercise in section["exercises"]
]
QUESTIONS: dict[str, dict[str, Any]] = {
    question["question_id"]: question
    for exercise in EXERCISES
    for question in exercise["questions"]
}
WORDS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}
WORDS |= {7: "seven", 8: "eight", 9: "nine", 10: "ten", 11: "eleven", 12: "twelve"}


def right_choices(question: dict[str, Any]) -> list[str]:
    return [c["text"] for c in question["choices"] if c["id"] in question["answer"]]


def in_words(value: object) -> list[str]:
    """The value as text: digits and, for a small number, also the word."""
    return [str(value), *(word for n, word in WORDS.items() if str(n) == str(value))]


def says(text: str, words: str) -> bool:
    """Whether the text contains the words as whole words, also in the plural.

    A single letter is a note; its case matters.
    """
    flags = re.NOFLAG if len(words) == 1 else re.IGNORECASE
    return bool(re.search(rf"(?<![\w./]){re.escape(words)}s?(?!\w|[./]\w)", text, flags))

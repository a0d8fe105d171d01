"""Checks of answers as students send them, before they count as an attempt."""

from collections.abc import Sequence

from pydantic import JsonValue

from shared.domain.common.errors import FieldError, InvalidArgument
from shared.domain.common.text_normalisation import clean_text

MAX_ANSWER_CHARACTERS = 10_000

# As a kind's parse_answer returns it.
Answer = JsonValue


def invalid_answer(message: str) -> InvalidArgument:
    return InvalidArgument(errors=[FieldError("input.answer", message)])


def parse_option(raw: JsonValue, options: Sequence[str], message: str) -> str:
    """Raises InvalidArgument with the message for anything but one of the options."""
    if not isinstance(raw, str) or raw not in options:
        raise invalid_answer(message)
    return raw


def parse_text(raw: JsonValue) -> str:
    """The cleaned text, of 1 to MAX_ANSWER_CHARACTERS characters. Raises InvalidArgument."""
    if not isinstance(raw, str):
        raise invalid_answer("must be a text")
    # Cleaning takes long, so a text far beyond the limit is refused without it.
    text = clean_text(raw) if len(raw) <= 2 * MAX_ANSWER_CHARACTERS else raw
    if not text:
        raise invalid_answer("must not be empty")
    if len(text) > MAX_ANSWER_CHARACTERS:
        raise invalid_answer(f"must not be longer than {MAX_ANSWER_CHARACTERS} characters")
    return text

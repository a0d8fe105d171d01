"""Answers as students send them, checked before they count as an attempt.

What can only be a slip is refused and costs nothing: an unknown option, no option at all, a text
where a number is asked, a unit where the question has none. What is merely wrong is an answer.
"""

from pydantic import JsonValue

from shared.domain.common.errors import FieldError, InvalidArgument
from shared.domain.common.text_normalisation import clean_text
from shared.domain.questions.grades import Grade
from shared.domain.questions.numeric_parsing import NotANumber, parse_quantity
from shared.domain.questions.question import Question, QuestionKind

MAX_CHARACTERS = 10_000

# The id of a choice, a text, a number's text or a grade; for multi_select the ids chosen.
Answer = str | list[str]


def parse_answer(question: Question, raw: JsonValue) -> Answer:
    """The answer as it is graded. Raises InvalidArgument, at input.answer, for no answer at all."""
    match question.kind:
        case QuestionKind.MULTIPLE_CHOICE:
            return _one_of(question.choice_ids, raw, "must be the id of one of the choices")
        case QuestionKind.MULTI_SELECT:
            return _some_of(question.choice_ids, raw)
        case QuestionKind.NUMERIC:
            return _number(raw, unit=question.unit)
        case QuestionKind.SHORT_ANSWER | QuestionKind.FREE_RESPONSE:
            return _text(raw)
        case QuestionKind.SELF_RATED:
            return _one_of(list(Grade), raw, f"must be one of {', '.join(Grade)}")


def _one_of(options: list[str], raw: JsonValue, message: str) -> str:
    if not isinstance(raw, str) or raw not in options:
        raise _refused(message)
    return raw


def _some_of(options: list[str], raw: JsonValue) -> list[str]:
    # At least one is always right, so that none chosen is a form sent off too early.
    if not isinstance(raw, list) or not raw:
        raise _refused("must be a list of the ids of one or more of the choices")
    chosen = [_one_of(options, entry, "must list ids of the choices only") for entry in raw]
    if len(set(chosen)) < len(chosen):
        raise _refused("must not list a choice twice")
    return chosen


def _number(raw: JsonValue, *, unit: str | None) -> str:
    try:
        given = parse_quantity(raw).unit
    except NotANumber as error:
        raise _refused(str(error)) from None
    if given and unit is None:
        raise _refused("must be a number alone: this question has no unit")
    return clean_text(raw) if isinstance(raw, str) else repr(raw)


def _text(raw: JsonValue) -> str:
    if not isinstance(raw, str):
        raise _refused("must be a text")
    # Cleaning takes its time: what is far too long isn't worth it.
    text = clean_text(raw) if len(raw) <= 2 * MAX_CHARACTERS else raw
    if not text:
        raise _refused("must not be empty")
    if len(text) > MAX_CHARACTERS:
        raise _refused(f"must not be longer than {MAX_CHARACTERS} characters")
    return text


def _refused(message: str) -> InvalidArgument:
    return InvalidArgument(errors=[FieldError("input.answer", message)])

"""Grades: how well a student remembered."""

from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from shared.domain.common.fields import JsonEnum


class Grade(JsonEnum):
    """From the worst to the best; clients may send their numbers, 1 to 4, instead."""

    AGAIN = "again"
    HARD = "hard"
    GOOD = "good"
    EASY = "easy"


GRADES_BY_NUMBER: dict[float, Grade] = dict(enumerate(Grade, start=1))


def grade_from_number(value: Any) -> Any:
    """The grade of a number from 1 to 4; any other value as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return GRADES_BY_NUMBER.get(value, value)


# A grade as clients send it.
SentGrade = Annotated[
    Grade,
    BeforeValidator(grade_from_number),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "enum": list(Grade)},
                {"type": "integer", "enum": list(GRADES_BY_NUMBER)},
            ]
        }
    ),
]

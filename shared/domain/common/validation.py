"""Violations: the location and message of each error, from our validators and from pydantic."""

from collections.abc import Iterable
from typing import get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError
from pydantic_core.core_schema import ErrorType

from shared.domain.common.errors import FieldError

# A location is the keys and list positions that lead to the value; a violation adds a message.
Location = tuple[str | int, ...]
Violation = tuple[Location, str]

MAX_STEP_LENGTH = 100
_PYDANTIC_TYPES = frozenset(get_args(ErrorType))


def validation_error(title: str, violations: Iterable[Violation]) -> ValidationError:
    """To be raised in a validator: pydantic puts the locations below the validated field's own."""
    return ValidationError.from_exception_data(
        title,
        [
            InitErrorDetails(type=_custom("invalid", message), loc=location, input=None)
            for location, message in violations
        ],
    )


def violations_of(error: ValidationError) -> list[Violation]:
    """The violations that pydantic found, worded for JSON: an object, an array, null."""
    as_json = ValidationError.from_exception_data(
        error.title,
        [_details(found) for found in error.errors(include_url=False)],
        input_type="json",
    )
    return [
        (found["loc"], message_of(found))
        for found in as_json.errors(include_url=False, include_input=False, include_context=False)
    ]


def message_of(error: ErrorDetails) -> str:
    """The message of an error that pydantic found, as its validator worded it."""
    return error["msg"].removeprefix("Value error, ")


def field_errors(violations: Iterable[Violation], *, below: Location = ()) -> list[FieldError]:
    """The violations with dotted paths; `below` is the location that theirs are relative to."""
    return [
        FieldError(".".join(str(step)[:MAX_STEP_LENGTH] for step in (*below, *location)), message)
        for location, message in violations
    ]


def _details(found: ErrorDetails) -> InitErrorDetails:
    kind = found["type"]
    return InitErrorDetails(
        type=kind if kind in _PYDANTIC_TYPES else _custom(kind, found["msg"]),
        loc=found["loc"],
        input=found["input"],
        ctx=found.get("ctx", {}),
    )


def _custom(kind: str, message: str) -> PydanticCustomError:
    # The error type formats its template, and a message may contain braces.
    return PydanticCustomError(kind, "{message}", {"message": message})

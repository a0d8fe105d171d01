"""Faults that a validator finds by itself, reported like pydantic's own: each with its location."""

from collections.abc import Iterable

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

Location = tuple[str | int, ...]
Violation = tuple[Location, str]


def validation_error(title: str, faults: Iterable[Violation]) -> ValidationError:
    """To be raised in a validator: pydantic puts the locations below the validated field's own."""
    return ValidationError.from_exception_data(
        title,
        [
            # The error type formats its template, and a message may contain braces.
            InitErrorDetails(
                type=PydanticCustomError("invalid", "{message}", {"message": message}),
                loc=location,
                input=None,
            )
            for location, message in faults
        ],
    )

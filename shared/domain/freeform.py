"""Free JSON: objects with some known fields that keep every other key just as it came.

A free-form model validates what it knows and remembers what was sent, so dumping it gives back the
same keys and values: nothing filled in, nothing dropped. The bounds are those of a Firestore
document and of a JavaScript client, checked before anything is stored.
"""

import json
import math
from collections.abc import Iterator
from typing import Any

from pydantic import (
    BaseModel,
    ConfigDict,
    JsonValue,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

MAX_BYTES = 200 * 1024
MAX_DEPTH = 10
MAX_KEY_BYTES = 1_500  # Firestore's limit on a field name
MAX_SAFE_INTEGER = 2**53 - 1  # what JavaScript reads back unchanged (RFC 7493, section 2.2)
MAX_LISTED_ERRORS = 50

Location = tuple[str | int, ...]


class FreeForm(BaseModel):
    """A JSON object that keeps unknown keys. Absent stays absent, null stays null."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)

    __pydantic_extra__: dict[str, JsonValue]

    @model_serializer(mode="wrap")
    def _as_it_came(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        dumped: dict[str, Any] = handler(self)
        return {key: value for key, value in dumped.items() if key in self.model_fields_set}


def json_bytes(value: JsonValue) -> int:
    """Size of the value as compact JSON in UTF-8."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def within_bounds(value: JsonValue) -> JsonValue:
    """Passes free JSON on unchanged, or raises a ValidationError listing what can't be stored."""
    problems = []
    for location, message in _problems(value, ()):
        problems.append((location, message))
        if len(problems) == MAX_LISTED_ERRORS:
            break
    # A value nested too deeply is not measured: the encoder recurses as deep as the value does.
    if not problems and (size := json_bytes(value)) > MAX_BYTES:
        problems.append(((), f"takes {size} bytes as JSON; the most is {MAX_BYTES}"))
    if problems:
        raise ValidationError.from_exception_data(
            "free JSON",
            [
                InitErrorDetails(
                    # PydanticCustomError formats its template, and a key may contain braces.
                    type=PydanticCustomError("free_json", "{message}", {"message": message}),
                    loc=location,
                    input=None,
                )
                for location, message in problems
            ],
        )
    return value


def _problems(value: JsonValue, at: Location) -> Iterator[tuple[Location, str]]:
    match value:
        case dict() | list() if len(at) >= MAX_DEPTH:
            yield at, f"is nested deeper than {MAX_DEPTH} levels"
        case dict():
            for key, inner in value.items():
                if fault := _fault_of_key(key):
                    yield (*at, key[:100]), fault
                else:
                    yield from _problems(inner, (*at, key))
        case list():
            for index, inner in enumerate(value):
                yield from _problems_of_entry(inner, (*at, index))
        case int() if abs(value) > MAX_SAFE_INTEGER:
            yield at, "is an integer that JavaScript clients can't read back unchanged"
        case float() if not math.isfinite(value):
            yield at, "is not a finite number"


def _problems_of_entry(value: JsonValue, at: Location) -> Iterator[tuple[Location, str]]:
    if isinstance(value, list):
        yield at, "a list directly inside a list can't be stored in Firestore"
    else:
        yield from _problems(value, at)


def _fault_of_key(key: str) -> str | None:
    if not key:
        return "a key must not be empty"
    if key.startswith("__") and key.endswith("__"):
        return "a key of the form __x__ is reserved in Firestore"
    if len(key.encode()) > MAX_KEY_BYTES:
        return f"a key must not be longer than {MAX_KEY_BYTES} bytes"
    return None

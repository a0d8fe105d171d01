"""Free JSON: objects with some known fields, which keep every other key unchanged.

A model of free JSON validates its known fields. Dumping it returns exactly the keys and values that
were sent, without defaults. The bounds are those of a stored document and of a JavaScript client.
They are rules of the domain, because a value that can't be stored is refused with all other
violations of its request, before any adapter is called. tests/unit/firestore/test_limits.py proves
that they fit inside the limits of the database.
"""

import json
import math
from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    JsonValue,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_serializer,
)

from shared.domain.common.fields import NOT_RESERVED_PATTERN
from shared.domain.common.json_schema import Check, DescribedAs, Schema
from shared.domain.common.validation import Location, Violation, validation_error, violations_of

MAX_BYTES = 200 * 1024
# By stored_size_bytes: numbers and maps take more in a document than as JSON.
MAX_STORED_BYTES = 600 * 1024
# `{}`, 2 bytes of JSON, takes 32 in a document; in no other value is the ratio as large.
MOST_STORED_BYTES_PER_BYTE = 16
MAX_DEPTH = 10
# Of the keys that lead to a value, with dots between them; positions in lists don't count.
MAX_PATH_BYTES = 1_486
MAX_SAFE_INTEGER = 2**53 - 1  # what JavaScript reads back unchanged (RFC 7493, section 2.2)
MAX_LISTED_ERRORS = 50

# Free JSON as the parser of requests made it. Pydantic's JsonValue would look at each part again,
# in 0.7 s for a body of nested maps.
ParsedJson = Annotated[Any, DescribedAs("JsonValue")]

# JSON schema of the bounds, as far as it can express them. The API document has both as components.
_LIST_ENTRIES: list[Schema] = [
    {"type": "null"},
    {"type": "boolean"},
    {"type": "number", "minimum": -MAX_SAFE_INTEGER, "maximum": MAX_SAFE_INTEGER},
    {"type": "string"},
    {"$ref": "#/components/schemas/FreeObject"},
]
FREE_JSON_SCHEMA: Schema = {
    "description": "Any JSON that can be stored and that JavaScript reads back unchanged: no list "
    "directly inside a list, no empty key and none of the form `__x__`.",
    "anyOf": [*_LIST_ENTRIES, {"type": "array", "items": {"anyOf": _LIST_ENTRIES}}],
}
FREE_OBJECT_SCHEMA: Schema = {
    "type": "object",
    "propertyNames": {"pattern": rf"^{NOT_RESERVED_PATTERN}[\s\S]+$"},
    "additionalProperties": {"$ref": "#/components/schemas/FreeJson"},
}


class JsonObject(BaseModel):
    """A JSON object that keeps unknown keys. Absent stays absent, null stays null."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)

    # Not JsonValue, which takes long to validate: the values come from JSON or were stored.
    __pydantic_extra__: dict[str, Any]

    @model_serializer
    def set_fields(self) -> dict[str, Any]:
        """The keys that were sent, known and unknown, with their values."""
        fields, sent = self.__dict__, self.model_fields_set
        known = {name: value for name, value in fields.items() if name in sent}
        return {**known, **self.__pydantic_extra__}

    def overlaid(self, other: Self) -> Self:
        """A copy in which the keys of `other` replace its own."""
        return self.model_copy(update=other.set_fields())


def json_size_bytes(value: JsonValue) -> int:
    """Size of the value as compact JSON in UTF-8."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def stored_size_bytes(value: JsonValue) -> int:
    """Size of the value in a stored document.

    A map takes 32 bytes besides its keys and values, a number or an instant 8, a text its UTF-8 and
    one byte more: https://cloud.google.com/firestore/docs/storage-size.
    """
    match value:
        case dict():
            return 32 + sum(
                _text_bytes(key) + stored_size_bytes(inner) for key, inner in value.items()
            )
        case list():
            return sum(map(stored_size_bytes, value))
        case str():
            return _text_bytes(value)
        case None | bool():
            return 1
        case _:
            return 8


def _text_bytes(text: str) -> int:
    return len(text.encode()) + 1


def is_same_json(one: Any, other: Any) -> bool:
    """Whether two values are the same JSON: 1 and 1.0 are, 1 and true are not."""
    kind = type(one)
    if kind is not type(other):
        return not isinstance(one, bool) and not isinstance(other, bool) and bool(one == other)
    if kind is dict:
        return one.keys() == other.keys() and all(
            is_same_json(value, other[key]) for key, value in one.items()
        )
    if kind is list:
        return len(one) == len(other) and all(map(is_same_json, one, other))
    return bool(one == other)


def find_violations(value: JsonValue) -> list[Violation]:
    """The violations of the bounds of free JSON; none when it can be stored."""
    # The size is checked first because it bounds the time of the search, which takes far longer.
    try:
        message = size_violation(value)
    except RecursionError:
        message = None  # the search stops at MAX_DEPTH and names the place
    return [((), message)] if message else list(islice(_problems(value, ()), MAX_LISTED_ERRORS))


def size_violation(value: JsonValue) -> str | None:
    """The violation of a value that is too large to be stored; None when it is not."""
    size = json_size_bytes(value)
    if size > MAX_BYTES:
        return f"takes {size} bytes as JSON; the most is {MAX_BYTES}"
    # Measuring takes time, and most values are small.
    if size * MOST_STORED_BYTES_PER_BYTE <= MAX_STORED_BYTES:
        return None
    size = stored_size_bytes(value)
    if size > MAX_STORED_BYTES:
        return f"takes {size} bytes in a document; the most is {MAX_STORED_BYTES}"
    return None


def _bounded(value: JsonValue, structure: ValidatorFunctionWrapHandler) -> Any:
    violations = find_violations(value)
    if any(not location for location, _ in violations):
        raise validation_error("free JSON", violations)  # too large to look further
    try:
        content = structure(value)
    except ValidationError as error:
        violations += violations_of(error)
    if violations:
        raise validation_error("free JSON", violations)
    return content


# Checks bounds and structure both, so that one answer names the violations of either kind.
BoundedJson = Check(
    WrapValidator(_bounded),
    description=f"At most {MAX_BYTES // 1024} KB as JSON, nested at most {MAX_DEPTH} levels deep.",
    **{"x-maxBytes": MAX_BYTES},  # no keyword of JSON schema says it, and forms check it
)


def _problems(value: JsonValue, at: Location) -> Iterator[Violation]:
    match value:
        case dict() | list() if len(at) >= MAX_DEPTH:
            yield at, f"is nested deeper than {MAX_DEPTH} levels"
        case dict():
            above = sum(len(f"{step}.".encode()) for step in at if isinstance(step, str))
            for key, inner in value.items():
                if violation := _key_violation(key, bytes_above=above):
                    yield (*at, key[:100]), violation
                else:
                    yield from _problems(inner, (*at, key))
        case list():
            for index, inner in enumerate(value):
                yield from _problems_of_entry(inner, (*at, index))
        case int() if abs(value) > MAX_SAFE_INTEGER:
            yield at, "is an integer that JavaScript clients can't read back unchanged"
        case float() if not math.isfinite(value):
            yield at, "is not a finite number"


def _problems_of_entry(value: JsonValue, at: Location) -> Iterator[Violation]:
    if isinstance(value, list):
        yield at, "a list directly inside a list can't be stored"
    else:
        yield from _problems(value, at)


def _key_violation(key: str, *, bytes_above: int) -> str | None:
    if not key:
        return "a key must not be empty"
    if key.startswith("__") and key.endswith("__"):
        return "a key of the form __x__ is reserved"
    if bytes_above + len(key.encode()) > MAX_PATH_BYTES:
        return f"a key and those above it must not be longer than {MAX_PATH_BYTES} bytes together"
    return None

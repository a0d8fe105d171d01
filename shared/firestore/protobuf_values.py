"""Documents as protocol buffers.

The library wraps every value of a document in an object of its own, in both directions, which takes
most of the time of a small request.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from google.api_core.datetime_helpers import DatetimeWithNanoseconds
from google.cloud.firestore_v1.types import BatchGetDocumentsRequest as _BatchGetDocumentsRequest
from google.cloud.firestore_v1.types import BatchGetDocumentsResponse as _BatchGetDocumentsResponse
from google.cloud.firestore_v1.types import CommitRequest as _CommitRequest
from google.cloud.firestore_v1.types import CommitResponse as _CommitResponse

BatchGetDocumentsRequest: Any = _BatchGetDocumentsRequest.pb()
BatchGetDocumentsResponse: Any = _BatchGetDocumentsResponse.pb()
CommitRequest: Any = _CommitRequest.pb()
CommitResponse: Any = _CommitResponse.pb()


def decode_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a document's fields."""
    return {name: _decode(fields[name]) for name in fields}  # faster than items()


def _decode(value: Any) -> Any:
    kind = value.WhichOneof("value_type")
    match kind:
        case "map_value":
            return decode_fields(value.map_value.fields)
        case "array_value":
            return [_decode(entry) for entry in value.array_value.values]
        case "null_value" | None:
            return None
        case "timestamp_value":
            return decode_instant(value.timestamp_value)
        case _:
            return getattr(value, kind)


def decode_instant(timestamp: Any) -> datetime:
    """Precise to the nanosecond, as the update time of a precondition must be."""
    found: datetime = DatetimeWithNanoseconds.from_timestamp_pb(timestamp)
    return found


def encode_fields(fields: Any, values: Iterable[tuple[str, Any]]) -> None:
    """Sets the values as the fields of a document or map."""
    for name, value in values:
        _encode(fields[name], value)


def _encode(field: Any, value: Any) -> None:
    match value:
        case str():
            field.string_value = str(value)
        case None:
            field.null_value = 0
        case bool():
            field.boolean_value = value
        case int():
            field.integer_value = value
        case float():
            field.double_value = value
        case dict():
            field.map_value.SetInParent()
            encode_fields(field.map_value.fields, value.items())
        case list():
            field.array_value.SetInParent()
            add = field.array_value.values.add
            for entry in value:
                _encode(add(), entry)
        case datetime():
            encode_instant(field.timestamp_value, value)
        case _:
            raise TypeError(f"a document can't hold {type(value).__name__}")


def encode_instant(timestamp: Any, at: datetime) -> None:
    if isinstance(at, DatetimeWithNanoseconds):
        timestamp.CopyFrom(at.timestamp_pb())
    else:
        timestamp.FromDatetime(at.astimezone(UTC))

"""Documents in the notation of Firestore's REST API.

https://cloud.google.com/firestore/docs/reference/rest/v1/Value
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from shared.domain.common.errors import FieldError, InvalidArgument, SessionContextTampered
from shared.domain.common.validation import Location
from shared.domain.practice.source import SentTemplate

MALFORMED = (AttributeError, OverflowError, TypeError, ValueError, RecursionError)


def decode_rest_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The plain values of a document's fields. Instants stay texts in RFC 3339.

    Raises one of MALFORMED for any other notation.
    """
    return {name: _decode(value) for name, value in fields.items()}


def _decode(value: Mapping[str, Any]) -> Any:
    ((kind, inner),) = value.items()
    match kind:
        case "integerValue":
            return int(inner)
        case "mapValue":
            return decode_rest_fields(inner.get("fields", {}))
        case "arrayValue":
            return [_decode(entry) for entry in inner.get("values", [])]
        case "nullValue":
            return None
        case _:
            return inner


def _location_in_map(sent: Mapping[str, Any], plain: Location) -> Location:
    """The location in a map, `{"fields": …}`, of a location in its plain values.

    That of a value ends with its kind, and that of a field that was not sent with its name.
    """
    if not plain:
        return ()
    name, *below = plain
    return ("fields", name, *_location_in_value(sent.get("fields", {}).get(name), tuple(below)))


def _location_in_value(sent: Any, plain: Location) -> Location:
    """The same in a value that could be decoded, None for one that was not sent."""
    if sent is None:
        return plain
    ((kind, inner),) = sent.items()
    match kind, plain:
        case "mapValue", _:
            return (kind, *_location_in_map(inner, plain))
        case "arrayValue", (int(index), *below):
            entry = inner["values"][index]
            return (kind, "values", index, *_location_in_value(entry, tuple(below)))
        case _:
            return (kind, *plain)


def decode_source_data(document: Mapping[str, Any]) -> SentTemplate:
    """The fields of the template in `source_data`, which an SDK or REST read.

    Raises InvalidArgument for a notation that is neither.
    """
    fields = document.get("fields")
    if not isinstance(fields, dict) or "template_data" in document:
        return SentTemplate(document)
    try:
        return SentTemplate(decode_rest_fields(fields), partial(_location_in_map, document))
    except MALFORMED as error:
        message = "must be a template as read from Firestore"
        at = "session_context.source_data.fields"
        raise InvalidArgument(errors=[FieldError(at, message)]) from error


def decode_stored_session(sent: Mapping[str, Any]) -> Mapping[str, Any]:
    """The session of infinite practice that a client sent, which an SDK or REST read.

    REST reads it as `{"mapValue": …}`. Raises SessionContextTampered for a malformed one.
    """
    if sent.keys() != {"mapValue"}:
        return sent
    try:
        plain: Mapping[str, Any] = _decode(sent)
    except MALFORMED as error:
        raise SessionContextTampered from error
    return plain

"""Documents in the notation of Firestore's REST API.

https://cloud.google.com/firestore/docs/reference/rest/v1/Value
"""

from collections.abc import Mapping
from typing import Any

from shared.domain.common.errors import FieldError, InvalidArgument, SessionContextTampered

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


def decode_source_data(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields of the template in `source_data`, which an SDK or REST read.

    Raises InvalidArgument for a notation that is neither.
    """
    fields = document.get("fields")
    if not isinstance(fields, dict) or "template_data" in document:
        return document
    try:
        return decode_rest_fields(fields)
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

"""A template as clients send it on: plain fields, or Firestore's own notation as REST gives it."""

from collections.abc import Mapping
from typing import Any

from shared.domain.common.errors import FieldError, InvalidArgument


def plain_template_fields(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """A template as plain fields, whether an SDK read it or REST, in Firestore's own notation.

    Raises InvalidArgument for a notation that is neither.
    """
    fields = document.get("fields")
    if not isinstance(fields, dict) or "template_data" in document:
        return document
    try:
        return {name: _plain(value) for name, value in fields.items()}
    except (
        AttributeError,
        KeyError,
        OverflowError,
        TypeError,
        ValueError,
        RecursionError,
    ) as error:
        message = "must be a template as read from Firestore"
        at = "session_context.source_data.fields"
        raise InvalidArgument(errors=[FieldError(at, message)]) from error


def _plain(value: Mapping[str, Any]) -> Any:
    """https://cloud.google.com/firestore/docs/reference/rest/v1/Value"""
    ((kind, inner),) = value.items()
    match kind:
        case "integerValue":
            return int(inner)
        case "mapValue":
            return {name: _plain(entry) for name, entry in inner.get("fields", {}).items()}
        case "arrayValue":
            return [_plain(entry) for entry in inner.get("values", [])]
        case "nullValue":
            return None
        case _:
            return inner

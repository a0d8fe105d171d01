"""A query string as the JSON values of a request model's fields."""

import json
import re
from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, JsonValue
from werkzeug.datastructures import MultiDict

JSON_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?")
BOOLEANS = {"true": True, "false": False}


def query_values(query: MultiDict[str, str], model: type[BaseModel]) -> dict[str, JsonValue]:
    """The parameters of a query, by name.

    A text becomes a number or a boolean where its field takes one, in JSON's spelling. A field that
    takes a list gets one even for a single value; any other repeated key becomes a list too. What a
    field doesn't take is left for validation to refuse.
    """
    return {
        name: _value(
            texts, model.model_fields[name].annotation if name in model.model_fields else str
        )
        for name, texts in query.lists()
    }


def _value(texts: list[str], annotation: Any) -> JsonValue:
    types = set(_types(annotation))
    entries = [entry for kind in types if get_origin(kind) is list for entry in get_args(kind)]
    if entries:
        return [_scalar(text, set(_types(entries[0]))) for text in texts]
    values: list[JsonValue] = [_scalar(text, types) for text in texts]
    return values[0] if len(values) == 1 else values


def _types(annotation: Any) -> Iterator[Any]:
    """The types that an annotation allows, without metadata, unions taken apart."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from _types(arguments[0])
    elif origin in (Union, UnionType):
        for argument in arguments:
            yield from _types(argument)
    elif origin is Literal:
        yield from map(type, arguments)
    else:
        yield annotation


def _scalar(text: str, types: set[Any]) -> JsonValue:
    if bool in types and text in BOOLEANS:
        return BOOLEANS[text]
    if types & {int, float} and JSON_NUMBER.fullmatch(text):
        number: JsonValue = json.loads(text)
        return number
    return text

"""A query string as the JSON values of a request model's fields."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel, JsonValue
from werkzeug.datastructures import MultiDict

JSON_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?")
BOOLEANS = {"true": True, "false": False}


class _Field(NamedTuple):
    """The types that a field takes or, where it takes a list, those of the list's entries."""

    types: frozenset[Any]
    is_list: bool = False


TEXT = _Field(frozenset({str}))


def query_values(query: MultiDict[str, str], model: type[BaseModel]) -> dict[str, JsonValue]:
    """The parameters of a query, by name.

    A text becomes a number or a boolean where its field takes one, in JSON's spelling. A field that
    takes a list gets one even for a single value; any other repeated key becomes a list too. Values
    that a field doesn't take are left for validation to refuse.
    """
    fields = _fields(model)
    return {name: _value(texts, fields.get(name, TEXT)) for name, texts in query.lists()}


def _value(texts: list[str], field: _Field) -> JsonValue:
    values: list[JsonValue] = [_scalar(text, field.types) for text in texts]
    return values if field.is_list or len(values) > 1 else values[0]


def _scalar(text: str, types: frozenset[Any]) -> JsonValue:
    if bool in types and text in BOOLEANS:
        return BOOLEANS[text]
    if types & {int, float} and JSON_NUMBER.fullmatch(text):
        number: JsonValue = json.loads(text)
        return number
    return text


@cache
def _fields(model: type[BaseModel]) -> Mapping[str, _Field]:
    return {name: _field(field.annotation) for name, field in model.model_fields.items()}


def _field(annotation: Any) -> _Field:
    types = frozenset(_types(annotation))
    for kind in types:
        if get_origin(kind) is list:
            return _Field(frozenset(_types(get_args(kind)[0])), is_list=True)
    return _Field(types)


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

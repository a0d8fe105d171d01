"""Bodies that fill one list or map of a request with as many entries as fit.

Every place that a client can fill is found in the API document, so a new field is among them.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import NamedTuple

from openapi.document import document
from shared.contract.command import Command
from shared.contract.operation import Operation, all_operations
from shared.domain.common.json_schema import Schema

# The largest body, and the largest that free JSON admits: by its bytes, and by Firestore's count.
LARGEST = 1024 * 1024 - 2_048
ADMITTED = 190 * 1024
ADMITTED_OBJECTS = 50 * 1024
# Replaced by a number of its own in each entry.
NUMBER = "#"
COMBINATIONS = ("anyOf", "oneOf", "allOf")
# An entry with many fields, for lists of few entries.
WIDE_OBJECT = json.dumps({f"u{i}": 0 for i in range(300)}, separators=(",", ":"))

Frame = Callable[[str], str]


class Flood(NamedTuple):
    name: str
    body: bytes


class _Place(NamedTuple):
    """A list or a map of a request: where it is, and the JSON around it."""

    path: str
    kind: str
    entries: Schema
    frame: Frame


@cache
def _components() -> dict[str, Schema]:
    schemas: dict[str, Schema] = document(all_operations())["components"]["schemas"]
    return schemas


def operations() -> list[Operation[Command]]:
    """One operation for each request that has a body."""
    found = {o.request: o for o in reversed(all_operations()) if o.has_body}
    return sorted(found.values(), key=lambda operation: operation.operation_id)


def floods(operation: Operation[Command]) -> Iterator[Flood]:
    schema = {"$ref": f"#/components/schemas/{operation.request.__name__}"}
    seen = set()
    for place in _places(schema, "", lambda inner: inner, ()):
        for entry, sizes in _entries(place):
            for size in sizes:
                # Kinds of questions share most of their fields: one of them is enough.
                if (place.path, place.kind, entry, size) not in seen:
                    seen.add((place.path, place.kind, entry, size))
                    body = place.frame(_filled(place.kind, entry, size))
                    name = f"{place.path or '(the body)'} {place.kind} of {entry[:40]}, {size}"
                    yield Flood(name, body.encode())


def _places(schema: Schema, path: str, frame: Frame, above: tuple[str, ...]) -> Iterator[_Place]:
    schema, name = _resolved(schema)
    if name in above:
        return
    above = (*above, name) if name else above
    for combination in COMBINATIONS:
        for option in schema.get(combination, []):
            base = {key: word for key, word in schema.items() if key != combination}
            yield from _places({**base, **_resolved(option)[0]}, path, frame, above)
    types = _types(schema)
    if "object" in types:
        yield _Place(path, "map", {}, frame)
        for field, inner in schema.get("properties", {}).items():
            around = _around(schema, field, frame)
            yield from _places(inner, f"{path}.{field}".lstrip("."), around, above)
    if "array" in types:
        entries = schema.get("items", {})
        yield _Place(path, "list", entries, frame)
        if entries:
            yield from _places(entries, f"{path}.0", lambda inner: frame(f"[{inner}]"), above)


def _types(schema: Schema) -> set[str]:
    """The types of JSON that a schema allows; both containers where it says nothing."""
    if "type" in schema:
        stated = schema["type"]
        return {stated} if isinstance(stated, str) else set(stated)
    if "properties" in schema:
        return {"object"}
    if any(word in schema for word in (*COMBINATIONS, "const", "enum", "not")):
        return set()
    return {"object", "array"}


def _around(schema: Schema, field: str, frame: Frame) -> Frame:
    """The object around one of its fields, with the others that it needs."""
    needed = set(schema.get("required", [])) - {field}
    others = [
        f"{json.dumps(name)}:{_smallest(inner)}"
        for name, inner in schema["properties"].items()
        if name in needed
    ]
    return lambda inner: frame(_object([*others, f"{json.dumps(field)}:{inner}"]))


def _object(fields: Iterable[str]) -> str:
    return f"{{{','.join(fields)}}}"


def _array(entries: Iterable[str]) -> str:
    return f"[{','.join(entries)}]"


def _smallest(schema: Schema) -> str:
    """A small value that the schema allows, as JSON; texts are numbered."""
    schema, _ = _resolved(schema)
    for combination in COMBINATIONS:
        for option in schema.get(combination, []):
            if option.get("type") != "null":
                return _smallest(option)
    if "const" in schema or "enum" in schema:
        return json.dumps(schema.get("const", schema.get("enum", [None])[0]))
    types = _types(schema)
    if "object" in types and "type" in schema:
        fields = schema.get("properties", {})
        needed = [f"{json.dumps(n)}:{_smallest(fields[n])}" for n in schema.get("required", [])]
        return _object(needed)
    if "array" in types and (count := schema.get("minItems", 0)):
        return _array([_smallest(schema["items"])] * count)
    number = json.dumps(schema.get("minimum", 1))
    scalars = {"string": f'"{NUMBER}"', "number": number, "integer": number, "array": "[]"}
    return next((value for name, value in scalars.items() if name in types), "true")


def _branching(schema: Schema, depth: int = 0) -> str:
    """An entry with all its fields, whose own lists have wrong entries."""
    schema, _ = _resolved(schema)
    for combination in COMBINATIONS:
        for option in schema.get(combination, []):
            if option.get("type") != "null":
                return _branching(option, depth)
    types = _types(schema)
    if "array" in types and "type" in schema and depth:
        return _array([_branching(schema.get("items", {}), depth + 1), *["{}"] * 9])
    if "object" in types and "type" in schema and depth < 4:
        fields = schema.get("properties", {})
        return _object(
            f"{json.dumps(name)}:{_branching(inner, depth + 1)}" for name, inner in fields.items()
        )
    return "0"


def _entries(place: _Place) -> list[tuple[str, tuple[int, ...]]]:
    """The entries to fill a place with, and the sizes of the bodies."""
    if place.kind == "map":
        return [("0", (LARGEST, ADMITTED)), ("{}", (LARGEST,))]
    return [
        ("0", (LARGEST, ADMITTED)),
        ("{}", (LARGEST, ADMITTED_OBJECTS)),
        ("[]", (LARGEST,)),
        (WIDE_OBJECT, (LARGEST,)),
        (_smallest(place.entries), (LARGEST, ADMITTED)),
        (_branching(place.entries), (LARGEST, ADMITTED)),
    ]


def _filled(kind: str, entry: str, size: int) -> str:
    if kind == "map":
        entry = f'"{NUMBER}":{entry}'
    elif NUMBER not in entry:
        return _array([entry] * (size // (len(entry) + 1)))
    count = size // (len(entry) + 1 + 4 * entry.count(NUMBER))
    filled = (entry.replace(NUMBER, f"{i:05}") for i in range(count))
    return _object(filled) if kind == "map" else _array(filled)


def _resolved(schema: Schema) -> tuple[Schema, str]:
    """The schema that a reference names, and its name."""
    if "$ref" not in schema:
        return schema, ""
    name = str(schema["$ref"]).rpartition("/")[2]
    return _components()[name], name

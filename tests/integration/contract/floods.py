"""Bodies that fill one list or map of a request with as many entries as fit.

Every place that a client can fill is found in the API document, so a new field is among them. What
is taken in Firestore's REST notation too is filled in both.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from openapi.document import document
from shared.contract.command import Command
from shared.contract.operation import Operation, all_operations
from shared.domain.common.json_schema import Schema
from tests.support.rest_format import in_rest

# The largest body, and the largest that free JSON admits: by its bytes, and by Firestore's count.
LARGEST = 1024 * 1024 - 2_048
ADMITTED = 190 * 1024
ADMITTED_OBJECTS = 50 * 1024
# The largest template that is compared with its seal.
COMPARED = 390 * 1024
# As many entries as the list may have.
ALL = 0
# Replaced by a number of its own in each entry, of six digits.
NUMBER = "#"
# Replaced by a seal of the back end, which is shorter than this.
SEAL = "@seal@"
SEAL_BYTES = 32 * 1024
# The name of what fills nothing, which is sent to show that a request like it is answered.
EXAMPLE = "the example"
COMBINATIONS = ("anyOf", "oneOf", "allOf")
# An entry with many fields, for lists of few entries.
WIDE_OBJECT = json.dumps({f"u{i}": 0 for i in range(300)}, separators=(",", ":"))
DEEP_OBJECT = '{"a":' * 40 + "0" + "}" * 40
# As many digits as Python reads.
LONG_NUMBER = "9" * 4_300

Frame = Callable[[str], str]
# The components of the API document that a value is in, the request's own first.
Above = tuple[str, ...]


class Flood(NamedTuple):
    """`body` makes the JSON, with SEAL where a seal belongs; `sealed` is what the seal is of."""

    name: str
    body: Callable[[], str]
    sealed: str


class _Place(NamedTuple):
    """A list or a map of a request: where it is, and the JSON around it.

    `entries` is the schema of a list's entries, or of the map. `most` is the number of entries that
    it may have, if there is one.
    """

    path: str
    kind: str
    entries: Schema
    frame: Frame
    most: int | None = None
    in_rest: bool = False
    optional_seal: bool = False

    @property
    def name(self) -> str:
        notes = [" in REST's notation"] * self.in_rest + [" with a seal"] * self.optional_seal
        return f"{self.path or '(the body)'} {self.kind}{''.join(notes)}"


@cache
def _components() -> dict[str, Schema]:
    schemas: dict[str, Schema] = document(all_operations())["components"]["schemas"]
    return schemas


def operations() -> list[Operation[Command]]:
    """One operation for each request that has a body."""
    found = {o.request: o for o in reversed(all_operations()) if o.has_body}
    return sorted(found.values(), key=lambda operation: operation.operation_id)


def floods(operation: Operation[Command]) -> Iterator[Flood]:
    """The floods of one operation, after its example."""
    yield Flood(EXAMPLE, lambda: _compact(operation.example), "session")
    seen = set()
    for place in _places_of(operation):
        for entry, sizes in _entries(place):
            for size in sizes:
                # Kinds of questions share most of their fields: one of them is enough.
                if (place.name, entry, size) not in seen:
                    seen.add((place.name, entry, size))
                    yield _flood(place, entry, size)


# Requests that have practice_turn's own session in them, which is filled in a turn.
WRAPPING_TURNS = ("practice_turn_agui", "practice_turn_runs_wait")


def _places_of(operation: Operation[Command]) -> Iterator[_Place]:
    schema = {"$ref": f"#/components/schemas/{operation.request.__name__}"}
    for place in _places(schema, "", _itself, (), operation.example):
        if operation.operation_id not in WRAPPING_TURNS or ".session_context." not in place.path:
            yield place


def _flood(place: _Place, entry: str, size: int) -> Flood:
    def body() -> str:
        around = place.frame("")
        room = LARGEST - len(around) - SEAL_BYTES * around.count(SEAL)
        return place.frame(_filled(place, entry, size, room))

    name = f"{place.name} of {entry[:40]}, {size or f'all of {place.most}'}"
    return Flood(name, body, "template" if "source_data" in place.path else "session")


def _itself(inner: str) -> str:
    return inner


def _places(
    schema: Schema,
    path: str,
    frame: Frame,
    above: Above,
    example: Mapping[str, Any],
) -> Iterator[_Place]:
    """The places of a value. `example` has fields of the value for those that it needs."""
    schema, name = _resolved(schema)
    if name in above:
        return
    above = (*above, name) if name else above
    for combination in COMBINATIONS:
        base = {key: word for key, word in schema.items() if key != combination}
        options = [_resolved(option)[0] for option in schema.get(combination, [])]
        for option in options:
            yield from _places({**base, **option}, path, frame, above, example)
        yield from _places_in_rest(options, path, frame, above)
    types = _types(schema)
    if "object" in types:
        yield _Place(path, "map", schema, frame)
        yield from _places_in_fields(schema, path, frame, above, example)
    if "array" in types:
        entries = schema.get("items", {})
        yield _Place(path, "list", entries, frame, schema.get("maxItems"))
        if entries:
            around = _in_list(frame)
            yield from _places(entries, f"{path}.0", around, above, {})


def _places_in_fields(
    schema: Schema,
    path: str,
    frame: Frame,
    above: Above,
    example: Mapping[str, Any],
) -> Iterator[_Place]:
    fields = schema.get("properties", {})
    for field, inner in fields.items():
        below = f"{path}.{field}".lstrip(".")
        yield from _places(inner, below, _around(schema, field, frame, example), above, {})
        if field != "seal" and "seal" in fields.keys() - _required(schema):
            around = _around(schema, field, frame, example, sealed=True)
            for place in _places(inner, below, around, above, {}):
                if place.path == below:
                    yield place._replace(optional_seal=True)


def _places_in_rest(
    options: list[Schema], path: str, frame: Frame, above: Above
) -> Iterator[_Place]:
    """The places of a value in Firestore's notation, where that is one of the options.

    It is either a document or the value of a map.
    """
    for rest in options:
        is_document, is_value = (name in _required(rest) for name in ("fields", "mapValue"))
        for plain in options if is_document or is_value else []:
            if plain is not rest:
                for place in _places(plain, path, _itself, above, {}):
                    around = _around_in_rest(place.frame, frame, is_document=is_document)
                    yield place._replace(frame=around, in_rest=True)


def _around_in_rest(plain: Frame, frame: Frame, *, is_document: bool) -> Frame:
    hole = _compact(in_rest("@"))
    before, _, after = _compact(in_rest(json.loads(plain('"@"')))).partition(hole)

    def around(inner: str) -> str:
        value = f"{before}{inner}{after}"
        # A document is the content of a map.
        return frame(value.removeprefix('{"mapValue":').removesuffix("}") if is_document else value)

    return around


def _in_list(frame: Frame) -> Frame:
    return lambda inner: frame(f"[{inner}]")


def _required(schema: Schema) -> set[str]:
    return set(schema.get("required", []))


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


def _around(
    schema: Schema,
    field: str,
    frame: Frame,
    example: Mapping[str, Any],
    *,
    sealed: bool = False,
) -> Frame:
    """The object around one of its fields, with the others that it needs."""
    needed = _required(schema) | ({"seal"} if sealed else set())
    values = {
        name: _compact(example[name]) if name in example else _smallest(inner, name)
        for name, inner in schema["properties"].items()
        if name in needed - {field}
    }
    others = [f"{json.dumps(name)}:{value}" for name, value in values.items()]
    return lambda inner: frame(_object([*others, f"{json.dumps(field)}:{inner}"]))


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _object(fields: Iterable[str]) -> str:
    return f"{{{','.join(fields)}}}"


def _array(entries: Iterable[str]) -> str:
    return f"[{','.join(entries)}]"


def _smallest(schema: Schema, field: str = "", *, whole: bool = False) -> str:
    """A small value that the schema allows, as JSON; texts are numbered.

    It has the fields that it needs or, if it is to be whole, all of them.
    """
    schema, _ = _resolved(schema)
    for combination in COMBINATIONS:
        for option in schema.get(combination, []):
            if option.get("type") != "null":
                return _smallest(option, field, whole=whole)
    if field == "seal":
        return _compact(SEAL)
    if "const" in schema or "enum" in schema:
        return json.dumps(schema.get("const", schema.get("enum", [None])[0]))
    types = _types(schema)
    if "object" in types and "type" in schema:
        fields = schema.get("properties", {})
        needed = fields if whole else schema.get("required", [])
        return _object(
            f"{json.dumps(name)}:{_smallest(fields[name], name, whole=whole)}" for name in needed
        )
    if "array" in types and (count := schema.get("minItems", 0)):
        return _array([_smallest(schema["items"], whole=whole)] * count)
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
    """The entries to fill a place with, and the sizes of what is filled, as plain JSON."""
    if place.optional_seal:
        return [("0", (COMPARED,)), ("{}", (COMPARED,))]
    if place.kind == "map":
        large = ("0", "{}", DEEP_OBJECT, LONG_NUMBER)
        return [*_admitted(place), *((entry, (LARGEST,)) for entry in large)]
    branching = (_branching(place.entries), (LARGEST, ADMITTED))
    if place.in_rest:
        return [*_admitted(place), ("{}", (LARGEST,)), branching]
    return [
        *_admitted(place),
        ("0", (LARGEST, ADMITTED)),
        ("{}", (LARGEST, ADMITTED_OBJECTS)),
        ("[]", (LARGEST,)),
        (WIDE_OBJECT, (LARGEST,)),
        (_smallest(place.entries), (LARGEST,)),
        branching,
    ]


def _admitted(place: _Place) -> list[tuple[str, tuple[int, ...]]]:
    """The entries and sizes within the bounds of a place: a use case may have to take them."""
    if place.kind == "map":
        return [("0", (ADMITTED,)), ("{}", (ADMITTED_OBJECTS,))]
    sizes = (ADMITTED,) if place.most is None else (ADMITTED, ALL)
    return [
        (_smallest(place.entries), sizes),
        (_smallest(place.entries, whole=True), sizes),
    ]


def _filled(place: _Place, entry: str, size: int, room: int) -> str:
    """The list or map with entries of this size in all, as far as there is room for them."""
    sent = _compact(in_rest(json.loads(entry))) if place.in_rest else entry
    if place.kind == "map":
        entry, sent = (f'"{NUMBER}":{text}' for text in (entry, sent))
    most = _count(entry, size) if size else place.most or 0
    count = min(most, _count(sent, room))
    filled: Iterable[str] = [sent] * count
    if NUMBER in sent:
        filled = (sent.replace(NUMBER, f"{i:06}") for i in range(count))
    if not place.in_rest:
        return _object(filled) if place.kind == "map" else _array(filled)
    if place.kind == "map":
        return f'{{"mapValue":{{"fields":{_object(filled)}}}}}'
    return f'{{"arrayValue":{{"values":{_array(filled)}}}}}'


def _count(entry: str, size: int) -> int:
    return size // (len(entry) + 1 + 5 * entry.count(NUMBER))


def _resolved(schema: Schema) -> tuple[Schema, str]:
    """The schema that a reference names, and its name."""
    if "$ref" not in schema:
        return schema, ""
    name = str(schema["$ref"]).rpartition("/")[2]
    return _components()[name], name

"""Schemas that follow from others: what students see of a template, and where sealed state goes."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from openapi.rules import Schema, question_by_kind
from shared.domain.questions.answers import MAX_CHARACTERS
from shared.domain.templates.template import ANSWER_KEY

SCHEMAS = "#/components/schemas/"
# What holds questions, from the outside in, and the part of it without answer keys.
WITH_QUESTIONS = ("TemplateContent", "Section", "Exercise", "Question")
# Fields that hold free JSON to the functions, and have a shape for those who read it.
SHAPES = {"stored_session": "StoredSession", "source_data": "SourceData"}

ANSWER: Schema = {
    "description": "By the question's kind: the id of a choice, a list of ids, a number or its "
    "text, a text, or how it went: again, hard, good or easy.",
    "type": ["string", "number", "array"],
    "items": {"type": "string"},
    "maxLength": MAX_CHARACTERS,
}
# Students are given to a template that they may read.
STUDENTS_MAY_READ: Schema = {
    "not": {
        "properties": {"visibility": {"const": "private"}, "student_ids": {"minItems": 1}},
        "required": ["visibility", "student_ids"],
    }
}
OF_A_TEMPLATE = ("name", "subject", "topic", "grade_level", "mastery_criterion", "template_data")


def with_shapes(schemas: dict[str, Schema]) -> dict[str, Schema]:
    """All of them, each pointing at what its free JSON really holds."""
    schemas = {**schemas, "SourceData": _source_data(schemas["CreateTemplate"])}
    schemas["CreateTemplate"] |= STUDENTS_MAY_READ
    schemas["UpdateTemplate"] |= STUDENTS_MAY_READ
    for schema in schemas.values():
        for name, owner in _fields(schema):
            if name in SHAPES and _holds_objects(owner[name]):
                owner[name] = _shaped(owner[name], SHAPES[name])
    schemas["AnswerInput"]["properties"]["answer"] = ANSWER
    for name in WITH_QUESTIONS:
        schemas[f"Public{name}"] = _public(schemas[name])
    for key in ANSWER_KEY:
        del schemas["PublicQuestion"]["properties"][key]
    schemas["PublicQuestion"]["description"] = "A question as students may read it."
    schemas["Question"] = question_by_kind(schemas["Question"])
    schemas["Template"]["properties"]["template_data"] = {"$ref": f"{SCHEMAS}PublicTemplateContent"}
    return schemas


def _source_data(template: Schema) -> Schema:
    """A template by either way of reading it."""
    fields = {name: template["properties"][name] for name in OF_A_TEMPLATE}
    plain = {
        "type": "object",
        "properties": {**fields, "seal": {"type": ["string", "null"]}},
        "required": ["name", "template_data"],
        "additionalProperties": True,
    }
    by_rest = {
        "type": "object",
        "properties": {
            "name": {"type": "string", "description": "The document's path."},
            "fields": {
                "type": "object",
                "properties": {name: {"type": "object"} for name in ("name", "template_data")},
                "required": ["name", "template_data"],
                "additionalProperties": {"type": "object"},
            },
        },
        "required": ["fields"],
        "not": {"required": ["template_data"]},
        "additionalProperties": True,
    }
    return {
        "description": "A template just as a client read it: by an SDK, as plain fields, or by "
        "REST, in Firestore's own notation. With its `seal` it must be what the seal was made for; "
        "without one it may be made up, with its answer keys in it, and counts as self-practice.",
        "anyOf": [plain, by_rest],
    }


def _public(schema: Schema) -> Schema:
    public = deepcopy(schema)
    for node in _nodes(public):
        name = str(node.get("$ref", "")).removeprefix(SCHEMAS)
        if name in WITH_QUESTIONS:
            node["$ref"] = f"{SCHEMAS}Public{name}"
    return public


def _holds_objects(field: Schema) -> bool:
    return any(option.get("type") == "object" for option in field.get("anyOf", [field]))


def _shaped(field: Schema, name: str) -> Schema:
    shape = {"$ref": f"{SCHEMAS}{name}"}
    if not any(option == {"type": "null"} for option in field.get("anyOf", [])):
        return shape
    return {**field, "anyOf": [shape, {"type": "null"}]}


def _fields(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """Every field of every object in the schema, with the mapping that holds it."""
    for node in _nodes(schema):
        properties = node.get("properties")
        if isinstance(properties, dict):
            for name in list(properties):
                yield name, properties


def _nodes(value: Any) -> Iterator[Schema]:
    if isinstance(value, dict):
        yield value
        for inner in list(value.values()):
            yield from _nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _nodes(inner)

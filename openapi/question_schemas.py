"""Schemas of the public view of questions, which has no answer key."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from openapi.schemas import components
from shared.domain.common.json_schema import Schema
from shared.domain.questions.any_question import UnknownQuestion
from shared.domain.questions.kinds import KINDS
from shared.domain.templates.template import ANSWER_KEY

SCHEMAS = "#/components/schemas/"
# The models that contain questions, the outermost first. Each gets a public schema.
WITH_QUESTIONS = ("TemplateContent", "Section", "Exercise")


def with_public_questions(schemas: Mapping[str, Schema]) -> dict[str, Schema]:
    """The schemas, and a public one for each that contains questions."""
    if "AnyQuestion" not in schemas:
        return dict(schemas)
    for kind in KINDS.values():
        schemas[kind.__name__]["properties"]["kind"] = {"const": kind.kind_name()}
    public = {f"Public{name}": _public(schemas[name]) for name in WITH_QUESTIONS}
    _, unknown = components([UnknownQuestion], [])
    question = unknown["UnknownQuestion"]
    question["description"] = "A question without its answer key."
    for key in ANSWER_KEY:
        question["properties"].pop(key, None)
    blank = deepcopy(schemas["Blank"])
    blank["description"] = "A blank without its answer key."
    for key in ANSWER_KEY & blank["properties"].keys():
        del blank["properties"][key]
    for shown in (question, schemas["ShownQuestion"]):
        shown["properties"] |= _public(_fields_of_kinds(schemas))
    return {**schemas, **public, "PublicQuestion": question, "PublicBlank": blank}


def _fields_of_kinds(schemas: Mapping[str, Schema]) -> Schema:
    """The fields that belong to single kinds of question."""
    return {
        name: schemas[kind.__name__]["properties"][name]
        for kind in KINDS.values()
        for name in kind.model_fields
        if name not in UnknownQuestion.model_fields
    }


def _public(schema: Schema) -> Schema:
    public = deepcopy(schema)
    for node in _nodes(public):
        name = str(node.get("$ref", "")).removeprefix(SCHEMAS)
        if name in (*WITH_QUESTIONS, "AnyQuestion", "Blank"):
            node["$ref"] = f"{SCHEMAS}Public{name.removeprefix('Any')}"
    return public


def _nodes(value: Any) -> Iterator[Schema]:
    if isinstance(value, dict):
        yield value
        for inner in list(value.values()):
            yield from _nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _nodes(inner)

"""Schemas that follow from that of a question: of each kind, and as students may read it."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from pydantic import BaseModel

from shared.domain.common.json_schema import Schema, without_null
from shared.domain.questions.question import NOT_BLANK_PATTERN, Question, QuestionKind
from shared.domain.templates.template import ANSWER_KEY

SCHEMAS = "#/components/schemas/"
# The models that hold questions, from the outside in; each has a public one without answer keys.
WITH_QUESTIONS = ("TemplateContent", "Section", "Exercise", "Question")
# The models whose field validators question_by_kind describes.
DESCRIBED_BY_KIND: tuple[type[BaseModel], ...] = (Question,)

ANSWERS: Mapping[QuestionKind, Schema] = {
    QuestionKind.MULTIPLE_CHOICE: {"type": "string", "description": "The id of the right choice."},
    QuestionKind.MULTI_SELECT: {
        "type": "array",
        "items": {"type": "string"},
        "minItems": 1,
        "maxItems": 20,
        "uniqueItems": True,
        "description": "The ids of all right choices.",
    },
    QuestionKind.NUMERIC: {
        "type": ["number", "string"],
        "description": "A number, or its text: 12, -0.5, 3/4, 1 1/2 or 1.2e3, with or without the "
        "question's unit.",
    },
    QuestionKind.SHORT_ANSWER: {
        "type": "array",
        "items": {"type": "string", "maxLength": 1_000, "pattern": f"^{NOT_BLANK_PATTERN}"},
        "minItems": 1,
        "maxItems": 50,
        "description": "Every accepted wording.",
    },
}


def with_public_questions(schemas: Mapping[str, Schema]) -> dict[str, Schema]:
    """The schemas with a question's kinds told apart, and with what students read of them."""
    if "Question" not in schemas:
        return dict(schemas)
    public = {f"Public{name}": _public(schemas[name]) for name in WITH_QUESTIONS}
    question = public["PublicQuestion"]
    question["description"] = "A question as students may read it."
    for key in ANSWER_KEY:
        del question["properties"][key]
    return {**schemas, **public, "Question": question_by_kind(schemas["Question"])}


def question_by_kind(schema: Schema) -> Schema:
    """A question of each kind, with the fields that grade this kind."""
    variants = []
    for kind in QuestionKind:
        variant = deepcopy(schema)
        fields, needed = variant["properties"], [*variant["required"]]
        fields["kind"] = {"const": kind.value}
        if kind in (QuestionKind.MULTIPLE_CHOICE, QuestionKind.MULTI_SELECT):
            fields["choices"] = {**without_null(fields["choices"]), "minItems": 2}
            needed.append("choices")
        if kind in ANSWERS:
            fields["answer"] = ANSWERS[kind]
            needed.append("answer")
        if kind is QuestionKind.FREE_RESPONSE:
            fields["rubric"] = {**without_null(fields["rubric"]), "minItems": 1}
            needed.append("rubric")
        variants.append({**variant, "required": needed})
    return {"oneOf": variants}


def _public(schema: Schema) -> Schema:
    public = deepcopy(schema)
    for node in _nodes(public):
        name = str(node.get("$ref", "")).removeprefix(SCHEMAS)
        if name in WITH_QUESTIONS:
            node["$ref"] = f"{SCHEMAS}Public{name}"
    return public


def _nodes(value: Any) -> Iterator[Schema]:
    if isinstance(value, dict):
        yield value
        for inner in list(value.values()):
            yield from _nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _nodes(inner)

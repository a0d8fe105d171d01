"""What validators check, said in JSON schema as far as it can be.

Pydantic knows the schema of types and bounds, not what a function of ours refuses. Here each such
function has its words, and one without any fails the generation: a check that nobody can read of
would be a surprise to every client. Empty words mean that JSON schema has none for it; then the
description of the field or the model says so.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from shared.domain.questions.question import QuestionKind

Schema = dict[str, Any]
Say = Callable[[Schema], Schema]

MAX_SAFE_INTEGER = 2**53 - 1
# White space as Python strips it; JavaScript leaves some of these alone.
BLANK = r"\s\u001c-\u001f\u0085"
NOT_RESERVED = r"(?!__(.*__)?$|___$)"
NOT_BLANK = rf"(?=[\s\S]*[^{BLANK}])"
# What wording.cleaned takes out of a text, but for rare marks of single scripts.
INVISIBLE = r"\u0000-\u0020\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
NOT_INVISIBLE = rf"(?=[\s\S]*[^\s{INVISIBLE}])"


def _pattern(*conditions: str) -> Say:
    """One pattern for all conditions of a field, since a schema has room for one.

    Each is a lookahead, so they add up, whatever pattern the field has already.
    """

    def say(schema: Schema) -> Schema:
        own = schema.get("pattern", "^").removeprefix("^")
        return {**schema, "pattern": f"^{''.join(conditions)}{own}"}

    return say


def _with(**words: Any) -> Say:
    return lambda schema: {**schema, **words}


def _same(schema: Schema) -> Schema:
    return schema


def _described(text: str) -> Say:
    def say(schema: Schema) -> Schema:
        return {**schema, "description": " ".join(filter(None, [schema.get("description"), text]))}

    return say


def _given(name: str) -> Schema:
    """That the field is there, and not null."""
    return {"required": [name], "properties": {name: {"not": {"type": "null"}}}}


def _one_of_the_contexts(schema: Schema) -> Schema:
    """Two ways to say it, each whole by itself: begin with a template, or go on with a session."""
    ways = []
    for name, other in (("source_data", "stored_session"), ("stored_session", "source_data")):
        ways.append(
            {
                "type": "object",
                "properties": {
                    name: _without_null(schema["properties"][name]),
                    other: {"type": "null"},
                },
                "required": [name],
                "additionalProperties": False,
            }
        )
    return {"description": schema["description"], "oneOf": ways}


def _template_or_practice(schema: Schema) -> Schema:
    """A checklist, or practice to be stored: nothing but three fields goes with the latter."""
    properties = schema["properties"]
    practice = {name: properties[name] for name in ("stored_session", "timezone", "parent_ids")}
    practice["stored_session"] = _without_null(practice["stored_session"])
    return {
        "description": schema["description"],
        "anyOf": [
            {**_object({**properties, "stored_session": {"type": "null"}})},
            {**_object(practice), "required": ["stored_session"]},
        ],
    }


def _object(properties: Mapping[str, Schema]) -> Schema:
    return {"type": "object", "properties": dict(properties), "additionalProperties": False}


def _some_progress(schema: Schema) -> Schema:
    some_items = _given("items")
    some_items["properties"]["items"] = {"minItems": 1}
    return {**schema, "anyOf": [_given("session_data"), some_items, _given("stored_session")]}


def _some_change(schema: Schema) -> Schema:
    """Something beside template_id and version; null only where the field may be empty."""
    properties = {
        name: _without_null(field)
        if name in ("name", "description", "visibility", "student_ids", "template_data")
        else field
        for name, field in schema["properties"].items()
    }
    return {**schema, "properties": properties, "minProperties": 3}


def _without_null(schema: Schema) -> Schema:
    """The schema of a field that may not be null, though its model has null for "left out"."""
    kept = [option for option in schema["anyOf"] if option.get("type") != "null"]
    others = {name: word for name, word in schema.items() if name not in ("anyOf", "default")}
    return {**others, **(kept[0] if len(kept) == 1 else {"anyOf": kept})}


# By module and name of the validator.
WORDS: Mapping[str, Say] = {
    "shared.domain.common.fields._not_reserved": _pattern(NOT_RESERVED),
    "shared.domain.common.fields._not_a_path": _pattern(r"(?!\.{1,2}$)"),
    "shared.domain.common.fields._not_blank": _pattern(NOT_BLANK),
    "shared.domain.common.fields._no_control_characters": _pattern(r"(?=[^\u0000-\u001f\u007f]*$)"),
    "shared.domain.common.fields._number": _with(type="number"),
    "shared.domain.common.fields._unique": _with(uniqueItems=True),
    "shared.domain.common.fields._time_zone": _described("A name of the IANA time zone database."),
    "shared.domain.questions.question._not_blank": _pattern(NOT_INVISIBLE),
    "shared.domain.questions.question._finite": _same,
    "shared.domain.questions.question._a_unit": _described(
        "A unit of measurement, without a number."
    ),
    "shared.domain.questions.question.Question._choices_can_be_told_apart": _same,
    "shared.domain.questions.question.Question._answer_can_be_graded": _same,
    "shared.domain.questions.question.Question._rubric_can_be_applied": _same,
    "shared.domain.templates.template.TemplateContent._ids_are_unique": _described(
        "Ids of exercises and questions are unique in a template."
    ),
    "shared.domain.students.mastery.MasteryCriterion._m_within_n": _described("m is at most n."),
    "shared.domain.common.json_object._bounded": _described(
        "At most 200 KB as JSON, nested at most 10 levels deep."
    ),
    "functions.practice_turn.contract.SessionContext._one_of_them": _one_of_the_contexts,
    "functions.start_session.contract.StartSession._practice_brings_the_rest": (
        _template_or_practice
    ),
    "functions.update_progress.contract.UpdateProgress._changes_something": _some_progress,
    "functions.update_template.contract.UpdateTemplate._changes_something": _some_change,
}

ANY_JSON: Schema = {"description": "Any JSON."}
FREE_JSON: Schema = {
    "description": "Any JSON that Firestore can hold and JavaScript reads back unchanged: no list "
    "directly inside a list, no empty key and none of the form `__x__`.",
    "anyOf": [
        {"type": "null"},
        {"type": "boolean"},
        {"type": "number", "minimum": -MAX_SAFE_INTEGER, "maximum": MAX_SAFE_INTEGER},
        {"type": "string"},
        {
            "type": "array",
            "items": {
                "anyOf": [
                    {"type": "null"},
                    {"type": "boolean"},
                    {"type": "number", "minimum": -MAX_SAFE_INTEGER, "maximum": MAX_SAFE_INTEGER},
                    {"type": "string"},
                    {"$ref": "#/components/schemas/FreeObject"},
                ]
            },
        },
        {"$ref": "#/components/schemas/FreeObject"},
    ],
}
FREE_OBJECT: Schema = {
    "type": "object",
    "propertyNames": {"pattern": rf"^{NOT_RESERVED}[\s\S]+$"},
    "additionalProperties": {"$ref": "#/components/schemas/FreeJson"},
}

_TEXTS = {"type": "array", "items": {"type": "string"}}
ANSWERS: Mapping[QuestionKind, Schema] = {
    QuestionKind.MULTIPLE_CHOICE: {"type": "string", "description": "The id of the right choice."},
    QuestionKind.MULTI_SELECT: {
        **_TEXTS,
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
        "items": {"type": "string", "maxLength": 1_000, "pattern": f"^{NOT_INVISIBLE}"},
        "minItems": 1,
        "maxItems": 50,
        "description": "Every accepted wording.",
    },
}


def question_by_kind(schema: Schema) -> Schema:
    """A question of each kind, with what that kind needs to be graded."""
    variants = []
    for kind in QuestionKind:
        variant = deepcopy(schema)
        fields, needed = variant["properties"], [*variant["required"]]
        fields["kind"] = {"const": kind.value}
        if kind in (QuestionKind.MULTIPLE_CHOICE, QuestionKind.MULTI_SELECT):
            fields["choices"] = {**_without_null(fields["choices"]), "minItems": 2}
            needed.append("choices")
        if kind in ANSWERS:
            fields["answer"] = ANSWERS[kind]
            needed.append("answer")
        if kind is QuestionKind.FREE_RESPONSE:
            fields["rubric"] = {**_without_null(fields["rubric"]), "minItems": 1}
            needed.append("rubric")
        variants.append({**variant, "required": needed})
    return {"oneOf": variants}

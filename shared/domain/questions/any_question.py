"""A question of any kind, and an answer to it: by the registry in kinds/__init__.py."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, NamedTuple, get_args

from pydantic import (
    AfterValidator,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    JsonValue,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, core_schema
from typing_extensions import TypeAliasType

from shared.domain.common.json_object import JsonObject, ParsedJson
from shared.domain.questions.answers import MAX_ANSWER_CHARACTERS
from shared.domain.questions.kinds import KINDS
from shared.domain.questions.question import Question


def _require_known(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError(f"must be one of {', '.join(KINDS)}")
    return kind


QuestionKind = TypeAliasType(
    "QuestionKind",
    Annotated[
        str,
        AfterValidator(_require_known),
        WithJsonSchema({"type": "string", "enum": list(KINDS)}),
    ],
)


class UnknownQuestion(Question):
    """Refuses the kind, and names the violations of the fields that any question may carry."""

    kind: QuestionKind


def _validate(value: object, info: ValidationInfo[object]) -> Question:
    if isinstance(value, Question):
        return value
    if not isinstance(value, dict):
        raise ValueError("must be an object")
    name = value.get("kind")
    kind = KINDS.get(name) if isinstance(name, str) else None
    return (kind or UnknownQuestion).model_validate(value, context=info.context)


class _OfItsKind:
    """Validates a question as the kind that its `kind` names, and serialises it as that kind.

    A tagged union would put the tag into the paths of errors.
    """

    @staticmethod
    def __get_pydantic_core_schema__(source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(_validate)

    @staticmethod
    def __get_pydantic_json_schema__(
        schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        for kind in KINDS.values():
            kind.model_rebuild()
        return {"oneOf": [handler(kind.__pydantic_core_schema__) for kind in KINDS.values()]}


AnyQuestion = TypeAliasType("AnyQuestion", Annotated[Question, _OfItsKind()])

_ANSWER_TYPES = list(dict.fromkeys(name for kind in KINDS.values() for name in kind.answer_types))
_ITEMS = {"items": {"type": "string"}}
_DESCRIPTIONS = [f"{name}: {kind.answer_description}" for name, kind in KINDS.items()]
_BOUNDS = {"string": {"maxLength": MAX_ANSWER_CHARACTERS}, "array": _ITEMS}
# An answer to a question of any kind, as students send it.
AnyAnswer = Annotated[
    ParsedJson,
    WithJsonSchema(
        {
            "description": f"By the question's kind. {'; '.join(_DESCRIPTIONS)}.",
            "anyOf": [{"type": name, **_BOUNDS.get(name, {})} for name in _ANSWER_TYPES],
        }
    ),
]
# The right answer, as it is shown to them. Integers are listed for clients that tell them apart.
CorrectAnswer = Annotated[
    JsonValue,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": name, **(_ITEMS if name == "array" else {})}
                for name in (*_ANSWER_TYPES, "integer", "null")
            ]
        }
    ),
]


def restore_question(dumped: Mapping[str, Any]) -> Question:
    """The question that was dumped, without validation: for one that a seal authenticates.

    It lacks fields of its author's own. Raises KeyError for an unknown kind or a missing field.
    """
    kind = KINDS[dumped["kind"]]
    return kind.model_construct(**_restored_fields(kind, dumped))


def _restored_fields(model: type[JsonObject], dumped: Mapping[str, Any]) -> dict[str, Any]:
    names, required, parts = _fields_of(model)
    fields = {name: dumped[name] for name in names if name in dumped or name in required}
    for name, part in parts:
        if fields.get(name):
            fields[name] = _restored_part(part, fields[name])
    return fields


def _restored_part(part: type[JsonObject], value: Any) -> Any:
    if isinstance(value, list):
        return [_restored_part(part, entry) for entry in value]
    return part.model_construct(**_restored_fields(part, value))


class _Fields(NamedTuple):
    """The names of a model's fields, and the models that some of them hold, alone or in a list."""

    names: list[str]
    required: frozenset[str]
    parts: list[tuple[str, type[JsonObject]]]


@cache
def _fields_of(model: type[JsonObject]) -> _Fields:
    fields = model.model_fields
    parts = {name: _find_part(field.annotation) for name, field in fields.items()}
    return _Fields(
        names=list(fields),
        required=frozenset(name for name, field in fields.items() if field.is_required()),
        parts=[(name, part) for name, part in parts.items() if part is not None],
    )


def _find_part(annotation: Any) -> type[JsonObject] | None:
    if isinstance(annotation, type) and issubclass(annotation, JsonObject):
        return annotation
    return next(filter(None, map(_find_part, get_args(annotation))), None)

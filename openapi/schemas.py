"""From the contracts' models to the document's components."""

from collections.abc import Iterable
from functools import partial
from typing import Any, cast

from pydantic import BaseModel
from pydantic.json_schema import (
    GenerateJsonSchema,
    JsonSchemaMode,
    JsonSchemaValue,
    models_json_schema,
)
from pydantic_core import core_schema

from openapi.rules import ANY_JSON, FREE_JSON, FREE_OBJECT, WORDS, Schema
from openapi.shapes import Shape
from shared.domain.common.json_object import JsonObject

REF = "#/components/schemas/{model}"
JSON_VALUE = "JsonValue"
# Bounds of a number that a function of ours reads; pydantic leaves them under its own names.
BOUNDS = {
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
}


class UnknownRule(Exception):
    """A validator that the document has no words for; see rules.py."""


class Speaking(GenerateJsonSchema):
    """Pydantic's own, but for what our validators check and what our serializers give."""

    _of_free_form = False

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        outside = self._of_free_form
        self._of_free_form = issubclass(schema["cls"], JsonObject)
        try:
            said = super().model_schema(schema)
        finally:
            self._of_free_form = outside
        if issubclass(schema["cls"], JsonObject):
            said |= FREE_OBJECT
        elif issubclass(schema["cls"], Shape):
            said.pop("additionalProperties", None)  # a newer version may say more
        return said

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """What a field left out stands for. A reply leaves none out, and null says nothing."""
        said = super().default_schema(schema)
        reply = self.mode == "serialization" and not self._of_free_form
        if reply or said.get("default") is None:
            said.pop("default", None)
        return said

    def field_is_required(self, field: Any, total: bool) -> bool:
        """A reply has all its fields, but for free JSON's, where absent stays absent."""
        if self.mode == "serialization" and not self._of_free_form:
            return field.get("serialization_exclude_if") is None
        return super().field_is_required(field, total)

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def ser_schema(self, schema: Any) -> JsonSchemaValue | None:
        """Free JSON is given back as it came, so what was taken says what is given."""
        if schema["type"] == "function-wrap":
            return None
        return super().ser_schema(schema)

    def function_after_schema(
        self, schema: core_schema.AfterValidatorFunctionSchema
    ) -> JsonSchemaValue:
        return self._said(schema, super().function_after_schema(schema))

    def function_wrap_schema(
        self, schema: core_schema.WrapValidatorFunctionSchema
    ) -> JsonSchemaValue:
        return self._said(schema, super().function_wrap_schema(schema))

    def function_plain_schema(
        self, schema: core_schema.PlainValidatorFunctionSchema
    ) -> JsonSchemaValue:
        return self._said(schema, {})

    def _said(self, schema: Any, said: JsonSchemaValue) -> JsonSchemaValue:
        function = schema["function"]["function"]
        if isinstance(function, partial) and set(function.keywords) <= BOUNDS.keys():
            return said
        name = f"{function.__module__}.{function.__qualname__}"
        if name not in WORDS:
            raise UnknownRule(f"{name} checks what rules.py has no words for.")
        return WORDS[name](said)


def components(
    requests: Iterable[type[BaseModel]], replies: Iterable[type[BaseModel]]
) -> tuple[dict[type[BaseModel], Schema], dict[str, Schema]]:
    """A reference for each model, and all that they refer to, by name."""
    asked: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        *((model, "validation") for model in requests),
        *((model, "serialization") for model in replies),
    ]
    refs, definitions = models_json_schema(asked, ref_template=REF, schema_generator=Speaking)
    schemas = cast("dict[str, Schema]", definitions["$defs"])
    schemas |= {"FreeJson": FREE_JSON, "FreeObject": FREE_OBJECT, JSON_VALUE: ANY_JSON}
    by_model = {cast("type[BaseModel]", model): ref for (model, _), ref in refs.items()}
    return by_model, {name: _told(schema) for name, schema in schemas.items()}


def _told(schema: Any) -> Any:
    """Without the titles pydantic gives, which repeat the names, and in schema's own words."""
    if isinstance(schema, list):
        return [_told(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        BOUNDS.get(name, name): _told(word)
        for name, word in schema.items()
        if not (name == "title" and isinstance(word, str))
    }

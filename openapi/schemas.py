"""The schemas of the document, generated from the models of the contracts."""

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

from shared.domain.common.closed_model import ClosedModel
from shared.domain.common.json_object import FREE_JSON_SCHEMA, FREE_OBJECT_SCHEMA, JsonObject
from shared.domain.common.json_schema import METADATA_KEY, Check, Schema

REF = "#/components/schemas/{model}"
# Pydantic keeps its own names for a number's bounds where a function validates the number.
BOUNDS = {
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
}


class UndescribedCheck(Exception):
    """A validator without a JSON schema: the document would not describe its check."""


class SchemaGenerator(GenerateJsonSchema):
    """Pydantic's generator, with the schemas of this project's checks and serializers."""

    _in_free_json = False

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        outside = self._in_free_json
        self._in_free_json = issubclass(schema["cls"], JsonObject)
        try:
            described = super().model_schema(schema)
        finally:
            self._in_free_json = outside
        if issubclass(schema["cls"], JsonObject):
            described |= FREE_OBJECT_SCHEMA
        elif self._is_reply() and described.get("additionalProperties") is True:
            del described["additionalProperties"]  # later versions may add fields to replies
        return described

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """The default of an omitted field. Replies omit none; a default of null is dropped."""
        described = super().default_schema(schema)
        if self._is_reply() or described.get("default") is None:
            described.pop("default", None)
        return described

    def field_is_required(self, field: Any, total: bool) -> bool:
        """Replies have all their fields, except in free JSON, where absent fields stay absent."""
        if self._is_reply():
            return field.get("serialization_exclude_if") is None
        return super().field_is_required(field, total)

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def ser_schema(self, schema: Any) -> JsonSchemaValue | None:
        """Free JSON is returned unchanged, so requests and replies share its schema."""
        is_function = schema["type"] in ("function-plain", "function-wrap")
        return None if is_function else super().ser_schema(schema)

    def function_after_schema(
        self, schema: core_schema.AfterValidatorFunctionSchema
    ) -> JsonSchemaValue:
        return _described(schema, super().function_after_schema(schema))

    def function_wrap_schema(
        self, schema: core_schema.WrapValidatorFunctionSchema
    ) -> JsonSchemaValue:
        return _described(schema, super().function_wrap_schema(schema))

    def function_plain_schema(
        self, schema: core_schema.PlainValidatorFunctionSchema
    ) -> JsonSchemaValue:
        return _described(schema, {})

    def get_schema_from_definitions(self, json_ref: Any) -> JsonSchemaValue | None:
        """None for a component that is not generated from a model, as DescribedAs may name."""
        return (
            super().get_schema_from_definitions(json_ref)
            if json_ref in self.json_to_defs_refs
            else None
        )

    def _is_reply(self) -> bool:
        return self.mode == "serialization" and not self._in_free_json


def _described(schema: Any, inner: JsonSchemaValue) -> JsonSchemaValue:
    """The schema, extended by that of its check. Raises UndescribedCheck if the check has none."""
    check = schema.get("metadata", {}).get(METADATA_KEY)
    if isinstance(check, Check):
        return check.describe(inner)
    function = schema["function"]["function"]
    is_bound = isinstance(function, partial) and set(function.keywords) <= BOUNDS.keys()
    if getattr(function, "__func__", None) is ClosedModel.refuse_unknown_fields.__func__:
        return inner  # which has "additionalProperties": false
    model = _model_of_method(function, schema)
    if is_bound or (model and "json_schema_extra" in model.model_config):
        return inner
    raise UndescribedCheck(
        f"{function.__module__}.{function.__qualname__} has no JSON schema: use a Check "
        "(shared/domain/common/json_schema.py) in the type, or json_schema_extra in the model."
    )


def _model_of_method(function: Any, schema: Any) -> type[BaseModel] | None:
    """The model whose field_validator or model_validator the function is."""
    while "schema" in schema and schema["type"] != "model":
        schema = schema["schema"]
    model = getattr(function, "__self__", schema.get("cls"))
    return model if hasattr(model, getattr(function, "__name__", "")) else None


def components(
    requests: Iterable[type[BaseModel]], replies: Iterable[type[BaseModel]]
) -> tuple[dict[type[BaseModel], Schema], dict[str, Schema]]:
    """References by model, and by name the schemas that they refer to, directly or not."""
    models: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        *((model, "validation") for model in requests),
        *((model, "serialization") for model in replies),
    ]
    refs, definitions = models_json_schema(
        models, ref_template=REF, schema_generator=SchemaGenerator
    )
    schemas = {name: _standard(schema) for name, schema in definitions["$defs"].items()}
    by_model = {cast("type[BaseModel]", model): ref for (model, _), ref in refs.items()}
    return by_model, {**schemas, "FreeJson": FREE_JSON_SCHEMA, "FreeObject": FREE_OBJECT_SCHEMA}


def reply_schema(model: type[BaseModel]) -> Schema:
    """The schema of a model in replies that refers to no component."""
    schema = model.model_json_schema(mode="serialization", schema_generator=SchemaGenerator)
    return cast("Schema", _standard(schema))


def _standard(schema: Any) -> Any:
    """The schema in standard keywords, without pydantic's titles, which repeat the names."""
    if isinstance(schema, list):
        return [_standard(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        BOUNDS.get(name, name): _standard(value)
        for name, value in schema.items()
        if not (name == "title" and isinstance(value, str))
    }

"""The JSON schemas that a model's output must match."""

from collections.abc import Iterator
from typing import Any

import pytest

from shared.tutor.language_model.output_schema import (
    MODEL_KINDS,
    ModelBlock,
    ModelFindings,
    ModelQuestion,
    StrictSchema,
    response_format,
)

# The JSON Schema keywords that the strict mode of every documented server supports.
SUPPORTED = {
    *("$defs", "$ref", "additionalProperties", "anyOf", "description", "enum", "items"),
    *("properties", "required", "title", "type"),
}
SCALARS = {"string", "integer", "number", "boolean"}


def schemas_in(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    inner = [*schema.get("properties", {}).values(), *schema.get("$defs", {}).values()]
    inner += [*schema.get("anyOf", []), *([schema["items"]] if "items" in schema else [])]
    for part in inner:
        yield from schemas_in(part)


@pytest.mark.parametrize("written", [ModelBlock, ModelFindings])
def test_schemas_use_only_keywords_that_every_server_supports(written: type[StrictSchema]) -> None:
    made = response_format(written)
    assert made["type"] == "json_schema"
    assert made["json_schema"]["strict"] is True
    assert made["json_schema"]["name"].isidentifier()
    for schema in schemas_in(made["json_schema"]["schema"]):
        assert schema.keys() <= SUPPORTED, schema
        if "anyOf" in schema:
            one, null = schema["anyOf"]
            assert null == {"type": "null"}
            assert one.keys() & {"type", "$ref"}
        elif "$ref" in schema:
            assert schema.keys() == {"$ref"}
        else:
            assert schema["type"] in {*SCALARS, "array", "object", "null"}
        if schema.get("type") == "object":
            assert schema["additionalProperties"] is False
            assert schema["required"] == list(schema["properties"])


@pytest.mark.parametrize("kind", MODEL_KINDS)
def test_a_model_receives_every_hint_of_a_kind(kind: str) -> None:
    for field, hint in MODEL_KINDS[kind].model_hints.items():
        assert hint in ModelQuestion.model_json_schema()["properties"][field]["description"]

"""JSON schema of what pydantic cannot derive: checks written in Python, and shapes of free JSON.

The annotations stand beside the validators and fields that they describe. Only the generator of the
API document (openapi/) reads them; validation does not.
"""

from collections.abc import Callable
from typing import Any, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainValidator,
    WrapValidator,
)
from pydantic_core import CoreSchema
from pydantic_core.core_schema import definitions_schema

# A condition of a request ("if", "then") has a schema of its own: tools that generate code leave it
# out, and so get one plain object.
Schema = dict[str, Any]
Validator = AfterValidator | PlainValidator | WrapValidator

# Where a core schema holds its Check.
METADATA_KEY = "check"


class Check:
    """A validator and its JSON schema, as one annotation of a type.

    `pattern` is a lookahead, put in front of the pattern that the type has already. `description`
    is added to that of the type. Other keywords replace those of the type.
    """

    def __init__(self, validator: Validator, **keywords: Any) -> None:
        self.validator = validator
        self.keywords = keywords

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        # Pydantic would apply a __get_pydantic_json_schema__ to the annotations as a whole, and so
        # could not show which validators have none.
        schema = self.validator.__get_pydantic_core_schema__(source, handler)
        return cast("CoreSchema", {**schema, "metadata": {METADATA_KEY: self}})

    def describe(self, schema: Schema) -> Schema:
        """The schema of the type with that of the check."""
        keywords = dict(self.keywords)
        if lookahead := keywords.pop("pattern", ""):
            keywords["pattern"] = f"^{lookahead}{schema.get('pattern', '').removeprefix('^')}"
        if text := keywords.pop("description", ""):
            keywords["description"] = _joined(schema.get("description"), text)
        return {**schema, **keywords}


class DescribedAs:
    """An annotation of free JSON: the function takes any, clients send or receive this shape.

    A shape by name is a component that the API document has anyhow, such as a model in a reply.
    """

    def __init__(self, shape: type[BaseModel] | str) -> None:
        self.shape = shape

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> Schema:
        if isinstance(self.shape, str):
            return {"$ref": f"#/components/schemas/{self.shape}"}
        # As a definition the model becomes a component; otherwise it would be inlined.
        return handler(definitions_schema(self.shape.__pydantic_core_schema__, []))


class Inlined:
    """An annotation of a model: its schema stands in its place, not in a component
    of its own.
    """

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> Schema:
        return handler.resolve_ref_schema(handler(core_schema))


def add_description(text: str) -> Callable[[Schema], None]:
    """A `json_schema_extra` that adds a sentence to the description."""

    def add(schema: Schema) -> None:
        schema["description"] = _joined(schema.get("description"), text)

    return add


def exclude_each_other(schema: Schema) -> None:
    """A `json_schema_extra` of a union: at most one of its variants fits."""
    schema["oneOf"] = schema.pop("anyOf")


def _joined(*sentences: str | None) -> str:
    return " ".join(filter(None, sentences))


def without_null(schema: Schema) -> Schema:
    """The schema of a field that must not be null, although its model takes null for "left out"."""
    options = [option for option in schema["anyOf"] if option.get("type") != "null"]
    others = {key: word for key, word in schema.items() if key not in ("anyOf", "default")}
    return {**others, **(options[0] if len(options) == 1 else {"anyOf": options})}


class LeftOut:
    """An annotation of an optional field, `X | None`: the schema says that it is left out, because
    generated clients would send back null where nothing was.
    """

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> Schema:
        return without_null(handler(core_schema))

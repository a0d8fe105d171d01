"""The OpenAPI generator: a GET operation, and validators that must not lack a schema."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

import pytest
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    WrapValidator,
    field_validator,
    model_validator,
)

from openapi.document import document
from openapi.schemas import UndescribedCheck, components
from shared.contract.command import Command
from shared.contract.operation import Operation, Tag
from shared.domain.common.errors import SessionNotFound
from shared.domain.common.fields import Id, Ids, Instant, Label, WholeNumber
from shared.domain.common.json_schema import Check, add_description
from shared.domain.templates.template import Visibility

Json = dict[str, Any]


class ListItems(Command):
    session_id: Id
    limit: Annotated[WholeNumber, Field(ge=1, le=100)] = 20
    skill_ids: Ids = []
    subject: Label | None = None
    visibility: Visibility = Visibility.PRIVATE
    order: Literal["newest", "oldest"] | None = None


class ListItemsReply(BaseModel):
    listed_at: Instant
    names: list[str]


LIST_ITEMS = Operation(
    function="list_items",
    method="GET",
    request=ListItems,
    replies={200: ListItemsReply},
    tag=Tag.SESSIONS,
    summary="List the items of a session",
    refusals=(SessionNotFound,),
    honours_idempotency_key=False,
    example={"session_id": "s-1", "limit": 5},
    reply_example={"listed_at": "2026-03-02T17:00:00Z", "names": ["C major"]},
)


@pytest.fixture
def described() -> Json:
    made: Json = document([LIST_ITEMS])
    return made


def test_a_get_has_its_fields_as_query_parameters(described: Json) -> None:
    operation = described["paths"]["/list_items"]["get"]
    assert "requestBody" not in operation
    query = {p["name"]: p for p in operation["parameters"] if p.get("in") == "query"}
    assert list(query) == list(ListItems.model_fields)
    assert [name for name, p in query.items() if p["required"]] == ["session_id"]
    assert query["session_id"]["schema"]["type"] == "string"
    assert query["session_id"]["example"] == "s-1"
    assert query["limit"]["schema"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 100,
        "default": 20,
    }
    assert query["skill_ids"]["schema"]["type"] == "array"
    assert query["skill_ids"]["schema"]["items"] == query["session_id"]["schema"]
    assert query["visibility"]["schema"] == {
        "$ref": "#/components/schemas/Visibility",
        "default": "private",
    }


def test_a_query_has_no_null(described: Json) -> None:
    parameters = described["paths"]["/list_items"]["get"]["parameters"]
    query = {p["name"]: p["schema"] for p in parameters if p.get("in") == "query"}
    assert query["subject"]["type"] == "string"
    assert query["subject"]["maxLength"] == 120
    assert query["order"] == {"type": "string", "enum": ["newest", "oldest"]}


def test_a_query_is_not_a_component(described: Json) -> None:
    schemas = described["components"]["schemas"]
    assert "ListItems" not in schemas
    assert {"ListItemsReply", "Visibility"} <= schemas.keys()


def test_a_get_has_no_refusals_about_bodies_and_keys(described: Json) -> None:
    operation = described["paths"]["/list_items"]["get"]
    assert set(operation["responses"]) == {"200", "401", "404", "405", "422", "500", "503"}
    reply = operation["responses"]["200"]["content"]["application/json"]
    assert reply["example"] == LIST_ITEMS.reply_example
    keys = {"$ref": "#/components/parameters/Idempotency-Key"}
    assert keys not in operation["parameters"]


def even(value: int) -> int:
    if value % 2:
        raise ValueError("must be even")
    return value


def wrapped(value: Any, handler: Any) -> Any:
    return handler(value)


class AfterType(BaseModel):
    value: Annotated[int, AfterValidator(even)]


class AfterCheck(BaseModel):
    value: Annotated[int, Check(AfterValidator(even), multipleOf=2), AfterValidator(even)]


class Wrapped(BaseModel):
    value: Annotated[int, WrapValidator(wrapped)]


class Plain(BaseModel):
    value: Annotated[int, PlainValidator(even)]


class OnField(BaseModel):
    value: int

    @field_validator("value")
    @classmethod
    def _even(cls, value: int) -> int:
        return even(value)


class OnModel(BaseModel):
    value: int

    @model_validator(mode="after")
    def _even(self) -> Self:
        even(self.value)
        return self


class OnListOfModels(BaseModel):
    values: Annotated[list[OnModel], Field(max_length=2)]


@pytest.mark.parametrize(
    "model", [AfterType, AfterCheck, Wrapped, Plain, OnField, OnModel, OnListOfModels]
)
def test_a_check_without_a_schema_fails_the_generation(model: type[BaseModel]) -> None:
    with pytest.raises(UndescribedCheck, match="has no JSON schema: use a Check"):
        components([model], [])
    with pytest.raises(UndescribedCheck):
        components([], [model])


class Described(BaseModel):
    model_config = ConfigDict(json_schema_extra=add_description("First is not last."))

    first: Annotated[
        int, Check(AfterValidator(even), multipleOf=2, description="Even."), Field(ge=0)
    ]
    last: Annotated[
        str,
        Field(pattern="^a"),
        Check(AfterValidator(str), pattern="(?=.*b)"),
        Check(AfterValidator(str), pattern="(?=.*c)"),
    ]
    at: datetime

    @model_validator(mode="after")
    def _differ(self) -> Self:
        return self


def test_checks_add_up_to_one_schema() -> None:
    _, schemas = components([Described], [])
    fields = schemas["Described"]["properties"]
    assert fields["first"] == {
        "type": "integer",
        "multipleOf": 2,
        "minimum": 0,
        "description": "Even.",
    }
    assert fields["last"]["pattern"] == "^(?=.*c)(?=.*b)a"
    assert schemas["Described"]["description"] == "First is not last."

"""Requests without a body: their query is validated like a JSON body."""

from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from flask import Flask, Response
from pydantic import BaseModel, Field

from shared.contract.command import Command
from shared.contract.operation import Operation, Tag
from shared.domain.common.fields import Id, Ids, Number, WholeNumber
from shared.endpoint.endpoint import Endpoint
from shared.ports.calls import Call, Caller, Reply


class Order(StrEnum):
    OLDEST = "oldest"
    NEWEST = "newest"


class ListDiaries(Command):
    student_id: Id
    limit: Annotated[WholeNumber, Field(ge=1, le=100)] = 20
    order: Annotated[Order, Field(strict=False)] = Order.NEWEST
    at_least: Number | None = None
    with_notes: bool = False
    tags: Ids = []
    weeks: Annotated[list[WholeNumber], Field(max_length=3)] | None = None
    mode: Literal["checklist", "daily"] | None = None


class Diaries(BaseModel):
    asked: dict[str, Any]
    by: str


LIST_DIARIES = Operation(
    function="list_diaries",
    method="GET",
    request=ListDiaries,
    replies={200: Diaries},
    tag=Tag.SESSIONS,
    summary="List diaries",
    example={"student_id": "sam"},
    honours_idempotency_key=False,
)


def list_diaries(command: ListDiaries, call: Call, prefix: str) -> Reply[Diaries]:
    asked = command.model_dump(mode="json", exclude_unset=True)
    return Reply(Diaries(asked=asked, by=f"{prefix}{call.caller.uid}"))


def get(query: str, *, method: str = "GET") -> Response:
    endpoint = Endpoint(authenticate=lambda _: Caller("ann"), allowed_origins=["*"])
    with Flask("test").test_request_context(f"/?{query}", method=method) as context:
        return endpoint.serve(context.request, LIST_DIARIES, list_diaries, lambda: "user ")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {}),
        ("limit=5", {"limit": 5}),
        ("limit=5.0", {"limit": 5}),
        ("order=oldest", {"order": "oldest"}),
        ("at_least=2.5", {"at_least": 2.5}),
        ("at_least=-1e2", {"at_least": -100}),
        ("with_notes=true", {"with_notes": True}),
        ("with_notes=false", {"with_notes": False}),
        ("tags=one", {"tags": ["one"]}),
        ("tags=one&tags=two", {"tags": ["one", "two"]}),
        ("tags=12", {"tags": ["12"]}),
        ("weeks=1", {"weeks": [1]}),
        ("weeks=1&weeks=2", {"weeks": [1, 2]}),
        ("mode=daily", {"mode": "daily"}),
    ],
)
def test_a_query_becomes_the_fields_of_the_request(query: str, expected: dict[str, Any]) -> None:
    answered = get(f"student_id=sam&{query}")
    assert answered.status_code == 200
    assert answered.json == {"asked": {"student_id": "sam", **expected}, "by": "user ann"}


@pytest.mark.parametrize("student_id", ["7", "true", "1e5", "null"])
def test_a_text_that_looks_like_another_type_stays_a_text(student_id: str) -> None:
    answered = get(f"student_id={student_id}")
    assert answered.json is not None
    assert answered.json["asked"] == {"student_id": student_id}


@pytest.mark.parametrize(
    ("query", "path", "message"),
    [
        ("", "student_id", "is required in the query string: ?student_id=…"),
        ("student_id=a/b", "student_id", "String should match pattern"),
        ("student_id=a&student_id=b", "student_id", "Input should be a valid string"),
        ("student_id=a&limit=0", "limit", "Input should be greater than or equal to 1"),
        ("student_id=a&limit=many", "limit", "Input should be a valid integer"),
        ("student_id=a&limit=007", "limit", "Input should be a valid integer"),
        ("student_id=a&limit=1.5", "limit", "Input should be a valid integer"),
        ("student_id=a&limit=", "limit", "Input should be a valid integer"),
        (f"student_id=a&limit={'9' * 5_000}", "limit", "Input should be a valid integer"),
        ("student_id=a&limit=1&limit=2", "limit", "Input should be a valid integer"),
        ("student_id=a&order=random", "order", "Input should be 'oldest' or 'newest'"),
        ("student_id=a&at_least=much", "at_least", "must be a number"),
        ("student_id=a&with_notes=yes", "with_notes", "Input should be a valid boolean"),
        ("student_id=a&tags=one&tags=o/n", "tags.1", "String should match pattern"),
        ("student_id=a&tags=one&tags=one", "tags", "must not repeat an entry"),
        ("student_id=a&weeks=1&weeks=one", "weeks.1", "Input should be a valid integer"),
        ("student_id=a&colour=red", "colour", "is not a known field"),
    ],
)
def test_an_invalid_query_is_refused_at_its_field(query: str, path: str, message: str) -> None:
    answered = get(query)
    assert answered.status_code == 422
    assert answered.json is not None
    assert [error["path"] for error in answered.json["errors"]] == [path]
    assert answered.json["errors"][0]["message"].startswith(message)


def test_another_method_is_refused_with_the_allowed_one() -> None:
    refused = get("student_id=sam", method="POST")
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, OPTIONS")
    preflight = get("student_id=sam", method="OPTIONS")
    assert preflight.headers["Access-Control-Allow-Methods"] == "GET, OPTIONS"

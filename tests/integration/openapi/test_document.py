"""The OpenAPI document is generated from the contracts, valid, complete and accurate."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from functions.practice_turn.contract import PracticeTurnReply
from local.processes import ROOT
from openapi.document import document, text
from openapi.documentation import generated_files
from openapi.responses import EVENTS_OF
from shared.contract.command import Command
from shared.contract.operation import (
    Operation,
    all_operations,
    function_names,
    main_operation,
)
from shared.contract.refusals import STATUS_OF
from tests.support.rest_format import in_rest

Json = dict[str, Any]
OPERATIONS = all_operations()
DOCUMENT: Json = document(OPERATIONS)
API = (ROOT / "docs" / "api.md").read_text()
GENERATED = generated_files()


def described(operation: Operation[Command]) -> Json:
    found: Json = DOCUMENT["paths"][operation.url_path][operation.method.lower()]
    return found


def resolved(node: Json) -> Json:
    while "$ref" in node:
        found: Any = DOCUMENT
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


def validator(schema: Json) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator({**schema, "components": DOCUMENT["components"]})


def faults(schema: Json, value: Any) -> list[str]:
    return [error.message for error in validator(schema).iter_errors(value)]


@pytest.mark.parametrize("path", GENERATED, ids=lambda path: path.name)
def test_a_committed_file_equals_its_generated_content(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == GENERATED[path], "`make openapi` writes it anew"


def test_the_document_is_valid_openapi() -> None:
    assert list(OpenAPIV31SpecValidator(json.loads(text())).iter_errors()) == []


def test_every_function_is_in_the_document_under_its_own_name() -> None:
    assert {operation.function for operation in OPERATIONS} == set(function_names())
    ids = [operation.operation_id for operation in OPERATIONS]
    assert set(function_names()) <= set(ids)
    assert len(set(ids)) == len(ids)


def test_every_reason_is_in_the_document_with_its_status() -> None:
    reasons = {refusal.reason for o in OPERATIONS for refusal in o.all_refusals}
    assert reasons == set(STATUS_OF)
    assert set(DOCUMENT["components"]["schemas"]["Problem"]["properties"]["reason"]["enum"]) == (
        reasons
    )


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.operation_id)
def test_each_status_lists_its_reasons_and_headers(operation: Operation[Command]) -> None:
    responses = described(operation)["responses"]
    reasons = {refusal.reason for refusal in operation.all_refusals}
    statuses = {*operation.replies, *(STATUS_OF[reason].value for reason in reasons)}
    assert set(responses) == {str(status) for status in statuses}
    shown: set[str] = set()
    for response in map(resolved, responses.values()):
        assert {"X-Request-Id", "Access-Control-Allow-Origin"} <= response["headers"].keys()
        problem = response.get("content", {}).get("application/problem+json")
        for reason, example in (problem or {"examples": {}})["examples"].items():
            assert faults(problem["schema"], example["value"]) == []
            assert example["value"]["reason"] == reason
            shown.add(reason)
    assert shown == reasons
    for status, header in (("401", "WWW-Authenticate"), ("405", "Allow"), ("503", "Retry-After")):
        assert resolved(responses[status])["headers"].keys() >= {header}


@pytest.mark.parametrize("function", function_names())
def test_the_reasons_are_those_of_its_chapter(function: str) -> None:
    chapter = API.partition(f"\n## {function}\n")[2].partition("\n## ")[0]
    listed = re.search(r"Refusals: (.*?)\.(?:\n|$)", chapter, re.DOTALL)
    assert listed
    own = {refusal.reason for refusal in main_operation(function).refusals}
    assert set(re.findall(r"`([A-Z_]+)`", listed[1])) == own


WITH_BODIES = [pytest.param(o, id=o.operation_id) for o in OPERATIONS if o.has_body]


@pytest.mark.parametrize("operation", WITH_BODIES)
def test_each_example_is_a_valid_request(operation: Operation[Command]) -> None:
    content = described(operation)["requestBody"]["content"]["application/json"]
    assert content["example"] == operation.example
    assert faults(content["schema"], content["example"]) == []
    operation.request.model_validate_json(json.dumps(content["example"]))


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.operation_id)
def test_each_reply_has_a_valid_example(operation: Operation[Command]) -> None:
    for status, model in operation.replies.items():
        response = described(operation)["responses"][str(status)]
        if model is not None and model not in EVENTS_OF:
            content = response["content"]["application/json"]
            assert faults(content["schema"], content["example"]) == []


WITH_QUERIES = [pytest.param(o, id=o.operation_id) for o in OPERATIONS if not o.has_body]


@pytest.mark.parametrize("operation", WITH_QUERIES)
def test_each_example_of_a_query_is_a_valid_request(operation: Operation[Command]) -> None:
    parameters = [p for p in described(operation)["parameters"] if p.get("in") == "query"]
    examples = {p["name"]: p["example"] for p in parameters if "example" in p}
    assert examples == operation.example
    for parameter in parameters:
        if "example" in parameter:
            assert faults(parameter["schema"], parameter["example"]) == []
        else:
            assert not parameter["required"]
    operation.request.model_validate(operation.example)


def value_at(expression: str, reply: Json) -> Any:
    found: Any = reply
    for step in expression.removeprefix("$response.body#/").split("/"):
        found = found[step]
    return found


def filled(text: str, reply: Json) -> str:
    """The text with the values of its expressions in their place."""

    def value(expression: re.Match[str]) -> str:
        found = value_at(expression[1], reply)
        return found if isinstance(found, str) else json.dumps(found)

    return re.sub(r"\{(\$[^}]+)\}", value, text)


LINKS = [
    pytest.param(
        response["content"]["application/json"]["example"],
        link,
        id=f"{o.operation_id}, {status}, {name}",
    )
    for o in OPERATIONS
    for status, response in described(o)["responses"].items()
    for name, link in response.get("links", {}).items()
]


@pytest.mark.parametrize(("reply", "link"), LINKS)
def test_each_link_completes_a_valid_request_from_a_reply(reply: Json, link: Json) -> None:
    """A link names the session or template; what to change in it is taken from the example."""
    operation = next(o for o in OPERATIONS if o.operation_id == link["operationId"])
    if operation.has_body:
        fields = json.loads(filled(link["requestBody"], reply))
        request = operation.request.model_validate_json(json.dumps({**operation.example, **fields}))
    else:
        places = {name.removeprefix("query."): place for name, place in link["parameters"].items()}
        fields = {name: value_at(place, reply) for name, place in places.items()}
        request = operation.request.model_validate({**operation.example, **fields})
    assert request.model_dump(include=set(fields), exclude_unset=True) == fields


REFUSED: list[tuple[str, Json]] = [
    ("PracticeTurn", {"session_context": {}}),
    ("PracticeTurn", {"session_context": {"stored_session": {}, "source_data": {}}}),
    ("StartSession", {"stored_session": {}, "name": "Blues"}),
    ("StartSession", {"session_data": {"": 1}}),
    ("StartSession", {"session_data": {"__x__": 1}}),
    ("StartSession", {"session_data": {"grid": [[1]]}}),
    ("StartSession", {"parent_ids": ["a", "a"]}),
    ("StartSession", {"template_id": "__x__"}),
    ("UpdateProgress", {"session_id": "a"}),
    ("UpdateProgress", {"session_id": "a", "items": []}),
    ("UpdateProgress", {"session_id": "a", "items": [{"node_id": " "}]}),
    ("UpdateTemplate", {"template_id": "a", "version": 1}),
    ("UpdateTemplate", {"template_id": "a", "version": 1, "name": None}),
    ("CompleteSession", {"session_id": "a", "focus_score": 11}),
    ("CompleteSession", {"session_id": "a", "topic": "a\nb"}),
    ("CleanupStaleSessions", {"limit": "5"}),
]


@pytest.mark.parametrize(("name", "body"), REFUSED)
def test_the_document_refuses_what_our_validators_refuse(name: str, body: Json) -> None:
    command = next(o.request for o in OPERATIONS if o.request.__name__ == name)
    with pytest.raises(ValueError, match="validation error"):
        command.model_validate_json(json.dumps(body))
    assert faults({"$ref": f"#/components/schemas/{name}"}, body) != []


def test_the_schema_of_a_turn_matches_the_functions_turns(turns: list[Json]) -> None:
    """This supplements schemathesis, which accepts unknown fields."""
    for turn in turns:
        reply = PracticeTurnReply.model_validate_json(json.dumps(turn))
        assert json.loads(reply.model_dump_json()) == turn
        assert faults({"$ref": "#/components/schemas/PracticeTurnReply"}, turn) == []
    names = {
        call["name"]
        for turn in turns
        for message in turn["messages"]
        for call in message.get("tool_calls", [])
    }
    assert names == {
        "concept_presentation",
        "question_presentation",
        "feedback_presentation",
        "hint_presentation",
    }


def properties_of(schema: Any) -> Iterator[tuple[str, Json]]:
    """The properties of a schema and its parts, without those in conditions."""
    if isinstance(schema, list):
        for entry in schema:
            yield from properties_of(entry)
    elif isinstance(schema, dict):
        named = schema.get("properties", {})
        yield from named.items()
        for name, part in schema.items():
            if name not in ("if", "then", "else", "not", "example", "examples"):
                yield from properties_of(part)


def test_generators_find_no_shape_that_they_cannot_take() -> None:
    for name, field in properties_of(DOCUMENT):
        assert field.get("type") != "null", f"{name} is null alone"
        assert not isinstance(field.get("type"), list), f"{name} has several types"
    for operation in OPERATIONS:
        for response in map(resolved, described(operation)["responses"].values()):
            for link in response.get("links", {}).values():
                assert isinstance(link.get("requestBody", ""), str)
    schemas = DOCUMENT["components"]["schemas"]
    variants = [variant["$ref"].rpartition("/")[2] for variant in schemas["SourceData"]["oneOf"]]
    assert variants == ["SourceTemplate", "SourceDocument"]
    variants = [variant["$ref"].rpartition("/")[2] for variant in schemas["SentSession"]["oneOf"]]
    assert variants == ["StoredSession", "SessionValue"]
    assert "assistant_id" in schemas["Run"]["properties"]


def test_a_source_is_a_template_or_a_document_and_never_both() -> None:
    template = {"name": "Mine", "template_data": {"sections": []}}
    fields = {"name": {"stringValue": "Mine"}, "template_data": {"mapValue": {}}}
    source = {"$ref": "#/components/schemas/SourceData"}
    assert faults(source, template) == []
    assert faults(source, {**template, "fields": fields}) == []
    assert faults(source, {"name": "a/document", "fields": fields}) == []
    assert faults(source, {"fields": {**fields, "version": 1}}) != []
    assert faults(source, {"name": "Mine"}) != []


@pytest.mark.parametrize(
    ("request_name", "rest"),
    [
        ("StartSession", {}),
        ("UpdateProgress", {"session_id": "s-1"}),
        ("CompleteSession", {"session_id": "s-1"}),
        ("SessionContext", {}),
    ],
)
def test_a_session_is_sent_as_it_was_replied_or_as_rest_reads_it(
    turns: list[Json], request_name: str, rest: Json
) -> None:
    request = {"$ref": f"#/components/schemas/{request_name}"}
    replied = turns[-1]["session_context"]["stored_session"]
    read = in_rest(replied)
    for sent in (replied, read):
        assert faults(request, {**rest, "stored_session": sent}) == []
    fields = read["mapValue"]["fields"]
    malformed: list[Json] = [{}, {"mapValue": {}}, {"fields": fields}, {**read, "seq": 1}]
    for wrong in malformed:
        assert faults(request, {**rest, "stored_session": wrong}) != []

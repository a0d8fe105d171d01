"""Free JSON: refusals and their paths; accepted values round-trip unchanged."""

import json
import sys
from typing import Any

import pytest
from hypothesis import given
from pydantic import JsonValue, TypeAdapter, ValidationError

from shared.domain.common.json_object import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_LISTED_ERRORS,
    MAX_PATH_BYTES,
    MAX_SAFE_INTEGER,
    MOST_STORED_BYTES_PER_BYTE,
    JsonObject,
    find_violations,
    is_same_json,
    json_size_bytes,
    stored_size_bytes,
)
from shared.domain.sessions.session_data import SessionData
from shared.domain.templates.template import TemplateData
from tests.unit.domain.samples import ROUTINE, free_json, free_objects

SESSION_DATA: TypeAdapter[Any] = TypeAdapter(SessionData)
TEMPLATE_DATA: TypeAdapter[Any] = TypeAdapter(TemplateData)


def nested(levels: int) -> dict[str, Any]:
    """An object with `levels` levels of nesting."""
    value: dict[str, Any] = {}
    for _ in range(levels - 1):
        value = {"in": value}
    return value


def of_bytes(size: int) -> dict[str, Any]:
    """An object whose compact JSON has exactly `size` bytes."""
    return {"text": "x" * (size - len('{"text":""}'))}


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"a": None, "b": True, "c": 0, "d": -0.0, "e": "", "f": [], "g": {}},
        {"deep": nested(MAX_DEPTH - 1)},
        {"list of objects": [{"of": [{"lists": [1, 2]}]}]},
        {"largest": MAX_SAFE_INTEGER, "smallest": -MAX_SAFE_INTEGER},
        {"float": 1.7976931348623157e308, "tiny": 5e-324},
        {"a.b": 1, "`": 2, "*~[]/": 3, " ": 4, "\n": 5, "😀": 6, "\u0000": 7},
        {"__x": 2, "x__": 3, "_x_": 4},
        {"k" * MAX_PATH_BYTES: 1},
        {"k" * (MAX_PATH_BYTES - 2): {"k": 1}},
        {"k" * (MAX_PATH_BYTES - 2): [{"k": 1}, {"j": 2}]},
        of_bytes(MAX_BYTES),
        [1] * 76_800,
        [{}] * 19_200,
    ],
)
def test_values_that_documents_and_javascript_can_hold_have_no_faults(value: Any) -> None:
    assert find_violations(value) == []


@pytest.mark.parametrize(
    ("value", "path", "message"),
    [
        (nested(MAX_DEPTH + 1), ("in",) * MAX_DEPTH, "nested deeper than 10 levels"),
        (
            {"a": [nested(MAX_DEPTH - 1)]},
            ("a", 0, *("in",) * (MAX_DEPTH - 2)),
            "nested deeper than 10 levels",
        ),
        ({"a": [[1]]}, ("a", 0), "list directly inside a list"),
        ({"a": [1, {"b": [[]]}]}, ("a", 1, "b", 0), "list directly inside a list"),
        ({"": 1}, ("",), "must not be empty"),
        ({"a": {"": {}}}, ("a", ""), "must not be empty"),
        ({"__id__": 1}, ("__id__",), "reserved"),
        ({"a": [{"____": 1}]}, ("a", 0, "____"), "reserved"),
        ({"k" * (MAX_PATH_BYTES + 1): 1}, ("k" * 100,), "1486 bytes"),
        ({"é" * (MAX_PATH_BYTES // 2 + 1): 1}, ("é" * 100,), "1486 bytes"),
        ({"a": {"k" * (MAX_PATH_BYTES - 1): 1}}, ("a", "k" * 100), "1486 bytes"),
        ({"a": [{"k" * (MAX_PATH_BYTES - 1): 1}]}, ("a", 0, "k" * 100), "1486 bytes"),
        ({"n": MAX_SAFE_INTEGER + 1}, ("n",), "JavaScript"),
        ({"n": [-MAX_SAFE_INTEGER - 1]}, ("n", 0), "JavaScript"),
        ({"n": float("nan")}, ("n",), "finite"),
        ({"n": [{"m": float("-inf")}]}, ("n", 0, "m"), "finite"),
        (of_bytes(MAX_BYTES + 1), (), "takes 204801 bytes"),
        ({"text": "é" * (MAX_BYTES // 2)}, (), "takes 204811 bytes as JSON"),
        ({"": [[]], "text": "x" * MAX_BYTES}, (), "takes 204819 bytes as JSON"),
        ([1] * 76_801, (), "takes 614408 bytes in a document"),
        ([{}] * 19_201, (), "takes 614432 bytes in a document"),
    ],
)
def test_a_value_that_they_cannot_hold_is_a_fault_at_its_path(
    value: Any, path: tuple[str | int, ...], message: str
) -> None:
    ((location, fault),) = find_violations(value)

    assert location == path
    assert message in fault


def test_a_value_far_too_deep_is_not_searched_to_its_end() -> None:
    levels = 5 * sys.getrecursionlimit()

    ((location, _),) = find_violations(nested(levels))

    assert len(location) == MAX_DEPTH


def test_every_fault_is_listed_at_once() -> None:
    value: JsonValue = {
        "ok": 1,
        "": 2,
        "a": [[3]],
        "b": {"c": MAX_SAFE_INTEGER + 1, "__d__": 4, "e": float("inf")},
    }

    assert [location for location, _ in find_violations(value)] == [
        ("",),
        ("a", 0),
        ("b", "c"),
        ("b", "__d__"),
        ("b", "e"),
    ]


def test_a_long_list_of_faults_is_cut_short() -> None:
    assert len(find_violations([[i] for i in range(10 * MAX_LISTED_ERRORS)])) == MAX_LISTED_ERRORS


@pytest.mark.parametrize("adapter", [SESSION_DATA, TEMPLATE_DATA])
def test_faults_of_bounds_and_of_structure_are_listed_together(adapter: TypeAdapter[Any]) -> None:
    value = {"sections": "none", "total_duration_minutes": -1, "x": [[1]], "y": {"": 1}}

    with pytest.raises(ValidationError) as refused:
        adapter.validate_json(json.dumps(value))

    assert {error["loc"] for error in refused.value.errors()} == {
        ("sections",),
        ("total_duration_minutes",),
        ("x", 0),
        ("y", ""),
    }


def test_braces_in_a_key_do_not_garble_the_message() -> None:
    with pytest.raises(ValidationError) as refused:
        SESSION_DATA.validate_python({"{0}": {"{message}": [[1]]}})

    (error,) = refused.value.errors()
    assert error["loc"] == ("{0}", "{message}", 0)
    assert error["msg"] == "a list directly inside a list can't be stored"


@given(free_objects)
def test_the_size_in_a_document_is_at_most_a_fixed_multiple_of_the_json(
    value: dict[str, Any],
) -> None:
    assert stored_size_bytes(value) <= MOST_STORED_BYTES_PER_BYTE * json_size_bytes(value)


@given(free_objects)
def test_session_data_round_trips_unchanged(value: dict[str, Any]) -> None:
    came_back = SESSION_DATA.validate_json(json.dumps(value)).model_dump()

    assert is_same_json(came_back, value)
    assert is_same_json(SESSION_DATA.validate_python(came_back).model_dump(), value)
    assert is_same_json(json.loads(SESSION_DATA.validate_python(value).model_dump_json()), value)


@given(free_objects, free_objects, free_objects)
def test_unknown_keys_stay_in_sections_and_exercises(
    top: dict[str, Any], section: dict[str, Any], exercise: dict[str, Any]
) -> None:
    value = {
        **top,
        "sections": [
            {
                **section,
                "name": "Section",
                "exercises": [{**exercise, "name": "Exercise"}],
            }
        ],
    }

    assert is_same_json(TEMPLATE_DATA.validate_json(json.dumps(value)).model_dump(), value)


@pytest.mark.parametrize(
    "key",
    [
        "model_dump",
        "model_fields_set",
        "model_config",
        "exercises",
        "node_id",
        "self",
        "copy",
        "class",
        "_private",
        "__pydantic_extra",
    ],
)
def test_a_key_with_an_internal_name_is_an_ordinary_key(key: str) -> None:
    value = {key: [1], "sections": [{"name": "S", "exercises": [{"name": "E", key: {"a": 1}}]}]}

    content = SESSION_DATA.validate_python(value)

    assert content.model_dump() == value
    assert content.model_copy(update={"notes": "n"}).model_dump() == {**value, "notes": "n"}


def test_absent_stays_absent_and_null_stays_null() -> None:
    assert SESSION_DATA.validate_python({}).model_dump() == {}
    assert SESSION_DATA.validate_python({"notes": None}).model_dump() == {"notes": None}
    assert SESSION_DATA.validate_python(ROUTINE).model_dump() == ROUTINE


@pytest.mark.parametrize(
    ("value", "size"),
    [
        (None, 4),
        ("", 2),
        ("é", 4),
        ("😀", 6),
        ('"\n', 6),
        ([1, 2.5, True], 12),
        ({"a": [], "b": {}}, 15),
    ],
)
def test_size_is_that_of_compact_utf8(value: Any, size: int) -> None:
    assert json_size_bytes(value) == size


@pytest.mark.parametrize(
    ("value", "size"),
    [
        (None, 1),
        (False, 1),
        (0, 8),
        (0.5, 8),
        ("", 1),
        ("é", 3),
        ([], 0),
        ([1, "a", None], 11),
        ({}, 32),
        ({"type": "Personal", "done": False, "priority": 1}, 32 + 5 + 9 + 5 + 1 + 9 + 8),
        ([{"é": {}}], 32 + 3 + 32),
    ],
)
def test_size_in_firestore_follows_its_documentation(value: Any, size: int) -> None:
    assert stored_size_bytes(value) == size


def test_a_free_form_value_cannot_be_changed_in_place() -> None:
    class Note(JsonObject):
        text: str

    note = Note(text="a")
    for field in ("text", "unknown"):
        with pytest.raises(ValidationError, match="frozen"):
            setattr(note, field, "b")


@given(free_json)
def test_a_value_is_the_same_as_its_copy(value: Any) -> None:
    assert is_same_json(value, json.loads(json.dumps(value)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True),
        (0, False),
        (None, False),
        (None, 0),
        ("1", 1),
        ([], {}),
        ({"a": 1}, {"a": True}),
        ([{"a": [0]}], [{"a": [False]}]),
        ({"a": 1}, {"a": 1, "b": None}),
        ([1, 2], [2, 1]),
        ([1], [1, 1]),
        ("é", "e\u0301"),
    ],
)
def test_values_that_differ_as_json_are_not_the_same(one: Any, other: Any) -> None:
    assert not is_same_json(one, other)
    assert not is_same_json(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [(10, 10.0), (True, True), ({"a": 1, "b": 2.0}, {"b": 2, "a": 1})]
)
def test_a_number_is_the_same_in_every_notation(one: Any, other: Any) -> None:
    assert is_same_json(one, other)

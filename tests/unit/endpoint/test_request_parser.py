"""A body parsed once is accepted or refused as by pydantic's own JSON parser, in the same words."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.contract.command import Command
from shared.contract.operation import Operation, function_names, operations_of
from shared.domain.common.errors import InvalidArgument
from shared.endpoint.request_parser import parse_request

APP = Flask("test")
# One for each request model.
OPERATIONS = list(
    {
        operation.request: operation
        for name in function_names()
        for operation in operations_of(name)
        if operation.has_body
    }.values()
)
EXERCISE = {"id": "e", "name": "Scales", "completed": True, "notes": "evenly", "more": [1, {}]}
SESSION_DATA = {
    "notes": "slowly",
    "focus_score": 3,
    "actual_duration_minutes": 7.5,
    "sections": [{"name": "Warm-up", "exercises": [EXERCISE]}],
    "more": {"a": [True, None]},
}
# Bodies that use the fields which the examples leave out.
FULLER: dict[str, list[dict[str, Any]]] = {
    "StartSession": [
        {
            "template_id": "t",
            "mode": "daily",
            "session_data": SESSION_DATA,
            "parent_ids": ["a", "b"],
            "timezone": "UTC",
        }
    ],
    "UpdateProgress": [
        {
            "session_id": "s",
            "revision": 1,
            "session_data": SESSION_DATA,
            "items": [
                {
                    "node_id": "c",
                    "exercise_type": "scale",
                    "grade": "good",
                    "correct": True,
                    "score": 1,
                    "duration_ms": 5.0,
                    "completed": True,
                    "notes": "n",
                }
            ],
            "stored_session": {"a": 1},
        }
    ],
    "UpdateTemplate": [
        {
            "template_id": "t",
            "version": 1,
            "name": "n",
            "visibility": "assigned",
            "student_ids": ["a"],
            "mastery_criterion": {"kind": "m_of_n", "m": 1, "n": 2},
        }
    ],
    "PracticeTurn": [
        {
            "session_context": {"stored_session": {"a": 1}},
            "input": {"type": "answer", "question_id": "q", "answer": [1]},
        }
    ],
    "Run": [
        {
            "input": {
                "session_context": {"stored_session": {}},
                "input": {"type": "hint"},
                "messages": [{"type": "human", "content": [{"text": "x"}], "tool_calls": [{}]}],
            },
            "stream_mode": ["values"],
        }
    ],
}
VALUES: list[Any] = [
    *(None, True, 0, 1, -1, 1.5, 5.0, 2**70, 1e300, "", "x", "8", "true", "assigned", "good"),
    *([], [1], ["a"], [None], [{}], [[]], {}, {"a": 1}, "2026-01-01T00:00:00Z"),
]
Step = str | int


def bodies(operation: Operation[Command]) -> list[dict[str, Any]]:
    return [dict(operation.example), *FULLER.get(operation.request.__name__, [])]


def locations(value: Any, at: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    yield at
    if isinstance(value, dict | list):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from locations(inner, (*at, step))


def changed(body: Any, at: tuple[Step, ...], value: Any) -> Any:
    """The body with another value at the path, or without the key where the value is Ellipsis."""
    if not at:
        return {} if value is ... else value
    body = copy.deepcopy(body)
    parent = body
    for step in at[:-1]:
        parent = parent[step]
    if value is ...:
        del parent[at[-1]]
    else:
        parent[at[-1]] = value
    return body


Outcome = tuple[Any, list[tuple[str, str]]]


def parsed_once(operation: Operation[Command], text: str) -> Outcome:
    with APP.test_request_context(
        "/", method=operation.method, data=text, content_type="application/json"
    ) as context:
        try:
            command = parse_request(context.request, operation).command
        except InvalidArgument as refused:
            return None, [(error.path, error.message) for error in refused.errors]
    return (command, command.model_dump(exclude_unset=True)), []


def parsed_by_pydantic(operation: Operation[Command], text: str) -> Outcome:
    try:
        command = operation.request.model_validate_json(text)
    except ValidationError as error:
        return None, [
            (
                ".".join(str(step)[:100] for step in found["loc"]),
                found["msg"].removeprefix("Value error, "),
            )
            for found in error.errors()
        ]
    return (command, command.model_dump(exclude_unset=True)), []


def assert_alike(operation: Operation[Command], body: Any) -> None:
    text = json.dumps(body)
    assert repr(parsed_once(operation, text)) == repr(parsed_by_pydantic(operation, text)), text


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.operation_id)
def test_every_value_in_every_place_is_accepted_or_refused_alike(
    operation: Operation[Command],
) -> None:
    for body in bodies(operation):
        assert_alike(operation, body)
        assert_alike(operation, {**body, "unknown": 1})
        for at in locations(body):
            for value in [..., *VALUES]:
                assert_alike(operation, changed(body, at, value))


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-(2**65), max_value=2**65)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(st.data())
def test_any_json_in_any_places_is_accepted_or_refused_alike(data: st.DataObject) -> None:
    operation = data.draw(st.sampled_from(OPERATIONS), label="operation")
    body: Any = data.draw(st.sampled_from(bodies(operation)), label="body")
    for _ in range(data.draw(st.integers(min_value=1, max_value=3))):
        at = data.draw(st.sampled_from(list(locations(body))), label="at")
        body = changed(body, at, data.draw(JSON_VALUES, label="value"))
    assert_alike(operation, body)


def test_a_deletion_with_a_body_is_told_to_use_the_query_string() -> None:
    (delete,) = operations_of("delete_template")
    with (
        APP.test_request_context(
            "/", method="DELETE", data='{"template_id": "t"}', content_type="application/json"
        ) as context,
        pytest.raises(InvalidArgument) as refused,
    ):
        parse_request(context.request, delete)
    assert [(error.path, error.message) for error in refused.value.errors] == [
        ("template_id", "is required in the query string: ?template_id=…")
    ]


def test_choices_that_are_texts_are_told_their_shape() -> None:
    (create,) = (o for o in OPERATIONS if o.operation_id == "create_template")
    question = {"question_id": "q", "kind": "multiple_choice", "prompt": "Which?", "answer": "a"}
    exercise = {"name": "Planets", "questions": [{**question, "choices": ["Venus", "Mars"]}]}
    body = {"name": "n", "template_data": {"sections": [{"name": "s", "exercises": [exercise]}]}}
    _, errors = parsed_once(create, json.dumps(body))
    at = "template_data.sections.0.exercises.0.questions.0.choices"
    shape = 'must be an object: {"id": "a", "text": "Venus"}'
    assert errors[:2] == [(f"{at}.0", shape), (f"{at}.1", shape)]


@pytest.mark.parametrize(
    ("given", "path", "message"),
    [
        ({"type": "answer", "answer": 1}, "input.question_id", "Field required"),
        ({"type": "answer", "question_id": "q"}, "input.answer", "Field required"),
        (
            {"type": "answer", "questionId": "q", "question_id": "q", "answer": 1},
            "input.questionId",
            "is not a known field: did you mean question_id?",
        ),
        ({"question_id": "q"}, "input.type", "must be one of answer, hint, continue"),
        ({"type": "guess"}, "input.type", "must be one of answer, hint, continue"),
        ({"type": ["answer"]}, "input.type", "must be one of answer, hint, continue"),
        (5, "input", "Input should be an object"),
    ],
)
def test_the_path_of_a_wrong_input_is_its_path_in_the_request(
    given: object, path: str, message: str
) -> None:
    (turn,) = (o for o in OPERATIONS if o.operation_id == "practice_turn")
    (run,) = (o for o in OPERATIONS if o.request.__name__ == "Run")
    body = {"session_context": {"stored_session": {}}, "input": given}

    assert parsed_once(turn, json.dumps(body)) == (None, [(path, message)])
    assert parsed_once(run, json.dumps({"input": body})) == (None, [(f"input.{path}", message)])


def test_a_wrong_type_is_named_in_the_words_of_json() -> None:
    (update,) = (o for o in OPERATIONS if o.operation_id == "update_progress")
    body = {"session_id": "s", "session_data": {"sections": {}}, "items": [1], "stored_session": []}
    assert parsed_once(update, json.dumps(body)) == (
        None,
        [
            ("session_data.sections", "Input should be a valid array"),
            ("items.0", "Input should be an object"),
            ("stored_session", "Input should be an object"),
        ],
    )

"""Templates in REST's notation: the path of a refusal is that of the value in the request."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.common.errors import InvalidArgument
from shared.domain.common.validation import Location
from shared.domain.practice.source import source_from_template
from shared.firestore.rest_format import decode_source_data
from tests.support.rest_format import in_rest
from tests.unit.domain.samples import free_json

Json = dict[str, Any]

AT = "session_context.source_data"
SECTIONS = f"{AT}.fields.template_data.mapValue.fields.sections.arrayValue"
EXERCISES = f"{SECTIONS}.values.0.mapValue.fields.exercises.arrayValue"
EXERCISE = f"{EXERCISES}.values.1.mapValue.fields"
QUESTION_AT = f"{EXERCISE}.questions.arrayValue.values.1.mapValue.fields"
QUESTION: Json = {"question_id": "q1", "kind": "numeric", "prompt": "2 + 2", "answer": 4}
CRITERION: Json = {"kind": "m_of_n", "m": 2, "n": 3}


def template(exercise: Any, **fields: Any) -> Json:
    """A document with the exercise as the second one of its only section."""
    sections = [{"name": "S", "exercises": [{"name": "E"}, exercise]}]
    plain = {"name": "Mine", "template_data": {"sections": sections}, **fields}
    document: Json = in_rest(plain)["mapValue"]
    return document


def with_question(**fields: Any) -> Json:
    return template({"name": "F", "questions": [QUESTION, {**QUESTION, **fields}]})


def refused_paths(source_data: Json) -> list[str]:
    sent = decode_source_data(source_data)
    with pytest.raises(InvalidArgument) as refused:
        source_from_template(sent.fields, None, locate=sent.locate)
    return [error.path for error in refused.value.errors]


MISSING: list[tuple[Json, list[str]]] = [
    ({"fields": {}}, [f"{AT}.fields.name", f"{AT}.fields.template_data"]),
    ({"name": "its path", "fields": {}}, [f"{AT}.fields.name", f"{AT}.fields.template_data"]),
    (template({}), [f"{EXERCISE}.name"]),
    (with_question(question_id="q2", answer=None), [f"{QUESTION_AT}.answer.nullValue"]),
]
UNKNOWN: list[tuple[Json, list[str]]] = [
    (
        template({"name": "F"}, mastery_criterion={**CRITERION, "colour": "red"}),
        [f"{AT}.fields.mastery_criterion.mapValue.fields.colour.stringValue"],
    ),
]
WRONG_TYPES: list[tuple[Json, list[str]]] = [
    (template({"name": "F"}, name=7), [f"{AT}.fields.name.integerValue"]),
    (template({"name": 1.5}), [f"{EXERCISE}.name.doubleValue"]),
    (template({"name": True}), [f"{EXERCISE}.name.booleanValue"]),
    (template({"name": None}), [f"{EXERCISE}.name.nullValue"]),
    (template({"name": {}}), [f"{EXERCISE}.name.mapValue"]),
    (template({"name": []}), [f"{EXERCISE}.name.arrayValue"]),
    (template({"name": ["F"]}), [f"{EXERCISE}.name.arrayValue"]),
    (template({"name": ""}), [f"{EXERCISE}.name.stringValue"]),
    (template("scales"), [f"{EXERCISES}.values.1.stringValue"]),
    (template({"name": "F"}, template_data=[]), [f"{AT}.fields.template_data.arrayValue"]),
    (template({"name": "F"}, template_data={"sections": []}), [SECTIONS]),
    # A map where the notation has a text, with plain values.
    (
        {"fields": {**template({})["fields"], "mastery_criterion": {"stringValue": {"m": "b"}}}},
        [
            f"{AT}.fields.mastery_criterion.stringValue.kind",
            f"{AT}.fields.mastery_criterion.stringValue.m",
            f"{AT}.fields.mastery_criterion.stringValue.n",
            f"{EXERCISE}.name",
        ],
    ),
]
POSITIONS: list[tuple[Json, list[str]]] = [
    (with_question(), [f"{QUESTION_AT}.question_id.stringValue"]),
    (
        with_question(question_id="q2", hints=["one", 2]),
        [f"{QUESTION_AT}.hints.arrayValue.values.1.integerValue"],
    ),
]
KEYS: list[tuple[Json, list[str]]] = [
    (
        template({"name": "F", "a.b": {"c.d": 2**60}}),
        [f"{EXERCISE}.a.b.mapValue.fields.c.d.integerValue"],
    ),
    (
        template({"name": "F", "fields": {"mapValue": {"values": 2**60}}}),
        [f"{EXERCISE}.fields.mapValue.fields.mapValue.mapValue.fields.values.integerValue"],
    ),
]
NESTING: list[tuple[Json, list[str]]] = [
    (
        template({"name": "F", "a": {"b": {"c": {"d": {"e": {"f": {}}}}}}}),
        [
            f"{EXERCISE}.a.mapValue.fields.b.mapValue.fields.c.mapValue.fields.d.mapValue"
            ".fields.e.mapValue.fields.f.mapValue"
        ],
    ),
    (
        template({"name": "F", "pairs": [[1]]}),
        [f"{EXERCISE}.pairs.arrayValue.values.0.arrayValue"],
    ),
]


@pytest.mark.parametrize(
    ("source_data", "paths"),
    [*MISSING, *UNKNOWN, *WRONG_TYPES, *POSITIONS, *KEYS, *NESTING],
    ids=lambda value: str(value)[-60:],
)
def test_a_refusal_names_the_value_in_the_notation_that_was_sent(
    source_data: Json, paths: list[str]
) -> None:
    assert sorted(refused_paths(source_data)) == sorted(paths)


def test_plain_fields_are_named_as_they_are() -> None:
    assert refused_paths({"name": "Mine", "fields": [], "template_data": 1}) == [
        f"{AT}.template_data"
    ]


def _values(value: Any, at: Location) -> Iterator[tuple[Location, Any]]:
    """Every value inside of a value, with its location."""
    yield at, value
    if isinstance(value, dict | list):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _values(inner, (*at, step))


@given(st.dictionaries(st.text(max_size=4), free_json))
def test_the_location_of_every_value_leads_to_it_in_the_document(fields: Json) -> None:
    document = {"fields": {name: in_rest(value) for name, value in fields.items()}}
    sent = decode_source_data(document)
    for name, field in fields.items():
        for location, value in _values(field, (name,)):
            found: Any = document
            for step in sent.locate(location):
                found = found[step]
            assert [found] == list(in_rest(value).values())

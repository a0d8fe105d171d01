"""Questions: accepted and refused fields, the paths of faults, and the public view."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.domain.common.json_object import find_violations, is_same_json
from shared.domain.questions.any_question import restore_question
from shared.domain.questions.kinds import KINDS
from shared.domain.questions.question import Question
from tests.unit.domain.questions import kinds
from tests.unit.domain.questions.samples import (
    ANY_QUESTION,
    CHOICES,
    KIND_NAMES,
    RUBRIC,
    a_question,
    faults,
    kind_module,
    questions,
    raw,
)
from tests.unit.domain.samples import free_json

SECRET = "sentinel"


def test_every_kind_has_a_test_module_and_every_such_module_a_kind() -> None:
    modules = Path(kinds.__path__[0]).glob("test_*.py")
    assert sorted(module.stem.removeprefix("test_") for module in modules) == KIND_NAMES


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_a_question_comes_back_as_its_author_wrote_it(kind: str) -> None:
    question = raw(
        kind,
        hints=["Look again"],
        explanation="Because.",
        difficulty=5,
        source={"page": 3, "tags": [None, True]},
    )

    assert is_same_json(ANY_QUESTION.validate_json(json.dumps(question)).model_dump(), question)
    assert is_same_json(ANY_QUESTION.validate_python(question).model_dump(), question)


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_a_question_can_be_stored(kind: str) -> None:
    assert find_violations(a_question(kind).model_dump()) == []


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_fields_that_a_kind_does_not_need_may_be_null(kind: str) -> None:
    unneeded = {
        key: None
        for key in ("choices", "tolerance", "unit", "hints", "answer", "rubric", "explanation")
        if key not in raw(kind)
    }

    assert a_question(kind, **unneeded, difficulty=None).kind == kind


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("numeric", {"prompt": "x" * 10_000, "hints": ["x" * 2_000] * 10, "unit": "m" * 40}),
        ("numeric", {"question_id": "x" * 200, "tolerance": 0, "explanation": "x" * 10_000}),
        ("numeric", {"difficulty": 1}),
        ("multiple_choice", {"choices": CHOICES[:2], "difficulty": 5}),
    ],
)
def test_a_question_at_its_bounds_is_accepted(kind: str, fields: dict[str, Any]) -> None:
    assert a_question(kind, **fields).kind == kind


@pytest.mark.parametrize(
    ("kind", "fields", "paths"),
    [
        ("numeric", {"question_id": " "}, {"question_id"}),
        ("numeric", {"prompt": ...}, {"prompt"}),
        ("numeric", {"prompt": ""}, {"prompt"}),
        ("numeric", {"prompt": "\u200b \n"}, {"prompt"}),
        ("numeric", {"prompt": "x" * 10_001}, {"prompt"}),
        ("numeric", {"kind": "riddle"}, {"kind"}),
        ("numeric", {"kind": None}, {"kind"}),
        ("numeric", {"hints": ["ok", " "]}, {"hints.1"}),
        ("numeric", {"hints": ["x" * 2_001]}, {"hints.0"}),
        ("numeric", {"hints": ["x"] * 11}, {"hints"}),
        ("numeric", {"hints": "Look again"}, {"hints"}),
        ("numeric", {"explanation": "x" * 10_001}, {"explanation"}),
        ("numeric", {"difficulty": 0}, {"difficulty"}),
        ("numeric", {"difficulty": 6}, {"difficulty"}),
        ("numeric", {"difficulty": "3"}, {"difficulty"}),
        ("numeric", {"difficulty": True}, {"difficulty"}),
        ("numeric", {"tolerance": -0.1}, {"tolerance"}),
        ("numeric", {"tolerance": "0.1"}, {"tolerance"}),
        ("numeric", {"tolerance": True}, {"tolerance"}),
        ("numeric", {"tolerance": float("inf")}, {"tolerance"}),
        ("numeric", {"tolerance": float("nan")}, {"tolerance"}),
        ("numeric", {"unit": ""}, {"unit"}),
        ("numeric", {"unit": "5"}, {"unit"}),
        ("numeric", {"unit": "e3"}, {"unit"}),
        ("numeric", {"unit": "x 10^3"}, {"unit"}),
        ("numeric", {"unit": "m" * 41}, {"unit"}),
    ],
)
def test_a_fault_is_named_at_its_path(kind: str, fields: dict[str, Any], paths: set[str]) -> None:
    assert faults(raw(kind, **fields)) == paths


def test_every_fault_is_named_at_once() -> None:
    question = raw(
        "multi_select",
        question_id="",
        prompt=" ",
        answer=["a", "z"],
        tolerance=-1,
        unit="5",
        hints=[""],
        rubric=[{**RUBRIC[0], "points": -1}],
        difficulty=9,
    )

    assert faults(question) == {
        "question_id",
        "prompt",
        "answer.1",
        "tolerance",
        "unit",
        "hints.0",
        "rubric.0.points",
        "difficulty",
    }


@given(free_json)
def test_any_answer_key_is_accepted_or_refused_at_its_path(answer: Any) -> None:
    for kind in KIND_NAMES:
        try:
            a_question(kind, answer=answer)
        except ValidationError:
            assert {path.split(".")[0] for path in faults(raw(kind, answer=answer))} == {"answer"}


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_a_question_is_restored_as_it_was_dumped(kind: str) -> None:
    question = a_question(kind, hints=["Look again"], explanation="Because.", unit=None)

    assert restore_question(json.loads(question.model_dump_json())) == question


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_a_restored_question_has_no_unknown_fields(kind: str) -> None:
    sample = kind_module(kind).SAMPLE
    question = a_question(kind, **{"choices": CHOICES, "rubric": RUBRIC, **sample})
    dumped = json.loads(question.model_dump_json())
    lists = [field for field in dumped.values() if isinstance(field, list)]
    parts = [part for entries in lists for part in entries if isinstance(part, dict)]
    assert len(parts) >= 5
    for part in [dumped, *parts]:
        part["note"] = SECRET

    assert restore_question(dumped) == question


@pytest.mark.parametrize("missing", ["question_id", "kind", "prompt"])
def test_a_value_that_is_not_a_dumped_question_is_not_restored(missing: str) -> None:
    with pytest.raises(KeyError):
        restore_question(raw("self_rated", **{missing: ...}))
    with pytest.raises(KeyError):
        restore_question(raw("self_rated", kind="riddle"))


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_a_student_sees_the_public_fields(kind: str) -> None:
    question = a_question(kind, hints=["one", "two"])
    public = question.public_view(1)

    asked = {"question_id": "q1", "kind": kind, "prompt": question.prompt, "hints_left": 1}
    assert public.items() >= asked.items()
    assert list(public)[:3] == ["question_id", "kind", "prompt"]
    assert list(public)[-1] == "hints_left"
    assert type(public["kind"]) is str


@given(questions(), st.text(max_size=5), st.integers(0, 12))
def test_no_part_of_the_key_is_ever_shown(question: Question, more: str, hints_used: int) -> None:
    secret = f"{SECRET}{more}"
    keys: dict[str, dict[str, Any]] = {
        "short_answer": {"answer": [secret]},
        "free_response": {"rubric": [{**RUBRIC[0], "text": secret, "criterion_id": secret}]},
        "self_rated": {"answer": secret},
        "numeric": {"tolerance": 7_654_321},
    }
    dumped = question.model_dump()
    if question.choices:
        dumped["choices"] = [{**choice, "why": secret} for choice in dumped["choices"]]
    full = ANY_QUESTION.validate_python(
        {
            **dumped,
            **keys.get(question.kind, {}),
            "explanation": secret,
            "hints": [secret],
            "note": secret,
            f"{SECRET}_key": [{"deep": secret}],
        }
    )

    public = full.public_view(hints_used)

    shown = json.dumps(public)
    assert SECRET not in shown
    assert "7654321" not in shown
    shared = {"question_id", "kind", "prompt", "choices", "unit", "hints_left"}
    assert public.keys() - shared <= type(full).model_fields.keys() - Question.model_fields.keys()
    assert public["hints_left"] == (1 if hints_used == 0 else 0)


@given(questions())
def test_a_guess_may_succeed_and_seldom_does(question: Question) -> None:
    assert 0 < question.guess_probability <= 0.5


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_a_kind_is_described_to_clients(kind: str) -> None:
    described = KINDS[kind]

    assert described.answer_description
    assert set(described.answer_types) <= {"string", "number", "boolean", "array", "object"}
    assert json.loads(json.dumps(described.model_json_schema()))["properties"]["kind"]

"""Questions: what an author may write, the faults named, and what students get to see of it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.domain.common.json_object import is_same_json
from shared.domain.questions.question import (
    Question,
    QuestionKind,
    guess_probability,
    public_question,
)
from tests.domain.conftest import free_json
from tests.domain.questions import CHOICES, KINDS, RUBRIC, a_question, questions, raw

SECRET = "sentinel"


def faults(question: object) -> set[str]:
    """The dotted paths at which a question is refused."""
    with pytest.raises(ValidationError) as refused:
        Question.model_validate_json(json.dumps(question))
    return {".".join(map(str, error["loc"])) for error in refused.value.errors()}


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_comes_back_as_its_author_wrote_it(kind: str) -> None:
    question = raw(
        kind,
        hints=["Look again"],
        explanation="Because.",
        difficulty=5,
        source={"page": 3, "tags": [None, True]},
    )

    assert is_same_json(Question.model_validate_json(json.dumps(question)).model_dump(), question)
    assert is_same_json(Question.model_validate(question).model_dump(), question)


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_kind_does_not_need_may_be_null(kind: str) -> None:
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
        ("numeric", {"answer": 10**100 - 1, "difficulty": 1}),
        (
            "multi_select",
            {
                "choices": [{"id": f"{i:0100}", "text": f"{i:02000}"} for i in range(20)],
                "answer": [f"{i:0100}" for i in range(20)],
            },
        ),
        ("multiple_choice", {"choices": CHOICES[:2], "difficulty": 5}),
        ("short_answer", {"answer": ["x" * 1_000] * 50}),
        (
            "free_response",
            {
                "rubric": [
                    {"criterion_id": f"{i:0100}", "text": f"{i:02000}", "points": 100}
                    for i in range(20)
                ]
            },
        ),
    ],
)
def test_a_question_may_be_as_large_as_this(kind: str, fields: dict[str, Any]) -> None:
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
        ("numeric", {"answer": ...}, {"answer"}),
        ("numeric", {"answer": None}, {"answer"}),
        ("numeric", {"answer": "six"}, {"answer"}),
        ("numeric", {"answer": ""}, {"answer"}),
        ("numeric", {"answer": "1,234"}, {"answer"}),
        ("numeric", {"answer": True}, {"answer"}),
        ("numeric", {"answer": [6]}, {"answer"}),
        ("numeric", {"answer": "6 kg"}, {"answer"}),
        ("numeric", {"answer": "6 m", "unit": ...}, {"answer"}),
        ("numeric", {"answer": "1/0"}, {"answer"}),
        ("numeric", {"answer": 10**101}, {"answer"}),
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
        ("multiple_choice", {"choices": ...}, {"choices"}),
        ("multiple_choice", {"choices": None}, {"choices"}),
        ("multiple_choice", {"choices": CHOICES[:1], "answer": "a"}, {"choices"}),
        (
            "multiple_choice",
            {"choices": [*CHOICES, CHOICES[1]]},
            {"choices.4.id", "choices.4.text"},
        ),
        ("multiple_choice", {"choices": [*CHOICES, {"id": "", "text": "x"}]}, {"choices.4.id"}),
        ("multiple_choice", {"choices": [*CHOICES, {"id": "e", "text": " "}]}, {"choices.4.text"}),
        (
            "multiple_choice",
            {"choices": [*CHOICES, {"id": "e", "text": " The  Moon\u200b"}]},
            {"choices.4.text"},
        ),
        ("multiple_choice", {"choices": [*CHOICES, {"id": "e"}]}, {"choices.4.text"}),
        (
            "multiple_choice",
            {"choices": [{"id": str(i), "text": str(i)} for i in range(21)], "answer": "1"},
            {"choices"},
        ),
        ("multiple_choice", {"answer": ...}, {"answer"}),
        (
            "multiple_choice",
            {"choices": [*CHOICES, {"id": "x" * 101, "text": "x"}]},
            {"choices.4.id"},
        ),
        ("multiple_choice", {"answer": "Venus"}, {"answer"}),
        ("multiple_choice", {"answer": 1}, {"answer"}),
        ("multiple_choice", {"answer": ["b"]}, {"answer"}),
        ("multi_select", {"choices": ...}, {"choices"}),
        ("multi_select", {"answer": ...}, {"answer"}),
        ("multi_select", {"answer": []}, {"answer"}),
        ("multi_select", {"answer": "a"}, {"answer"}),
        ("multi_select", {"answer": ["a", "a", "z", {}]}, {"answer.1", "answer.2", "answer.3"}),
        ("multi_select", {"answer": ["z"] * 21}, {"answer"}),
        ("short_answer", {"answer": ...}, {"answer"}),
        ("short_answer", {"answer": []}, {"answer"}),
        ("short_answer", {"answer": "Copernicus"}, {"answer"}),
        ("short_answer", {"answer": ["x"] * 51}, {"answer"}),
        ("short_answer", {"answer": ["x", "\u200b ", 3]}, {"answer.1", "answer.2"}),
        ("short_answer", {"answer": ["x" * 1_001]}, {"answer.0"}),
        ("free_response", {"rubric": ...}, {"rubric"}),
        ("free_response", {"rubric": []}, {"rubric"}),
        ("free_response", {"rubric": [*RUBRIC, RUBRIC[0]]}, {"rubric.2.criterion_id"}),
        ("free_response", {"rubric": [{**RUBRIC[0], "points": 0}]}, {"rubric.0.points"}),
        ("free_response", {"rubric": [{**RUBRIC[0], "points": 101}]}, {"rubric.0.points"}),
        ("free_response", {"rubric": [{**RUBRIC[0], "points": True}]}, {"rubric.0.points"}),
        ("free_response", {"rubric": [{**RUBRIC[0], "text": " "}]}, {"rubric.0.text"}),
        (
            "free_response",
            {"rubric": [{**RUBRIC[0], "criterion_id": ""}]},
            {"rubric.0.criterion_id"},
        ),
        ("free_response", {"rubric": "be kind"}, {"rubric"}),
        (
            "free_response",
            {"rubric": [{**RUBRIC[0], "criterion_id": str(i)} for i in range(21)]},
            {"rubric"},
        ),
    ],
)
def test_a_fault_is_named_at_its_place(kind: str, fields: dict[str, Any], paths: set[str]) -> None:
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
def test_any_answer_key_is_taken_or_refused_at_its_place(answer: Any) -> None:
    for kind in KINDS:
        try:
            a_question(kind, answer=answer)
        except ValidationError:
            assert {path.split(".")[0] for path in faults(raw(kind, answer=answer))} == {"answer"}


def test_a_huge_answer_key_is_refused_without_going_through_it() -> None:
    for kind in ("multi_select", "short_answer"):
        assert faults(raw(kind, answer=["a"] * 100_000)) == {"answer"}


@pytest.mark.parametrize(
    ("kind", "seen"),
    [
        ("multiple_choice", {"choices": CHOICES}),
        ("multi_select", {"choices": CHOICES}),
        ("numeric", {"unit": "m/s²"}),
        ("short_answer", {}),
        ("free_response", {}),
        ("self_rated", {}),
    ],
)
def test_a_student_sees_what_is_asked_and_nothing_else(kind: str, seen: dict[str, Any]) -> None:
    public = public_question(a_question(kind, hints=["one", "two"]), 1)

    asked = {"question_id": "q1", "kind": kind, "prompt": "Well?", "hints_left": 1}
    assert is_same_json(public, {**asked, **seen})
    assert type(public["kind"]) is str


def test_choices_are_shown_only_where_there_is_a_choice_and_a_unit_only_with_a_number() -> None:
    fields = {"choices": CHOICES, "unit": "m"}

    assert "choices" not in public_question(a_question("numeric", **fields), 0)
    assert "unit" not in public_question(a_question("multiple_choice", **fields), 0)
    assert "unit" not in public_question(a_question("numeric", unit=None), 0)


@given(questions(), st.text(max_size=5), st.integers(0, 12))
def test_no_part_of_the_key_is_ever_shown(question: Question, more: str, hints_used: int) -> None:
    secret = f"{SECRET}{more}"
    keys: dict[str, dict[str, Any]] = {
        "short_answer": {"answer": [secret]},
        "free_response": {"rubric": [{**RUBRIC[0], "text": secret, "criterion_id": secret}]},
        "self_rated": {"answer": secret},
        "numeric": {"tolerance": 7_654_321},
    }
    told = question.model_dump()
    if question.choices:
        told["choices"] = [{**choice, "why": secret} for choice in told["choices"]]
    full = Question.model_validate(
        {
            **told,
            **keys.get(question.kind, {}),
            "explanation": secret,
            "hints": [secret],
            "note": secret,
            f"{SECRET}_key": [{"deep": secret}],
        }
    )

    public = public_question(full, hints_used)

    shown = json.dumps(public)
    assert SECRET not in shown
    assert "7654321" not in shown
    assert public.keys() <= {"question_id", "kind", "prompt", "choices", "unit", "hints_left"}
    assert public["hints_left"] == (1 if hints_used == 0 else 0)


@pytest.mark.parametrize(
    ("kind", "count", "chance"),
    [
        ("multiple_choice", 2, 0.3),
        ("multiple_choice", 3, 0.3),
        ("multiple_choice", 4, 0.25),
        ("multiple_choice", 20, 0.05),
        ("multi_select", 2, 0.3),
        ("multi_select", 3, 1 / 7),
        ("multi_select", 4, 1 / 15),
        ("multi_select", 20, 1 / 1_048_575),
    ],
)
def test_guessing_among_choices_succeeds_by_their_number(
    kind: str, count: int, chance: float
) -> None:
    choices = [{"id": str(i), "text": f"option {i}"} for i in range(count)]
    answer = "0" if kind == "multiple_choice" else ["0"]

    assert guess_probability(a_question(kind, choices=choices, answer=answer)) == chance


@pytest.mark.parametrize(
    ("kind", "chance"),
    [("numeric", 0.1), ("short_answer", 0.1), ("free_response", 0.1), ("self_rated", 0.3)],
)
def test_guessing_in_writing_seldom_succeeds(kind: str, chance: float) -> None:
    assert guess_probability(a_question(kind)) == chance


def test_there_are_no_other_kinds() -> None:
    assert sorted(QuestionKind) == KINDS

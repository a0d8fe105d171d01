"""free_response: free text, graded by a rubric. Grading itself: test_rubric.py."""

from typing import Any

import pytest

from shared.domain.questions.answers import MAX_ANSWER_CHARACTERS
from tests.unit.domain.questions.samples import RUBRIC, a_question, faults, raw, refusal, words

SAMPLE: dict[str, Any] = {"rubric": RUBRIC}
ANSWERS = words
MODEL_OUTPUT: dict[str, Any] = {"answer": []}


def test_a_question_at_its_bounds_is_accepted() -> None:
    rubric = [{"criterion_id": f"{i:0100}", "text": f"{i:02000}", "points": 100} for i in range(20)]
    assert a_question("free_response", rubric=rubric).kind == "free_response"


@pytest.mark.parametrize(
    ("fields", "paths"),
    [
        ({"rubric": ...}, {"rubric"}),
        ({"rubric": []}, {"rubric"}),
        ({"rubric": [*RUBRIC, RUBRIC[0]]}, {"rubric.2.criterion_id"}),
        ({"rubric": [{**RUBRIC[0], "points": 0}]}, {"rubric.0.points"}),
        ({"rubric": [{**RUBRIC[0], "points": 101}]}, {"rubric.0.points"}),
        ({"rubric": [{**RUBRIC[0], "points": True}]}, {"rubric.0.points"}),
        ({"rubric": [{**RUBRIC[0], "text": " "}]}, {"rubric.0.text"}),
        ({"rubric": [{**RUBRIC[0], "criterion_id": ""}]}, {"rubric.0.criterion_id"}),
        ({"rubric": "be kind"}, {"rubric"}),
        ({"rubric": [{**RUBRIC[0], "criterion_id": str(i)} for i in range(21)]}, {"rubric"}),
    ],
)
def test_a_fault_is_named_at_its_path(fields: dict[str, Any], paths: set[str]) -> None:
    assert faults(raw("free_response", **fields)) == paths


def test_a_student_sees_the_prompt_alone() -> None:
    asked = {"question_id": "q1", "kind": "free_response", "prompt": "Well?", "hints_left": 1}
    assert a_question("free_response", hints=["one", "two"]).public_view(1) == asked


@pytest.mark.parametrize(
    ("raw", "answer"),
    [
        ("One line\r\nand\x00 another", "One line\nand another"),
        ("x" * MAX_ANSWER_CHARACTERS, "x" * MAX_ANSWER_CHARACTERS),
        (f" {'x' * MAX_ANSWER_CHARACTERS}\u200b", "x" * MAX_ANSWER_CHARACTERS),
    ],
)
def test_a_text_is_an_answer_once_it_is_cleaned(raw: str, answer: str) -> None:
    assert a_question("free_response").parse_answer(raw) == answer


@pytest.mark.parametrize("raw", [5, ["text"], "\u200b\u2060", "\x00\x1b"])
def test_an_invalid_answer_is_refused(raw: Any) -> None:
    assert refusal(a_question("free_response"), raw)


def test_a_text_one_character_too_long_is_refused_with_the_limit() -> None:
    assert "10000" in refusal(a_question("free_response"), "x" * (MAX_ANSWER_CHARACTERS + 1))


def test_invisible_characters_do_not_count_unless_there_are_more_of_them_than_text_may_be() -> None:
    padded = "x\u200b" * MAX_ANSWER_CHARACTERS

    assert a_question("free_response").parse_answer(padded) == "x" * MAX_ANSWER_CHARACTERS
    assert "10000" in refusal(a_question("free_response"), f"{padded}\u200b")


def test_free_text_is_not_graded_without_findings() -> None:
    with pytest.raises(ValueError, match="rubric"):
        a_question("free_response").grade("Because of the tilt.")


def test_a_written_guess_seldom_succeeds() -> None:
    assert a_question("free_response").guess_probability == 0.1

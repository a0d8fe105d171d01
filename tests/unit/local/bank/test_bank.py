"""The example bank is a valid template, large enough for practice, and gives no answer away."""

import re
from collections import Counter, defaultdict
from fractions import Fraction
from typing import Any

import pytest

from functions.create_template.contract import CreateTemplate
from local.examples import BANK_FILE, theory_template
from shared.domain.templates.template import remove_answer_keys
from tests.support.bank import EXERCISES, QUESTIONS, in_words, right_choices, says

MAX_BYTES = 60_000
KINDS = {
    "multiple_choice": {"choices", "answer"},
    "multi_select": {"choices", "answer"},
    "numeric": {"answer"},
    "short_answer": {"answer"},
    "free_response": {"rubric"},
    "self_rated": set[str](),
}
EVERY_QUESTION = {"question_id", "kind", "difficulty", "prompt", "hints", "explanation"}
each_question = pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)


def right_texts(question: dict[str, Any]) -> list[str]:
    """Every text that gives the answer away."""
    match question["kind"]:
        case "multiple_choice" | "multi_select":
            return right_choices(question)
        case "short_answer":
            return list(question["answer"])
        case "numeric":
            return in_words(question["answer"])
        case "free_response":
            return [criterion["text"] for criterion in question["rubric"]]
        case _:
            return []


def test_the_bank_is_a_valid_request_and_nothing_of_it_is_lost() -> None:
    command = CreateTemplate.model_validate_json(BANK_FILE.read_bytes())
    assert command.template_data.model_dump() == theory_template()["template_data"]


def test_the_bank_stays_small() -> None:
    assert BANK_FILE.stat().st_size < MAX_BYTES


def test_students_get_everything_but_the_answer_key() -> None:
    command = CreateTemplate.model_validate_json(BANK_FILE.read_bytes())
    public: dict[str, Any] = remove_answer_keys(command.template_data)[0]
    exercises = [exercise for section in public["sections"] for exercise in section["exercises"]]
    shown = {field for exercise in exercises for q in exercise["questions"] for field in q}
    assert shown == EVERY_QUESTION - {"explanation", "hints"} | {"choices", "unit", "tolerance"}


def test_there_is_enough_of_every_kind_and_skill() -> None:
    kinds = Counter(question["kind"] for question in QUESTIONS.values())
    skills: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for exercise in EXERCISES:
        skills[exercise["skill"]] += exercise["questions"]
    assert kinds.keys() == KINDS.keys()
    assert min(kinds.values()) >= 3
    assert len(QUESTIONS) >= 48
    assert len(skills) >= 4
    for questions in skills.values():
        assert len({question["kind"] for question in questions}) >= 4
        assert len({question["difficulty"] for question in questions}) >= 3


def test_no_id_and_no_prompt_occurs_twice() -> None:
    questions = [question for exercise in EXERCISES for question in exercise["questions"]]
    ids = [question["question_id"] for question in questions] + [e["id"] for e in EXERCISES]
    prompts = [question["prompt"].casefold() for question in questions]
    assert len(set(ids)) == len(ids)
    assert len(set(prompts)) == len(prompts)


@each_question
def test_a_question_has_the_fields_of_its_kind(question: dict[str, Any]) -> None:
    optional = {"tolerance", "unit"} if question["kind"] == "numeric" else set()
    assert question.keys() - optional == EVERY_QUESTION | KINDS[question["kind"]]
    assert question["difficulty"] in range(1, 6)
    assert 1 <= len(question["hints"]) <= 3
    assert all(len(text.strip()) > 15 for text in [*question["hints"], question["explanation"]])
    assert len(re.findall(r"[.?!](?= |$)", question["explanation"])) <= 3


@each_question
def test_the_answer_key_fits_the_kind(question: dict[str, Any]) -> None:
    match question["kind"]:
        case "multiple_choice" | "multi_select":
            ids = [choice["id"] for choice in question["choices"]]
            texts = [choice["text"] for choice in question["choices"]]
            assert ids == list("abcdef"[: len(ids)])
            assert len(set(texts)) == len(texts) >= 4
            if question["kind"] == "multiple_choice":
                assert question["answer"] in ids
            else:
                assert question["answer"] == sorted(set(question["answer"]) & set(ids))
                assert 2 <= len(question["answer"]) < len(ids)
        case "numeric":
            assert Fraction(question["answer"]) > 0
            assert question.get("tolerance", 1) > 0
        case "short_answer":
            assert len(set(question["answer"])) == len(question["answer"]) >= 2
        case "free_response":
            ids = [criterion["criterion_id"] for criterion in question["rubric"]]
            assert len(set(ids)) == len(ids) >= 2
            assert all(criterion["points"] in (1, 2) for criterion in question["rubric"])


@each_question
def test_hints_and_prompt_do_not_give_the_answer_away(question: dict[str, Any]) -> None:
    shown = list(question["hints"])
    if question["kind"] == "short_answer":
        shown.append(question["prompt"])
    right = right_texts(question)
    leaks = [(text, words) for text in shown for words in right if says(text, words)]
    assert not leaks


def test_the_right_choice_stands_out_neither_by_position_nor_by_length() -> None:
    single = [q for q in QUESTIONS.values() if q["kind"] == "multiple_choice"]
    several = [q for q in QUESTIONS.values() if q["kind"] == "multi_select"]
    places = Counter(question["answer"] for question in single)
    assert places.keys() == set("abcd")
    assert max(places.values()) <= len(single) / 3
    assert Counter(place for q in several for place in q["answer"]).keys() == set("abcde")
    assert len({tuple(question["answer"]) for question in several}) >= 4
    longest = [q for q in single if len(right_choices(q)[0]) > longest_wrong(q)]
    assert len(longest) <= len(single) / 4


def longest_wrong(question: dict[str, Any]) -> int:
    right = right_choices(question)
    return max(len(c["text"]) for c in question["choices"] if c["text"] not in right)

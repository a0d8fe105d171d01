"""Adding questions to templates: what comes, what stays, and that nothing comes twice."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from admin.content.bank import Bank, BankFull, Outcome, Part
from admin.content.items import Item, Note
from shared.domain.common.json_object import MAX_BYTES, json_size_bytes
from shared.domain.templates.template import TemplateContent, TemplateData

DATA: TypeAdapter[Any] = TypeAdapter(TemplateData)


def an_item(
    prompt: str = "Well?", *, exercise: str = "", question_id: str | None = None, **more: Any
) -> Item:
    identified = {} if question_id is None else {"question_id": question_id}
    question = {**identified, "kind": "short_answer", "prompt": prompt, "answer": ["yes"], **more}
    return Item("line 1", prompt, exercise, question)


def a_bank(*contents: dict[str, Any], **options: Any) -> Bank:
    parts = [Part(deepcopy(content)) for content in contents]
    return Bank(parts, section="Questions", exercise="Imported", **options)


def outcomes(bank: Bank, *items: Item) -> list[Outcome]:
    return [bank.add(item).outcome for item in items]


def contents(bank: Bank) -> list[dict[str, Any]]:
    return [part.content for part in bank.parts]


def prompts(bank: Bank) -> dict[str, list[str]]:
    return {
        exercise["name"]: [question["prompt"] for question in exercise["questions"]]
        for part in bank.parts
        for exercise in part.exercises()
    }


def test_questions_come_into_the_exercise_that_the_file_names_or_that_of_the_rest() -> None:
    bank = a_bank()
    outcomes(bank, an_item("A?"), an_item("B?", exercise="Lines\n"), an_item("C?"))
    assert prompts(bank) == {"Imported": ["A?", "C?"], "Lines": ["B?"]}
    (content,) = contents(bank)
    assert [section["name"] for section in content["sections"]] == ["Questions"]
    assert isinstance(DATA.validate_python(content), TemplateContent)


def test_an_exercise_that_is_there_is_filled_where_it_stands() -> None:
    there = {"sections": [{"name": "Warm-up", "exercises": [{"name": "Lines"}]}], "tags": ["x"]}
    bank = a_bank(there)
    outcomes(bank, an_item("B?", exercise="Lines"))
    (content,) = contents(bank)
    assert content["tags"] == ["x"]
    (section,) = content["sections"]
    assert section["exercises"][0]["questions"][0]["prompt"] == "B?"


@given(st.lists(st.integers(0, 5), max_size=12))
def test_the_same_items_again_change_nothing(numbers: list[int]) -> None:
    items = [an_item(f"{n % 4}?", exercise=str(n % 2), question_id=f"q{n}") for n in numbers]
    first = a_bank()
    outcomes(first, *items)
    again = a_bank(*contents(first))
    assert set(outcomes(again, *items)) <= {Outcome.PRESENT}
    assert contents(again) == contents(first)
    assert not any(part.is_changed for part in again.parts)


def test_the_same_question_twice_in_a_file_comes_once() -> None:
    bank = a_bank()
    assert outcomes(bank, an_item(), an_item(exercise="Other"), an_item(question_id="q1")) == [
        Outcome.TAKEN,
        Outcome.PRESENT,
        Outcome.PRESENT,
    ]


def test_two_questions_of_one_id_in_a_file_are_both_taken_and_again_nothing_comes() -> None:
    items = an_item("A?", question_id="q"), an_item("B?", question_id="q")
    bank = a_bank()
    assert outcomes(bank, *items) == [Outcome.TAKEN, Outcome.CHANGED]
    again = a_bank(*contents(bank), replaces=True)
    assert outcomes(again, *items) == [Outcome.PRESENT, Outcome.PRESENT]


def test_an_id_of_an_exercise_is_not_that_of_a_question() -> None:
    there = {"sections": [{"name": "S", "exercises": [{"id": "q", "name": "Lines"}]}]}
    bank = a_bank(there)
    line = bank.add(an_item(question_id="q"))
    assert (line.outcome, len(line.notes)) == (Outcome.CHANGED, 1)
    DATA.validate_python(contents(bank)[0])


def test_another_question_of_the_same_id_stays_unless_it_is_to_be_replaced() -> None:
    first = a_bank()
    outcomes(first, an_item("A?", question_id="q"))
    kept = a_bank(*contents(first))
    assert outcomes(kept, an_item("B?", question_id="q")) == [Outcome.KEPT]
    assert contents(kept) == contents(first)
    replaced = a_bank(*contents(first), replaces=True)
    assert outcomes(replaced, an_item("B?", question_id="q")) == [Outcome.REPLACED]
    assert prompts(replaced) == {"Imported": ["B?"]}
    assert replaced.parts[0].is_changed


def test_an_invalid_question_is_refused_with_its_fields() -> None:
    bank = a_bank()
    line = bank.add(an_item(answer=[], difficulty=9))
    assert line.outcome is Outcome.REFUSED
    assert "answer: must be a list of 1 to 50 accepted texts" in line.notes[0]
    assert "difficulty: " in line.notes[0]
    refused = bank.add(Item("line 2", "x", "", None, (Note("no_key"),)))
    assert (refused.outcome, refused.notes) == (Outcome.REFUSED, ("It names no right answer.",))
    assert bank.parts == []


def test_a_long_name_of_an_exercise_is_shortened_and_named() -> None:
    bank = a_bank()
    line = bank.add(an_item(exercise="x" * 201))
    assert (line.outcome, list(prompts(bank))) == (Outcome.CHANGED, ["x" * 200])


def long_items(count: int) -> list[Item]:
    return [an_item(f"{n}? {'x' * 9_900}", exercise="Long") for n in range(count)]


def test_what_does_not_fit_into_one_template_begins_a_further_one() -> None:
    bank = a_bank()
    outcomes(bank, *long_items(50))
    assert len(bank.parts) == 3
    for part in bank.parts:
        assert json_size_bytes(part.content) <= MAX_BYTES
        assert abs(part.size_bytes - json_size_bytes(part.content)) < 1_500
        DATA.validate_python(part.content)
    again = a_bank(*contents(bank))
    assert set(outcomes(again, *long_items(50))) == {Outcome.PRESENT}


def test_one_template_that_is_full_takes_nothing() -> None:
    bank = a_bank({"sections": []}, may_grow=False)
    with pytest.raises(BankFull):
        outcomes(bank, *long_items(50))


@pytest.mark.parametrize("mark", [",", "."])
def test_a_template_with_a_decimal_mark_reads_imported_keys_as_their_file_does(mark: str) -> None:
    """And the same file once more adds nothing."""
    keys = {"1.234": ".", "1,5": ",", "2x + 0.5": ".", 3.5: None, "1/2": "."}
    items = [
        Item(
            f"line {n}",
            "",
            "Numbers",
            {
                "kind": "expression" if "x" in str(key) else "numeric",
                "prompt": f"{n}?",
                "answer": key,
            },
        )
        for n, key in enumerate(keys)
    ]
    content: dict[str, Any] = {"sections": [], "decimal_mark": mark}
    bank = Bank([Part(content)], section="S", exercise="E")

    outcomes = [bank.add(item).outcome for item in items]

    assert set(outcomes) == {Outcome.TAKEN}
    (exercise,) = content["sections"][0]["exercises"]
    assert [q.get("decimal_mark") for q in exercise["questions"]] == list(keys.values())
    again = Bank([Part(content)], section="S", exercise="E")
    assert {again.add(item).outcome for item in items} == {Outcome.PRESENT}

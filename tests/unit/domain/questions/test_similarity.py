"""Prompts that ask the same in nearly the same words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.questions.similarity import are_near_duplicates, are_same_task, prompt_tokens


def alike(one: str, other: str) -> bool:
    return are_near_duplicates(prompt_tokens(one), prompt_tokens(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What is 3 + 4?", "what is  3+4"),
        ("What is 3 + 4?", "3 + 4 is what?"),
        (
            "Which lasts longest: a whole or a half note?",
            "Which lasts longest, a half or a whole note",
        ),
        (
            "A train goes 60 km in an hour. How far does it get in 3 hours?",
            "A train goes 60 km in an hour; how far does it get in 3 hours then?",
        ),
    ],
)
def test_other_punctuation_order_or_a_few_words_make_no_other_question(
    one: str, other: str
) -> None:
    assert alike(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What is 3 + 4?", "What is 3 + 5?"),
        ("What is 4 - 3?", "What is 3 - 4?"),
        ("What is 4 - 3?", "What is 4 + 3?"),
        ("Which city is the capital of Peru?", "Which city is the capital of Cuba?"),
        ("When did the war begin?", "When did the war end?"),
    ],
)
def test_other_numbers_signs_or_names_make_another_question(one: str, other: str) -> None:
    assert not alike(one, other)


def test_the_same_numbers_are_the_same_task_in_other_words() -> None:
    train = prompt_tokens("A train goes 60 km/h. How far does it get in 3 hours?")
    car = prompt_tokens("Driving at 60 km/h for 3 hours, what way does a car make?")
    assert are_same_task(train, car)
    assert not are_same_task(prompt_tokens("Name 1 river."), prompt_tokens("Name 1 lake."))


@given(st.text(), st.text())
def test_likeness_is_mutual_and_every_prompt_is_like_itself(one: str, other: str) -> None:
    assert alike(one, one)
    assert alike(one, other) is alike(other, one)


@given(st.text())
def test_prompts_with_the_same_tokens_have_the_same_digest(text: str) -> None:
    assert prompt_tokens(f"  {text} ").digest == prompt_tokens(text).digest

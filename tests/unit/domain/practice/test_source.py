"""The source that a session copies from its template: enough for practice, bounded in size."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.examples import theory_template
from shared.domain.common.errors import InvalidArgument, SessionContextTampered
from shared.domain.common.json_object import json_size_bytes
from shared.domain.practice.question_bank import MAX_BANK_BYTES, MAX_BANK_QUESTIONS
from shared.domain.practice.source import (
    MAX_EXERCISES,
    MAX_SKILLS,
    Source,
    TemplateSealContent,
    source_from_template,
)
from shared.domain.practice.state import Practice
from shared.domain.practice.transitions import MAX_MISSED, MISSED_CHARACTERS, start_practice
from shared.firestore.rest_format import decode_source_data
from tests.support.rest_format import in_rest
from tests.support.tutor.playing import NOON, Player, wrong
from tests.unit.domain.samples import free_json

Json = dict[str, Any]


def template(*exercises: Json) -> Json:
    return {
        "name": "T",
        "template_data": {"sections": [{"name": "S", "exercises": list(exercises)}]},
    }


def question(number: int = 1, **fields: Any) -> Json:
    return {
        "question_id": f"q{number}",
        "kind": "numeric",
        "prompt": f"{number} + 0",
        "answer": number,
        **fields,
    }


def of(*exercises: Json) -> Source:
    return source_from_template(template(*exercises), None)


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "skill": st.sampled_from(["a", "A ", "b", "c"]) | st.text("xyz", min_size=1),
                "prompts": st.lists(st.integers(1, 9_000), max_size=6),
            }
        ),
        min_size=1,
        max_size=60,
    )
)
def test_the_source_of_any_template_is_bounded_and_complete(drawn: list[Json]) -> None:
    exercises = [
        {
            "name": f"e{i}",
            "skill": each["skill"],
            "questions": [
                question(question_id=f"{i}-{j}", prompt="p" * size)
                for j, size in enumerate(each["prompts"])
            ],
        }
        for i, each in enumerate(drawn)
    ]
    if sum(sum(each["prompts"]) for each in drawn) > 150_000:
        return

    taken = of(*exercises)

    skills = {skill.skill_id for skill in taken.skills}
    assert 1 <= len(taken.skills) == len(skills) <= MAX_SKILLS
    assert len(taken.exercises) <= MAX_EXERCISES
    assert 1 <= len(taken.bank) <= MAX_BANK_QUESTIONS
    assert sum(json_size_bytes(e.question.model_dump()) for e in taken.bank) <= MAX_BANK_BYTES
    # Every question belongs to a skill of the source, because a block is made for one skill.
    assert {entry.skill_id for entry in taken.bank} <= skills
    assert {exercise.skill_id for exercise in taken.exercises} <= skills


def test_skills_with_equivalent_names_are_one_skill() -> None:
    taken = of({"name": "a", "skill": "Long  Tones"}, {"name": "b", "skill": "long tones"})
    assert [skill.name for skill in taken.skills] == ["Long  Tones"]
    assert {entry.skill_id for entry in taken.bank} == {taken.skills[0].skill_id}


def test_a_question_that_would_fill_the_bank_is_left_out_for_the_others() -> None:
    big = question(1, hints=["é" * 1_999 for _ in range(10)])
    taken = of({"name": "E", "questions": [big, question(2)]})
    assert [entry.question.question_id for entry in taken.bank] == ["q2"]


def test_an_exercise_with_only_such_a_question_is_self_rated() -> None:
    big = question(1, hints=["é" * 1_999 for _ in range(10)])
    bank = of({"name": "E", "questions": [big]}).bank
    assert {entry.question.kind for entry in bank} == {"self_rated"}


@pytest.mark.parametrize(
    "sections",
    [[], [{"name": "Rest"}], [{"name": "Songs", "exercises": []}]],
    ids=["no sections", "no exercises", "an empty list of exercises"],
)
def test_an_empty_template_is_refused_by_name(sections: list[Json]) -> None:
    with pytest.raises(InvalidArgument) as refused:
        source_from_template({"name": "Nothing", "template_data": {"sections": sections}}, None)
    (error,) = refused.value.errors
    assert error.path == "session_context.source_data.template_data.sections"
    assert "this template is empty" in error.message


def test_of_too_many_exercises_without_questions_each_has_all_of_its_ratings() -> None:
    bank = of(*({"name": f"e{i}", "skill": "One"} for i in range(200))).bank
    assert len(bank) == MAX_BANK_QUESTIONS // 3 * 3


def test_unknown_fields_of_a_question_are_not_copied() -> None:
    (entry,) = of({"name": "E", "questions": [question(1, video="x" * 100_000)]}).bank
    assert entry.question.model_dump() == question(1)


@pytest.mark.parametrize(
    "number", [float("inf"), float("nan"), None, "1e3", "", [], {}, "9" * 5_000]
)
def test_an_invalid_integer_is_refused_in_the_rest_format(number: Any) -> None:
    with pytest.raises(InvalidArgument):
        decode_source_data({"fields": {"name": {"integerValue": number}}})


@given(free_json)
def test_the_rest_format_gives_the_same_source(value: Any) -> None:
    document = {"fields": {"template_data": in_rest(value), "seal": {"stringValue": "s"}}}
    assert decode_source_data(document).fields == {"template_data": value, "seal": "s"}


@given(st.dictionaries(st.text(max_size=4), free_json))
def test_plain_fields_are_left_as_they_are(fields: Json) -> None:
    plain = {**fields, "template_data": {}}
    assert decode_source_data(plain).fields == plain


def test_missed_questions_are_cut_short_and_only_the_latest_are_stored() -> None:
    questions = [question(n, prompt=f"{n}" + "é" * 4_000) for n in range(3)]
    practice: Practice = start_practice(
        of({"name": "E", "questions": questions}),
        session_id="s",
        student_id="student",
        tutor="offline",
        at=NOON,
    )
    player = Player(practice)
    player.present()
    for _ in range(MAX_MISSED + 2):
        player.answer(wrong(player.pending))
    missed = player.practice.missed
    assert len(missed) == MAX_MISSED
    assert {len(prompt) for prompt in missed} == {MISSED_CHARACTERS}


def test_an_edited_source_is_to_be_read_again() -> None:
    sealed = TemplateSealContent(
        template_id="t", owner_id="o", version=1, content_hash="another", keys={}
    )
    for edited in (theory_template(), {**theory_template(), "topic": ["long"] * 200_000}):
        with pytest.raises(SessionContextTampered, match="read the template again"):
            source_from_template(edited, sealed)

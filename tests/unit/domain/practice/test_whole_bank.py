"""A plan that asks each question of a template once."""

from typing import Any

import pytest

from shared.domain.common.errors import InvalidArgument
from shared.domain.practice.source import MAX_SKILLS, Source, source_from_template
from shared.domain.practice.whole_bank import MAX_BLOCK, plan_whole_bank
from tests.unit.domain.samples import a_template


def question(number: int, **fields: Any) -> dict[str, Any]:
    return {"question_id": f"q{number}", "kind": "self_rated", "prompt": "Sing it.", **fields}


def exercise(name: str, numbers: range) -> dict[str, Any]:
    return {"id": name, "name": name, "questions": [question(n) for n in numbers]}


def planned(*exercises: dict[str, Any]) -> Source:
    data = {"sections": [{"name": "All", "exercises": list(exercises)}]}
    template = a_template(data)
    source = source_from_template(template.model_dump(), None)
    return plan_whole_bank(source, template.template_data)


def asked(source: Source) -> list[str]:
    return [id_ for block in source.plan or [] for id_ in block.question_ids]


def test_each_question_is_asked_once_in_the_authors_order() -> None:
    source = planned(exercise("a", range(7)), exercise("b", range(7, 9)))
    assert asked(source) == [f"q{n}" for n in range(9)]
    assert sorted(entry.question.question_id for entry in source.bank) == sorted(asked(source))


def test_a_block_has_questions_of_one_exercise_and_few_of_them() -> None:
    source = planned(exercise("a", range(MAX_BLOCK + 1)), exercise("b", range(10, 12)))
    sizes = [len(block.question_ids) for block in source.plan or []]
    assert sizes == [MAX_BLOCK, 1, 2]


def test_exercises_without_questions_are_left_out() -> None:
    source = planned(exercise("a", range(2)), {"name": "Rest"}, exercise("b", range(2, 3)))
    assert asked(source) == ["q0", "q1", "q2"]
    assert [skill.name for skill in source.skills] == ["a", "b"]
    assert len(source.bank) == 3


@pytest.mark.parametrize(
    ("exercises", "words"),
    [
        ([{"name": "Rest"}], "no questions"),
        ([exercise("a", range(101))], "more questions"),
        ([exercise("a", range(2)), {**exercise("b", range(2, 3)), "questions": []}], None),
        ([exercise("a", range(100))], None),
    ],
)
def test_a_template_without_questions_or_with_too_many_is_refused(
    exercises: list[dict[str, Any]], words: str | None
) -> None:
    if words is None:
        assert asked(planned(*exercises))
        return
    with pytest.raises(InvalidArgument) as refusal:
        planned(*exercises)
    (error,) = refusal.value.errors
    assert error.path == "template_id"
    assert words in error.message


def test_questions_that_exceed_the_bytes_of_a_bank_are_refused() -> None:
    long = [question(n, prompt="x" * 9_000) for n in range(4)]
    with pytest.raises(InvalidArgument) as refusal:
        planned({"name": "a", "questions": long})
    assert "30 KB" in refusal.value.errors[0].message


def of_skills(count: int) -> Source:
    return planned(*(exercise(f"e{n}", range(n, n + 1)) for n in range(count)))


def test_a_template_of_more_skills_than_practice_knows_is_refused() -> None:
    source = of_skills(MAX_SKILLS)
    assert {entry.skill_id for entry in source.bank} == {s.skill_id for s in source.skills}
    with pytest.raises(InvalidArgument) as refusal:
        of_skills(MAX_SKILLS + 1)
    assert "20 skills" in refusal.value.errors[0].message

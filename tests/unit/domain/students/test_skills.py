"""A student's skill: what answers change of it, and the way back to the questions asked."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from shared.domain.questions.grades import Grade
from shared.domain.students.evidence import Belief, observe
from shared.domain.students.local_days import LocalDays
from shared.domain.students.skills import (
    MAX_NODES,
    MAX_SOURCES,
    Skill,
    SkillSource,
    add_source,
    apply_attempts,
)


def practised(*sources: tuple[str, list[str]]) -> list[tuple[str, list[str]]]:
    skill = Skill(skill_id="scales", name="Scales")
    for template_id, node_ids in sources:
        skill = add_source(skill, SkillSource(template_id=template_id, node_ids=node_ids))
    return [(source.template_id, source.node_ids) for source in skill.sources]


def test_the_latest_template_comes_first_and_each_once() -> None:
    assert practised(("t1", ["a"]), ("t2", ["b"]), ("t1", ["c", "a"]), ("t3", [])) == [
        ("t3", []),
        ("t1", ["c", "a"]),
        ("t2", ["b"]),
    ]


def test_earlier_nodes_of_a_template_follow_the_latest() -> None:
    assert practised(("t", ["a", "b"]), ("t", ["c", "b"])) == [("t", ["c", "b", "a"])]


def test_the_newest_templates_and_nodes_are_kept() -> None:
    kept = practised(*((f"t{n}", [f"n{i}" for i in range(100)]) for n in range(9)))

    assert [template_id for template_id, _ in kept] == ["t8", "t7", "t6", "t5", "t4"]
    assert len(kept) == MAX_SOURCES
    assert all(node_ids == [f"n{i}" for i in range(MAX_NODES)] for _, node_ids in kept)


class Answered(NamedTuple):
    at: datetime
    grade: Grade = Grade.GOOD
    question_id: str = "q"
    score: float = 1.0
    guess: float = 0.1
    hinted: bool = False
    first_attempt: bool = True


MORNING = datetime(2026, 3, 1, 8, tzinfo=UTC)


def after(
    *attempts: Answered, skill: Skill | None = None, repeated: set[str] | None = None
) -> Skill:
    return apply_attempts(
        skill or Skill(skill_id="scales", name="Scales"),
        attempts,
        repeated=repeated or set(),
        days=LocalDays("Europe/Berlin", "00:00"),
        student_id="ann",
    )


def test_only_the_first_answer_of_a_day_is_a_review() -> None:
    first = after(Answered(MORNING))
    day = after(
        Answered(MORNING),
        *(Answered(MORNING + timedelta(hours=n), Grade.AGAIN, f"q{n}", 0) for n in range(1, 9)),
    )
    assert (day.card, day.due_at) == (first.card, first.due_at)
    assert day.attempts == 9
    assert day.p_mastery < first.p_mastery
    next_day = after(Answered(MORNING + timedelta(days=1), Grade.AGAIN), skill=day)
    assert next_day.card["stability"] < day.card["stability"]


def test_a_skill_of_a_version_without_beliefs_goes_on_from_its_probability() -> None:
    traced = Skill(skill_id="scales", name="Scales", p_mastery=0.9, attempts=5, seen=["a", "b"])
    assert traced.belief == Belief.of_tracing(0.9)
    assert traced.firsts_asked == 2
    once_more = after(Answered(MORNING), skill=traced)
    assert once_more.p_known == pytest.approx(
        observe(traced.belief, score=1, guess=0.1).known, 1e-5
    )
    assert (once_more.attempts, once_more.firsts) == (6, 3)


def test_what_is_not_recalled_is_discounted_at_the_first_answer_of_a_later_day() -> None:
    known = after(*(Answered(MORNING, question_id=f"q{n}") for n in range(10)))
    assert known.p_known is not None
    assert known.p_known > 0.98
    wrong = [Answered(MORNING + timedelta(days=400), Grade.AGAIN, "new", 0)]
    assert after(*wrong, skill=known).p_mastery < 0.6
    soon = [Answered(MORNING + timedelta(hours=1), Grade.AGAIN, "new", 0)]
    assert after(*soon, skill=known).p_mastery > after(*wrong, skill=known).p_mastery


def test_a_question_that_an_earlier_session_asked_shows_less() -> None:
    new = after(Answered(MORNING))
    again = after(Answered(MORNING), repeated={"q"})
    assert again.p_mastery < new.p_mastery
    assert (new.firsts, again.firsts) == (1, 0)


def test_a_skill_is_discounted_as_the_client_does() -> None:
    """The figures are those of clients/typescript/test/skills.test.ts."""
    reviewed_at = datetime(2026, 3, 1, 16, tzinfo=UTC)
    card = {"stability": 10.0, "last_review": reviewed_at.isoformat()}
    fields = {"skill_id": "scales", "name": "Scales", "card": card}
    by_evidence = Skill(**fields, p_mastery=0.95, p_known=0.9, p_half=0.1)
    traced = Skill(**fields, p_mastery=0.7, attempts=3)
    shown = [
        [
            round(skill.belief_at(reviewed_at + timedelta(days=days, hours=5)).mastery, 6)
            for days in (0, 10, 365)
        ]
        for skill in (by_evidence, traced)
    ]
    assert shown == [[0.95, 0.9, 0.736779], [0.7, 0.6545, 0.505969]]

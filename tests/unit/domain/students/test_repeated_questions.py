"""Questions that a skill remembers from earlier sessions."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.questions.grades import Grade
from shared.domain.students.local_days import LocalDays
from shared.domain.students.reviews import review
from shared.domain.students.skills import (
    MAX_EARLIER,
    MAX_SEEN,
    Skill,
    SkillSession,
    note_questions,
    question_key,
)
from tests.unit.domain.samples import NOON


def asked(skill: Skill, *questions: str, session: str, at: datetime = NOON) -> Skill:
    return note_questions(skill, questions, session_id=session, at=at)


def a_skill(due_at: datetime | None = None) -> Skill:
    return Skill(skill_id="s", name="S", due_at=due_at)


def test_a_question_is_repeated_in_a_later_session_and_not_in_its_own() -> None:
    first = asked(a_skill(), "a", "b", session="one")
    again = asked(first, "a", "c", session="one")
    assert not any(again.is_repeated(question) for question in "abc")

    later = asked(again, "a", "d", session="two")
    still = asked(later, "b", session="two")

    for skill in (later, still):
        assert {question for question in "abcd" if skill.is_repeated(question)} == set("abc")


def test_sessions_that_are_practised_in_turn_are_each_their_own() -> None:
    names = [f"session-{n}" for n in range(MAX_EARLIER + 1)]
    skill = a_skill()
    for name in names:
        skill = asked(skill, name, "shared", session=name)
    for name in names:
        skill = asked(skill, name, "shared", session=name)
        repeated = {question for question in (*names, "shared") if skill.is_repeated(question)}
        own = {name, "shared"} if name == names[0] else {name}
        assert repeated == {*names, "shared"} - own


def test_a_session_that_was_due_stays_so_beside_another() -> None:
    yesterday = NOON - timedelta(days=1)
    first = asked(a_skill(due_at=yesterday), "a", session="one")
    due = first.model_copy(update={"updated_at": yesterday})
    begun = asked(due, "a", session="two")
    reviewed = begun.model_copy(update={"due_at": NOON + timedelta(days=9)})
    beside = asked(reviewed, "a", session="three")
    again = asked(beside, "a", session="two")

    assert [s.is_repeated("a") for s in (begun, beside, again)] == [False, True, False]


@pytest.mark.parametrize(
    ("hours", "pause", "repeated"),
    [(-1, 12, False), (0, 24, False), (1, 24, True), (-1, 11, True)],
)
def test_a_question_of_a_skill_that_is_due_after_a_pause_is_not_repeated(
    hours: int, pause: int, repeated: bool
) -> None:
    first = asked(a_skill(), "a", session="one")
    due = first.model_copy(
        update={
            "due_at": NOON + timedelta(hours=hours),
            "updated_at": NOON - timedelta(hours=pause),
        }
    )

    begun = asked(due, "a", session="two", at=NOON)
    # Its first answers postpone the review; the session was due all the same.
    going_on = asked(
        begun.model_copy(update={"due_at": NOON + timedelta(days=9)}), "a", session="two"
    )

    assert begun.is_repeated("a") == going_on.is_repeated("a") == repeated


BEFORE_MIDNIGHT = datetime(2026, 3, 10, 22, 55, tzinfo=UTC)  # 23:55 in Berlin


@pytest.mark.parametrize(
    ("grade", "hours", "repeated"),
    [
        (Grade.AGAIN, 8, False),  # due the next morning, though the evening is not 12 hours past
        (Grade.AGAIN, 0, True),  # at once: the review is due the next day
        (Grade.GOOD, 8, True),
        (Grade.GOOD, 60, False),
    ],
)
def test_a_question_of_a_review_that_is_due_pays_fully_from_the_beginning_of_its_day(
    grade: Grade, hours: int, repeated: bool
) -> None:
    card, due_at = review({}, grade, BEFORE_MIDNIGHT, days=LocalDays("Europe/Berlin"), seed="s")
    first = asked(a_skill(), "a", session="one", at=BEFORE_MIDNIGHT)
    learnt = {"card": card, "due_at": due_at, "updated_at": BEFORE_MIDNIGHT}

    at = BEFORE_MIDNIGHT + timedelta(hours=hours)
    again = asked(first.model_copy(update=learnt), "a", session="two", at=at)

    assert again.is_repeated("a") is repeated


def test_a_session_that_goes_on_when_the_review_is_due_pays_fully_from_then_on() -> None:
    first = asked(a_skill(due_at=NOON + timedelta(days=2)), "a", "b", session="one")
    learnt = first.model_copy(update={"updated_at": NOON})
    early = asked(learnt, "a", session="two", at=NOON + timedelta(days=1))
    later = asked(early, "b", session="two", at=NOON + timedelta(days=3))
    assert (early.is_repeated("a"), later.is_repeated("b")) == (True, False)


def test_the_newest_questions_are_kept() -> None:
    skill = asked(a_skill(), *(f"old-{n}" for n in range(MAX_SEEN)), session="one")
    skill = asked(skill, "new", session="two")
    skill = asked(skill, session="three")

    kept = [*skill.seen, *(question for s in skill.earlier for question in s.questions)]
    assert len(kept) == MAX_SEEN
    assert skill.is_repeated("new")
    assert skill.is_repeated("old-1")
    assert not skill.is_repeated("old-0")


def test_a_question_goes_by_its_template() -> None:
    keys = {question_key("t", "q"), question_key("u", "q"), question_key(None, "q")}

    assert len(keys) == 3
    assert {len(key) for key in keys} == {12}


def test_a_session_that_an_older_version_stored_as_the_latest_again_is_remembered_once() -> None:
    """That version knows `latest` alone, and leaves `earlier` as it finds it."""
    first = asked(asked(a_skill(), "a", session="one"), "b", session="two")
    by_older = first.model_copy(update={"latest": SkillSession(session_id="one", was_due=False)})

    again = asked(by_older, "a", session="one")

    assert not again.is_repeated("a")
    assert again.earlier == []

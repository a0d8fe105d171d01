"""The XP for answers of infinite practice, from the turn to the session that stores them."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.domain.practice.attempts import GivenAnswer
from shared.domain.practice.client_view import ResealedPractice, StoredSession, hash_of
from shared.domain.practice.state import OpenedPractice, Practice, require_pending, trim_log
from shared.domain.practice.transitions import apply_answer
from shared.domain.sessions.items import Tally
from shared.domain.sessions.session import Mode, Session
from shared.domain.sessions.synchronisation import synchronise
from shared.domain.students.scoring import QuestionResult, RightAnswers
from shared.domain.students.skills import Skill
from tests.support.tutor.playing import (
    NOON,
    SEALER,
    Player,
    practice_on,
    right,
    template_with,
    wrong,
)
from tests.unit.domain.samples import a_session

BANK: list[dict[str, Any]] = [
    {
        "question_id": f"q{n}",
        "kind": "numeric",
        "prompt": f"{n} + {n}",
        "answer": 2 * n,
        "hints": ["Twice."],
    }
    for n in range(4)
]
RATED: list[dict[str, Any]] = [
    {"question_id": f"r{n}", "kind": "self_rated", "prompt": f"Play {n}."} for n in range(4)
]

Skills = dict[str, Skill | None]


def begun(
    *bank: dict[str, Any], session_id: str = "one", owner_id: str | None = "teacher"
) -> Player:
    """Practice on a template of this owner; None for one without a seal."""
    practice = practice_on(template_with(*bank), session_id=session_id, owner_id=owner_id)
    player = Player(practice)
    player.present()
    return player


def stored(
    player: Player, skills: Skills, session: Session | None = None, *, at: datetime = NOON
) -> tuple[Session, Skills]:
    """The session after it was stored, and the student's skills."""
    practice = player.practice
    before = session or a_session({}, session_id=practice.session_id, mode=Mode.INFINITE)
    opened = OpenedPractice(practice, hash_of(practice))
    stored = StoredSession.model_validate(SEALER.seal(trim_log(practice)))
    resealed = ResealedPractice(opened, stored)
    step = synchronise(before, resealed, skills, at=at)
    assert step is not None
    return step.session, {**skills, **{skill.skill_id: skill for skill in step.skills}}


def tally_of(player: Player, skills: Skills) -> tuple[Tally, Skills]:
    session, skills = stored(player, skills)
    return session.tally, skills


def test_an_attempt_knows_the_result_that_it_earned() -> None:
    player = begun(BANK[0])
    for answer in (wrong, right, right, wrong):
        player.answer(answer(player.pending))
    hinted = begun(BANK[0], session_id="two")
    hinted.hint()
    hinted.answer(right(hinted.pending))
    first = begun(BANK[0], session_id="three")
    first.answer(right(first.pending))

    earned = [attempt.earned for attempt in player.practice.log.attempts]
    assert earned == [None, QuestionResult.LATER, None, None]
    assert [attempt.earned for attempt in hinted.practice.log.attempts] == [QuestionResult.LATER]
    assert [attempt.earned for attempt in first.practice.log.attempts] == [QuestionResult.FIRST]


@pytest.mark.parametrize("owner_id", [None, "student-1"])
def test_answers_to_keys_of_the_students_own_are_claimed(owner_id: str | None) -> None:
    player = begun(*BANK, owner_id=owner_id)
    for _ in range(4):
        player.answer(right(player.pending))

    tally, _ = tally_of(player, {})

    assert (tally.verified_first, tally.self_rated) == (0, RightAnswers(first=4))


def test_self_rated_answers_are_counted_apart() -> None:
    player = begun(RATED[0], BANK[0])
    for _ in range(2):
        player.answer(right(player.pending))

    tally, _ = tally_of(player, {})

    assert (tally.verified_first, tally.self_rated) == (1, RightAnswers(first=1))
    assert player.practice.totals.right_at_first_try == 2


@pytest.mark.parametrize("bank", [BANK, RATED], ids=["graded", "self-rated"])
def test_a_question_of_an_earlier_session_is_repeated(bank: list[dict[str, Any]]) -> None:
    first = begun(*bank)
    for answer in (right, right, wrong, right):
        first.answer(answer(first.pending))
    tally, skills = tally_of(first, {})
    assert (tally.verified_repeated, tally.self_rated_repeated) == (RightAnswers(),) * 2

    again = begun(*bank, session_id="two")
    for _ in range(4):
        again.answer(right(again.pending))
    tally, _ = tally_of(again, skills)

    repeated = [tally.verified_repeated, tally.self_rated_repeated]
    assert RightAnswers(first=4) in repeated
    assert RightAnswers() in repeated


def test_repeated_questions_are_counted_once_over_several_storings() -> None:
    first = begun(*BANK)
    first.answer(right(first.pending))
    _, skills = stored(first, {})
    again, session = begun(*BANK, session_id="two"), None
    for _ in range(4):
        again.answer(right(again.pending))
        session, skills = stored(again, skills, session)

    assert session is not None
    assert session.tally.verified_repeated == RightAnswers(first=1)
    assert session.tally.verified_first == 4


def test_two_sessions_in_turn_pay_in_full_for_the_questions_that_each_asked_first() -> None:
    one, two = begun(*BANK[:2], session_id="one"), begun(*BANK[2:], session_id="two")
    on_one, on_two = None, None
    skills: Skills = {}
    for answer in (wrong, right):
        for _ in range(2):
            one.answer(answer(one.pending))
            on_one, skills = stored(one, skills, on_one)
            two.answer(answer(two.pending))
            on_two, skills = stored(two, skills, on_two)

    assert on_one is not None
    assert on_two is not None
    for session in (on_one, on_two):
        assert session.questions_correct == 2
        assert session.tally.verified_repeated == RightAnswers()


def test_a_question_that_is_due_pays_in_full_all_session_long() -> None:
    first = begun(*BANK)
    for _ in range(4):
        first.answer(right(first.pending))
    _, skills = stored(first, {})
    (skill,) = (skill for skill in skills.values() if skill)
    assert skill.due_at is not None
    yesterday = NOON - timedelta(days=1)
    overdue = skill.model_copy(update={"due_at": yesterday, "updated_at": yesterday})
    again, session = begun(*BANK, session_id="two"), None
    skills = {skill.skill_id: overdue}
    for _ in range(4):
        again.answer(right(again.pending))
        session, skills = stored(again, skills, session)

    assert session is not None
    assert session.tally.verified_repeated == RightAnswers()


def test_questions_pay_a_quarter_in_a_session_begun_minutes_after_a_wrong_answer() -> None:
    first = begun(*BANK)
    for _ in range(3):
        first.answer(right(first.pending))
    first.answer(wrong(first.pending))
    _, skills = stored(first, {})
    (skill,) = (skill for skill in skills.values() if skill)
    assert skill.due_at is not None
    again = begun(*BANK, session_id="two")
    for _ in range(4):
        again.answer(right(again.pending))
    session, _ = stored(again, skills, at=skill.due_at + timedelta(minutes=1))

    assert session.tally.verified_repeated == RightAnswers(first=4)


def answered(practice: Practice, *, at: datetime) -> Practice:
    question = require_pending(practice)
    answer = right(question)
    given = GivenAnswer(answer, "Well done.")
    return apply_answer(practice, given, question.grade(answer), at=at).practice


def test_answers_are_timed_by_the_clock_of_the_server() -> None:
    practice = begun(*BANK).practice
    for seconds, fast in ((0.3, 1), (1.0, 1), (1.4, 2), (60, 2)):
        practice = answered(practice, at=NOON + timedelta(seconds=seconds))
        practice = trim_log(practice)
        assert practice.totals.fast_answers == fast

    assert stored(begun(*BANK), {})[0].tally.fast_answers == 0


def test_answers_of_a_state_without_times_are_not_judged() -> None:
    """A version that did not record them began it."""
    practice = begun(*BANK).practice.model_copy(update={"began_at": None})

    assert answered(practice, at=NOON).totals.fast_answers == 0

"""What earlier sessions have shown of a student reaches a new session in its sealed state."""

from datetime import timedelta
from typing import Any

import pytest

from shared.domain.common.errors import ContextForked
from shared.domain.practice.state import Practice
from shared.domain.students.evidence import UNPRACTISED
from shared.firestore.documents import SESSIONS
from tests.support.firestore.practice import (
    QUESTIONS,
    begin,
    form,
    practised,
    started,
    template,
)
from tests.support.firestore.world import STUDENT, World, answer
from tests.support.tutor.playing import NOON, Player, right, wrong


@pytest.fixture
def source(world: World) -> dict[str, Any]:
    """A template that the student has practised: five answers in a session that has ended."""
    made = template(world)
    player = begin(world, made, session_id="earlier")
    started(world, player)
    closing = {
        "session_id": "earlier",
        "stored_session": form(world, practised(player).practice),
    }
    answer(world.call("complete_session", closing))
    return made


def start(world: World, player: Player) -> dict[str, Any]:
    body = {"stored_session": form(world, player.practice), "timezone": "UTC"}
    reply: dict[str, Any] = answer(world.call("start_session", body))
    return reply


def opened(world: World, reply: dict[str, Any]) -> Practice:
    stored = reply["session"]["stored_session"]
    return world.practice_sealer.open(stored, student_id=STUDENT).practice


def stored_skill(world: World) -> dict[str, Any]:
    (skill,) = (d for path, d in world.documents().items() if "/skills/" in path)
    return skill


def test_a_new_session_begins_from_the_stored_skill(world: World, source: dict[str, Any]) -> None:
    player = begin(world, source)
    assert player.practice.skills[0].belief == UNPRACTISED

    reply = start(world, player)

    known = stored_skill(world)
    (shown,) = reply["session"]["stored_session"]["skills"]
    assert shown["mastery"] == known["p_mastery"] != UNPRACTISED.mastery
    (skill,) = opened(world, reply).skills
    assert (skill.known, skill.half, skill.firsts) == (
        known["p_known"],
        known["p_half"],
        known["firsts"],
    )
    assert opened(world, reply).asked_earlier == ["q0", "q1", "q2", "q3", "q4"]
    # The reply lost and the request sent again, the stored state is still the one to go on from.
    assert start(world, player)["session"]["stored_session"] == reply["session"]["stored_session"]


def test_after_a_year_what_was_known_is_discounted(world: World, source: dict[str, Any]) -> None:
    before = stored_skill(world)["p_mastery"]
    world.now = NOON + timedelta(days=365)

    (skill,) = opened(world, start(world, begin(world, source))).skills

    assert 0 < skill.mastery < before
    assert skill.due


def test_the_summary_shows_the_mastery_before_and_after(
    world: World, source: dict[str, Any]
) -> None:
    before = stored_skill(world)["p_mastery"]
    player = begin(world, source)
    player.practice = opened(world, start(world, player))
    player.answer(right(player.pending))
    closing = {"session_id": "practice", "stored_session": form(world, player.practice)}

    summary = answer(world.call("complete_session", closing))["summary"]

    (shown,) = summary["mastery"]
    assert (shown["before"], shown["after"]) == (before, stored_skill(world)["p_mastery"])


@pytest.mark.parametrize("continued", ["the stored state", "the state that was sent"])
def test_a_client_may_go_on_from_either_state(
    world: World, source: dict[str, Any], continued: str
) -> None:
    player = begin(world, source)
    reply = start(world, player)
    if continued == "the stored state":
        player.practice = opened(world, reply)
    player.answer(wrong(player.pending))

    body = {"session_id": "practice", "stored_session": form(world, player.practice)}
    answer(world.call("update_progress", body))

    assert world.read(f"{SESSIONS}/practice")["total_questions"] == 1
    assert stored_skill(world)["attempts"] == 6


def test_the_states_are_branches_once_one_has_gone_on(world: World, source: dict[str, Any]) -> None:
    sent = begin(world, source)
    kept = Player(opened(world, start(world, sent)))
    for player in (kept, sent):
        player.answer(right(player.pending))
    body = {"session_id": "practice", "stored_session": form(world, kept.practice)}
    answer(world.call("update_progress", body))

    body = {"session_id": "practice", "stored_session": form(world, sent.practice)}
    with pytest.raises(ContextForked):
        world.call("update_progress", body)


def test_answers_given_before_the_start_are_applied_to_the_stored_skill(
    world: World, source: dict[str, Any]
) -> None:
    player = practised(begin(world, source))

    reply = start(world, player)

    (skill,) = opened(world, reply).skills
    known = stored_skill(world)
    assert skill.attempts == 5
    assert (skill.mastery, skill.firsts) == (known["p_mastery"], known["firsts"])
    assert known["attempts"] == 10


def test_a_question_of_an_earlier_session_is_asked_after_the_new_ones(
    world: World, source: dict[str, Any]
) -> None:
    player = begin(world, source)
    player.practice = opened(world, start(world, player))
    asked = []
    while player.practice.blocks_made < 3:
        asked.append(player.pending.question_id)
        player.answer(right(player.pending))
    # The first block was made before the start; the next has all that no session has asked.
    new = {question["question_id"] for question in QUESTIONS} - {"q0", "q1", "q2", "q3", "q4"}
    assert new <= set(asked[4:8])
    assert all(not attempt.first_attempt for attempt in player.practice.log.attempts[:4])

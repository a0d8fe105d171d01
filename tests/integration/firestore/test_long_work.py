"""Long work on a strict assignment: its state keeps every answer until it is handed in."""

from typing import Any

import pytest
from cryptography.fernet import Fernet

from shared.domain.practice import transitions
from shared.firestore.documents import item_path, state_path
from shared.sealing.fernet_box import MAX_SEAL_LENGTH, FernetBox
from shared.sealing.practice_sealer import FernetPracticeSealer
from tests.integration.firestore.test_strict_turns import QUESTIONS, called, strict_session, turn
from tests.support.firestore.world import World

Json = dict[str, Any]
# About as much as a session's bank holds.
MANY: list[Json] = [
    {
        "question_id": f"q{number}",
        "kind": "short_answer",
        "prompt": f"Who was king in the year {number}? Tell us all that you know of them.",
        "answer": [f"Henry {number}"],
        "explanation": "See the second chapter.",
    }
    for number in range(100)
]


@pytest.fixture
def sealing(world: World) -> World:
    """The world with seals as they are in production, whose length is limited."""
    world.practice_sealer = FernetPracticeSealer(FernetBox([Fernet.generate_key().decode()]))
    return world


def work_through(world: World, given: str) -> list[Json]:
    """The items of work on many questions, with the same answer to each."""
    (session_id,) = strict_session(world, "sam", questions=MANY)
    for number in range(len(MANY)):
        called(world, "assignment_turn", turn(session_id, number + 1, given), by="sam")
    seal = world.read(state_path(session_id))["stored_session"]["seal"]
    assert len(seal) < MAX_SEAL_LENGTH
    called(world, "complete_session", {"session_id": session_id}, by="sam")
    ids = [f"attempt-{number:06d}" for number in range(len(MANY))]
    return [world.read(item_path(session_id, item_id)) for item_id in ids]


def test_a_hundred_long_answers_are_all_logged(sealing: World) -> None:
    given = "I don't know." * 100
    assert {item["answer"] for item in work_through(sealing, given)} == {given}


def test_answers_beyond_the_room_of_a_state_count_without_their_texts(sealing: World) -> None:
    items = work_through(sealing, "\u4e2d" * 2_000)
    assert [item["correct"] for item in items] == [False] * len(MANY)
    assert items[0]["answer"] is None
    assert items[-1]["answer"] is not None


def test_work_with_any_number_of_turns_can_be_handed_in(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = 10
    monkeypatch.setattr(transitions, "MAX_CHAIN", turns)
    (session_id,) = strict_session(world, "sam")
    for seq in range(1, turns + 2):
        hint = {"session_id": session_id, "seq": seq, "input": {"type": "hint"}}
        called(world, "assignment_turn", hint, by="sam")
    called(world, "assignment_turn", turn(session_id, turns + 2, 0, "q0"), by="sam")
    done = called(world, "complete_session", {"session_id": session_id}, by="sam")
    assert done["summary"]["questions_correct"] == 1
    assert len(QUESTIONS) == done["summary"]["items_count"]

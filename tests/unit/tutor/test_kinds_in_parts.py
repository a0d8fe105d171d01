"""Questions in parts through a session: their key stays sealed, and the log has them in words."""

import json

from pydantic import JsonValue

from shared.domain.questions.kinds import KINDS
from tests.support.tutor.playing import (
    Player,
    calls,
    practice_on,
    right,
    shown,
    template_with,
    wrong,
)
from tests.unit.domain.questions.samples import raw

IN_PARTS = ("ordering", "matching", "cloze")


def a_player(kind: str) -> Player:
    player = Player(practice_on(template_with(raw(kind, explanation="So it is."))))
    messages = player.present()
    assert "So it is." not in shown(player, messages)
    return player


def test_each_is_asked_graded_and_logged() -> None:
    answers: dict[str, JsonValue] = {}
    for kind in IN_PARTS:
        player = a_player(kind)
        (asked,) = calls(player.received, "question_presentation")
        assert '"answer"' not in json.dumps(asked["question"])

        (partly,) = calls(player.answer(wrong(player.pending)), "feedback_presentation")
        (good,) = calls(player.answer(right(player.pending)), "feedback_presentation")

        assert (partly["correct"], good["correct"], good["score"]) == (False, True, 1)
        first, second = player.practice.log.attempts
        assert first.guess == KINDS[kind].model_validate(raw(kind)).guess_probability
        assert second.correct_answer == second.answer
        answers[kind] = second.answer
    assert answers == {
        "ordering": ["a", "b", "c", "d"],
        "matching": [
            "Hottest planet → Venus",
            "Our planet → Earth",
            "Our satellite → The Moon",
        ],
        "cloze": ["Copernicus", "Venus", "0"],
    }


def test_choices_are_asked_in_another_order_than_their_authors() -> None:
    orders = set()
    for n in range(20):
        template = template_with(raw("ordering"))
        player = Player(practice_on(template, session_id=f"session-{n}"))
        player.present()
        (asked,) = calls(player.received, "question_presentation")
        orders.add(tuple(choice["id"] for choice in asked["question"]["choices"]))
    assert len(orders) > 5

"""An answer that only its spelling tells from the key: asked for again once, at no cost."""

import json

from shared.domain.practice.client_view import client_view, hash_of
from tests.support.tutor.playing import Player, calls, names, practice_on, template_with

QUESTION = {
    "question_id": "plant",
    "kind": "short_answer",
    "prompt": "How do plants make sugar?",
    "answer": ["photosynthesis"],
    "hints": ["It needs light."],
    "spelling_retry": True,
}
OTHER = {"question_id": "other", "kind": "numeric", "prompt": "2 + 2?", "answer": 4}


def a_player(*others: dict[str, object]) -> Player:
    player = Player(practice_on(template_with(QUESTION, *others)))
    player.present()
    return player


def test_a_slip_of_the_pen_costs_nothing_and_the_question_waits_again() -> None:
    player = a_player()
    before = client_view(player.practice)

    messages = player.answer("photosyntesis")

    (feedback,) = calls(messages, "feedback_presentation")
    assert names(messages) == ["feedback_presentation", "question_presentation"]
    assert (feedback["correct"], feedback["score"], feedback["correct_answer"]) == (None,) * 3
    assert feedback["retry"] == "spelling"
    assert feedback["feedback"] == "Almost: check the spelling of “photosyntesis”."
    assert "photosynthesis" not in json.dumps(messages)
    assert {**client_view(player.practice), "seq": 1} == before
    assert player.practice.log.attempts == []


def test_the_answer_after_it_is_a_first_try() -> None:
    player = a_player()
    player.answer("photosyntesis")

    messages = player.answer("photosynthesis")

    (feedback,) = calls(messages, "feedback_presentation")
    (attempt,) = player.practice.log.attempts
    assert (feedback["correct"], "retry" in feedback) == (True, False)
    assert (attempt.first_attempt, attempt.hinted, attempt.correct) == (True, False, True)
    assert player.practice.totals.right_at_first_try == 1


def test_a_second_slip_counts_though_hints_came_between_and_though_the_question_returns() -> None:
    player = a_player(OTHER)
    while player.pending.question_id != "plant":
        player.answer("4")
    player.answer("photosyntesis")
    player.hint()
    player.answer("photosyntesis")
    assert [a.correct for a in player.practice.log.attempts if a.question_id == "plant"] == [False]

    answered = 1
    while answered < 3:
        if player.pending.question_id == "plant":
            answered += 1
            player.answer("photosyntesis")
        else:
            player.answer("4")

    plant = [a for a in player.practice.log.attempts if a.question_id == "plant"]
    assert [a.correct for a in plant] == [False] * 3


def test_the_same_state_answered_again_gives_the_same_reply() -> None:
    one, other = a_player(), a_player()

    assert one.answer("photosyntesis") == other.answer("photosyntesis")
    assert hash_of(one.practice) == hash_of(other.practice)


def test_a_hint_stays_given() -> None:
    player = a_player()
    player.hint()

    player.answer("photosyntesis")
    player.answer("photosynthesis")

    assert [a.hinted for a in player.practice.log.attempts] == [True]

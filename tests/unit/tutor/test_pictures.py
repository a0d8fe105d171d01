"""Pictures through a session: presented, kept by the state, logged, and unknown to models."""

import json

import pytest
from pydantic_core import to_json

from shared.domain.common.errors import SessionContextTampered
from shared.tutor.language_model.prompts import block_prompt, grading_prompt
from tests.support.tutor.playing import SEALER, Player, calls, practice_on, right, template_with
from tests.unit.domain.questions.samples import a_question, raw

PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
DRAWN = {"url": PIXEL, "alt": "A single dot"}
AT_ADDRESS = {"url": "https://example.org/dot.svg", "alt": "A dot"}


def pictured(*images: dict[str, str]) -> Player:
    questions = [
        raw("numeric", question_id=f"q{n}", prompt=f"Dots in {n}?", explanation="So.", image=image)
        for n, image in enumerate(images)
    ]
    player = Player(practice_on(template_with(*questions)))
    player.present()
    return player


def test_a_picture_is_presented_with_its_question_and_logged_by_its_address() -> None:
    player = pictured(DRAWN, AT_ADDRESS)
    for _ in range(2):
        player.answer(right(player.pending))

    asked = calls(player.received, "question_presentation")
    assert [call["question"]["image"] for call in asked[:2]] == [DRAWN, AT_ADDRESS]
    logged = [attempt.image for attempt in player.practice.log.attempts]
    assert [image.model_dump() for image in logged if image] == [
        {"alt": "A single dot", "url": None},
        AT_ADDRESS,
    ]


def test_the_client_can_read_it_and_change_nothing_of_it() -> None:
    player = pictured(DRAWN)
    stored = json.loads(to_json(SEALER.seal(player.practice)))
    (question,) = stored["blocks"][-1]["questions"]
    assert question["image"] == DRAWN

    question["image"]["alt"] = "Two dots: the answer is 2"

    with pytest.raises(SessionContextTampered):
        SEALER.open(stored, student_id=player.practice.student_id)


def test_a_model_reads_what_it_shows_where_it_grades_and_no_sample_of_it() -> None:
    practice = pictured(DRAWN).practice

    drafted = block_prompt(practice, practice.skills[0], []).data
    graded = grading_prompt(a_question("free_response", image=DRAWN), "A dot.", []).data

    assert json.loads(drafted)["samples"] == []
    assert "A single dot" in graded
    assert PIXEL not in drafted + graded
    assert "its_picture_shows" not in grading_prompt(a_question("free_response"), "It.", []).data


def test_no_worked_example_needs_a_picture() -> None:
    player = pictured(AT_ADDRESS, AT_ADDRESS)
    for _ in range(4):
        player.answer(right(player.pending))

    concepts = calls(player.received, "concept_presentation")
    assert len(concepts) > 1
    assert not any(call["concept"]["worked_example"] for call in concepts)

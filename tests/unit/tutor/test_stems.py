"""Steps that share a stem, through a session: asked in one block, in order, each with its stem."""

from collections import Counter
from typing import Any

import pytest

from shared.domain.practice.client_view import client_view
from shared.domain.practice.question_bank import MAX_BANK_BYTES
from shared.domain.practice.source import source_from_template
from shared.domain.sessions.next_item import NextQuestion, next_item
from shared.tutor.language_model.prompts import block_prompt
from tests.support.tutor.playing import (
    Player,
    calls,
    practice_on,
    right,
    template_with,
    wrong,
)
from tests.unit.domain.questions.samples import a_question, raw
from tests.unit.domain.samples import a_session

TRAIN = {
    "stem_id": "train",
    "text": "A train leaves at 10:00 and arrives, 180 km away, at 12:00.",
    "image": {"url": "https://example.org/line.svg", "alt": "A line from A to B"},
    "source": "my own",
}
TANK = {"stem_id": "tank", "text": "A tank of 90 litres is filled by two pipes."}
SHOWN_TRAIN = {name: TRAIN[name] for name in ("stem_id", "text", "image")}


def step(name: str, stem: str | None, **fields: Any) -> dict[str, Any]:
    shared = {} if stem is None else {"stem": stem}
    return raw("numeric", question_id=name, prompt=f"Find {name}.", **shared, **fields)


# The steps of the two stems stand between each other, and their difficulty falls.
MIXED = [
    step("duration", "train", difficulty=5),
    step("alone-1", None, difficulty=3),
    step("first pipe", "tank", difficulty=4),
    step("distance", "train", difficulty=3),
    step("alone-2", None, difficulty=3),
    step("second pipe", "tank", difficulty=2),
    step("speed", "train", difficulty=1),
]


def playing(*questions: dict[str, Any], stems: list[dict[str, Any]] | None = None) -> Player:
    template = template_with(*questions, stems=stems or [TRAIN, TANK])
    player = Player(practice_on(template))
    player.present()
    return player


def asked_in_blocks(player: Player, answers: int) -> list[list[str]]:
    """The ids of the questions asked, by block."""
    blocks: dict[str, list[str]] = {}
    for _ in range(answers):
        block = player.practice.block
        assert block is not None
        blocks.setdefault(block.block_id, []).append(player.pending.question_id)
        player.answer(right(player.pending))
    return list(blocks.values())


def test_the_steps_of_a_stem_are_one_block_in_their_written_order() -> None:
    blocks = asked_in_blocks(playing(*MIXED), 30)

    for unit in (["duration", "distance", "speed"], ["first pipe", "second pipe"]):
        assert unit in blocks
        assert all(block == unit for block in blocks if set(block) & set(unit))
    assert Counter(name for block in blocks for name in block).keys() == {
        question["question_id"] for question in MIXED
    }


def test_a_missed_step_returns_with_the_whole_of_its_stem() -> None:
    player = playing(*MIXED)
    missed = 0
    for _ in range(20):
        question = player.pending
        is_first_miss = question.question_id == "distance" and not missed
        player.answer(wrong(question) if is_first_miss else right(question))
        if is_first_miss:
            missed = len(player.practice.log.attempts)

    asked = [attempt.question_id for attempt in player.practice.log.attempts]
    again = asked.index("distance", missed)
    assert asked[again - 1 : again + 2] == ["duration", "distance", "speed"]


def test_each_step_comes_with_its_stem_and_others_with_none() -> None:
    player = playing(*MIXED)
    asked_in_blocks(player, 14)

    presented = calls(player.received, "question_presentation")
    stems = {call["question"]["question_id"]: call.get("stem") for call in presented}
    assert stems["duration"] == stems["distance"] == stems["speed"] == SHOWN_TRAIN
    assert stems["first pipe"] == {"stem_id": "tank", "text": TANK["text"]}
    assert stems["alone-1"] is None
    for call in presented:
        assert ("stem" in call["question"]) == ("stem" in call)


def test_the_session_has_the_stems_of_its_block_and_says_what_is_next_with_its_own() -> None:
    player = playing(*MIXED[:1], MIXED[3])

    (block,) = client_view(player.practice)["blocks"]
    assert block["stems"] == [SHOWN_TRAIN]
    assert [question["stem"] for question in block["questions"]] == ["train", "train"]
    session = a_session(stored_session={**client_view(player.practice), "seal": "x"})
    found = next_item(session)
    assert isinstance(found, NextQuestion)
    assert found.model_dump()["stem"] == SHOWN_TRAIN
    assert found.question["stem"] == "train"


def test_a_session_without_stems_has_no_field_for_them() -> None:
    player = playing(step("alone", None))

    (block,) = client_view(player.practice)["blocks"]
    assert "stems" not in block
    assert "stem" not in block["questions"][0]
    assert b"stem" not in player.practice.source.model_dump_json().encode()


def test_the_log_has_the_stem_of_each_step() -> None:
    long = {**TANK, "text": "x" * 5_000}
    player = playing(step("duration", "train"), step("speed", "tank"), stems=[TRAIN, long])
    asked_in_blocks(player, 2)

    by_id = {attempt.question_id: attempt.stem for attempt in player.practice.log.attempts}
    assert by_id["duration"] is not None
    assert by_id["duration"].model_dump() == {
        "text": TRAIN["text"],
        "image": {"url": "https://example.org/line.svg", "alt": "A line from A to B"},
    }
    assert by_id["speed"] is not None
    assert by_id["speed"].text == "x" * 1_000


def test_who_grades_free_text_reads_the_stem_with_it() -> None:
    player = playing(raw("free_response", prompt="Why?", stem="train"), stems=[TRAIN])

    read = player.practice.with_stem(player.pending)

    assert read.prompt == f"{TRAIN['text']}\n(A line from A to B)\n\nWhy?"
    assert player.practice.with_stem(a_question("numeric", prompt="How many?")).prompt == (
        "How many?"
    )


def test_no_step_is_a_sample_for_a_model() -> None:
    practice = playing(*MIXED).practice

    sent = block_prompt(practice, practice.skills[0], []).data

    assert "Find alone-1." in sent
    assert '{"kind": "numeric", "prompt": "Find duration."}' not in sent


@pytest.mark.parametrize("size", [MAX_BANK_BYTES // 3, MAX_BANK_BYTES])
def test_a_stem_counts_once_in_the_bank_and_its_steps_stay_together(size: int) -> None:
    long = {**TRAIN, "text": "x" * min(size, 9_000)}
    steps = [step(f"s{n}", "train", explanation="y" * (size // 4), difficulty=1) for n in range(3)]
    others = [step(f"alone-{n}", None) for n in range(3)]

    source = source_from_template(template_with(*steps, *others, stems=[long, TANK]), None)

    asked = [entry.question.question_id for entry in source.bank]
    is_in = size < MAX_BANK_BYTES
    assert [name for name in asked if name.startswith("s")] == (["s0", "s1", "s2"] if is_in else [])
    assert [stem.stem_id for stem in source.stems] == (["train"] if is_in else [])
    assert all(f"alone-{n}" in asked for n in range(3))

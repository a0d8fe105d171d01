"""The tutor without a model, over long sessions."""

from collections import Counter
from itertools import pairwise
from typing import Any

import pytest

from local.examples import GUITAR_TEMPLATE, theory_template
from shared.domain.practice.question_bank import MAX_BANK_QUESTIONS
from shared.domain.questions.kinds.numeric import Numeric
from shared.tutor.offline import BLOCK_SIZE
from shared.tutor.ports import TutorFailed, Usage
from shared.tutor.tool_calls import UNGRADED
from tests.support.tutor.marked import EXPLANATION, HINT, mark, marked, secrets_in, secrets_of
from tests.support.tutor.playing import (
    OFFLINE,
    Player,
    calls,
    names,
    practice_on,
    right,
    shown,
    template_with,
    unsettled,
    wrong,
)

TURNS = 200


def marked_theory() -> dict[str, Any]:
    template = theory_template()
    for section in template["template_data"]["sections"]:
        for exercise in section["exercises"]:
            exercise["questions"] = [
                marked(question, named=question["question_id"])
                for question in exercise["questions"]
            ]
    return template


def numeric(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "question_id": f"n{number}",
        "kind": "numeric",
        "prompt": f"What is {number} + {number}?",
        "answer": 2 * number,
        **fields,
    }


def test_two_hundred_turns_reveal_no_secret_before_its_question_is_answered() -> None:
    player = Player(practice_on(marked_theory()))
    behind: set[str] = set()
    player.present()
    asked = [player.pending.question_id]
    for turn in range(TURNS):
        question = player.pending
        hint = turn % 5 == 2
        messages = player.hint() if hint else player.answer((right, wrong)[turn % 3 == 0](question))
        readable = shown(player, messages)
        assert unsettled(messages) == ["question_presentation"]
        assert (HINT in readable) is hint
        if not hint:
            behind.add(question.question_id)
            assert mark(EXPLANATION, question.question_id) in secrets_in(readable)
        assert secrets_in(readable) <= {secret for q in behind for secret in secrets_of(q)}
        asked.append(player.pending.question_id)
    # There was always a question, never the same twice in a row (after a hint it stays pending),
    # and no tokens were spent.
    assert player.practice.totals.questions_answered == TURNS * 4 / 5
    assert len(behind) > 40
    assert sum(one == other for one, other in pairwise(asked)) == TURNS / 5
    assert (player.practice.tutor, player.practice.degraded) == ("offline", False)
    assert player.usage == Usage()


def test_every_question_of_a_skill_is_asked_before_one_is_repeated() -> None:
    player = Player(practice_on(template_with(*map(numeric, range(1, 11)))))
    player.present()
    asked = []
    for _ in range(10):
        asked.append(player.pending.question_id)
        player.answer(right(player.pending))
    assert len(set(asked)) == 10


def test_a_wrongly_answered_question_comes_back_sooner() -> None:
    player = Player(practice_on(template_with(*map(numeric, range(1, 13)))))
    player.present()
    missed = player.pending.question_id
    asked: list[str] = []
    for _ in range(60):
        question = player.pending
        asked.append(question.question_id)
        player.answer((wrong if question.question_id == missed else right)(question))
    times = Counter(asked)
    assert times[missed] > max(
        count for question_id, count in times.items() if question_id != missed
    )
    places = [i for i, question_id in enumerate(asked) if question_id == missed]
    assert all(later - sooner > 1 for sooner, later in pairwise(places))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_small_bank_makes_small_blocks_and_goes_on(count: int) -> None:
    player = Player(practice_on(template_with(*map(numeric, range(1, count + 1)))))
    player.present()
    asked = []
    for _ in range(12):
        assert player.practice.block is not None
        ids = [question.question_id for question in player.practice.block.questions]
        assert len(set(ids)) == len(ids) <= count
        asked.append(player.pending.question_id)
        player.answer(right(player.pending))
    assert set(asked) == {f"n{number}" for number in range(1, count + 1)}


SCALES = {
    "name": "Scales",
    "description": "1. Play C major slowly.\n2) Play it with the metronome at 60.\n- Then at 80.",
}
BREATH = {"id": "breathing", "name": "Breathing", "description": "In for four; out for eight."}
SCALE_STEPS = ["Play C major slowly.", "Play it with the metronome at 60.", "Then at 80."]


def without_bank(*exercises: dict[str, Any]) -> dict[str, Any]:
    sections = [{"name": "All", "exercises": list(exercises)}]
    return {"name": "Music", "template_data": {"sections": sections}}


def blocks_of(player: Player, count: int, answer: str = "good") -> list[tuple[str, list[str]]]:
    """The concept's explanation and the prompts of each of the first blocks."""
    player.present()
    blocks = []
    for _ in range(count):
        block = player.practice.block
        assert block is not None
        assert {question.kind for question in block.questions} == {"self_rated"}
        blocks.append((block.concept.explanation, [q.prompt for q in block.questions]))
        for _ in block.questions:
            player.answer(answer)
    return blocks


@pytest.mark.parametrize("answer", ["good", "again"])
def test_an_exercise_without_questions_is_a_concept_its_steps_and_a_later_recall(
    answer: str,
) -> None:
    player = Player(practice_on(without_bank(SCALES, BREATH)))
    blocks = blocks_of(player, 6, answer)
    assert {concept.partition(":")[0] for concept, _ in blocks[:2]} == {"Scales", "Breathing"}
    first = next(block for block in blocks if block[0].startswith("Scales"))
    assert first[0] == f"Scales: {SCALES['description']}"
    for number, (step, prompt) in enumerate(zip(SCALE_STEPS, first[1], strict=True), start=1):
        assert prompt.startswith(f"Scales, step {number} of 3: {step}\n")
    # The exercises take turns, so the recall comes after the steps of another exercise.
    for concept, prompts in blocks[2:]:
        assert concept in ("Scales", "Breathing")  # the description is told once
        recall, *steps = prompts
        assert recall.startswith(f"{concept}: with nothing in front of you")
        assert len(steps) == (3 if concept == "Scales" else 2)
        assert not any(step in recall for step in SCALE_STEPS)
    for (one, _), (other, _) in pairwise(blocks):
        assert one.partition(":")[0] != other.partition(":")[0]


@pytest.mark.parametrize("exercise", [{"name": "Scales"}, GUITAR_TEMPLATE], ids=["bare", "guitar"])
def test_no_block_of_an_exercise_without_questions_is_a_single_question(
    exercise: dict[str, Any],
) -> None:
    template = exercise if "template_data" in exercise else without_bank(exercise)
    player = Player(practice_on(template))
    for _, prompts in blocks_of(player, 12):
        assert len(set(prompts)) == len(prompts) >= 2
    (feedback,) = calls(player.answer("again"), "feedback_presentation")
    assert (feedback["correct"], feedback["score"]) == (False, 0.0)


def test_exercises_of_one_skill_have_blocks_of_their_own() -> None:
    exercises = [{**SCALES, "skill": "Basics"}, {**BREATH, "skill": "Basics"}]
    blocks = blocks_of(Player(practice_on(without_bank(*exercises))), 2)
    assert [len(prompts) for _, prompts in blocks] == [3, 2]
    assert [concept.partition(":")[0] for concept, _ in blocks] == ["Scales", "Breathing"]


def test_exercises_of_one_name_are_practised_as_one() -> None:
    again = {"name": "Scales", "description": "Slowly. In G. In D. In A."}
    blocks = blocks_of(Player(practice_on(without_bank(SCALES, again))), 3)
    assert [len(prompts) for _, prompts in blocks] == [3, 4, 4]
    assert blocks[0][0] == f"Scales: {SCALES['description']}"


def test_questions_of_a_bank_and_steps_are_not_mixed_in_a_block() -> None:
    exercises: list[dict[str, Any]] = [
        {"name": "Sums", "skill": "Basics", "questions": [numeric(n) for n in range(1, 7)]},
        {**SCALES, "skill": "Basics"},
    ]
    player = Player(practice_on(without_bank(*exercises)))
    player.present()
    kinds = set()
    for _ in range(40):
        block = player.practice.block
        assert block is not None
        (kind,) = {question.kind for question in block.questions}
        kinds.add(kind)
        player.answer(right(player.pending))
    assert kinds == {"numeric", "self_rated"}


def test_five_thousand_exercises_make_a_session_of_bounded_size() -> None:
    exercises = [{"name": f"e{i}"} for i in range(5_000)]
    template = {
        "name": "All",
        "template_data": {"sections": [{"name": "S", "exercises": exercises}]},
    }
    player = Player(practice_on(template))
    player.present()
    assert len(player.practice.source.bank) <= MAX_BANK_QUESTIONS
    assert len(shown(player, player.answer("good"))) < 30_000


def test_free_text_is_asked_only_where_there_is_no_other_kind() -> None:
    rubric = [{"criterion_id": "sum", "text": "Names the sum", "points": 1}]
    free = {"question_id": "f", "kind": "free_response", "prompt": "Why?", "rubric": rubric}
    mixed = Player(practice_on(template_with(free, numeric(1), numeric(2))))
    mixed.present()
    for _ in range(8):
        assert mixed.pending.kind == "numeric"
        mixed.answer(right(mixed.pending))

    alone = Player(practice_on(template_with(free)))
    alone.present()
    (feedback,) = calls(alone.answer("Because."), "feedback_presentation")
    assert (feedback["correct"], feedback["score"], feedback["correct_answer"]) == (None,) * 3
    assert feedback["feedback"] == f"{UNGRADED}\n- Names the sum"
    assert alone.practice.totals.questions_answered == 0
    assert alone.practice.degraded is False
    assert alone.practice.log.attempts == []
    assert alone.pending.question_id == "f"


def test_free_text_cannot_be_examined_offline() -> None:
    question = Numeric.model_validate(numeric(1))
    with pytest.raises(TutorFailed):
        OFFLINE.examine(question, "two")


def test_feedback_has_the_banks_own_explanation_and_the_key() -> None:
    player = Player(practice_on(template_with(numeric(2, explanation="Two twos."), numeric(3))))
    player.present()
    while player.pending.question_id != "n2":
        player.answer("0")
    (feedback,) = calls(player.answer("5"), "feedback_presentation")
    assert feedback["correct"] is False
    assert feedback["correct_answer"] == 4
    assert feedback["feedback"].endswith("Two twos.")


def test_a_new_block_shows_an_answered_question_as_its_example_and_never_a_later_one() -> None:
    questions = [numeric(i, explanation=f"It is {2 * i}, of course.") for i in range(1, 7)]
    player = Player(practice_on(template_with(*questions)))
    player.present()
    examples = 0
    for _ in range(40):
        for args in calls(player.answer(right(player.pending)), "concept_presentation"):
            assert player.practice.block is not None
            example = args["concept"]["worked_example"]
            examples += 1
            assert "of course" in example
            assert not [q for q in player.practice.block.questions if q.prompt in example]
    assert examples >= 40 // BLOCK_SIZE - 1


def test_a_hint_counts_against_mastery_and_hints_run_out() -> None:
    question = numeric(1, hints=["Add.", "It is even."])
    player = Player(practice_on(template_with(question, numeric(2))))
    player.present()
    while player.pending.question_id != "n1":
        player.answer(right(player.pending))
    hints = [calls(player.hint(), "hint_presentation")[0] for _ in range(3)]
    assert [(args["hint"], args["hints_left"]) for args in hints] == [
        ("Add.", 1),
        ("It is even.", 0),
        (None, 0),
    ]
    before = player.practice.skills[0].mastery
    (feedback,) = calls(player.answer("2"), "feedback_presentation")
    assert feedback["correct"] is True
    assert feedback["new_mastery_score"] < before + 0.1
    assert player.practice.log.attempts[-1].hinted is True


def test_a_pending_question_is_presented_again_without_taking_a_turn() -> None:
    player = Player(practice_on(theory_template()))
    player.present()
    before = player.practice
    assert names(player.present()) == ["question_presentation"]
    assert player.practice == before


def test_two_sessions_on_one_template_differ_only_by_their_seed() -> None:
    def asked(session_id: str) -> list[str]:
        player = Player(practice_on(theory_template(), session_id=session_id))
        player.present()
        ids = []
        for turn in range(10):
            ids.append(player.pending.question_id)
            player.answer((right, wrong)[turn % 2](player.pending))
        return ids

    assert asked("one") == asked("one")
    assert asked("one") != asked("two")


def test_always_the_first_choice_masters_nothing_though_each_key_stands_first() -> None:
    choices = [{"id": letter, "text": letter.upper()} for letter in "abcd"]
    questions = [
        {
            "question_id": f"q{n}",
            "kind": "multiple_choice",
            "prompt": f"Question {n}?",
            "choices": choices,
            "answer": "a",
        }
        for n in range(40)
    ]
    player = Player(practice_on(template_with(*questions)))
    player.present()
    right_answers = 0
    for _ in range(100):
        first = player.practice.as_shown(player.pending).choices
        assert first is not None
        right_answers += first[0].id == "a"
        player.answer(first[0].id)
        assert not player.practice.skills[0].mastered
    assert 10 <= right_answers <= 40

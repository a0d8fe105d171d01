"""The parser of a model's output: blocks and findings."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from shared.domain.practice.state import Practice
from shared.domain.questions.kinds.free_response import FreeResponse
from shared.domain.questions.question import Question
from shared.tutor.language_model.output_parser import (
    MAX_BLOCK_BYTES,
    MAX_REASONS,
    OutputRejected,
    parse_block,
    parse_findings,
    parse_solutions,
)
from shared.tutor.language_model.output_schema import MODEL_KINDS, ModelBlock
from tests.support.tutor.playing import practice_on, template_with
from tests.support.tutor.writing import CLOSED, a_block, a_question, findings


@pytest.fixture(scope="module")
def practice() -> Practice:
    return practice_on(template_with())


def read(block: object, practice: Practice) -> Any:
    text = block if isinstance(block, str) else json.dumps(block)
    return parse_block(text, practice=practice, skill_id=practice.skills[0].skill_id)


def reasons(block: object, practice: Practice) -> list[str]:
    with pytest.raises(OutputRejected) as refused:
        read(block, practice)
    return refused.value.reasons


def test_a_block_becomes_questions(practice: Practice) -> None:
    kinds = ("multiple_choice", "multi_select", "numeric", "short_answer", "free_response")
    draft = read(a_block(7, kinds), practice)
    assert draft.skill_id == practice.skills[0].skill_id
    assert draft.concept.title == "Block 7"
    assert draft.concept.worked_example is None
    choice, several, number, short, free = draft.questions
    assert [question.kind for question in draft.questions] == list(kinds)
    assert (choice.answer, choice.choice_ids) == ("b", ["a", "b", "c"])
    assert several.answer == ["a", "b"]
    assert (number.answer, number.tolerance, number.unit) == (number.answer, 0.5, "Hz")
    assert short.answer == ["KEY-b7.3-KEY"]
    assert [c.criterion_id for c in free.rubric or []] == ["c1"]
    assert all(q.hints and q.explanation and q.difficulty == 3 for q in draft.questions)


def test_question_ids_are_deterministic_and_differ_between_blocks_and_sessions(
    practice: Practice,
) -> None:
    ids = [[q.question_id for q in read(a_block(), practice).questions] for _ in range(2)]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == len(ids[0])
    later = practice.model_copy(update={"blocks_made": 1})
    other = practice.model_copy(update={"session_id": "session-2"})
    for different in (later, other):
        found = {question.question_id for question in read(a_block(), different).questions}
        assert found.isdisjoint(ids[0])


def test_easier_questions_come_first_and_equals_in_their_order(practice: Practice) -> None:
    block = a_block()
    for question, difficulty in zip(block["questions"], (3, 1, 5, 1, 2), strict=True):
        question["difficulty"] = difficulty
    prompts = [question.prompt for question in read(block, practice).questions]
    assert prompts == [f"Question b0.{i}?" for i in (1, 3, 4, 0, 2)]


def test_invisible_characters_are_removed_from_every_text(practice: Practice) -> None:
    block = a_block()
    block["concept"]["title"] = "\u202eInter\u200bvals\x00 "
    block["questions"][0]["prompt"] = " Which\u2060 one?\x07"
    block["questions"][2]["answer"] = ["major\u200b third"]
    draft = read(block, practice)
    assert draft.concept.title == "Intervals"
    assert draft.questions[0].prompt == "Which one?"
    assert draft.questions[2].answer == ["major third"]


def test_fields_of_other_kinds_are_dropped(practice: Practice) -> None:
    block = a_block()
    numeric = block["questions"][1]
    numeric |= {"choices": [], "rubric": [{"text": "x", "points": 0}]}
    block["questions"][2]["unit"] = "Hz"
    made = read(block, practice).questions
    assert (made[1].choices, made[1].rubric) == (None, None)
    assert made[2].unit is None


Change = Callable[[dict[str, Any]], object]


def of_question(at: int, **changes: Any) -> Change:
    return lambda block: block["questions"][at].update(changes)


def of_concept(**changes: Any) -> Change:
    return lambda block: block["concept"].update(changes)


def same_choices(**changes: str) -> Change:
    choices = [{"id": name, "text": name, **changes} for name in "ab"]
    return of_question(0, choices=choices, answer=["a"])


CHOICE, NUMBER, SHORT, SEVERAL = range(4)
FREE = a_question("free", "free_response")
FAULTS: dict[str, tuple[Change, str]] = {
    "key not among the choices": (of_question(CHOICE, answer=["z"]), "is not among the choices"),
    "no key": (of_question(CHOICE, answer=[]), "questions.0.answer: must be the id"),
    "two keys": (
        of_question(CHOICE, answer=["a", "b"]),
        "answer: must be the id of one",
    ),
    "one choice": (of_question(CHOICE, choices=[], answer=["a"]), "choices: List should have"),
    "no choices": (of_question(CHOICE, choices=None, answer=["a"]), "choices: Input should be"),
    "choice ids alike": (same_choices(id="a"), "questions.0.choices.1.id: is used twice"),
    "choices alike": (same_choices(text="One"), "questions.0.choices.1.text: is used twice"),
    "an empty choice": (same_choices(text=" \u200b"), "must not be blank"),
    "keys not among them": (of_question(SEVERAL, answer=["a", "z"]), "is not among the choices"),
    "no keys at all": (of_question(SEVERAL, answer=[]), "questions.3.answer: "),
    "a key repeated": (of_question(SEVERAL, answer=["a", "a"]), "must not be repeated"),
    "no number": (of_question(NUMBER, answer=["many"]), "questions.1.answer: is not a number"),
    "no number at all": (of_question(NUMBER, answer=[]), "questions.1.answer: must be a number"),
    "two numbers": (of_question(NUMBER, answer=["1", "2"]), "questions.1.answer: must be a number"),
    "by zero": (of_question(NUMBER, answer=["1/0"]), "divides by zero"),
    "another unit": (of_question(NUMBER, answer=["3 m"]), "is in another unit"),
    "no unit": (of_question(NUMBER, unit="12"), "questions.1.unit: is not a unit"),
    "tolerance below 0": (of_question(NUMBER, tolerance=-1), "questions.1.tolerance: "),
    "nothing accepted": (of_question(SHORT, answer=[]), "questions.2.answer: "),
    "blank accepted": (of_question(SHORT, answer=["x", " "]), "questions.2.answer.1: must not be"),
    "no prompt": (of_question(SHORT, prompt="\u200b"), "questions.2.prompt: must not be blank"),
    "no explanation": (of_question(SHORT, explanation=" "), "questions.2.explanation: must not be"),
    "a blank hint": (of_question(SHORT, hints=["Think.", ""]), "questions.2.hints.1: must not be"),
    "too many hints": (of_question(SHORT, hints=["Think."] * 11), "questions.2.hints: "),
    "too hard": (of_question(SHORT, difficulty=6), "questions.2.difficulty: "),
    "too easy": (of_question(SHORT, difficulty=0), "questions.2.difficulty: "),
    "self-rated": (of_question(SHORT, kind="self_rated"), "questions.2.kind: "),
    "no kind": (of_question(SHORT, kind="essay"), "questions.2.kind: "),
    "one field more": (of_question(SHORT, points=3), "questions.2.points: Extra inputs"),
    "a text for a list": (of_question(SHORT, answer="text"), "questions.2.answer: Input should be"),
    "a text for a number": (of_question(SHORT, difficulty="3"), "questions.2.difficulty: "),
    "no rubric": (of_question(SHORT, **{**FREE, "rubric": None}), "questions.2.rubric: List"),
    "no points": (
        of_question(SHORT, **{**FREE, "rubric": [{"text": "x", "points": 0}]}),
        "questions.2.rubric.0.points: ",
    ),
    "two for free text": (
        lambda b: b.update(questions=[*b["questions"][:3], FREE, FREE]),
        "at most 1 may be free_response",
    ),
    "no title": (of_concept(title=""), "concept.title: "),
    "a long title": (of_concept(title="x" * 201), "concept.title: "),
    "nothing explained": (of_concept(explanation=" \u200b"), "concept.explanation: "),
    "no concept": (lambda b: b.update(concept=None), "concept: "),
    "too few": (lambda b: b.update(questions=b["questions"][:3]), "there must be 4 to 6"),
    "none": (lambda b: b.update(questions=[]), "there must be 4 to 6"),
    "too many": (lambda b: b.update(questions=a_block(0, ("numeric",) * 7)["questions"]), "4 to 6"),
    "too long": (of_question(SHORT, prompt="é" * (MAX_BLOCK_BYTES // 2)), "longer than"),
    "questions missing": (lambda b: b.pop("questions"), "questions: Field required"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_block_with_a_fault_is_refused_with_the_reason(case: str, practice: Practice) -> None:
    change, reason = FAULTS[case]
    block = a_block()
    change(block)
    found = reasons(json.dumps(block, ensure_ascii=False), practice)
    assert [message for message in found if reason in message], found


NOT_EVEN_JSON = ["", "no JSON", '{"concept": {"title": "A', "[]", "null", "3", '"text"']


@pytest.mark.parametrize("text", [*NOT_EVEN_JSON, '"\\ud800"', '{"a": NaN}', "[" * 5_000, "\ud800"])
def test_output_that_is_not_a_block_is_refused(text: str, practice: Practice) -> None:
    assert reasons(text, practice)


def test_numbers_outside_json_are_refused(practice: Practice) -> None:
    for name in ("NaN", "Infinity"):
        text = json.dumps(a_block()).replace('"tolerance": 0.5', f'"tolerance": {name}')
        assert name in text
        assert reasons(text, practice)


def test_all_faults_are_listed_at_once_up_to_a_bound(practice: Practice) -> None:
    block = a_block()
    of_question(CHOICE, answer=["z"])(block)
    of_question(SHORT, explanation="")(block)
    of_concept(title="")(block)
    assert len(reasons(block, practice)) == 3
    for question in block["questions"]:
        question |= {"prompt": "", "explanation": "", "hints": ["", ""]}
    assert len(reasons(block, practice)) == MAX_REASONS


@pytest.fixture(scope="module")
def free() -> Question:
    rubric = [
        {"criterion_id": "the\u200bcause", "text": "Names the cause", "points": 1},
        {"criterion_id": "c1", "text": "Names the effect", "points": 1},
    ]
    fields = {
        "question_id": "f",
        "kind": "free_response",
        "prompt": "Why?",
        "rubric": rubric,
    }
    return FreeResponse.model_validate(fields)


ANSWER = "The axis is tilted, so the light is spread thin."


def found(written: object, question: Question) -> Any:
    text = written if isinstance(written, str) else json.dumps(written)
    return parse_findings(text, question=question, answer=ANSWER)


def test_findings_carry_the_ids_of_the_authors_criteria(free: Question) -> None:
    read = found(findings("axis is tilted", None), free)
    assert [(f.criterion_id, f.met) for f in read.findings] == [
        ("the\u200bcause", True),
        ("c1", False),
    ]
    assert read.doubts == []


@pytest.mark.parametrize(
    ("written", "doubts"),
    [
        (findings("The AXIS is  tilted", "spread thin"), []),
        (findings("the earth is far away", "spread thin"), ["c1: the quote is not in the answer"]),
        (findings("", "spread thin"), ["c1: the quote is not in the answer"]),
        (findings("axis"), ["c2: there is no finding"]),
        (findings(), ["c1: there is no finding", "c2: there is no finding"]),
    ],
    ids=["quoted freely", "never written", "no quote", "one left out", "all left out"],
)
def test_findings_may_be_doubtful(written: object, doubts: list[str], free: Question) -> None:
    read = found(written, free)
    assert len(read.doubts) == len(doubts)
    assert all(reason.startswith(doubt) for reason, doubt in zip(read.doubts, doubts, strict=True))


@pytest.mark.parametrize(
    "written",
    [
        *NOT_EVEN_JSON,
        findings(None, None, None),
        {"findings": findings(None)["findings"] * 2},
        {"findings": [{"criterion_id": "the\u200bcause", "quote": "axis", "met": True}]},
        {"correct": True},
        {**findings("axis", "thin"), "correct": True},
        {"findings": [{"criterion_id": "c1", "met": True}]},
        {"findings": [{"criterion_id": "c1", "quote": "axis", "met": "yes"}]},
        {"findings": [{"criterion_id": "c1", "quote": "axis", "met": True, "score": 1}]},
    ],
)
def test_findings_of_another_shape_are_refused(written: object, free: Question) -> None:
    with pytest.raises(OutputRejected) as refused:
        found(written, free)
    assert refused.value.reasons


def solution(number: int, *answer: str) -> dict[str, Any]:
    return {"number": number, "working": "So.", "answer": list(answer)}


def test_solutions_are_read_by_the_number_of_their_question() -> None:
    given = [solution(2, " 12\u200b"), solution(1, "a", "c"), solution(7), solution(3, "x")]
    text = json.dumps({"solutions": [*given, solution(3, "y")]})
    assert parse_solutions(text) == {2: ["12"], 1: ["a", "c"], 7: []}


@pytest.mark.parametrize(
    "written",
    [
        *NOT_EVEN_JSON,
        {"answers": []},
        {"solutions": [{"number": 1, "answer": ["a"]}]},
        {"solutions": [{**solution(1, "a"), "number": "1"}]},
        {"solutions": [{**solution(1), "answer": "a"}]},
        {"solutions": [solution(1, "a")], "done": True},
    ],
)
def test_solutions_of_another_shape_are_refused(written: object) -> None:
    with pytest.raises(OutputRejected):
        parse_solutions(written if isinstance(written, str) else json.dumps(written))


def test_every_kind_a_model_may_write_is_tested_here() -> None:
    schema = ModelBlock.model_json_schema()
    kinds = schema["$defs"]["ModelQuestion"]["properties"]["kind"]["enum"]
    assert kinds == list(MODEL_KINDS)
    assert set(kinds) >= {*CLOSED, "free_response"}
    assert "self_rated" not in kinds


@pytest.mark.parametrize("kind", MODEL_KINDS)
def test_a_question_of_each_kind_is_read(kind: str, practice: Practice) -> None:
    question, *_ = read(a_block(0, (kind, "numeric", "numeric", "numeric")), practice).questions
    assert question.kind == kind
    assert question == MODEL_KINDS[kind].model_validate(question.model_dump())

"""cloze: a text with blanks, each answered like a short question of its own."""

from typing import Any

import pytest
from hypothesis import strategies as st

from shared.domain.questions.kinds import KINDS
from tests.unit.domain.questions.samples import (
    ANY_QUESTION,
    CHOICES,
    a_question,
    faults,
    raw,
    refusal,
    verdict_on,
)

PROMPT = "{{who}} put the sun in the middle; {{planet}} has {{moons}} moons."
TEXTS = [choice["text"] for choice in CHOICES]
BLANKS: list[dict[str, Any]] = [
    {"id": "who", "kind": "short_answer", "answer": ["Copernicus"], "spelling_retry": True},
    {"id": "planet", "kind": "multiple_choice", "choices": TEXTS, "answer": "Venus"},
    {"id": "moons", "kind": "numeric", "answer": 0, "unit": "moons"},
]
SAMPLE: dict[str, Any] = {"prompt": PROMPT, "blanks": BLANKS}
ANSWERS = st.tuples(
    st.sampled_from(["Copernicus", "Ptolemy"]), st.sampled_from(TEXTS), st.sampled_from("012")
).map(list)
MODEL_OUTPUT: dict[str, Any] = {
    "prompt": "{{1}} is the capital of {{2}}.",
    "answer": ["Rome|Roma", "Italy"],
}
RIGHT: list[Any] = ["copernicus", "Venus", "0 moons"]


def with_blank(index: int, **fields: Any) -> list[dict[str, Any]]:
    changed = {**BLANKS[index], **fields}
    changed = {name: value for name, value in changed.items() if value is not ...}
    return [*BLANKS[:index], changed, *BLANKS[index + 1 :]]


@pytest.mark.parametrize(
    ("fields", "paths"),
    [
        ({"blanks": ...}, {"blanks"}),
        ({"blanks": []}, {"blanks"}),
        ({"blanks": BLANKS[:2]}, {"prompt"}),
        ({"blanks": BLANKS[::-1]}, {"prompt"}),
        ({"prompt": PROMPT + "{{who}}"}, {"prompt"}),
        ({"prompt": PROMPT + "{{what}}"}, {"prompt"}),
        ({"blanks": with_blank(1, id="who")}, {"blanks.1.id"}),
        ({"blanks": with_blank(0, id="a b")}, {"blanks.0.id"}),
        ({"blanks": with_blank(0, kind="free_response")}, {"blanks.0.kind"}),
        ({"blanks": with_blank(0, answer=...)}, {"blanks.0.answer"}),
        ({"blanks": with_blank(0, answer=["ok", " "])}, {"blanks.0.answer.1"}),
        ({"blanks": with_blank(1, choices=...)}, {"blanks.1.choices"}),
        ({"blanks": with_blank(1, choices=TEXTS[:1])}, {"blanks.1.choices"}),
        ({"blanks": with_blank(1, choices=["Venus", "Venus"])}, {"blanks.1.choices.1"}),
        ({"blanks": with_blank(1, choices=CHOICES)}, {f"blanks.1.choices.{i}" for i in range(4)}),
        ({"blanks": with_blank(1, answer="z")}, {"blanks.1.answer"}),
        ({"blanks": with_blank(2, answer="1,234")}, {"blanks.2.answer"}),
        ({"blanks": with_blank(2, unit="5")}, {"blanks.2.unit"}),
        ({"blanks": BLANKS * 7}, {"blanks"}),
    ],
)
def test_a_fault_is_named_at_its_path(fields: dict[str, Any], paths: set[str]) -> None:
    assert faults(raw("cloze", **fields)) == paths


def test_a_student_sees_the_blanks_without_their_keys() -> None:
    assert a_question("cloze").public_fields() == {
        "blanks": [
            {"id": "who", "kind": "short_answer"},
            {"id": "planet", "kind": "multiple_choice", "choices": TEXTS},
            {"id": "moons", "kind": "numeric", "unit": "moons"},
        ]
    }


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        (["", "Venus", "0"], 1),
        (["x", "z", "0"], 2),
        (["x", "Venus", "no"], 3),
        ([["x"], "Venus", "0"], 1),
    ],
)
def test_a_refusal_names_the_blank(raw: Any, number: int) -> None:
    assert f"blank {number} " in refusal(a_question("cloze"), raw)


@pytest.mark.parametrize("raw", ["x", [], ["x", "b"], ["x", "b", "0", "0"], {"who": "x"}])
def test_an_answer_has_an_entry_for_each_blank(raw: Any) -> None:
    assert "for each blank" in refusal(a_question("cloze"), raw)


def test_a_message_has_the_answers_between_semicolons() -> None:
    assert a_question("cloze").answer_from_text("Copernicus; 2 ;0") == ["Copernicus", "Venus", "0"]


@pytest.mark.parametrize(
    ("raw", "score"),
    [
        (RIGHT, 1),
        (["Ptolemy", "Venus", 0], 2 / 3),
        (["Ptolemy", "Venus", "1"], 1 / 3),
        (["Ptolemy", "Earth", "1"], 0),
    ],
)
def test_the_score_is_the_share_of_right_blanks(raw: Any, score: float) -> None:
    verdict = verdict_on(a_question("cloze"), raw)

    assert verdict.score == pytest.approx(score)
    assert verdict.correct == (score == 1)
    assert verdict.correct_answer == ["Copernicus", "Venus", "0"]


def test_a_guess_is_the_mean_of_the_blanks() -> None:
    assert a_question("cloze").guess_probability == pytest.approx((0.1 + 1 / 4 + 0.1) / 3)


def test_a_slip_of_the_pen_in_a_blank_may_be_corrected_and_tells_nothing_of_the_choices() -> None:
    question = a_question("cloze")
    slip = "Copernikus"

    found = [question.find_misspelling([slip, choice, "9"]) for choice in TEXTS]

    assert found == [slip] * 4
    assert question.find_misspelling(["Copernicus", "Earth", "9"]) is None


def test_the_choices_of_a_blank_are_shuffled() -> None:
    question = a_question("cloze")
    shown = {str(question.shuffled(f"session-{n}").public_fields()) for n in range(40)}

    assert len(shown) > 10


def test_a_model_writes_the_words_of_each_blank() -> None:
    fields = {**KINDS["cloze"].from_model_output(MODEL_OUTPUT), "prompt": MODEL_OUTPUT["prompt"]}
    question = ANY_QUESTION.validate_python(raw("cloze", **fields))

    assert verdict_on(question, ["Roma", "italy"]).correct
    assert question.is_solved_by(["Rome", "Italy"])
    assert not question.is_solved_by(["Italy", "Rome"])
    assert not question.is_solved_by(["Rome"])

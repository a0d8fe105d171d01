"""cloze: a text with blanks, each answered like a short question of its own."""

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import strategies as st

from local.processes import ROOT
from shared.domain.common.errors import InvalidArgument
from shared.domain.questions.any_question import restore_question
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


MATHEMATICS: dict[str, Any] = {
    "prompt": "$x^2 - 1 =$ {{product}}, which is 0 for {{zeros}}. Its name: {{name}}.",
    "blanks": [
        {"id": "product", "kind": "expression", "answer": "(x+1)(x-1)", "form": "factored"},
        {"id": "zeros", "kind": "expression", "answer": "{-1; 1}", "decimal_mark": ","},
        {"id": "name", "kind": "short_answer", "answer": ["difference of squares"]},
    ],
}
NAME = "difference of squares"


class Decided:
    """An algebra whose answer is known."""

    def __init__(self, is_zero: bool | None) -> None:
        self._is_zero = is_zero

    def is_zero(self, value: object) -> bool | None:
        return self._is_zero


def with_mathematics(index: int, **fields: Any) -> dict[str, Any]:
    """The question with one blank changed."""
    blanks = list(MATHEMATICS["blanks"])
    blanks[index] = {**blanks[index], **fields}
    return {**MATHEMATICS, "blanks": blanks}


@pytest.mark.parametrize(
    ("index", "fields", "path"),
    [
        (0, {"answer": "1/2x"}, "blanks.0.answer"),
        (0, {"answer": None}, "blanks.0.answer"),
        (0, {"answer": ["x"]}, "blanks.0.answer"),
        (1, {"answer": "1/0"}, "blanks.1.answer"),
        (0, {"answer": "(x+1)^2", "form": "expanded"}, "blanks.0.answer"),
        (0, {"form": "pretty"}, "blanks.0.form"),
        (1, {"decimal_mark": ";"}, "blanks.1.decimal_mark"),
    ],
)
def test_a_faulty_key_in_mathematics_is_named_at_its_blank(
    index: int, fields: dict[str, Any], path: str
) -> None:
    assert faults(raw("cloze", **with_mathematics(index, **fields))) == {path}


def test_a_student_sees_the_decimal_mark_of_mathematics_and_not_its_form() -> None:
    blanks: Any = a_question("cloze", **MATHEMATICS).public_fields()["blanks"]

    assert blanks[:2] == [
        {"id": "product", "kind": "expression"},
        {"id": "zeros", "kind": "expression", "decimal_mark": ","},
    ]


@pytest.mark.parametrize(
    ("raw", "score"),
    [
        (["(x-1)(x+1)", "1; -1", NAME], 1),
        # The value is right, and the form is not.
        (["x^2 - 1", "1; -1", NAME], 2.5 / 3),
        (["x^2 - 1", "1; 2", "x"], 0.5 / 3),
        (["x", "1; 2", "x"], 0),
    ],
)
def test_mathematics_of_another_form_scores_half_a_blank(raw: Any, score: float) -> None:
    verdict = verdict_on(a_question("cloze", **MATHEMATICS), raw)

    assert verdict.score == pytest.approx(score)
    assert verdict.correct == (score == 1)
    assert verdict.correct_answer == ["(x+1)(x-1)", "{-1; 1}", NAME]


def test_what_was_read_and_remarked_names_the_blank() -> None:
    verdict = verdict_on(a_question("cloze", **MATHEMATICS), ["x² - 1", "{1,50; -1}", NAME])

    assert verdict.read_as == "1: x^2 - 1; 2: {1,50; -1}"
    assert verdict.remark == (
        "Blank 1: The value is right, but the form is another. "
        "Write it as a product, factored as far as possible."
    )


def test_the_only_blank_needs_no_number() -> None:
    blank = {"id": "1", "kind": "expression", "answer": "√2"}
    verdict = verdict_on(a_question("cloze", prompt="{{1}}", blanks=[blank]), ["1.41"])

    assert verdict.read_as == "1.41"
    assert (verdict.remark or "").startswith("That is a rounded value")


@pytest.mark.parametrize(
    ("raw", "number"), [(["1/2x", "1; -1", NAME], 1), (["x", "{1", NAME], 2), ([3, "1; -1", ""], 1)]
)
def test_mathematics_that_can_not_be_read_is_refused_at_its_blank(raw: Any, number: int) -> None:
    reason = refusal(a_question("cloze", **MATHEMATICS), raw)

    assert reason.startswith(f"blank {number} ")


def test_only_a_text_with_such_a_blank_takes_an_algebra() -> None:
    assert a_question("cloze", **MATHEMATICS).graded_by_algebra
    assert not a_question("cloze").graded_by_algebra


def test_an_algebra_decides_a_blank_and_what_it_does_not_decide_costs_nothing() -> None:
    question = a_question("cloze", **with_mathematics(1, answer="1", form="any"))
    answer = question.parse_answer(["(x-1)(x+1)", "sin(x)^2 + cos(x)^2", NAME])

    assert question.grade_with(answer, Decided(True)).correct
    assert question.grade_with(answer, Decided(False)).score == pytest.approx(2 / 3)
    for grade in (question.grade, lambda given: question.grade_with(given, Decided(None))):
        with pytest.raises(InvalidArgument) as refused:
            grade(answer)
        (error,) = refused.value.errors
        assert error.path == "input.answer"
        assert error.message.startswith("blank 2 could not be compared")


def test_a_message_has_one_answer_a_line_where_mathematics_has_semicolons() -> None:
    text = f"(x-1)(x+1)\n{{1; -1}}\n{NAME}"

    assert a_question("cloze", **MATHEMATICS).answer_from_text(text) == text.split("\n")


def test_a_question_sealed_before_blanks_had_a_form_is_asked_and_graded_as_before() -> None:
    sealed = {"question_id": "q", "kind": "cloze", "prompt": PROMPT, "blanks": BLANKS}
    question = restore_question(sealed)

    assert verdict_on(question, RIGHT).correct
    assert question.public_fields() == a_question("cloze").public_fields()
    assert not question.graded_by_algebra


def test_words_and_numbers_load_nothing_of_the_algebra() -> None:
    program = f"""
import sys
from shared.domain.questions.kinds.cloze import Cloze
question = Cloze.model_validate({raw("cloze")!r})
question.grade(question.parse_answer({RIGHT!r}))
assert not question.graded_by_algebra
print(sorted(name for name in sys.modules if name.startswith("shared.domain.questions.algebra.")))
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert ran.stdout.strip() == "['shared.domain.questions.algebra.port']"

"""A turn that answers in mathematics, whole or in a blank: an algebra grades it beforehand."""

from dataclasses import replace
from typing import Any

import pytest

from functions.practice_turn import runs
from functions.practice_turn.contract import PracticeTurn
from functions.practice_turn.handler import Dependencies, handle
from functions.practice_turn.runs_contract import Run
from shared.domain.common.errors import InvalidArgument
from shared.domain.questions.algebra.port import Algebra
from shared.domain.questions.algebra.tree import Node
from tests.support.tutor.turns import a_call, dependencies

Json = dict[str, Any]

QUESTION: Json = {
    "question_id": "q",
    "kind": "expression",
    "prompt": "Which number is it?",
    "answer": "1",
    "form": "any",
}
ANSWER = "sin(x)^2 + cos(x)^2"
WITH_BLANKS: Json = {
    "question_id": "q",
    "kind": "cloze",
    "prompt": "The {{number}} is {{name}}.",
    "blanks": [
        {"id": "number", "kind": "expression", "answer": "1", "form": "any"},
        {"id": "name", "kind": "short_answer", "answer": ["one"], "spelling_retry": True},
    ],
}


class Decided:
    def __init__(self, is_zero: bool | None) -> None:
        self._is_zero = is_zero

    def is_zero(self, value: Node) -> bool | None:
        return self._is_zero


def begun(question: Json = QUESTION) -> Json:
    """The session of a practice that has this question pending."""
    exercise = {"name": "Identities", "questions": [question]}
    content = {"sections": [{"name": "All", "exercises": [exercise]}]}
    source = {"source_data": {"name": "Template", "template_data": content}}
    command = PracticeTurn.model_validate({"session_context": source})
    reply = handle(command, a_call(), dependencies())
    session: Json = reply.body.model_dump(mode="json")["session_context"]["stored_session"]
    return session


def turn(session: Json, answer: str | list[str] = ANSWER) -> Json:
    given = {"type": "answer", "question_id": "q", "answer": answer}
    return {"session_context": {"stored_session": session}, "input": given}


def feedback(sent: Json, using: Dependencies) -> Json:
    """The feedback of a turn."""
    reply = handle(PracticeTurn.model_validate(sent), a_call(), using)
    calls = [m["tool_calls"][0] for m in reply.body.model_dump()["messages"] if m["type"] == "ai"]
    (args,) = (call["args"] for call in calls if call["name"] == "feedback_presentation")
    found: Json = args
    return found


@pytest.mark.parametrize("is_right", [True, False])
def test_the_algebra_decides_what_the_domain_can_not(is_right: bool) -> None:
    deciding = replace(dependencies(), algebra=lambda: Decided(is_right))

    args = feedback(turn(begun()), deciding)

    assert (args["correct"], args["score"]) == (is_right, float(is_right))
    assert args["read_as"] == "sin(x)^2 + cos(x)^2"


@pytest.mark.parametrize("is_right", [True, False])
def test_the_algebra_decides_a_blank(is_right: bool) -> None:
    deciding = replace(dependencies(), algebra=lambda: Decided(is_right))

    args = feedback(turn(begun(WITH_BLANKS), [ANSWER, "one"]), deciding)

    assert (args["correct"], args["score"]) == (is_right, 1.0 if is_right else 0.5)
    assert args["read_as"] == "1: sin(x)^2 + cos(x)^2"
    assert args["correct_answer"] == ["1", "one"]


def test_a_misspelt_word_beside_mathematics_may_be_written_once_more() -> None:
    deciding = replace(dependencies(), algebra=lambda: Decided(True))
    word = {**WITH_BLANKS["blanks"][1], "answer": ["unity"]}
    question = {**WITH_BLANKS, "blanks": [WITH_BLANKS["blanks"][0], word]}

    args = feedback(turn(begun(question), [ANSWER, "unitty"]), deciding)

    assert (args["retry"], args["correct"], args["score"]) == ("spelling", None, None)


def test_blanks_without_mathematics_start_no_algebra() -> None:
    def refuse() -> Algebra:
        raise AssertionError

    number = {"id": "number", "kind": "numeric", "answer": 1}
    question = {**WITH_BLANKS, "blanks": [number, WITH_BLANKS["blanks"][1]]}
    without = replace(dependencies(), algebra=refuse)

    assert feedback(turn(begun(question), ["1", "one"]), without)["correct"]
    with pytest.raises(AssertionError):
        feedback(turn(begun(WITH_BLANKS), ["1", "one"]), without)


@pytest.mark.parametrize(
    ("question", "answer"), [(QUESTION, ANSWER), (WITH_BLANKS, [ANSWER, "one"])]
)
def test_what_nobody_decides_is_refused_at_the_answer_and_can_be_sent_again(
    question: Json, answer: str | list[str]
) -> None:
    session = begun(question)
    undecided = replace(dependencies(), algebra=lambda: Decided(None))

    with pytest.raises(InvalidArgument) as refused:
        handle(PracticeTurn.model_validate(turn(session, answer)), a_call(), undecided)
    assert [error.path for error in refused.value.errors] == ["input.answer"]
    run = Run.model_validate({"assistant_id": "tutor", "input": turn(session, answer)})
    for serve in (runs.wait, runs.stream):
        with pytest.raises(InvalidArgument) as refused:
            serve(run, a_call(), undecided)
        assert [error.path for error in refused.value.errors] == ["input.input.answer"]
    deciding = replace(dependencies(), algebra=lambda: Decided(True))
    assert feedback(turn(session, answer), deciding)["correct"]

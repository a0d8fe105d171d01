"""A turn that answers a question in mathematics: graded by an algebra before it begins."""

from dataclasses import replace
from typing import Any

import pytest

from functions.practice_turn import runs
from functions.practice_turn.contract import PracticeTurn
from functions.practice_turn.handler import handle
from functions.practice_turn.runs_contract import Run
from shared.domain.common.errors import InvalidArgument
from shared.domain.questions.algebra.tree import Node
from tests.support.tutor.turns import a_call, dependencies

Json = dict[str, Any]

QUESTION = {
    "question_id": "q",
    "kind": "expression",
    "prompt": "Which number is it?",
    "answer": "1",
    "form": "any",
}
ANSWER = "sin(x)^2 + cos(x)^2"


class Decided:
    def __init__(self, is_zero: bool | None) -> None:
        self._is_zero = is_zero

    def is_zero(self, value: Node) -> bool | None:
        return self._is_zero


def begun() -> Json:
    """The session of a practice that has this question pending."""
    exercise = {"name": "Identities", "questions": [QUESTION]}
    content = {"sections": [{"name": "All", "exercises": [exercise]}]}
    source = {"source_data": {"name": "Template", "template_data": content}}
    command = PracticeTurn.model_validate({"session_context": source})
    reply = handle(command, a_call(), dependencies())
    session: Json = reply.body.model_dump(mode="json")["session_context"]["stored_session"]
    return session


def turn(session: Json) -> Json:
    given = {"type": "answer", "question_id": "q", "answer": ANSWER}
    return {"session_context": {"stored_session": session}, "input": given}


@pytest.mark.parametrize("is_right", [True, False])
def test_the_algebra_decides_what_the_domain_can_not(is_right: bool) -> None:
    deciding = replace(dependencies(), algebra=lambda: Decided(is_right))

    reply = handle(PracticeTurn.model_validate(turn(begun())), a_call(), deciding)

    calls = [m["tool_calls"][0] for m in reply.body.model_dump()["messages"] if m["type"] == "ai"]
    (args,) = (call["args"] for call in calls if call["name"] == "feedback_presentation")
    assert (args["correct"], args["score"]) == (is_right, float(is_right))
    assert args["read_as"] == "sin(x)^2 + cos(x)^2"


def test_what_nobody_decides_is_refused_at_the_answer_and_can_be_sent_again() -> None:
    session = begun()
    undecided = replace(dependencies(), algebra=lambda: Decided(None))

    with pytest.raises(InvalidArgument) as refused:
        handle(PracticeTurn.model_validate(turn(session)), a_call(), undecided)
    assert [error.path for error in refused.value.errors] == ["input.answer"]
    run = Run.model_validate({"assistant_id": "tutor", "input": turn(session)})
    for serve in (runs.wait, runs.stream):
        with pytest.raises(InvalidArgument) as refused:
            serve(run, a_call(), undecided)
        assert [error.path for error in refused.value.errors] == ["input.input.answer"]

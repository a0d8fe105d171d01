"""Generated messages of a run, about a question of each kind: taken or refused, never an error."""

from contextlib import suppress
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from functions.practice_turn import runs
from functions.practice_turn.contract import PracticeTurn
from functions.practice_turn.handler import handle
from functions.practice_turn.runs_contract import Run
from shared.domain.common.errors import InvalidArgument
from tests.support.tutor.turns import a_call, dependencies
from tests.unit.domain.questions.samples import KIND_NAMES, raw

Json = dict[str, Any]

QUESTIONS = {kind: raw(kind) for kind in KIND_NAMES}
DIGITS = "1" * 4_301
TEXTS = st.sampled_from(
    [DIGITS, f"{DIGITS}/3", f"1e{DIGITS}", f'{{"answer": {DIGITS}}}', "9" * 4_300, "a,b", '["a"]']
) | st.text(max_size=20)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
TEXT_PARTS = st.lists(st.fixed_dictionaries({"type": st.just("text"), "text": ANYTHING}))


def messages(call_id: str) -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries(
        {},
        optional={
            "id": TEXTS | ANYTHING,
            "type": st.sampled_from(["human", "tool", "ai"]) | ANYTHING,
            "role": st.sampled_from(["user", "assistant"]) | ANYTHING,
            "content": TEXTS | TEXT_PARTS | ANYTHING,
            "tool_call_id": st.just(call_id) | ANYTHING,
            "tool_calls": st.lists(st.fixed_dictionaries({"id": ANYTHING}), max_size=2) | ANYTHING,
        },
    )


@cache
def asked(kind: str) -> tuple[Json, Json]:
    """A session with a pending question of the kind, and the message that asks it."""
    exercise = {"name": "Scales", "questions": [QUESTIONS[kind]]}
    template = {
        "name": "Template",
        "template_data": {"sections": [{"name": "One", "exercises": [exercise]}]},
    }
    command = PracticeTurn.model_validate({"session_context": {"source_data": template}})
    reply: Any = handle(command, a_call(), dependencies())
    turn = reply.body.model_dump(mode="json")
    return turn["session_context"]["stored_session"], turn["messages"][-1]


def run(kind: str, sent: list[Json]) -> None:
    state, question = asked(kind)
    given = {"session_context": {"stored_session": state}, "messages": [question, *sent]}
    command = Run.model_validate({"input": given, "stream_mode": ["values"]})
    runs.wait(command, a_call(), dependencies())
    runs.stream(command, a_call(), dependencies()).work(lambda _, __: None)


@pytest.mark.parametrize("kind", KIND_NAMES)
@settings(max_examples=60)
@given(data=st.data())
def test_any_messages_are_taken_or_refused(kind: str, data: st.DataObject) -> None:
    call_id = asked(kind)[1]["tool_calls"][0]["id"]
    with suppress(InvalidArgument, ValidationError):
        run(kind, data.draw(st.lists(messages(call_id), min_size=1, max_size=3)))


@pytest.mark.parametrize("kind", ["multiple_choice", "multi_select"])
def test_thousands_of_digits_are_no_choice(kind: str) -> None:
    with pytest.raises(InvalidArgument) as refused:
        run(kind, [{"type": "human", "content": DIGITS}])
    assert [error.path for error in refused.value.errors] == ["input.messages.1.content"]


def test_the_id_of_a_message_is_a_text() -> None:
    with pytest.raises(ValidationError, match=r"input\.messages\.1\.id"):
        run("self_rated", [{"type": "human", "content": "good", "id": {}}])

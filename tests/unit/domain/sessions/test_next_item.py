"""The next item of a session: an exercise, a question of a self-made quiz, a pending question."""

from typing import Any

import pytest

from shared.domain.common.errors import InvalidArgument
from shared.domain.sessions.items import Item
from shared.domain.sessions.next_item import NextQuestion, next_item
from shared.domain.sessions.session import Session, Status, apply_update
from tests.unit.domain.samples import NOON, a_session, exercises

QUIZ = {"questions": [{"question_id": name, "prompt": f"{name}?"} for name in ("q1", "q2", "q3")]}


def reported(session: Session, *items: Item) -> Session:
    ids = [f"i{n}" for n in range(len(items))]
    after, _ = apply_update(session, change=None, items=items, item_ids=ids, revision=None, at=NOON)
    return after


def following(session: Session) -> str | None:
    found = next_item(session)
    return found.node_id if found else None


def test_the_first_question_of_a_self_made_quiz_comes_first() -> None:
    found = next_item(a_session(QUIZ))

    assert found == NextQuestion(node_id="q1", question={"question_id": "q1", "prompt": "q1?"})


@pytest.mark.parametrize(
    ("report", "then"),
    [
        ({"correct": True}, "q2"),
        ({"correct": False}, "q2"),
        ({"score": 0.2}, "q2"),
        ({}, "q2"),
        ({"completed": False}, "q1"),
        ({"grade": "again"}, "q1"),
    ],
)
def test_a_question_that_was_answered_or_is_done_is_passed(
    report: dict[str, Any], then: str
) -> None:
    item = Item.model_validate({"node_id": "q1", **report})

    assert following(reported(a_session(QUIZ), item)) == then


def test_questions_may_be_answered_in_any_order_until_none_is_left() -> None:
    session = a_session(QUIZ)
    seen = []
    for node_id in ("q3", "q1", "q2"):
        seen.append(following(session))
        session = reported(session, Item(node_id=node_id, correct=True))

    assert [*seen, following(session)] == ["q1", "q1", "q2", None]


def test_exercises_come_before_questions() -> None:
    session = a_session({**exercises(2, done=1), **QUIZ})
    finished = a_session({**exercises(2, done=2), **QUIZ})

    assert [following(session), following(finished)] == ["e1", "q1"]


def test_a_question_beside_exercises_is_reported_as_any_other() -> None:
    session = a_session({**exercises(2, done=2), **QUIZ})

    after = reported(session, Item(node_id="q1", correct=True))

    assert following(after) == "q2"
    with pytest.raises(InvalidArgument):
        reported(session, Item(node_id="q4", correct=True))


@pytest.mark.parametrize(
    "pushed",
    [None, 5, "q1", {}, [], [None], ["q1"], [[]], [{}], [{"question_id": 1}]],
)
def test_free_data_of_another_shape_is_no_list_of_questions(pushed: Any) -> None:
    assert next_item(a_session({"questions": pushed})) is None
    assert following(a_session({"questions": [pushed, {"question_id": "q2"}]})) == "q2"


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.ABANDONED])
def test_nothing_comes_next_in_a_session_that_has_ended(status: Status) -> None:
    assert next_item(a_session({**exercises(1), **QUIZ}, status=status)) is None

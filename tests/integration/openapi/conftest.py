"""Fixtures of real turns: every kind of question, right and wrong answers, with hints."""

from typing import Any

import pytest

from local.practice_client import right_answer, wrong_answer
from tests.support.practice_client import Class, Json, calls, room

__all__ = ["room"]

TURNS = 24


@pytest.fixture
def turns(room: Class) -> list[Json]:
    """The replies of a session's first turns."""
    context: Json = {"source_data": room.student.read(f"session_templates/{room.template_id}")}
    given: Any = None
    replies: list[Json] = []
    for number in range(TURNS):
        taken = room.student.call("practice_turn", {"session_context": context, "input": given})
        assert taken.status_code == 200, taken.text
        replies.append(taken.json())
        context = taken.json()["session_context"]
        question = calls(taken.json()["messages"])[-1]["args"].get("question")
        if question is None or number % 6 == 2:
            given = {"type": "hint"} if question else {"type": "continue"}
            continue
        answer = right_answer(question) if number % 2 else wrong_answer(question)
        given = {"type": "answer", "question_id": question["question_id"], "answer": answer}
    return replies

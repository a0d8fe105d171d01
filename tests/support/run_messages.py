"""The messages of a run: tool calls without a result, and results for them."""

import json
from typing import Any

import pytest

from local.api import User
from local.examples import theory_template
from local.practice_client import BANK, right_answer
from tests.support.practice_client import Json, calls

ANSWERS = {question_id: right_answer({"question_id": question_id}) for question_id in BANK}


@pytest.fixture
def source(teacher: User, student: User) -> Json:
    """The template as stored: time stamps in Firestore's format, answer keys in its seal."""
    created = teacher.call("create_template", {**theory_template(), "visibility": "public"})
    template: Json = student.read(f"session_templates/{created.json()['template']['template_id']}")
    return template


def pending(messages: list[Json]) -> list[Json]:
    """The tool calls without a result."""
    settled = {message.get("tool_call_id") for message in messages}
    return [call for call in calls(messages) if call["id"] not in settled]


def question_of(messages: list[Json]) -> Json:
    """The pending question. Fails unless there is exactly one."""
    (call,) = pending(messages)
    assert call["name"] == "question_presentation"
    question: Json = call["args"]["question"]
    return question


def result(messages: list[Json], content: Any) -> Json:
    """A tool message with the result of the pending question's call."""
    (call,) = pending(messages)
    return {"type": "tool", "tool_call_id": call["id"], "content": json.dumps(content)}

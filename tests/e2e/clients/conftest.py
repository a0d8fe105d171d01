"""Fixtures: the Python SDK, and scripts of the JavaScript clients."""

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from langgraph_sdk import get_sync_client
from langgraph_sdk.client import SyncLangGraphClient

from local.api import User
from tests.support.practice_client import Json, calls
from tests.support.run_messages import ANSWERS, question_of, result, source

__all__ = ["source"]

JS = Path(__file__).parent / "js"

RunScript = Callable[[str], Json]


def url(student: User) -> str:
    return f"{student.stack.url}/practice_turn"


def headers(student: User) -> dict[str, str]:
    return {"Authorization": f"Bearer {student.token}"}


def run_node(name: str, given: Json) -> Json:
    """Runs a script with Node, with this as its input. Returns the JSON that it printed."""
    assert (JS / "node_modules").is_dir(), "`make test` installs the JavaScript clients first"
    ran = subprocess.run(
        ["node", JS / name],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    printed: Json = json.loads(ran.stdout)
    return printed


@pytest.fixture
def sdk(student: User) -> Iterator[SyncLangGraphClient]:
    with get_sync_client(url=url(student), headers=headers(student)) as client:
        yield client


@pytest.fixture
def run_script(student: User, source: Json) -> RunScript:
    """Runs one of the scripts for the student."""

    def run(name: str) -> Json:
        given = {
            "url": url(student),
            "token": student.token,
            "source_data": source,
            "answers": ANSWERS,
        }
        return run_node(name, given)

    return run


def right_result(messages: list[Json]) -> Json:
    return result(messages, {"answer": ANSWERS[question_of(messages)["question_id"]]})


def assert_two_turns(first: list[Json], second: list[Json]) -> None:
    """Requires that the first presents a question and the second its grade and another question."""
    assert [call["name"] for call in calls(first)] == [
        "concept_presentation",
        "question_presentation",
    ]
    feedback, _ = calls(second)
    asked = question_of(first)
    assert feedback["args"]["question_id"] == asked["question_id"]
    # The offline tutor does not grade free text.
    graded = None if asked["kind"] == "free_response" else True
    assert feedback["args"]["correct"] is graded
    assert question_of(second)["question_id"] != asked["question_id"]

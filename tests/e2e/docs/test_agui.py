"""The agent and the page for CopilotKit that docs/api.md prints."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

from local.api import User
from shared.tutor.tool_calls import (
    ConceptArgs,
    FeedbackArgs,
    HintArgs,
    PresentationArgs,
    QuestionArgs,
)
from tests.conftest import NewUser
from tests.e2e.clients.conftest import JS, run_node
from tests.support.answers import ok
from tests.support.documents import example

Json = dict[str, Any]

UNDER = "For clients of AG-UI"
ARGS: dict[str, type[PresentationArgs]] = {
    "concept_presentation": ConceptArgs,
    "question_presentation": QuestionArgs,
    "feedback_presentation": FeedbackArgs,
    "hint_presentation": HintArgs,
}
QUESTION = {"question_id": "q1", "kind": "numeric", "prompt": "6 x 7?", "answer": 42}


def template_read_by(student: User, teacher: User) -> Json:
    exercise = {"name": "Products", "questions": [QUESTION]}
    content = {"sections": [{"name": "One", "exercises": [exercise]}]}
    body = {"name": "Numbers", "template_data": content, "student_ids": [student.uid]}
    template_id = ok(teacher.call("create_template", body), 201)["template"]["template_id"]
    return student.read(f"session_templates/{template_id}")


def test_the_agent_stores_its_turns_and_asks_again_after_a_slip(
    user: NewUser, tmp_path: Path
) -> None:
    student = user("student")
    module = tmp_path / "agent.mjs"
    module.write_text(example("docs/api.md", "js", under=UNDER))
    given = {
        "agent": module.as_uri(),
        "functions": student.stack.url,
        "token": student.token,
        "source": template_read_by(student, user("teacher", teacher=True)),
        "slip": "forty-two or so",
        "answer": 42,
    }
    told = run_node("agui_sample.js", given)

    begun, refused, answered = told["turns"]
    assert [call["name"] for call in begun] == ["concept_presentation", "question_presentation"]
    assert [call["name"] for call in refused] == ["question_presentation"]
    assert refused[0]["args"]["question"] == begun[1]["args"]["question"]
    assert len(told["problems"]) == 1
    assert told["problems"][0].startswith("is not a number")
    assert answered[0]["args"]["correct"] is True
    stored = told["state"]["session_context"]["stored_session"]
    session = student.read(f"practice_sessions/{stored['session_id']}")
    assert (session["questions_correct"], session["total_questions"]) == (1, 1)
    current = student.read(f"practice_sessions/{stored['session_id']}/state/current")
    assert current["stored_session"]["seq"] == stored["seq"]


def test_the_page_compiles_and_shows_each_presentation(tmp_path: Path) -> None:
    page = example("docs/api.md", "jsx", under=UNDER)
    (tmp_path / "practice.jsx").write_text(page)
    (tmp_path / "agent.js").write_text(example("docs/api.md", "js", under=UNDER))
    # CopilotKit takes half a gigabyte: it is not among the clients that the tests install.
    compiled = subprocess.run(
        [
            *(JS / "node_modules" / ".bin" / "esbuild", "practice.jsx", "--bundle"),
            *("--format=esm", "--jsx=automatic", "--outfile=practice.js", "--log-level=warning"),
            *("--external:@copilotkit/*", "--external:zod"),
        ],
        cwd=tmp_path,
        env={**os.environ, "NODE_PATH": str(JS / "node_modules")},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert compiled.returncode == 0, compiled.stderr
    shown = re.findall(r"name: '(\w+)',.*?z\.object\(\{ (.*?) \}\)", page, re.DOTALL)
    assert {name for name, _ in shown} == set(ARGS)
    for name, fields in shown:
        assert set(re.findall(r"(\w+): z\.", fields)) <= set(ARGS[name].model_fields)

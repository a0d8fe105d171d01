"""The requests that README and docs/api.md print, run as printed, interrupted and run again."""

import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from secrets import token_hex
from typing import Any

import pytest

from local.api import User
from local.emulator import RULES, Emulator
from local.processes import ROOT
from local.stack import Stack, free_port, start_functions
from shared.contract.examples import TEMPLATE_DATA
from tests.support.answers import ok
from tests.support.documents import examples

README = (ROOT / "README.md").read_text()
API = (ROOT / "docs" / "api.md").read_text()
SEEDED_PROJECT = "demo-practice"


@pytest.fixture
def walk_through_stack(emulator: Emulator) -> Iterator[Stack]:
    emulator.load_rules(SEEDED_PROJECT, RULES.read_text())
    port = free_port()
    with start_functions(emulator, port=port, project_id=SEEDED_PROJECT, quiet=True) as running:
        yield running


def run_bash(script: str, environment: Mapping[str, str] | None = None) -> str:
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_the_readmes_walk_through_works_as_printed(walk_through_stack: Stack) -> None:
    block = next(b for b in re.findall(r"```bash\n(.*?)```", README, re.DOTALL) if "curl" in b)
    # In an emulator used before, the student Sam may have a streak.
    script = re.sub(r"\bsam\b", f"sam-{token_hex(4)}", block)
    script = script.replace("http://127.0.0.1:8080", walk_through_stack.url)
    script = script.replace("http://127.0.0.1:8085", walk_through_stack.emulator.url)
    assert walk_through_stack.url in script
    assert walk_through_stack.emulator.url in script
    interrupted, found, _ = script.partition("# ... and completes it.")
    assert found
    assert run_bash(interrupted).splitlines() == ["a-minor"]
    assert run_bash(script).splitlines() == [
        "a-minor",
        "{'items': 2, 'session_bonus': 0, 'streak_bonus': 5, 'total': 7, 'verified': 0}",
        "{'stringValue': 'completed'}",
        "PERMISSION_DENIED",
        "infinite",
        "0.732571",
        "100.0",
    ]


def test_the_requests_of_the_api_document_work_as_printed_and_again(student: User) -> None:
    template = {"name": "Daily scales", "template_data": TEMPLATE_DATA}
    template_id = student.call("create_template", template).json()["template"]["template_id"]
    root = f"projects/{student.stack.project_id}/databases/(default)/documents"
    environment = {
        "API": student.stack.url,
        "DOCUMENTS": student.stack.documents_url,
        "TOKEN": student.token,
        "TEMPLATE": template_id,
        # A cursor: the end of a page of sessions.
        "AT": "2099-01-01T00:00:00Z",
        "NAME": f"{root}/practice_sessions/last",
    }
    requests = [b for b in re.findall(r"```sh\n(.*?)```", API, re.DOTALL) if "curl" in b]
    assert len(requests) >= 3
    one_document = next(request for request in requests if "session_templates/$TEMPLATE" in request)
    for _ in range(2):
        environment["SOURCE"] = run_bash(one_document, environment)
        assert json.loads(environment["SOURCE"])["fields"]["name"]
        for request in requests:
            printed = run_bash(request.replace('"sam"', f'"{student.uid}"'), environment)
            assert '"error"' not in printed
            assert "urn:problem" not in printed


def shape(value: Any) -> Any:
    """The names of the fields, and the type of each value. A list has the shape of its items."""
    if isinstance(value, dict):
        return {name: shape(field) for name, field in value.items()}
    if isinstance(value, list):
        return list(map(shape, value))
    return type(value)


def test_the_json_of_the_api_document_is_that_of_the_functions(student: User) -> None:
    refusal, data, summary = (json.loads(block.text) for block in examples("docs/api.md", "json"))
    template = {"name": "Daily scales", "template_data": data}

    created = ok(student.call("create_template", template), 201)["template"]
    assert shape(created["template_data"]) == shape(data)

    data["sections"][0]["duration_minutes"] = -1
    refused = student.call("create_template", template)
    refusal["request_id"] = refused.json()["request_id"]
    assert (refused.status_code, refused.json()) == (422, refusal)

    started = ok(student.call("start_session", {"template_id": created["template_id"]}), 201)
    session_id = started["session"]["session_id"]
    items = {
        "session_id": session_id,
        "items": [{"node_id": "c-major", "score": 1, "correct": True}],
    }
    ok(student.call("update_progress", items))
    completed = ok(student.call("complete_session", {"session_id": session_id}))
    assert shape(completed["summary"]) == shape(summary)

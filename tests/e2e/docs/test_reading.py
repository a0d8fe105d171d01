"""The reads that docs/api.md prints, run as printed: with the JavaScript SDK, and with curl."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from local.api import User
from local.processes import ROOT
from tests.support.answers import ok

Json = dict[str, Any]

CHAPTER = (ROOT / "docs" / "api.md").read_text().partition("\n## Reading Firestore\n")[2]
PACKAGES = ROOT / "clients" / "typescript" / "node_modules"
PAGE = 20
STARTED = PAGE + 3
BANK: Json = {
    "name": "Answers",
    "template_data": {
        "sections": [
            {
                "name": "All",
                "exercises": [
                    {
                        "name": "Answers",
                        "questions": [
                            {
                                "question_id": "q",
                                "kind": "short_answer",
                                "prompt": "What is the answer?",
                                "answer": ["42"],
                            }
                        ],
                    }
                ],
            }
        ]
    },
}


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", CHAPTER, re.DOTALL)


@pytest.fixture
def given(teacher: User) -> Json:
    """The values that the examples name: the user's own template, active practice and sessions."""
    template_id = ok(teacher.call("create_template", BANK), 201)["template"]["template_id"]
    class_id = ok(teacher.call("create_class", {"name": "Guitar"}), 201)["class"]["class_id"]
    assigned = {"class_id": class_id, "template_id": template_id}
    assignment = ok(teacher.call("create_assignment", assigned), 201)["assignment"]
    context = {"source_data": teacher.read(f"session_templates/{template_id}")}
    turn = ok(teacher.call("practice_turn", {"session_context": context}))
    started = ok(teacher.call("start_session", turn["session_context"]), 201)
    for _ in range(STARTED - 1):
        ok(teacher.call("start_session", {}), 201)
    return {
        "uid": teacher.uid,
        "templateId": template_id,
        "sessionId": started["session"]["session_id"],
        "rootId": "learn-guitar",
        "goalId": "solo",
        "studentId": "sam",
        "classId": class_id,
        "assignmentId": assignment["assignment_id"],
        "since": assignment["created_at"],
        "after": None,
    }


def test_the_examples_in_javascript_run_as_printed(
    teacher: User, given: Json, tmp_path: Path
) -> None:
    assert PACKAGES.is_dir(), "`make test` installs the client's packages first"
    setup, paging, *lists = blocks("js")
    examples = re.findall(
        r"^(?:await )?((?:page|getDocs|getDoc)\(.*\));", "".join(lists), re.MULTILINE
    )
    emulator = teacher.stack.emulator
    host, _, port = emulator.host.partition(":")
    setup = setup.replace("'127.0.0.1', 8085", f"'{host}', {port}")
    setup = setup.replace("demo-practice", teacher.stack.project_id)
    program = [
        f"const {{ {', '.join(given)} }} = {json.dumps(given)};",
        setup,
        paging,
        *(f"await {example};" for example in examples),
        "const ids = [first, second].map(({ entries }) => entries.map(({ id }) => id));",
        "console.log(JSON.stringify({ ids, next: second.next }));",
        "process.exit();",
    ]
    (tmp_path / "reading.mjs").write_text("\n".join(program))
    (tmp_path / "node_modules").symlink_to(PACKAGES)

    read = json.loads(_output(["node", "reading.mjs"], tmp_path, {}))

    assert len(examples) > 20
    assert [len(page) for page in read["ids"]] == [PAGE, STARTED - PAGE]
    assert len({session_id for page in read["ids"] for session_id in page}) == STARTED
    assert read["next"] is None


def test_the_examples_with_curl_run_as_printed_page_after_page(
    teacher: User, given: Json, tmp_path: Path
) -> None:
    one, first, second = (block.replace('"sam"', f'"{teacher.uid}"') for block in blocks("sh"))
    first = first.replace('"completed"', '"active"')
    variables = {
        "DOCUMENTS": teacher.stack.documents_url,
        "TOKEN": teacher.token,
        "TEMPLATE": given["templateId"],
    }

    def printed(command: str, **more: str) -> Any:
        return json.loads(_output(["bash", "-euc", command], tmp_path, {**variables, **more}))

    assert printed(one)["fields"]["name"] == {"stringValue": BANK["name"]}
    page = [row["document"] for row in printed(first)]
    last = page[-1]
    at = last["fields"]["started_at"]["timestampValue"]
    page += [row["document"] for row in printed(second, AT=at, NAME=last["name"])]
    assert len(page) == len({document["name"] for document in page}) == STARTED


def _output(command: list[str], folder: Path, variables: dict[str, str]) -> str:
    ran = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout

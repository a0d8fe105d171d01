"""The loop that docs/api.md prints in JavaScript, run as printed."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

from local.api import User
from local.processes import ROOT
from tests.support.answers import ok

API = (ROOT / "docs" / "api.md").read_text()
QUESTIONS = [
    {
        "question_id": f"q{number}",
        "kind": "short_answer",
        "prompt": f"What is the answer, for the {number}. time?",
        "answer": ["42"],
        "hints": ["It is between 41 and 43."],
        "explanation": "So it was written.",
    }
    for number in range(5)
]


def test_the_loop_in_javascript_works_as_printed(
    teacher: User, student: User, tmp_path: Path
) -> None:
    exercise = {"name": "Answers", "skill": "Answers", "questions": QUESTIONS}
    template: dict[str, Any] = {
        "name": "Ultimate answers",
        "visibility": "public",
        "template_data": {"sections": [{"name": "All", "exercises": [exercise]}]},
    }
    template_id = ok(teacher.call("create_template", template), 201)["template"]["template_id"]
    loop = next(b for b in re.findall(r"```js\n(.*?)```", API, re.DOTALL) if "practice_turn" in b)
    (tmp_path / "loop.mjs").write_text(loop)
    documents = f"{student.stack.emulator.url}/v1/projects/{student.stack.project_id}"
    ran = subprocess.run(
        ["node", "loop.mjs"],
        cwd=tmp_path,
        input="hint\n42\n \n43\n42\nenough\n",
        env={
            **os.environ,
            "API": student.stack.url,
            "DOCUMENTS": f"{documents}/databases/(default)/documents",
            "TOKEN": student.token,
            "TEMPLATE": template_id,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    printed = ran.stdout
    assert printed.startswith("Answers")
    assert "It is between 41 and 43." in printed
    assert "must not be empty" in printed
    assert printed.count("Right.") == 2
    assert printed.count("Not quite.") == 1
    assert printed.count("What is the answer") == 5
    assert re.search(r"^2 of 3, \d+ XP\n\Z", printed, re.MULTILINE)

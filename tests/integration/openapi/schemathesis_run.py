"""One run of schemathesis against a stack, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

from local.api_page import DOCUMENT_PATH
from local.processes import ROOT
from local.stack import Stack
from local.tokens import scheduler_token, user_token

HERE = Path(__file__).parent


def run(stack: Stack, config: Path, *options: str, limit_seconds: float) -> tuple[int, str]:
    """Returns the exit status, 0 when no failure was found, and the output.

    A run that exceeds the limit fails with the output it has so far.
    """
    command = [sys.executable, "-m", "schemathesis.cli", "--no-color"]
    with subprocess.Popen(
        [*command, "--config-file", config, "run", f"{stack.url}{DOCUMENT_PATH}", *options],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "STACK_URL": stack.url,
            "TEACHER_TOKEN": user_token(
                "contract-teacher", teacher=True, project_id=stack.project_id
            ),
            "STUDENT_TOKEN": user_token("contract-student", project_id=stack.project_id),
            "SCHEDULER_TOKEN": scheduler_token(project_id=stack.project_id),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as running:
        try:
            output, _ = running.communicate(timeout=limit_seconds)
        except subprocess.TimeoutExpired:
            running.kill()
            output, _ = running.communicate()
            output += f"\nIt was still running after {limit_seconds:.0f} s."
    return running.returncode, output

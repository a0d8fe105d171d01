"""The JavaScript of docs/api.md, run as printed, interrupted and run again."""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from local.api import User
from tests.support.answers import ok
from tests.support.documents import examples
from tests.support.typescript_client import install_client

OF_OTHER_CLIENTS = ("For clients of AG-UI", "Clients of LangGraph and AG-UI")
LOOP, *READING = [
    b.text for b in examples("docs/api.md", "js") if b.heading not in OF_OTHER_CLIENTS
]
LOOP_SECONDS = 60
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


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """A folder for scripts that import the client."""
    install_client(tmp_path)
    (tmp_path / "loop.mjs").write_text(LOOP)
    return tmp_path


@pytest.fixture
def template_id(teacher: User) -> str:
    exercise = {"name": "Answers", "skill": "Answers", "questions": QUESTIONS}
    template: dict[str, Any] = {
        "name": "Ultimate answers",
        "visibility": "public",
        "template_data": {"sections": [{"name": "All", "exercises": [exercise]}]},
    }
    found: str = ok(teacher.call("create_template", template), 201)["template"]["template_id"]
    return found


@pytest.fixture
def environment(student: User, template_id: str) -> Mapping[str, str]:
    return {
        **os.environ,
        "API": student.stack.url,
        "DOCUMENTS": student.stack.documents_url,
        "TOKEN": student.token,
        "TEMPLATE": template_id,
    }


def run(app: Path, script: str, environment: Mapping[str, str], lines: str = "") -> str:
    ran = subprocess.run(
        ["node", script],
        cwd=app,
        input=lines,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def run_loop(app: Path, environment: Mapping[str, str], lines: str) -> str:
    return run(app, "loop.mjs", environment, lines)


class Loop:
    """A loop at work: its input stays open."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.printed = ""

    def write(self, lines: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(lines)
        self.process.stdin.flush()

    def line(self, start: str) -> str:
        """The next line that begins so, or nothing if the loop ends without it."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.printed += line
            if line.startswith(start):
                return line
        return ""


@contextmanager
def open_loop(app: Path, environment: Mapping[str, str]) -> Iterator[Loop]:
    """A loop, which is killed at the end of the block, and earlier where a line does not come."""
    with subprocess.Popen(
        ["node", "loop.mjs"],
        cwd=app,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        timer = Timer(LOOP_SECONDS, process.kill)
        timer.start()
        try:
            yield Loop(process)
        finally:
            timer.cancel()
            process.kill()


def interrupt_loop(app: Path, environment: Mapping[str, str], lines: str, *, after: str) -> str:
    """Kills the loop as soon as it has printed a line that begins with `after`."""
    with open_loop(app, environment) as loop:
        loop.write(lines)
        loop.line(after)
        return loop.printed


def test_the_loop_works_as_printed(app: Path, environment: Mapping[str, str]) -> None:
    printed = run_loop(app, environment, "hint\n42\n \n43\n42\nenough\n")
    assert printed.startswith("Answers")
    assert "It is between 41 and 43." in printed
    assert "must not be empty" in printed
    assert printed.count("Right.") == 2
    assert printed.count("Not quite.") == 1
    assert printed.count("What is the answer") == 5
    assert re.search(r"^2 of 3, \d+ XP, \d+ verified\n\Z", printed, re.MULTILINE)


def test_the_loop_goes_on_after_an_interruption_and_begins_anew_after_its_end(
    app: Path, environment: Mapping[str, str]
) -> None:
    first = interrupt_loop(app, environment, "42\n", after="Right.")
    assert first.startswith("Answers")
    interrupt_loop(app, environment, "", after="What is the answer")
    resumed = run_loop(app, environment, "42\n43\nenough\n")
    assert resumed.startswith("What is the answer")
    assert resumed.count("What is the answer") == 3
    assert re.search(r"^2 of 3, \d+ XP, \d+ verified\n\Z", resumed, re.MULTILINE)
    assert run_loop(app, environment, "enough\n").startswith("Answers")


def test_the_loop_says_that_another_device_went_on_and_presents_again(
    app: Path, environment: Mapping[str, str]
) -> None:
    asked = "What is the answer"
    with open_loop(app, environment) as first:
        begun = first.line(asked)
        with open_loop(app, environment) as second:
            second.write("42\n42\n")
            resumed, _, latest = (second.line(asked) for _ in range(3))
        assert resumed == begun

        first.write("43\n")

        assert first.line("You have gone on elsewhere.")
        assert first.line(asked) == latest
        first.write("42\nenough\n")
        assert first.line("3 of 3, ")


def test_every_read_in_javascript_works_as_printed_and_again(
    app: Path, teacher: User, template_id: str, environment: Mapping[str, str]
) -> None:
    """As the teacher, who practises the template too: the reads are a teacher's and a student's."""
    session = ok(teacher.call("start_session", {"template_id": template_id}), 201)["session"]
    address = teacher.stack.emulator.host.rpartition(":")
    setup, *reads = READING
    setup = setup.replace("'demo-practice'", f"'{teacher.stack.project_id}'")
    setup = setup.replace("'127.0.0.1', 8085", f"'{address[0]}', {address[2]}")
    given = {"uid": teacher.uid, "studentId": teacher.uid, "templateId": template_id}
    given |= {"sessionId": session["session_id"], "rootId": "goal", "goalId": "goal"}
    given["classId"] = ok(teacher.call("create_class", {"name": "A"}), 201)["class"]["class_id"]
    given |= {"assignmentId": "none", "since": "2026-01-01T00:00:00Z"}
    names = "const after = null;\n" + "".join(f"const {n} = '{v}';\n" for n, v in given.items())
    # A read is printed as an expression, to be awaited.
    asked = [re.sub(r"^(page|getDocs)\(", r"await \1(", read, flags=re.M) for read in reads]
    assert sum(read.count("await page(query(") for read in asked) >= 15
    ends = "process.exit(0);"
    # The reads use one of the functions that a read defines.
    blocks = [r if "function page" in r else f"{{\n{r}}}\n" for r in asked]
    program = names + setup + "".join(blocks) + ends
    (app / "reads.mjs").write_text(program)
    for _ in range(2):
        run(app, "reads.mjs", environment)

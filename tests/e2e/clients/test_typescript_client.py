"""The TypeScript client: its types match the API, and its driver works against a stack."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from local.api import User
from local.examples import theory_template
from local.processes import ROOT
from tests.conftest import NewUser
from tests.support.run_messages import ANSWERS

CLIENT = ROOT / "clients" / "typescript"
SCALES = {
    "name": "Daily scales",
    "template_data": {
        "sections": [
            {
                "name": "Warm-up",
                "exercises": [
                    {"id": "c-major", "name": "C major"},
                    {"id": "a-minor", "name": "A minor"},
                ],
            }
        ]
    },
}


def run(*command: str | Path, environment: dict[str, str] | None = None) -> str:
    """The output of the command, which must succeed."""
    assert (CLIENT / "node_modules").is_dir(), "`make test` installs the client's packages first"
    done = subprocess.run(
        [str(word) for word in command],
        cwd=CLIENT,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def tool(name: str) -> Path:
    return CLIENT / "node_modules" / ".bin" / name


@pytest.fixture(scope="module")
def compiled() -> None:
    """The client and its tests, under the compiler's strictest settings."""
    run(tool("tsc"), "-p", "tsconfig.test.json")


def test_the_types_match_the_api(tmp_path: Path) -> None:
    script = json.loads((CLIENT / "package.json").read_text())["scripts"]["generate"]
    _, *options = script.split()
    fresh = tmp_path / "api.ts"
    options[options.index("src/api.ts")] = str(fresh)
    run(tool("openapi-typescript"), *options)
    assert fresh.read_text() == (CLIENT / "src" / "api.ts").read_text(), "npm run generate"


def test_the_client_builds_as_a_package(tmp_path: Path) -> None:
    run(tool("tsc"), "--outDir", tmp_path)
    exported = json.loads((CLIENT / "package.json").read_text())["exports"]["."]
    for name in exported.values():
        assert (tmp_path / Path(name).name).is_file()


@pytest.mark.usefixtures("compiled")
def test_the_driver_works_against_the_stack(student: User, teacher: User, user: NewUser) -> None:
    other = user("other")
    assigned = {"student_ids": [student.uid]}
    templates = [
        teacher.call("create_template", {**template, **assigned}).json()["template"]["template_id"]
        for template in (SCALES, theory_template())
    ]
    environment = {
        "functions": student.stack.url,
        "firestore": student.stack.emulator.host,
        "project": student.stack.project_id,
        "student": {"uid": student.uid, "token": student.token},
        "other": {"uid": other.uid, "token": other.token},
        "checklist": templates[0],
        "bank": templates[1],
        "answers": ANSWERS,
    }
    files = sorted((CLIENT / "build" / "test").glob("*.test.js"))
    output = run(
        "node",
        "--test",
        "--test-reporter=tap",
        *files,
        environment={"PRACTICE_TEST": json.dumps(environment)},
    )
    tests = (CLIENT / "test" / "driver.test.ts").read_text().count("\ntest(")
    assert f"# pass {tests}\n" in output
    assert "# fail 0\n" in output


def test_the_lock_file_names_no_download_host() -> None:
    lock = json.loads((CLIENT / "package-lock.json").read_text())
    assert lock["packages"]["node_modules/firebase"]["integrity"]
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]

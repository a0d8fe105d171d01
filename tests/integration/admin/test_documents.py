"""The commands of docs/admin.md and docs/first-app.md, run as printed against the emulator."""

import json
import re
import shlex
from pathlib import Path

from tests.integration.admin.command import CommandResult
from tests.integration.admin.conftest import Admin
from tests.integration.admin.identity import Identity
from tests.integration.admin.school import COUNTS, SAM, create_school
from tests.support.documents import example, examples
from tests.support.firestore.world import World


def run_line(line: str, admin: Admin, world: World, identity: Identity) -> CommandResult:
    """Runs a printed command, on the world's project."""
    program, *arguments = shlex.split(line)
    assert (program, *arguments[:2]) == (".venv/bin/python", "-m", "admin")
    project = str(world.client.project)
    here = [re.sub("^my-(school|project)$", project, argument) for argument in arguments[2:]]
    return admin(*here, FIREBASE_AUTH_EMULATOR_HOST=identity.host)


def test_the_commands_work_as_printed_and_again(
    admin: Admin, world: World, identity: Identity, tmp_path: Path
) -> None:
    class_id = create_school(world)["class"]
    for uid in ("ann", "bob"):
        identity.add(uid)
    identity.add(SAM)
    printed = example("docs/admin.md", "sh", under="Administration")
    script = re.sub(r"\bsam\b", SAM, printed).replace("exports/", f"{tmp_path}/exports/")
    script = script.replace("CLASS_ID", class_id).replace("class.jsonl", f"{tmp_path}/class.jsonl")
    lines = script.splitlines()
    ran = [run_line(line, admin, world, identity) for line in lines]
    assert [result.err for result in ran if result.code] == []

    help_text, role, uids, export, counted, erased, statements, swept, moved = ran
    assert "migrate" in help_text.out
    assert role.result["after"] == identity.claims("ann")["role"] == "teacher"
    assert set(uids.result["uids"].values()) == {"ann", "bob"}
    exported = json.loads((tmp_path / "exports" / f"{SAM}.json").read_text())
    assert exported["sessions"]
    assert SAM not in identity.accounts
    assert export.result["counts"] == counted.result["found"] == erased.result["erased"] == COUNTS
    assert statements.result["class_id"] == class_id
    assert swept.result["found"] > 0
    assert moved.result["already_migrated"] > 0

    again = {line: run_line(line, admin, world, identity).code for line in lines}
    assert {line.split()[3] for line, code in again.items() if code} == {
        "export",
        "export-statements",
    }


def test_a_teacher_is_made_as_printed(admin: Admin, world: World, identity: Identity) -> None:
    _, command = examples("docs/first-app.md", "sh", under="5. In a Firebase project")
    identity.add("ann", email="teacher@example.com")
    for changed in (True, False):
        result = run_line(command.text, admin, world, identity).result
        assert (result["after"], result["changed"]) == ("teacher", changed)
    assert identity.claims("ann") == {"role": "teacher"}

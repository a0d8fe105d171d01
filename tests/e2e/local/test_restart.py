"""`make run` again: seal keys and documents are those of the run before, unless FRESH=1.

One first run makes the saved folder. Each test begins with a copy of it.
"""

import json
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests

from local.emulator import Emulator
from local.people import PEOPLE, SEED_STUDENTS, TEACHER
from local.processes import ROOT
from local.seed import SEED_TEMPLATES
from local.tokens import PROJECT_ID, user_token
from shared.contract.examples import SESSION_ID
from shared.contract.operation import main_operation
from tests.e2e.local.conftest import Make, MakeTarget, environment_with, starting_make

STUDENT = SEED_STUDENTS[0]
JSON = dict[str, Any]


class Client:
    """Requests to a running stack, as one of its people."""

    def __init__(self, make: Make, uid: str) -> None:
        token = user_token(uid, teacher=PEOPLE[uid].teacher)
        self._headers = {"Authorization": f"Bearer {token}"}
        self._url = make.url
        emulator = Emulator(f"127.0.0.1:{make.ports['FIRESTORE_PORT']}")
        self._documents = emulator.documents_url(PROJECT_ID)

    def call(self, function: str, body: JSON) -> requests.Response:
        operation = main_operation(function)
        return requests.request(
            operation.method,
            f"{self._url}/{function}",
            json=body if operation.has_body else None,
            params=None if operation.has_body else body,
            headers=self._headers,
            timeout=30,
        )

    def read(self, path: str) -> requests.Response:
        return requests.get(f"{self._documents}/{path}", headers=self._headers, timeout=30)

    def sessions(self) -> set[str]:
        """The ids of the student's sessions."""
        mine = {
            "fieldFilter": {
                "field": {"fieldPath": "student_id"},
                "op": "EQUAL",
                "value": {"stringValue": STUDENT.uid},
            }
        }
        query = {"from": [{"collectionId": "practice_sessions"}], "where": mine}
        found = requests.post(
            f"{self._documents}:runQuery",
            json={"structuredQuery": query},
            headers=self._headers,
            timeout=30,
        )
        found.raise_for_status()
        return {row["document"]["name"].rpartition("/")[2] for row in found.json()}


def ready(make: Make) -> Make:
    make.until_printed(f"ready {make.url}\n")
    make.processes()
    return make


def stopped(make: Make) -> None:
    make.ctrl_c()
    make.ended()
    assert make.left_behind() == []


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a first run that was stopped."""
    folder = tmp_path_factory.mktemp("first") / "stack"
    with starting_make(environment_with(folder)) as start:
        stopped(ready(start("run")))
    return folder


@pytest.fixture(scope="module")
def running(saved: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Make]:
    """A run for all tests that do not stop it."""
    folder = tmp_path_factory.mktemp("running") / "stack"
    shutil.copytree(saved, folder)
    with starting_make(environment_with(folder)) as start:
        run = ready(start("run"))
        yield run
        stopped(run)


@pytest.fixture
def environment(saved: Path, tmp_path: Path) -> dict[str, str]:
    """Names a folder that a first run left."""
    return environment_with(shutil.copytree(saved, tmp_path / "stack"))


def begin_practice(student: Client) -> JSON:
    template = student.read("session_templates/theory").json()
    begun = student.call("practice_turn", {"session_context": {"source_data": template}})
    assert begun.status_code == 200, begun.text
    context: JSON = begun.json()["session_context"]
    return context


def test_what_was_stored_and_sealed_goes_on_after_a_restart(make: MakeTarget) -> None:
    first = ready(make("run"))
    context = begin_practice(Client(first, STUDENT.uid))
    stored = Client(first, STUDENT.uid).call("start_session", context)
    assert stored.status_code == 201, stored.text
    sessions = Client(first, STUDENT.uid).sessions()
    stopped(first)

    again = Client(ready(make("run")), STUDENT.uid)

    assert again.sessions() == sessions
    assert again.call("practice_turn", {"session_context": context}).status_code == 200
    assert again.call("start_session", context).json()["resumed"] is True


def test_documents_are_saved_by_a_run_that_is_stopped_at_once(saved: Path) -> None:
    assert (saved / (saved / "latest").read_text()).is_dir()


def test_fresh_begins_anew(make: MakeTarget) -> None:
    first = ready(make("run"))
    context = begin_practice(Client(first, STUDENT.uid))
    Client(first, STUDENT.uid).call("start_session", context)
    sessions = Client(first, STUDENT.uid).sessions()
    stopped(first)

    anew = Client(ready(make("run", FRESH="1")), STUDENT.uid)

    assert anew.sessions() < sessions
    refused = anew.call("practice_turn", {"session_context": context})
    assert refused.json()["reason"] == "SESSION_CONTEXT_TAMPERED"


def test_a_second_stack_must_use_another_folder(make: MakeTarget, running: Make) -> None:
    second = make("run", STACK_FOLDER=running.folder)
    assert second.ended() != 0
    assert "STACK_FOLDER=" in second.printed
    assert "Traceback" not in second.printed


def test_a_kill_leaves_what_was_saved_before(make: MakeTarget) -> None:
    run = ready(make("run"))
    sessions = Client(run, STUDENT.uid).sessions()
    run.send(signal.SIGKILL, "local.run")
    run.ended()
    assert run.left_behind() == []
    assert Client(ready(make("run")), STUDENT.uid).sessions() == sessions


def test_documents_that_cannot_be_imported_are_reported(
    make: MakeTarget, environment: dict[str, str]
) -> None:
    Path(environment["STACK_FOLDER"], "latest").write_text("documents-lost")
    run = make("run")
    assert run.ended() != 0
    assert "make run FRESH=1" in run.printed
    assert "Traceback" not in run.printed


def test_the_seeded_people_have_a_history_and_the_examples_can_be_tried(running: Make) -> None:
    teacher, student = Client(running, TEACHER.uid), Client(running, STUDENT.uid)
    for template_id in SEED_TEMPLATES:
        assert teacher.read(f"session_templates/{template_id}").status_code == 200
    totals = json.dumps(student.read(f"students/{STUDENT.uid}").json()["fields"]["totals"])
    assert all(subject in totals for subject in ("Music", "Mathematics"))
    assert SESSION_ID in student.sessions()
    for person, function in (
        (teacher, "create_template"),
        (student, "start_session"),
        (student, "update_progress"),
        (student, "complete_session"),
        (student, "practice_turn"),
        (teacher, "update_template"),
        (teacher, "delete_template"),
    ):
        response = person.call(function, dict(main_operation(function).example))
        assert response.ok, f"{function}: {response.text}"


def is_log_entry(line: str) -> bool:
    return line.startswith('{"severity"')


def test_the_printed_commands_print_tokens_and_the_addresses_stand_last(running: Make) -> None:
    before, ready_line, after = running.printed.partition(f"ready {running.url}\n")
    assert ready_line
    lines = before.splitlines()
    assert lines[-1] == f"docs  {running.url}/docs/"
    # Others have called the functions since.
    assert all(map(is_log_entry, after.splitlines()))
    commands = [line.partition(".venv/")[2] for line in lines]
    printed = [
        subprocess.run(
            [ROOT / ".venv" / part.split()[0], *part.split()[1:]],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
        ).stdout.strip()
        for part in commands
        if part
    ]
    claims = [jwt.decode(token, options={"verify_signature": False}) for token in printed]
    assert {
        (claim["sub"], claim["name"], claim["email"], claim.get("role")) for claim in claims
    } == {
        (person.uid, person.name, person.email, "teacher" if person.teacher else None)
        for person in PEOPLE.values()
    }

"""`make run` with Firebase's Auth emulator: the stack's people have accounts there."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from local.auth_emulator import AuthEmulator, AuthEmulatorError
from local.people import PEOPLE, SEED_STUDENTS, TEACHER, Person
from local.processes import ROOT
from local.tokens import PROJECT_ID
from tests.e2e.local.conftest import MakeTarget, environment, make
from tests.support.auth_emulator import RunningEmulator, start_auth_emulator

__all__ = ["environment", "make"]

SAM = SEED_STUDENTS[0]
OWNER = {"Authorization": "Bearer owner"}


@pytest.fixture(scope="module")
def running() -> Iterator[RunningEmulator]:
    with start_auth_emulator(PROJECT_ID) as emulator:
        yield emulator


@pytest.fixture
def empty(running: RunningEmulator) -> RunningEmulator:
    accounts = f"{running.url}/emulator/v1/projects/{PROJECT_ID}/accounts"
    assert requests.delete(accounts, headers=OWNER, timeout=20).ok
    return running


def call(url: str, method: str, body: object) -> requests.Response:
    address = f"{url}/identitytoolkit.googleapis.com/v1/accounts:{method}?key=local"
    return requests.post(address, json=body, timeout=20)


def sign_in(url: str, person: Person) -> requests.Response:
    credentials = {"email": person.email, "password": person.password}
    return call(url, "signInWithPassword", credentials)


def account(url: str, id_token: str) -> dict[str, Any]:
    (found,) = call(url, "lookup", {"idToken": id_token}).json()["users"]
    assert isinstance(found, dict)
    return found


def test_make_run_leaves_the_people_able_to_sign_in(
    make: MakeTarget, empty: RunningEmulator
) -> None:
    run = make("run", FIREBASE_AUTH_EMULATOR_HOST=empty.host)
    run.until_printed(f"ready {run.url}\n")

    assert f'connectAuthEmulator(auth, "{empty.url}")' in run.printed
    assert sign_in(run.url, TEACHER).status_code == 404
    for person in PEOPLE.values():
        token = sign_in(empty.url, person).json()["idToken"]
        found = account(empty.url, token)
        assert (found["localId"], found["displayName"]) == (person.uid, person.name)
        assert found["emailVerified"]
        headers = {"Authorization": f"Bearer {token}"}
        # Students may not assign templates.
        body = {"name": "Lute", "template_data": {"sections": []}, "student_ids": ["student-2"]}
        url = f"{run.url}/create_template"
        created = requests.post(url, json=body, headers=headers, timeout=20)
        assert created.status_code == (201 if person.teacher else 403), created.text

    run.ctrl_c()
    run.ended()
    assert run.left_behind() == []
    assert requests.get(empty.url, timeout=20).ok


def test_people_who_can_sign_in_stay_as_they_are(empty: RunningEmulator) -> None:
    people = AuthEmulator(empty.host, PROJECT_ID)
    people.prepare()
    token = sign_in(empty.url, SAM).json()["idToken"]
    assert call(empty.url, "update", {"idToken": token, "displayName": "Samantha"}).ok

    people.prepare()

    assert account(empty.url, token)["displayName"] == "Samantha"


def test_people_who_can_not_sign_in_any_more_are_made_anew(
    empty: RunningEmulator,
) -> None:
    people = AuthEmulator(empty.host, PROJECT_ID)
    people.prepare()
    changed, deleted = (sign_in(empty.url, person).json()["idToken"] for person in SEED_STUDENTS)
    assert call(empty.url, "update", {"idToken": changed, "password": "another one"}).ok
    assert call(empty.url, "delete", {"idToken": deleted}).ok
    url = f"{empty.url}/identitytoolkit.googleapis.com/v1/projects/{PROJECT_ID}/accounts:update"
    no_role = {"localId": TEACHER.uid, "customAttributes": "{}"}
    assert requests.post(url, json=no_role, headers=OWNER, timeout=20).ok
    assert not any(sign_in(empty.url, person).ok for person in SEED_STUDENTS)

    people.prepare()

    assert all(sign_in(empty.url, person).ok for person in SEED_STUDENTS)
    teacher = account(empty.url, sign_in(empty.url, TEACHER).json()["idToken"])
    assert teacher["customAttributes"] == '{"role": "teacher"}'


def test_an_address_that_somebody_has_taken_is_named(empty: RunningEmulator) -> None:
    assert call(empty.url, "signUp", {"email": SAM.email, "password": "a password"}).ok

    with pytest.raises(AuthEmulatorError, match=f"refuses {SAM.email}: .*duplicate email"):
        AuthEmulator(empty.host, PROJECT_ID).prepare()


def test_an_emulator_of_another_project_is_refused(empty: RunningEmulator) -> None:
    with pytest.raises(AuthEmulatorError, match="--project demo-another"):
        AuthEmulator(empty.host, "demo-another").prepare()


def test_the_emulator_runs_alone_and_leaves_nothing_behind() -> None:
    before = set(ROOT.iterdir())
    with start_auth_emulator(PROJECT_ID) as emulator:
        pid = emulator.process.pid
        children = f"/proc/{pid}/task/{pid}/children"
        with open(children) as file:
            assert file.read() == ""

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert set(ROOT.iterdir()) == before
    for port in emulator.ports:
        with pytest.raises(requests.ConnectionError):
            requests.get(f"http://127.0.0.1:{port}", timeout=20)

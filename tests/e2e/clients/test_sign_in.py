"""Firebase's SDK signs in to the stack, and its token is taken by a function."""

import json
import subprocess
from typing import Any

import pytest
import requests

from local.processes import ROOT
from local.stack import Stack
from tests.e2e.clients.conftest import JS

PACKAGES = ROOT / "clients" / "typescript" / "package.json"
STUDENT = {
    "uid": "student-1",
    "email": "student-1@example.com",
    "emailVerified": True,
    "displayName": "Sam Park",
    "signInProvider": "password",
    "role": None,
    "isNew": False,
}


@pytest.fixture(scope="module")
def found(stack: Stack) -> dict[str, Any]:
    assert (PACKAGES.parent / "node_modules").is_dir(), "`make test` installs the packages first"
    ran = subprocess.run(
        ["node", JS / "sign_in.mjs"],
        input=json.dumps(
            {"packages": str(PACKAGES), "url": stack.url, "project": stack.project_id}
        ),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    printed: dict[str, Any] = json.loads(ran.stdout)
    return printed


def test_the_people_of_the_stack_sign_in_with_their_password(found: dict[str, Any]) -> None:
    assert found["student"] == STUDENT
    assert found["teacher"]["role"] == "teacher"
    assert found["wrongPassword"] == found["nobody"] == "auth/invalid-credential"
    # Everybody who runs the stack knows these accounts, so they stay as they are.
    assert found["personChanged"] == found["personDeleted"] == "auth/operation-not-allowed"


def test_a_function_takes_the_token(found: dict[str, Any], stack: Stack) -> None:
    headers = {"Authorization": f"Bearer {found['token']}"}
    body = {"session_data": {"sections": []}, "practice_mode": found["signedUp"]["uid"]}
    reply = requests.post(f"{stack.url}/start_session", json=body, headers=headers, timeout=20)

    assert reply.status_code == 201, reply.text
    assert reply.json()["session"]["student_id"] == "student-1"


def test_anybody_signs_up(found: dict[str, Any]) -> None:
    signed_up = found["signedUp"]
    assert len(signed_up["uid"]) == 28
    assert signed_up["email"].startswith("pat-")
    assert signed_up["role"] is None
    assert signed_up["isNew"]
    assert not signed_up["emailVerified"]
    assert found["weak"] == "auth/weak-password"
    assert found["noAddress"] == "auth/invalid-email"
    assert found["anonymous"] == "auth/admin-restricted-operation"
    assert found["twice"] == found["person"] == "auth/email-already-in-use"
    assert found["renamed"] == "Pat"
    assert found["oldPassword"] == "auth/invalid-credential"
    assert found["again"]["uid"] == signed_up["uid"]


def test_a_forgotten_password_is_replaced_once(found: dict[str, Any]) -> None:
    assert found["resetFor"] == found["signedUp"]["email"]
    assert found["weakReset"] == "auth/weak-password"
    assert found["resetTwice"] == "auth/invalid-action-code"
    assert found["afterReset"]["uid"] == found["signedUp"]["uid"]
    assert found["afterReset"]["emailVerified"]
    # Whether somebody has an account is not told.
    assert found["resetOfNobody"] == "no error"


def test_a_link_signs_its_address_in_once(found: dict[str, Any]) -> None:
    assert found["isLink"]
    assert found["linkKeepsQuery"] == "mail"
    assert found["otherAddress"] == "auth/invalid-email"
    assert found["byLink"]["emailVerified"]
    assert found["byLink"]["isNew"]
    assert found["linkTwice"] == "auth/invalid-action-code"


def test_google_signs_in_to_the_same_account_each_time(found: dict[str, Any]) -> None:
    first, again = found["google"], found["googleAgain"]
    assert (first["displayName"], first["signInProvider"]) == ("Kim", "google.com")
    assert (first["isNew"], again["isNew"]) == (True, False)
    assert again["uid"] == first["uid"]


def test_a_deleted_account_is_gone(found: dict[str, Any]) -> None:
    assert found["deleted"] is None
    assert found["tokenOfDeleted"] == "USER_NOT_FOUND"

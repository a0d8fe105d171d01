"""Firebase's SDK signs in to the stack, and its token is taken by a function.

With --auth-emulator the same tests sign in with Firebase's Auth emulator, which the stack then uses
instead of its own accounts. `is_emulator` marks where the two differ, and why.
"""

from typing import Any, NamedTuple

import jwt
import pytest
import requests

from local.processes import ROOT
from local.stack import Stack
from tests.conftest import PROJECT_ID
from tests.e2e.clients.conftest import run_node

PACKAGES = ROOT / "clients" / "typescript" / "package.json"


class SignIn(NamedTuple):
    """A stack, and the address at which the SDK signs in to it."""

    stack: Stack
    url: str
    is_emulator: bool


@pytest.fixture(scope="module")
def sign_in(request: pytest.FixtureRequest) -> SignIn:
    if request.config.getoption("--auth-emulator"):
        stack = request.getfixturevalue("stack_with_auth_emulator")
        return SignIn(stack, request.getfixturevalue("auth_emulator").url, is_emulator=True)
    stack = request.getfixturevalue("stack")
    return SignIn(stack, stack.url, is_emulator=False)


@pytest.fixture(scope="module")
def found(sign_in: SignIn) -> dict[str, Any]:
    assert (PACKAGES.parent / "node_modules").is_dir(), "`make test` installs the packages first"
    given = {"packages": str(PACKAGES), "url": sign_in.url, "project": sign_in.stack.project_id}
    return run_node("sign_in.mjs", given)


def test_the_people_of_the_stack_sign_in_with_their_password(
    found: dict[str, Any], sign_in: SignIn
) -> None:
    assert found["student"] == {
        "uid": "student-1",
        "email": "student-1@example.com",
        "emailVerified": True,
        "displayName": "Sam Park",
        "photoURL": None,
        "signInProvider": "password",
        "providers": ["password"],
        "role": None,
        "isNew": False,
    }
    assert found["teacher"]["role"] == "teacher"
    assert found["wrongPassword"] == found["nobody"] == "auth/invalid-credential"
    assert found["methods"] == found["methodsOfNobody"] == []
    # Everybody who runs the stack knows these accounts, so they stay as they are. The Auth emulator
    # forgets all accounts when it ends, and the stack makes these anew.
    refused = "no error" if sign_in.is_emulator else "auth/operation-not-allowed"
    assert found["personChanged"] == found["personDeleted"] == refused


def test_a_function_takes_the_token(found: dict[str, Any], sign_in: SignIn) -> None:
    headers = {"Authorization": f"Bearer {found['token']}"}
    body = {"session_data": {"sections": []}, "practice_mode": found["signedUp"]["uid"]}
    url = f"{sign_in.stack.url}/start_session"
    reply = requests.post(url, json=body, headers=headers, timeout=20)

    assert reply.status_code == 201, reply.text
    assert reply.json()["session"]["student_id"] == "student-1"


def test_a_token_has_the_claims_of_firebase(found: dict[str, Any]) -> None:
    claims = jwt.decode(found["token"], options={"verify_signature": False})
    instants = {name: claims.pop(name) for name in ("iat", "exp", "auth_time")}

    assert instants["exp"] == instants["iat"] + 3_600
    assert abs(instants["auth_time"] - int(found["metadata"]["lastLoginAt"]) / 1_000) < 2
    assert claims == {
        "iss": f"https://securetoken.google.com/{PROJECT_ID}",
        "aud": PROJECT_ID,
        "sub": "student-1",
        "user_id": "student-1",
        "name": "Sam Park",
        "email": "student-1@example.com",
        "email_verified": True,
        "firebase": {
            "identities": {"email": ["student-1@example.com"]},
            "sign_in_provider": "password",
        },
    }


def test_anybody_signs_up(found: dict[str, Any], sign_in: SignIn) -> None:
    signed_up = found["signedUp"]
    assert len(signed_up["uid"]) == 28
    assert signed_up["email"].startswith("pat-")
    assert signed_up["role"] is None
    assert signed_up["isNew"]
    assert not signed_up["emailVerified"]
    assert signed_up["providers"] == ["password"]
    assert found["weak"] == "auth/weak-password"
    assert found["noAddress"] == "auth/invalid-email"
    # As in a new project of Firebase. The emulator can't turn anonymous accounts off.
    refused = "no error" if sign_in.is_emulator else "auth/admin-restricted-operation"
    assert found["anonymous"] == refused
    assert found["twice"] == found["person"] == "auth/email-already-in-use"
    assert found["renamed"] == "Pat"
    assert found["pictured"] == "https://example.com/pat.png"
    assert found["oldPassword"] == "auth/invalid-credential"
    assert found["again"]["uid"] == signed_up["uid"]


def test_an_address_is_verified_by_the_code_sent_to_it_once(found: dict[str, Any]) -> None:
    assert not found["again"]["emailVerified"]
    assert found["verificationType"] == "VERIFY_EMAIL"
    assert found["verifies"] == found["signedUp"]["email"]
    assert found["verified"]
    assert found["verifiedTwice"] == "auth/invalid-action-code"


def test_a_forgotten_password_is_replaced_once(found: dict[str, Any]) -> None:
    assert found["resetFor"] == found["signedUp"]["email"]
    assert found["resetAsLink"] == "auth/invalid-action-code"
    assert found["weakReset"] == "auth/weak-password"
    assert found["resetTwice"] == "auth/invalid-action-code"
    assert found["afterReset"]["uid"] == found["signedUp"]["uid"]
    assert found["afterReset"]["emailVerified"]
    # Whether somebody has an account is not told.
    assert found["resetOfNobody"] == "no error"


def test_a_token_from_before_a_change_of_password_is_expired(found: dict[str, Any]) -> None:
    assert found["tokenBeforeReset"] == "TOKEN_EXPIRED"


def test_a_link_signs_its_address_in_once(found: dict[str, Any]) -> None:
    assert found["sent"] == ["email", "oobCode", "oobLink", "requestType"]
    assert found["checked"] == "EMAIL_SIGNIN"
    assert found["isLink"]
    assert found["linkLeadsTo"] == "/signed-in?from=mail"
    assert found["linkHas"] == ["apiKey", "from", "lang", "mode", "oobCode"]
    assert found["otherAddress"] == "auth/invalid-email"
    by_link = found["byLink"]
    assert by_link["emailVerified"]
    assert by_link["isNew"]
    assert (by_link["signInProvider"], by_link["providers"]) == ("password", ["password"])
    assert found["linkTwice"] == "auth/invalid-action-code"


def test_google_signs_in_to_the_same_account_each_time(found: dict[str, Any]) -> None:
    first, again = found["google"], found["googleAgain"]
    assert first["email"] == found["profile"]["email"]
    assert first["emailVerified"]
    assert (first["signInProvider"], first["providers"]) == ("google.com", ["google.com"])
    assert (first["isNew"], again["isNew"]) == (True, False)
    # A new name at Google does not replace that of the account.
    for signed_in in (first, again):
        assert signed_in["uid"] == first["uid"]
        assert signed_in["displayName"] == "Kim Ode"
        assert signed_in["photoURL"] == "https://example.com/kim.png"
    assert found["withoutSub"] == "auth/invalid-credential"


def test_the_app_sees_the_account_of_google(found: dict[str, Any]) -> None:
    profile = found["profile"]
    assert found["googleCredential"] == "google.com"
    assert found["firebaseClaim"] == {
        "identities": {"email": [profile["email"]], "google.com": [profile["id"]]},
        "sign_in_provider": "google.com",
    }
    assert profile["granted_scopes"].startswith("openid ")
    assert (profile["name"], profile["given_name"]) == ("Kim Ode", "Kim")
    assert (profile["picture"], profile["locale"]) == ("https://example.com/kim.png", "en")
    assert profile["verified_email"] is True


def test_google_signs_in_to_the_account_with_an_address_that_it_has_verified(
    found: dict[str, Any],
) -> None:
    assert found["unverified"] == "auth/account-exists-with-different-credential"
    linked = found["linked"]
    assert (linked["uid"], linked["isNew"]) == (found["byLink"]["uid"], False)
    assert sorted(linked["providers"]) == ["google.com", "password"]


def test_google_removes_a_password_of_somebody_who_never_proved_the_address(
    found: dict[str, Any],
) -> None:
    assert found["claimed"]["uid"] == found["squatter"]["uid"]
    assert found["claimed"]["providers"] == ["google.com"]
    assert found["squatterAgain"] == "auth/invalid-credential"
    assert found["tokenOfSquatter"] == "TOKEN_EXPIRED"


def test_a_deleted_account_is_gone(found: dict[str, Any]) -> None:
    assert found["deleted"] is None
    assert found["tokenOfDeleted"] == "USER_NOT_FOUND"

"""The sign-in of the local stack: what it refuses, and where it is absent.

tests/e2e/clients/test_sign_in.py uses it through Firebase's SDK.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from secrets import token_hex
from typing import Any

import jwt
import pytest
import requests
from google.cloud.firestore_v1.base_query import FieldFilter

from local.accounts import COLLECTION, Accounts
from local.emulator import Emulator
from local.people import TEACHER
from local.stack import Stack, free_port, start_functions
from shared.firestore.client import Client

TIMEOUT_SECONDS = 20
EMAIL = "student-1@example.com"
LIST_IN_IT = b64encode(
    json.dumps({"email": EMAIL, "uid": "student-1", "provider": [], "signed_in_at": 0}).encode()
).decode()


def address(stack: Stack, method: str) -> str:
    return f"{stack.url}/identitytoolkit.googleapis.com/v1/accounts:{method}?key=local"


def call(stack: Stack, method: str, body: object) -> requests.Response:
    return requests.post(address(stack, method), json=body, timeout=TIMEOUT_SECONDS)


def error_of(response: requests.Response) -> str:
    """The error code, after a check that the response is one of Identity Toolkit's."""
    error = response.json()["error"]
    assert response.status_code == error["code"], response.text
    assert error["errors"][0]["message"] == error["message"]
    return str(error["message"])


def signed_up(stack: Stack) -> dict[str, Any]:
    body = {"email": f"{token_hex(8)}@example.com", "password": "a password"}
    response = call(stack, "signUp", body)
    assert response.ok, response.text
    reply: dict[str, Any] = response.json()
    return reply


def refresh(stack: Stack, **form: str) -> requests.Response:
    url = f"{stack.url}/securetoken.googleapis.com/v1/token?key=local"
    return requests.post(url, data=form, timeout=TIMEOUT_SECONDS)


@pytest.mark.parametrize(
    ("method", "body", "error"),
    [
        ("signInWithPassword", {"password": TEACHER.password}, "MISSING_EMAIL"),
        ("signInWithPassword", {"email": EMAIL}, "MISSING_PASSWORD"),
        ("signInWithPassword", {"email": [EMAIL]}, "INVALID_ARGUMENT : email is not valid."),
        ("signInWithPassword", [], "INVALID_ARGUMENT : The body is not valid."),
        ("signUp", {"email": "a@b", "password": "a password"}, "INVALID_EMAIL"),
        ("signUp", {"email": f"{'a' * 300}@b.de", "password": "a password"}, "INVALID_EMAIL"),
        ("lookup", {"idToken": "a.b.c"}, "INVALID_ID_TOKEN"),
        ("lookup", {}, "MISSING_ID_TOKEN"),
        ("signInWithEmailLink", {"email": EMAIL}, "MISSING_OOB_CODE"),
        ("update", {"oobCode": "guess"}, "INVALID_OOB_CODE"),
        ("sendOobCode", {"requestType": "VERIFY_EMAIL"}, "MISSING_ID_TOKEN"),
        (
            "sendOobCode",
            {"requestType": "RECOVER_EMAIL"},
            "OPERATION_NOT_ALLOWED : The stack sends EMAIL_SIGNIN, PASSWORD_RESET, VERIFY_EMAIL.",
        ),
        ("createAuthUri", {}, "MISSING_IDENTIFIER"),
        ("createAuthUri", {"identifier": "x"}, "INVALID_IDENTIFIER"),
        ("createAuthUri", {"identifier": EMAIL}, "MISSING_CONTINUE_URI"),
        ("signInWithEmailLink", {"email": EMAIL, "oobCode": "guess"}, "INVALID_OOB_CODE"),
        ("sendOobCode", {"requestType": "EMAIL_SIGNIN", "email": EMAIL}, "MISSING_CONTINUE_URI"),
        (
            "sendOobCode",
            {"requestType": "EMAIL_SIGNIN", "email": EMAIL, "continueUrl": "javascript:alert(1)"},
            "INVALID_CONTINUE_URI",
        ),
        (
            "sendOobCode",
            {"requestType": "EMAIL_SIGNIN", "email": EMAIL, "continueUrl": "http://[::"},
            "INVALID_CONTINUE_URI",
        ),
        (
            "signInWithIdp",
            {"postBody": 'id_token={"sub": "1", "email": "\\ud800@b.de"}&providerId=google.com'},
            "INVALID_EMAIL",
        ),
        (
            "signInWithIdp",
            {"postBody": "id_token=nonsense&providerId=google.com"},
            "INVALID_IDP_RESPONSE : The ID token can't be read.",
        ),
        (
            "signInWithIdp",
            {"postBody": 'id_token={"sub": 1, "email": "a@b.de"}&providerId=google.com'},
            "INVALID_IDP_RESPONSE : The ID token can't be read.",
        ),
        (
            "signInWithIdp",
            {"postBody": 'id_token={"sub": "1"}&providerId=google.com'},
            "MISSING_EMAIL",
        ),
        (
            "signInWithIdp",
            {"postBody": "id_token=[1]&providerId=google.com"},
            "INVALID_IDP_RESPONSE : The ID token can't be read.",
        ),
    ],
)
def test_what_is_wrong_is_refused_as_firebase_refuses_it(
    stack: Stack, method: str, body: object, error: str
) -> None:
    response = call(stack, method, body)

    assert response.status_code == 400
    assert error_of(response) == error


def test_a_method_that_is_missing_is_named(stack: Stack) -> None:
    response = call(stack, "signInWithPhoneNumber", {})

    assert response.status_code == 404
    assert error_of(response) == "OPERATION_NOT_ALLOWED : signInWithPhoneNumber"


def test_a_body_has_a_limit(stack: Stack) -> None:
    large = {"email": EMAIL, "password": "a" * 3_000_000}
    response = call(stack, "signUp", large)
    assert response.status_code == 400
    assert error_of(response).startswith("INVALID_ARGUMENT")

    response = refresh(stack, grant_type="refresh_token", refresh_token="a" * 3_000_000)
    assert response.status_code == 400
    assert error_of(response).startswith("INVALID_ARGUMENT")


def test_a_password_has_bounds(stack: Stack) -> None:
    body = {"email": f"{token_hex(8)}@example.com", "password": "a" * 5_000}
    assert error_of(call(stack, "signUp", body)).startswith("PASSWORD_DOES_NOT_MEET_REQUIREMENTS")
    assert error_of(call(stack, "signUp", {**body, "password": "12345"})).startswith(
        "WEAK_PASSWORD"
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": 1},
        {"aud": "another-project"},
        {"iss": "https://securetoken.google.com/another-project"},
        {"email": None},
        {"firebase": []},
        {"auth_time": "x"},
        {"auth_time": float("inf")},
        {"iat": "x"},
    ],
)
def test_a_token_that_is_not_valid_signs_nobody_in(stack: Stack, changes: dict[str, Any]) -> None:
    token = signed_up(stack)["idToken"]
    claims = jwt.decode(token, options={"verify_signature": False})
    forged = jwt.encode({**claims, **changes}, key="", algorithm="none")

    assert call(stack, "lookup", {"idToken": token}).ok
    assert error_of(call(stack, "lookup", {"idToken": forged})) in (
        "INVALID_ID_TOKEN",
        "TOKEN_EXPIRED",
        "USER_NOT_FOUND",
    )


def test_a_refresh_token_gives_new_tokens_of_the_same_sign_in(stack: Stack) -> None:
    reply = signed_up(stack)
    refreshed = refresh(
        stack, grant_type="refresh_token", refresh_token=reply["refreshToken"]
    ).json()

    before, after = (
        jwt.decode(token, options={"verify_signature": False})
        for token in (reply["idToken"], refreshed["id_token"])
    )
    assert after["auth_time"] == before["auth_time"]
    assert after["user_id"] == refreshed["user_id"] == reply["localId"]
    assert call(stack, "delete", {"idToken": reply["idToken"]}).ok
    again = refresh(stack, grant_type="refresh_token", refresh_token=reply["refreshToken"])
    assert error_of(again) == "USER_NOT_FOUND"


def test_a_change_of_password_ends_other_sign_ins(stack: Stack) -> None:
    reply = signed_up(stack)
    session = json.loads(b64decode(reply["refreshToken"]))
    older = {**session, "issued_at": session["issued_at"] - 60}
    refresh_token = b64encode(json.dumps(older).encode()).decode()
    again = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    assert refresh(stack, **again).ok

    change = {"idToken": reply["idToken"], "password": "another password"}
    changed = call(stack, "update", change).json()

    assert error_of(refresh(stack, **again)) == "TOKEN_EXPIRED"
    kept = {"grant_type": "refresh_token", "refresh_token": changed["refreshToken"]}
    assert refresh(stack, **kept).ok
    assert call(stack, "lookup", {"idToken": changed["idToken"]}).ok


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "password"}, "INVALID_GRANT_TYPE"),
        ({}, "MISSING_GRANT_TYPE"),
        ({"grant_type": "refresh_token"}, "MISSING_REFRESH_TOKEN"),
        ({"grant_type": "refresh_token", "refresh_token": "W10="}, "INVALID_REFRESH_TOKEN"),
        ({"grant_type": "refresh_token", "refresh_token": "é"}, "INVALID_REFRESH_TOKEN"),
        ({"grant_type": "refresh_token", "refresh_token": LIST_IN_IT}, "INVALID_REFRESH_TOKEN"),
    ],
)
def test_a_broken_refresh_token_is_refused(stack: Stack, form: dict[str, str], error: str) -> None:
    assert error_of(refresh(stack, **form)) == error


def test_an_address_signs_up_once_even_if_many_try_at_once(stack: Stack) -> None:
    body = {"email": f"{token_hex(8)}@example.com", "password": "a password"}
    with ThreadPoolExecutor(8) as pool:
        responses = list(pool.map(lambda _: call(stack, "signUp", body), range(8)))

    assert sorted(response.status_code for response in responses) == [200, *[400] * 7]
    assert {error_of(r) for r in responses if not r.ok} == {"EMAIL_EXISTS"}


def test_a_link_signs_in_once_even_if_it_is_opened_many_times_at_once(stack: Stack) -> None:
    email = f"{token_hex(8)}@example.com"
    page = {"requestType": "EMAIL_SIGNIN", "continueUrl": "http://localhost/"}
    assert call(stack, "sendOobCode", {"email": email, **page}).ok
    listed = requests.get(
        f"{stack.url}/emulator/v1/projects/{stack.project_id}/oobCodes", timeout=TIMEOUT_SECONDS
    ).json()["oobCodes"]
    (code,) = [sent["oobCode"] for sent in listed if sent["email"] == email]
    body = {"email": email, "oobCode": code}
    with ThreadPoolExecutor(8) as pool:
        responses = list(pool.map(lambda _: call(stack, "signInWithEmailLink", body), range(8)))

    assert sorted(response.status_code for response in responses) == [200, *[400] * 7]
    assert {error_of(r) for r in responses if not r.ok} == {"INVALID_OOB_CODE"}


def test_pages_of_other_origins_reach_it_with_the_headers_of_the_sdk(stack: Stack) -> None:
    sent = "content-type,x-client-version,x-firebase-client,x-firebase-gmpid"
    headers = {"Origin": "http://localhost:5173", "Access-Control-Request-Headers": sent}
    response = requests.options(address(stack, "signUp"), headers=headers, timeout=TIMEOUT_SECONDS)

    assert response.status_code == 204
    assert response.headers["Access-Control-Allow-Headers"] == sent
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_accounts_are_documents_that_no_client_reads(stack: Stack, client: Client) -> None:
    reply = signed_up(stack)
    of_email = FieldFilter("email", "==", reply["email"])
    accounts = client.collection(COLLECTION).where(filter=of_email).get()

    assert [account.get("uid") for account in accounts] == [reply["localId"]]
    assert "a password" not in json.dumps(accounts[0].to_dict(), default=str)
    url = f"{stack.documents_url}/{COLLECTION}/{accounts[0].id}"
    headers = {"Authorization": f"Bearer {reply['idToken']}"}
    assert requests.get(url, headers=headers, timeout=TIMEOUT_SECONDS).status_code == 403
    # A stack that is started again over the same documents finds it.
    found = Accounts(client).find(reply["email"].upper())
    assert found is not None
    assert (found.uid, found.is_password("a password")) == (reply["localId"], True)


def test_the_people_of_the_stack_sign_in_in_every_way_and_stay_as_they_are(stack: Stack) -> None:
    claims = {"sub": token_hex(8), "email": EMAIL, "email_verified": True, "name": "Somebody"}
    google = {"postBody": f"id_token={json.dumps(claims)}&providerId=google.com"}
    page = {"requestType": "EMAIL_SIGNIN", "email": EMAIL, "continueUrl": "http://localhost/"}
    assert call(stack, "sendOobCode", page).ok
    listed = f"{stack.url}/emulator/v1/projects/{stack.project_id}/oobCodes"
    codes = requests.get(listed, timeout=TIMEOUT_SECONDS).json()["oobCodes"]
    code = [sent["oobCode"] for sent in codes if sent["email"] == EMAIL][-1]
    link = {"email": EMAIL, "oobCode": code}

    for method, body in (("signInWithIdp", google), ("signInWithEmailLink", link)):
        reply = call(stack, method, body).json()
        assert (reply["localId"], reply["isNewUser"]) == ("student-1", False)
        (user,) = call(stack, "lookup", {"idToken": reply["idToken"]}).json()["users"]
        assert user["displayName"] == "Sam Park"
        assert [provider["providerId"] for provider in user["providerUserInfo"]] == ["password"]


def test_google_signs_in_even_if_it_does_so_many_times_at_once(stack: Stack) -> None:
    claims = {"sub": token_hex(8), "email": f"{token_hex(8)}@example.com"}
    body = {"postBody": f"id_token={json.dumps(claims)}&providerId=google.com"}
    with ThreadPoolExecutor(8) as pool:
        responses = list(pool.map(lambda _: call(stack, "signInWithIdp", body), range(8)))

    replies = [response.json() for response in responses]
    assert len({reply.get("localId") for reply in replies}) == 1, replies
    assert [reply["isNewUser"] for reply in replies].count(True) == 1


@pytest.fixture
def stack_with_auth_emulator(emulator: Emulator) -> Iterator[Stack]:
    with start_functions(
        emulator,
        port=free_port(),
        project_id="demo-with-auth-emulator",
        quiet=True,
        environment={"FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099"},
    ) as running:
        yield running


def test_the_auth_emulator_replaces_it(stack_with_auth_emulator: Stack) -> None:
    body = {"email": EMAIL, "password": TEACHER.password}

    assert call(stack_with_auth_emulator, "signInWithPassword", body).status_code == 404

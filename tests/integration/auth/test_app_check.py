"""App Check, once enabled, refuses users' requests that do not come from a registered app."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import jwt
import pytest
import requests

from local.emulator import Emulator
from local.stack import Stack, free_port, start_functions
from local.tokens import scheduler_token, user_token
from shared.auth.signing_keys import SigningKeys
from shared.auth.tokens import AppTokens
from shared.auth.verification import MAX_TOKEN_LENGTH
from shared.contract.operation import function_names, main_operation
from shared.contract.refusals import Unauthenticated
from shared.domain.common.errors import Unavailable
from tests.support.edge import TIMEOUT_SECONDS, assert_problem
from tests.support.key_server import KeyServer, Signer

PROJECT_ID = "demo-app-check"
NUMBER = "123456789012"
APP = f"1:{NUMBER}:web:4a5b6c"
OTHER_APP = f"1:{NUMBER}:android:99ff"
HEADER = "X-Firebase-AppCheck"
SCHEDULED = "cleanup_stale_sessions"
FOR_USERS = [name for name in function_names() if name != SCHEDULED]


def claims(**changes: object) -> dict[str, Any]:
    """The claims of an App Check token with changes; a change to None removes the claim."""
    now = int(time.time())
    usual = {
        "iss": f"https://firebaseappcheck.googleapis.com/{NUMBER}",
        "aud": [f"projects/{NUMBER}", f"projects/{PROJECT_ID}"],
        "sub": APP,
        "iat": now,
        "exp": now + 3_600,
        "jti": "a token",
    }
    return {key: value for key, value in {**usual, **changes}.items() if value is not None}


@pytest.fixture(scope="module")
def signer() -> Signer:
    return Signer("app-check-key")


@pytest.fixture(scope="module")
def keys_url(key_server: KeyServer, signer: Signer) -> str:
    return key_server.publish("/app-check", signer)


@pytest.fixture(scope="module")
def stack(emulator: Emulator, key_server: KeyServer, keys_url: str) -> Iterator[Stack]:
    environment = {
        "APP_CHECK_PROJECT_NUMBER": NUMBER,
        "APP_CHECK_APP_IDS": f"{APP}, 1:{NUMBER}:ios:ab12",
        "APP_CHECK_KEYS_URL": keys_url,
        "USER_KEYS_URL": key_server.publish("/users-with-apps", Signer("user-key")),
    }
    port = free_port()
    with start_functions(
        emulator, port=port, project_id=PROJECT_ID, quiet=True, environment=environment
    ) as running:
        yield running


@pytest.fixture
def check(keys_url: str) -> AppTokens:
    return AppTokens(SigningKeys(keys_url), project_number=NUMBER, app_ids=[APP])


def send(
    stack: Stack, path: str, headers: Mapping[str, str], *, method: str = "POST"
) -> requests.Response:
    signed_in = {"Authorization": f"Bearer {user_token('ann', project_id=PROJECT_ID)}"}
    return requests.request(
        method, f"{stack.url}/{path}", json={}, headers={**signed_in, **headers}, timeout=20
    )


@pytest.mark.parametrize(
    "path",
    [
        *FOR_USERS,
        "practice_turn/runs/wait",
        "practice_turn/runs/stream",
        "practice_turn/threads",
        "practice_turn/threads/t/runs/stream",
        "practice_turn/agui",
        "assignment_turn/runs/stream",
        "assignment_turn/agui",
    ],
)
def test_every_user_function_requires_an_app(stack: Stack, signer: Signer, path: str) -> None:
    method = main_operation(path.partition("/")[0]).method
    for headers in ({}, {HEADER: "garbage"}, {HEADER: signer.sign(claims(sub=OTHER_APP))}):
        refused = send(stack, path, headers, method=method)
        problem = assert_problem(refused, 401, "UNAUTHENTICATED")
        assert HEADER in problem["detail"]
    genuine = send(stack, path, {HEADER: signer.sign(claims())}, method=method)
    assert genuine.status_code in (200, 201, 422)


def test_an_app_token_is_not_a_user_token(stack: Stack, signer: Signer) -> None:
    app = signer.sign(claims())
    for authorization in ("", f"Bearer {app}"):
        refused = send(stack, "start_session", {HEADER: app, "Authorization": authorization})
        problem = assert_problem(refused, 401, "UNAUTHENTICATED")
        assert HEADER not in problem["detail"]


def test_the_scheduler_needs_no_app(stack: Stack) -> None:
    swept = requests.post(
        f"{stack.url}/{SCHEDULED}",
        json={"dry_run": True},
        headers={"Authorization": f"Bearer {scheduler_token(project_id=PROJECT_ID)}"},
        timeout=TIMEOUT_SECONDS,
    )
    assert swept.status_code == 200


def test_a_browsers_preflight_needs_no_token(stack: Stack) -> None:
    answered = requests.options(
        f"{stack.url}/practice_turn",
        headers={
            "Origin": "https://app.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": HEADER.lower(),
        },
        timeout=TIMEOUT_SECONDS,
    )
    assert answered.status_code == 204
    assert HEADER in answered.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize(
    "changes",
    [{}, {"aud": f"projects/{NUMBER}"}, {"jti": None}],
    ids=["as issued", "one audience", "no jti"],
)
def test_a_token_of_the_app_passes(
    check: AppTokens, signer: Signer, changes: dict[str, object]
) -> None:
    check(signer.sign(claims(**changes)))


def test_a_token_that_has_just_expired_passes_too(check: AppTokens, signer: Signer) -> None:
    check(signer.sign(claims(exp=int(time.time()) - 10)))


def test_any_app_of_the_project_passes_by_default(keys_url: str, signer: Signer) -> None:
    AppTokens(SigningKeys(keys_url), project_number=NUMBER)(signer.sign(claims(sub=OTHER_APP)))


OTHERS = "987654321098"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": f"https://firebaseappcheck.googleapis.com/{OTHERS}"},
        {"iss": "https://firebaseappcheck.googleapis.com/"},
        {"iss": f"https://securetoken.google.com/{PROJECT_ID}"},
        {"iss": None},
        {"aud": [f"projects/{OTHERS}"]},
        {"aud": [NUMBER]},
        {"aud": []},
        {"aud": None},
        {"sub": OTHER_APP},
        {"sub": ""},
        {"sub": None},
        {"exp": timedelta(seconds=-60)},
        {"exp": None},
        {"iat": timedelta(seconds=600)},
        {"iat": None},
        {"nbf": timedelta(seconds=600)},
    ],
    ids=str,
)
def test_any_other_claim_is_refused(
    check: AppTokens, signer: Signer, changes: dict[str, object]
) -> None:
    # Instants are relative: the test may run long after it was collected.
    at = {
        name: int(time.time() + value.total_seconds()) if isinstance(value, timedelta) else value
        for name, value in changes.items()
    }
    with pytest.raises(Unauthenticated, match=HEADER):
        check(signer.sign(claims(**at)))


Forge = Callable[[Signer], str]

FORGED: dict[str, Forge] = {
    "of another type": lambda signer: signer.sign(claims(), typ="at+jwt"),
    "of no type": lambda signer: signer.sign(claims(), typ=None),
    "unsigned": lambda _: jwt.encode(claims(), key="", algorithm="none"),
    "signed by a stranger": lambda signer: Signer(signer.kid).sign(claims()),
    "of an unknown key": lambda signer: signer.sign(claims(), kid="unknown"),
    "signed with the public key": lambda signer: jwt.encode(
        claims(), "k" * 64, algorithm="HS512", headers={"kid": signer.kid}
    ),
    "cut": lambda signer: signer.sign(claims())[:-8],
    "endless": lambda signer: signer.sign(claims(jti="x" * MAX_TOKEN_LENGTH)),
    "no token": lambda _: "token",
    "empty": lambda _: "",
}


@pytest.mark.parametrize("case", FORGED)
def test_a_token_that_app_check_did_not_sign_is_refused(
    check: AppTokens, signer: Signer, case: str
) -> None:
    with pytest.raises(Unauthenticated, match=HEADER):
        check(FORGED[case](signer))


def test_missing_keys_are_an_outage_and_not_a_refusal_of_the_app(signer: Signer) -> None:
    keys = SigningKeys(f"http://127.0.0.1:{free_port()}/keys")
    with pytest.raises(Unavailable):
        AppTokens(keys, project_number=NUMBER)(signer.sign(claims()))

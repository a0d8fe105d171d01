"""Authentication by ID tokens of users, at a running function."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest

from local.tokens import user_token
from tests.support.edge import PROJECT_ID, Edge, Post, assert_problem

HOUR = 3_600
TEMPLATE = b'{"name": "Scales", "template_data": {"sections": []}}'
ASSIGNED = b'{"name": "Scales", "template_data": {"sections": []}, "student_ids": ["ann"]}'

Forge = Callable[[Edge], str]


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def unsigned(claims: dict[str, Any], *, header: object = None, signature: str = "") -> str:
    header = {"alg": "none", "typ": "JWT"} if header is None else header
    return f"{part(header)}.{part(claims)}.{signature}"


def signed_with_the_public_key(edge: Edge) -> str:
    # By hand, because a library refuses to do this.
    text = f"{part({'alg': 'HS256', 'typ': 'JWT', 'kid': edge.users.kid})}.{part(edge.claims())}"
    digest = hmac.digest(edge.users.public_pem, text.encode(), hashlib.sha256)
    return f"{text}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def with_another_payload(edge: Edge) -> str:
    header, _, signature = edge.token().split(".")
    return f"{header}.{part(edge.claims('somebody-else', role='teacher'))}.{signature}"


def test_a_signed_token_is_accepted(post: Post) -> None:
    assert post(TEMPLATE).status_code == 201


def test_the_token_identifies_the_caller(edge: Edge, post: Post) -> None:
    created = post(TEMPLATE, headers={"Authorization": f"Bearer {edge.token('chris')}"})
    assert created.json()["template"]["owner_id"] == "chris"


def test_the_scheme_is_case_insensitive(edge: Edge, post: Post) -> None:
    assert post(TEMPLATE, headers={"Authorization": f"bearer {edge.token()}"}).ok


def test_the_role_claim_teacher_is_recognised(edge: Edge, post: Post) -> None:
    token = edge.token(role="teacher")
    assert post(ASSIGNED, headers={"Authorization": f"Bearer {token}"}).status_code == 201


@pytest.mark.parametrize("role", [None, "student", "Teacher", ["teacher"], True])
def test_other_roles_are_not_teachers(edge: Edge, post: Post, role: object) -> None:
    token = edge.token(role=role)
    refused = post(ASSIGNED, headers={"Authorization": f"Bearer {token}"})
    assert_problem(refused, 403, "PERMISSION_DENIED")


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Basic YW5uOnNlY3JldA==",
        "Bearer",
        "Bearer ",
        "Token abc",
        "Bearer garbage",
        "Bearer a.b.c",
        "Bearer ..",
        "Bearer two tokens",
        "Bearer é.é.é".encode("latin-1"),
        f"Bearer {'x' * 7_000}",
        f"Bearer {'.' * 7_000}",
    ],
    ids=range(12),
)
def test_a_malformed_token_is_refused(post: Post, authorization: str | bytes) -> None:
    refused = post(TEMPLATE, headers={"Authorization": authorization})
    assert_problem(refused, 401, "UNAUTHENTICATED")
    assert refused.headers["WWW-Authenticate"] == "Bearer"


def test_a_valid_token_of_excessive_length_is_refused(edge: Edge, post: Post) -> None:
    for size, status in ((1_000, 201), (4_000, 401)):
        token = edge.token(padding="x" * size)
        assert post(TEMPLATE, headers={"Authorization": f"Bearer {token}"}).status_code == status


def test_a_token_longer_than_the_servers_header_limit_is_refused(post: Post) -> None:
    assert post(TEMPLATE, headers={"Authorization": f"Bearer {'x' * 100_000}"}).status_code == 431
    assert post(TEMPLATE).ok


def name_of_claims(changes: dict[str, object]) -> str:
    """Without instants: the names of tests are the same in every process that collects them."""
    return ",".join(
        f"{name}={'an instant' if isinstance(value, int) and value > HOUR else str(value)[:20]!r}"
        for name, value in changes.items()
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": int(time.time()) - 60},
        {"exp": None},
        {"exp": "never"},
        {"exp": float("inf")},
        {"iat": int(time.time()) + HOUR},
        {"iat": None},
        {"nbf": int(time.time()) + HOUR},
        {"aud": "practice-other"},
        {"aud": [PROJECT_ID, "practice-other"]},
        {"aud": None},
        {"iss": "https://securetoken.google.com/practice-other"},
        {"iss": "https://accounts.google.com"},
        {"iss": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "ann/bob"},
        {"sub": "u" * 200},
        {"sub": "__x__"},
        {"sub": "."},
        {"sub": "a\nb"},
        {"sub": "\ud800"},
    ],
    ids=name_of_claims,
)
@pytest.mark.parametrize("is_signed", [True, False], ids=["signed", "unsigned"])
def test_a_token_with_wrong_claims_is_refused(
    edge: Edge, post: Post, changes: dict[str, object], is_signed: bool
) -> None:
    token = edge.token(**changes) if is_signed else unsigned(edge.claims(**changes))
    refused = post(TEMPLATE, headers={"Authorization": f"Bearer {token}"})
    assert_problem(refused, 401, "UNAUTHENTICATED")
    assert refused.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "forge",
    [
        lambda edge: edge.stranger.sign(edge.claims()),
        lambda edge: edge.stranger.sign(edge.claims(), kid=edge.users.kid),
        lambda edge: edge.users.sign(edge.claims(), kid="nobody-knows"),
        lambda edge: edge.users.sign(edge.claims(), kid="../users"),
        lambda edge: edge.google.sign(edge.claims()),
        lambda edge: edge.token()[:-40],
        lambda edge: edge.token().rpartition(".")[0] + ".",
        lambda edge: edge.token().rpartition(".")[0] + ".SIGNATURE_REMOVED_BY_GOOGLE",
        lambda edge: jwt.encode(edge.claims(), "s" * 32, algorithm="HS256"),
        lambda edge: unsigned(edge.claims(), header={"alg": "RS256", "kid": edge.users.kid}),
        lambda edge: unsigned(edge.claims(), header={"alg": "NONE"}),
        lambda edge: unsigned(edge.claims(), header={"alg": None}),
        lambda edge: unsigned(edge.claims(), header={}),
        lambda edge: unsigned(edge.claims(), header=[]),
        lambda edge: unsigned(edge.claims(), signature="c2lnbmF0dXJl"),
        lambda edge: unsigned(edge.claims(), header={"alg": "none", "crit": ["exp"]}),
        signed_with_the_public_key,
        with_another_payload,
    ],
    ids=[
        "another key",
        "another key under a known id",
        "an unknown key id",
        "a key id that looks like a path",
        "the scheduler's key",
        "a signature cut short",
        "a signature taken out",
        "a signature as IAM leaves it",
        "HS256 with a secret",
        "RS256 without a signature",
        "NONE in capitals",
        "no algorithm",
        "an empty header",
        "a header that is a list",
        "unsigned with a signature",
        "unsigned with a critical header",
        "HS256 with the public key for a secret",
        "another payload under a good signature",
    ],
)
def test_a_forged_token_is_refused(edge: Edge, post: Post, forge: Forge) -> None:
    refused = post(TEMPLATE, headers={"Authorization": f"Bearer {forge(edge)}"})
    assert_problem(refused, 401, "UNAUTHENTICATED")
    assert refused.headers["WWW-Authenticate"] == "Bearer"


def test_an_emulator_token_is_accepted_in_a_demo_project(post: Post) -> None:
    token = user_token("ann", project_id=PROJECT_ID)
    assert post(TEMPLATE, headers={"Authorization": f"Bearer {token}"}).status_code == 201


def test_an_emulator_token_of_another_project_is_refused(post: Post) -> None:
    token = user_token("ann", project_id="demo-other")
    refused = post(TEMPLATE, headers={"Authorization": f"Bearer {token}"})
    assert_problem(refused, 401, "UNAUTHENTICATED")


def test_a_small_clock_skew_is_tolerated(edge: Edge, post: Post) -> None:
    token = edge.token(iat=int(time.time()) + 10, exp=int(time.time()) - 10)
    assert post(TEMPLATE, headers={"Authorization": f"Bearer {token}"}).ok


def test_the_schedulers_token_is_refused_by_user_functions(edge: Edge, post: Post) -> None:
    token = edge.google.sign(edge.claims(iss="https://accounts.google.com"))
    refused = post(TEMPLATE, headers={"Authorization": f"Bearer {token}"})
    assert_problem(refused, 401, "UNAUTHENTICATED")


def test_keys_are_fetched_once_for_many_requests(edge: Edge, post: Post) -> None:
    post()
    fetched = edge.key_server.fetches["/users"]
    for _ in range(20):
        assert post().status_code == 422
    assert edge.key_server.fetches["/users"] == fetched

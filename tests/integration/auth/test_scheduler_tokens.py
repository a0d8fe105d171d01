"""Authentication of the cleanup job, which only the scheduler's service account may call."""

import time
from typing import Any

import pytest
import requests

from local.tokens import scheduler_token, user_token
from shared.auth.signing_keys import SigningKeys
from shared.auth.tokens import SchedulerTokens
from shared.auth.verification import SIGNATURE_REMOVED
from shared.contract.refusals import Unauthenticated
from tests.support.edge import PROJECT_ID, TIMEOUT_SECONDS, Edge, assert_problem
from tests.support.key_server import claims_of_scheduler

SCHEDULER = f"scheduler@{PROJECT_ID}.iam.gserviceaccount.com"


def sweep(edge: Edge, token: str) -> requests.Response:
    return requests.post(
        f"{edge.url}/cleanup_stale_sessions",
        json={"dry_run": True},
        headers={"Authorization": f"Bearer {token}"},
        timeout=TIMEOUT_SECONDS,
    )


def claims(**changes: object) -> dict[str, Any]:
    return claims_of_scheduler(project_id=PROJECT_ID, **changes)


def without_signature(edge: Edge, **changes: object) -> str:
    """A token as Cloud Run forwards it after IAM has verified it."""
    return f"{edge.google.sign(claims(**changes)).rpartition('.')[0]}.{SIGNATURE_REMOVED}"


def test_the_scheduler_may_sweep(edge: Edge) -> None:
    swept = sweep(edge, edge.google.sign(claims()))
    assert swept.status_code == 200
    assert swept.json().keys() == {"scanned", "abandoned", "remaining", "next"}


def test_both_spellings_of_googles_issuer_are_accepted(edge: Edge) -> None:
    assert sweep(edge, edge.google.sign(claims(iss="accounts.google.com"))).ok


def test_the_local_schedulers_token_is_accepted_in_a_demo_project(edge: Edge) -> None:
    assert sweep(edge, scheduler_token(project_id=PROJECT_ID)).ok


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "somebody@example.com"},
        {"email": None},
        {"email": SCHEDULER.upper()},
        {"email": [SCHEDULER]},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": None},
    ],
)
def test_another_account_is_refused(edge: Edge, changes: dict[str, object]) -> None:
    refused = sweep(edge, edge.google.sign(claims(**changes)))
    assert_problem(refused, 403, "PERMISSION_DENIED")


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another_function"},
        {"aud": ["cleanup_stale_sessions"]},
        {"aud": None},
        {"iss": "https://accounts.example.com"},
        {"exp": int(time.time()) - 60},
    ],
    ids=["audience", "audiences", "no audience", "issuer", "expired"],
)
def test_a_token_for_something_else_is_refused(edge: Edge, changes: dict[str, object]) -> None:
    assert_problem(sweep(edge, edge.google.sign(claims(**changes))), 401, "UNAUTHENTICATED")


def test_users_may_not_sweep(edge: Edge) -> None:
    for token in (
        edge.token(role="teacher"),
        user_token("ann", teacher=True, project_id=PROJECT_ID),
    ):
        problem = assert_problem(sweep(edge, token), 403, "PERMISSION_DENIED")
        assert "scheduler" in problem["detail"]


def test_tokens_that_the_scheduler_did_not_get_are_refused(edge: Edge) -> None:
    tokens = [
        "",
        "a.b.c",
        edge.users.sign(claims()),
        edge.stranger.sign(claims(), kid=edge.google.kid),
    ]
    for token in tokens:
        assert_problem(sweep(edge, token), 401, "UNAUTHENTICATED")


def test_a_removed_signature_is_refused_by_functions_that_iam_does_not_guard(edge: Edge) -> None:
    assert_problem(sweep(edge, without_signature(edge)), 401, "UNAUTHENTICATED")


def test_the_other_claims_of_a_token_without_signature_still_count_behind_iam(edge: Edge) -> None:
    authenticate = SchedulerTokens(
        SigningKeys(f"{edge.key_server.url}/google"),
        audience="cleanup_stale_sessions",
        service_account=SCHEDULER,
        behind_iam=True,
    )
    assert authenticate(f"Bearer {without_signature(edge)}").uid == SCHEDULER
    assert authenticate(f"Bearer {edge.google.sign(claims())}").uid == SCHEDULER
    for changes in ({"aud": "x"}, {"iss": "x"}, {"exp": int(time.time()) - 60}):
        with pytest.raises(Unauthenticated):
            authenticate(f"Bearer {without_signature(edge, **changes)}")
    for token in (
        scheduler_token(project_id=PROJECT_ID),
        edge.stranger.sign(claims(), kid=edge.google.kid),
        edge.google.sign(claims()).rpartition(".")[0] + ".",
    ):
        with pytest.raises(Unauthenticated):
            authenticate(f"Bearer {token}")

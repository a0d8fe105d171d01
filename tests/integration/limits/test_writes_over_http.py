"""Limits of writes as a user sees them, on every function that stores."""

import json
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import IO, Any

import pytest
import requests

from local.api import TIMEOUT_SECONDS, User
from local.emulator import Emulator
from local.stack import Stack, free_port, start_functions
from shared.contract.operation import all_operations, function_names, main_operation, uses_of
from shared.domain.common.errors import RateLimited
from shared.environment import MIN_BYTES_PER_DAY, Use
from shared.limits.firestore_counters import FirestoreCounters
from shared.limits.rate_limit import SESSION_STARTS, STORED_BYTES, TEMPLATE_WRITES, RateLimit
from tests.integration.limits.conftest import PATIENT_SECONDS
from tests.support.edge import assert_problem

MOST = 5
LARGE = 400_000
MEGABYTES = 3_000_000
# Two large bodies fit in a day, and a third does not.
FIT = MIN_BYTES_PER_DAY // LARGE
SETTINGS = {
    "TEMPLATE_WRITES_PER_DAY": str(MOST),
    "SESSION_STARTS_PER_DAY": str(MOST),
    "STORED_BYTES_PER_DAY": str(MIN_BYTES_PER_DAY),
}
DAY = timedelta(days=1)
STORING = [name for name in function_names() if Use.WRITES in uses_of(name)]
WITH_BODY = [name for name in STORING if main_operation(name).has_body]
LIMITS = {
    Use.TEMPLATE_WRITES: "5 writes of templates and classes a day",
    Use.SESSION_STARTS: "5 starts of sessions a day",
}
COUNTED = {name: most for name in STORING for use, most in LIMITS.items() if use in uses_of(name)}
BYTES = "1,048,576 bytes of templates and sessions a day"
TEMPLATE = {"name": "Mine", "template_data": {"sections": []}}


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return SETTINGS


@pytest.fixture
def user(stack: Stack) -> User:
    return new_user(stack)


def new_user(stack: Stack) -> User:
    return User(stack, f"secret-{token_hex(6)}")


def send(user: User, function: str, size: int, *, chunked: bool = False) -> requests.Response:
    """Sends a body of about this size. It is not valid, which is found after it has counted."""
    operation, text = main_operation(function), json.dumps({"unknown": "x" * size})
    return requests.request(
        operation.method,
        f"{user.stack.url}/{function}",
        data=iter([text.encode()]) if chunked else text,
        headers={"Authorization": f"Bearer {user.token}", "Content-Type": "application/json"},
        timeout=TIMEOUT_SECONDS,
    )


def assert_limited(refused: requests.Response, most: str) -> dict[str, Any]:
    problem: dict[str, Any] = assert_problem(refused, 429, "RATE_LIMITED")
    assert problem["detail"] == f"At most {most}. Retry after the time given."
    now = datetime.now(UTC)
    again = now + timedelta(seconds=int(refused.headers["Retry-After"]))
    midnight = datetime.combine(now.date() + DAY, datetime.min.time(), UTC)
    # The day of a user begins up to a minute early.
    assert min(abs(again - midnight), abs(again - midnight - DAY)) < timedelta(minutes=1, seconds=5)
    return problem


def test_the_functions_that_store_are_those_with_a_limit() -> None:
    assert {"create_template", "start_session"} <= set(COUNTED) < set(STORING)
    limited = {o.function for o in all_operations() if RateLimited in o.refusals}
    assert limited == {"practice_turn", "assignment_turn", *STORING}


@pytest.mark.parametrize("function", COUNTED)
def test_requests_are_counted_until_the_day_is_over(
    user: User, function: str, output: IO[bytes]
) -> None:
    # One day may end during the test.
    answers = [send(user, function, 0) for _ in range(2 * MOST + 1)]
    counted = [answer.status_code for answer in answers].count(422)
    assert MOST <= counted <= 2 * MOST
    problem = assert_limited(answers[-1], COUNTED[function])

    # Other users are not affected, and neither are functions with another count.
    assert send(new_user(user.stack), function, 0).status_code == 422
    is_start = Use.SESSION_STARTS in uses_of(function)
    other = "create_template" if is_start else "start_session"
    assert send(user, other, 0).status_code == 422
    assert send(user, "update_progress", 0).status_code == 422

    output.seek(0)
    lines = [json.loads(line) for line in output.read().splitlines()]
    starts = Use.SESSION_STARTS in uses_of(function)
    kind = "session_starts" if starts else "template_writes"
    logged = [line["request_id"] for line in lines if line.get("limit") == kind]
    assert problem["request_id"] in logged
    assert not [line for line in lines if "secret" in json.dumps(line)]


def test_templates_have_one_count_for_all_their_writes(user: User) -> None:
    functions = ["create_template", "update_template"] * (MOST + 1)
    statuses = [send(user, function, 0).status_code for function in functions]
    assert MOST <= statuses.count(422) <= 2 * MOST
    assert statuses[-1] == 429


def test_a_repeated_request_counts(user: User) -> None:
    key = {"Idempotency-Key": "one"}
    answers = [
        user.call("create_template", TEMPLATE, headers=key).status_code for _ in range(2 * MOST + 1)
    ]
    assert set(answers) == {201, 429}
    assert MOST <= answers.count(201) <= 2 * MOST


@pytest.mark.parametrize("chunked", [False, True], ids=["Content-Length", "chunked"])
@pytest.mark.parametrize("function", WITH_BODY)
def test_bytes_are_counted_until_the_day_is_over(
    user: User, function: str, chunked: bool, output: IO[bytes]
) -> None:
    answers = [send(user, function, LARGE, chunked=chunked) for _ in range(2 * FIT + 1)]
    counted = [answer.status_code for answer in answers].count(422)
    assert FIT <= counted <= 2 * FIT
    problem = assert_limited(answers[-1], BYTES)
    # A refusal takes neither bytes nor a request: a smaller body fits.
    assert send(user, function, 0, chunked=chunked).status_code == 422

    assert send(new_user(user.stack), function, LARGE, chunked=chunked).status_code == 422

    output.seek(0)
    lines = [json.loads(line) for line in output.read().splitlines()]
    logged = [line["request_id"] for line in lines if line.get("limit") == "stored_bytes"]
    assert problem["request_id"] in logged
    assert not [line for line in lines if "secret" in json.dumps(line)]


def test_all_functions_have_one_count_of_bytes(user: User) -> None:
    # The first two are admitted, and after the border of a day another two.
    statuses = [send(user, function, LARGE).status_code for function in WITH_BODY]
    assert 429 in statuses
    assert FIT <= statuses.count(422) <= 2 * FIT


@pytest.mark.parametrize("chunked", [False, True], ids=["Content-Length", "chunked"])
def test_a_body_that_is_too_large_counts_as_the_largest(user: User, chunked: bool) -> None:
    # If it counted with all its bytes, it would be refused for them.
    assert send(user, "update_progress", MEGABYTES, chunked=chunked).status_code == 413
    statuses = [send(user, "update_progress", MEGABYTES, chunked=chunked) for _ in range(2)]
    assert_limited(statuses[-1], BYTES)


@pytest.mark.parametrize("function", STORING)
def test_what_another_instance_has_counted_counts_here(
    stack: Stack, user: User, function: str
) -> None:
    counters = FirestoreCounters(
        project_id=stack.project_id,
        database="(default)",
        emulator_host=stack.emulator.host,
        timeout_seconds=PATIENT_SECONDS,
    )
    # One limit is spent elsewhere, that of the function's own count where there is one.
    kinds = {
        "create_template": TEMPLATE_WRITES,
        "update_template": TEMPLATE_WRITES,
        "create_class": TEMPLATE_WRITES,
        "update_class": TEMPLATE_WRITES,
        "create_assignment": TEMPLATE_WRITES,
        "update_assignment": TEMPLATE_WRITES,
        "start_session": SESSION_STARTS,
        "daily_pack": SESSION_STARTS,
    }
    kind = kinds.get(function, STORED_BYTES)
    most = MIN_BYTES_PER_DAY if kind is STORED_BYTES else MOST
    now = datetime.now(UTC)
    # Whichever day the requests below come in.
    for at in (now, now + timedelta(minutes=2)):
        elsewhere = RateLimit(kind, most, lambda: counters)
        while True:
            try:
                elsewhere.admit(user.uid, most // MOST, at=at)
            except RateLimited:
                break
    counters.close()
    # A twentieth of the bytes is 13 small requests. Only a shared count tells this instance.
    statuses = [user.call(function, {"unknown": 0}).status_code for _ in range(20)]
    assert 429 in statuses
    assert set(statuses) <= {422, 429}
    assert statuses.count(422) < (20 if kind is STORED_BYTES else MOST)


def test_writes_without_a_database_of_counts_stay_limited(
    emulator: Emulator,
) -> None:
    nowhere = f"127.0.0.1:{free_port()}"
    with start_functions(
        emulator,
        port=free_port(),
        project_id="demo-nowhere",
        quiet=True,
        environment={**SETTINGS, "FIRESTORE_EMULATOR_HOST": nowhere},
    ) as stack:
        user = new_user(stack)
        statuses = [send(user, "create_template", 0).status_code for _ in range(2 * MOST + 1)]
    assert MOST <= statuses.count(422) <= 2 * MOST
    assert statuses[-1] == 429

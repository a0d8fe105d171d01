"""Limits of join codes as guessers meet them, by user and by network address."""

from secrets import token_hex
from typing import IO

import pytest
import requests

from local.api import User
from local.stack import Stack
from tests.support.answers import ok
from tests.support.edge import assert_problem

OF_USER, OF_ADDRESS = 3, 7
SETTINGS = {
    "JOIN_ATTEMPTS_PER_HOUR": str(OF_USER),
    "ADDRESS_JOIN_ATTEMPTS_PER_HOUR": str(OF_ADDRESS),
    "PROXIES": "1",
}
WRONG = "0000000"


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    return SETTINGS


@pytest.fixture
def code(stack: Stack) -> str:
    teacher = User(stack, f"teacher-{token_hex(6)}")
    created = ok(teacher.call("create_class", {"name": "Guitar", "max_students": 100}), 201)
    return str(created["join"]["code"])


def new_user(stack: Stack) -> User:
    return User(stack, f"student-{token_hex(6)}")


def new_address() -> str:
    """Of a network of its own."""
    return f"2001:db8:{token_hex(2)}:{token_hex(2)}::1"


def attempt(by: User, code: str, address: str) -> requests.Response:
    body = {"code": code, "display_name": "Sam"}
    return by.call("join_class", body, headers={"X-Forwarded-For": f"1.2.3.4, {address}"})


def test_refused_codes_of_a_user_are_counted_from_every_address(stack: Stack, code: str) -> None:
    user = new_user(stack)
    # An hour may end during the test.
    answers = [attempt(user, WRONG, new_address()) for _ in range(2 * OF_USER + 1)]
    statuses = [answer.status_code for answer in answers]
    assert OF_USER <= statuses.count(404) <= 2 * OF_USER
    problem = assert_problem(answers[-1], 429, "RATE_LIMITED")
    assert problem["detail"].startswith("At most 3 join codes that open no class an hour.")
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 3_600
    # Over the limit a right code is refused in the same words.
    right = attempt(user, code, new_address())
    assert assert_problem(right, 429, "RATE_LIMITED")["detail"] == problem["detail"]


def test_refused_codes_of_an_address_are_counted_for_all_its_users(stack: Stack) -> None:
    address = new_address()
    answers = [attempt(new_user(stack), WRONG, address) for _ in range(2 * OF_ADDRESS + 1)]
    statuses = [answer.status_code for answer in answers]
    assert OF_ADDRESS <= statuses.count(404) <= 2 * OF_ADDRESS
    problem = assert_problem(answers[-1], 429, "RATE_LIMITED")
    assert "from one address" in problem["detail"]
    assert attempt(new_user(stack), WRONG, new_address()).status_code == 404


def test_codes_that_open_a_class_use_nothing_of_the_limits(stack: Stack, code: str) -> None:
    address = new_address()
    joined = [attempt(new_user(stack), code, address) for _ in range(3 * OF_ADDRESS)]
    assert {answer.status_code for answer in joined} == {201}
    user = new_user(stack)
    again = [attempt(user, code, address).status_code for _ in range(3 * OF_USER)]
    assert again == [201] + [200] * (3 * OF_USER - 1)
    assert attempt(user, WRONG, address).status_code == 404


def test_requests_that_are_not_valid_use_nothing_of_the_limits(stack: Stack) -> None:
    user, address = new_user(stack), new_address()
    headers = {"X-Forwarded-For": address}
    bodies = [{"code": WRONG}] * (3 * OF_ADDRESS)
    answers = [user.call("join_class", body, headers=headers) for body in bodies]
    assert {answer.status_code for answer in answers} == {422}
    assert attempt(user, WRONG, address).status_code == 404


def test_the_log_has_neither_users_nor_addresses_nor_codes(
    stack: Stack, code: str, output: IO[bytes]
) -> None:
    address = new_address()
    for _ in range(2 * OF_USER + 1):
        attempt(new_user(stack), WRONG, address)
    output.seek(0)
    lines = output.read().decode()
    assert '"limit": "join_attempts"' in lines
    assert "2001:db8" not in lines
    assert "student-" not in lines
    assert code not in lines

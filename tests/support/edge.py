"""A separate stack, with a key server, a list of allowed origins and its output in a file."""

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from secrets import token_hex
from typing import IO, Any

import pytest
import requests

from local.emulator import Emulator
from local.stack import Stack, free_port, start_functions
from tests.support.key_server import KeyServer, Signer, claims_of_user, serving_keys

PROJECT_ID = "demo-edge"
APP_ORIGIN = "https://app.example"
TIMEOUT_SECONDS = 20

Post = Callable[..., requests.Response]


@dataclass(frozen=True)
class Edge:
    """`users` and `google` sign what the stack trusts; `stranger` signs what it doesn't."""

    stack: Stack
    key_server: KeyServer
    users: Signer
    google: Signer
    stranger: Signer
    output: IO[bytes]

    @property
    def url(self) -> str:
        return self.stack.url

    def token(self, uid: str = "", /, **changes: object) -> str:
        """A signed token of a user, a new one unless a uid is given."""
        return self.users.sign(self.claims(uid, **changes))

    def claims(self, uid: str = "", /, **changes: object) -> dict[str, Any]:
        uid = uid or f"user-{token_hex(6)}"
        return claims_of_user(uid, project_id=PROJECT_ID, **changes)

    def printed(self) -> str:
        """All that the server has written so far."""
        self.output.seek(0)
        return self.output.read().decode()

    def log_of(self, request_id: str) -> list[dict[str, Any]]:
        """The log lines of one request."""
        lines = [json.loads(line) for line in self.printed().splitlines()]
        return [line for line in lines if line["request_id"] == request_id]


@pytest.fixture(scope="session")
def key_server() -> Iterator[KeyServer]:
    with serving_keys() as keys:
        yield keys


@pytest.fixture(scope="session")
def edge(emulator: Emulator, key_server: KeyServer) -> Iterator[Edge]:
    users, google, stranger = Signer("user-key"), Signer("google-key"), Signer("stranger-key")
    environment = {
        "USER_KEYS_URL": key_server.publish("/users", users),
        "GOOGLE_KEYS_URL": key_server.publish("/google", google),
        "ALLOWED_ORIGINS": f"{APP_ORIGIN}, https://teachers.example",
    }
    with (
        tempfile.TemporaryFile("a+b") as output,
        start_functions(
            emulator,
            port=free_port(),
            project_id=PROJECT_ID,
            output=output,
            environment=environment,
        ) as stack,
    ):
        yield Edge(stack, key_server, users, google, stranger, output)


@pytest.fixture
def post(edge: Edge) -> Post:
    """Posts to create_template as a signed-in user: `post(b"{", headers={…})`."""

    def send(
        body: bytes | Iterator[bytes] = b"{}", *, headers: Mapping[str, str | bytes] | None = None
    ) -> requests.Response:
        given = {
            "Authorization": f"Bearer {edge.token()}",
            "Content-Type": "application/json",
            **(headers or {}),
        }
        return requests.post(
            f"{edge.url}/create_template", data=body, headers=given, timeout=TIMEOUT_SECONDS
        )

    return send


def assert_problem(response: requests.Response, status: int, reason: str) -> dict[str, Any]:
    """The body of a refusal, after a check that it is complete and agrees with its headers."""
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["status"] == status
    assert problem["reason"] == reason
    assert problem["type"] == f"urn:problem:{reason.lower().replace('_', '-')}"
    assert problem["title"]
    assert problem["detail"]
    assert problem["request_id"] == response.headers["X-Request-Id"]
    return problem

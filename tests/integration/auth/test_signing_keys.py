"""Signing keys fetched over the network, from a real key server with a clock set forward."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, tzinfo
from secrets import token_hex
from typing import Any, Self

import jwt
import pytest

from local.stack import free_port
from shared.auth.signing_keys import (
    KEYS_FIRST_RETRY_SECONDS,
    KEYS_LIFESPAN_SECONDS,
    KEYS_RETRY_SECONDS,
    SigningKeys,
)
from shared.auth.tokens import UserTokens
from shared.auth.verification import LEEWAY_SECONDS
from shared.contract.refusals import Unauthenticated
from shared.domain.common.errors import Unavailable
from tests.support.key_server import KeyServer, Signer, claims_of_user

PROJECT_ID = "practice-prod"

AdvanceClock = Callable[[float], None]


@pytest.fixture
def advance_clock(monkeypatch: pytest.MonkeyPatch) -> AdvanceClock:
    """Moves the clock forward without waiting."""
    real, passed = time.monotonic, 0.0
    monkeypatch.setattr(time, "monotonic", lambda: real() + passed)

    def forward(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    return forward


@pytest.fixture
def advance_date(monkeypatch: pytest.MonkeyPatch) -> AdvanceClock:
    """Moves the date forward that tokens expire by, as the product and PyJWT read it."""
    real, passed = time.time, 0.0
    monkeypatch.setattr(time, "time", lambda: real() + passed)

    class Date(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls.fromtimestamp(time.time(), tz)

    monkeypatch.setattr("jwt.api_jwt.datetime", Date)

    def forward(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    return forward


@pytest.fixture
def path(key_server: KeyServer) -> Iterator[str]:
    """A path of the key server that no other test uses, without keys at first."""
    path = f"/{token_hex(6)}"
    yield path
    key_server.key_sets.pop(path, None)


@pytest.fixture(scope="module")
def signer() -> Signer:
    return Signer("first")


@pytest.fixture(scope="module")
def next_signer() -> Signer:
    return Signer("second")


def tokens_of(url: str) -> UserTokens:
    return UserTokens(PROJECT_ID, SigningKeys(url))


def bearer(signer: Signer, **header: str) -> str:
    return f"Bearer {signer.sign(claims_of_user('ann', project_id=PROJECT_ID), **header)}"


def test_keys_are_fetched_when_first_needed_and_once_an_hour(
    key_server: KeyServer, path: str, signer: Signer, advance_clock: AdvanceClock
) -> None:
    authenticate = tokens_of(key_server.publish(path, signer))
    assert key_server.fetches[path] == 0
    for _ in range(5):
        assert authenticate(bearer(signer)).uid == "ann"
    advance_clock(KEYS_LIFESPAN_SECONDS - 10)
    authenticate(bearer(signer))
    assert key_server.fetches[path] == 1
    advance_clock(20)
    authenticate(bearer(signer))
    assert key_server.fetches[path] == 2


def test_a_new_key_is_picked_up_and_a_withdrawn_one_dropped(
    key_server: KeyServer,
    path: str,
    signer: Signer,
    next_signer: Signer,
    advance_clock: AdvanceClock,
) -> None:
    authenticate = tokens_of(key_server.publish(path, signer))
    authenticate(bearer(signer))
    key_server.publish(path, next_signer)
    advance_clock(KEYS_RETRY_SECONDS + 1)
    assert authenticate(bearer(next_signer)).uid == "ann"
    with pytest.raises(Unauthenticated):
        authenticate(bearer(signer))


def test_a_verified_token_is_not_verified_again_until_the_keys_change(
    key_server: KeyServer,
    path: str,
    signer: Signer,
    next_signer: Signer,
    advance_clock: AdvanceClock,
) -> None:
    authenticate = tokens_of(key_server.publish(path, signer))
    token = bearer(signer)
    authenticate(token)
    key_server.publish(path, next_signer)
    advance_clock(KEYS_LIFESPAN_SECONDS - 10)
    assert authenticate(token).uid == "ann"
    # An unknown key id causes an early fetch, whose reply lacks the old key.
    assert authenticate(bearer(next_signer)).uid == "ann"
    with pytest.raises(Unauthenticated):
        authenticate(token)


def test_a_verified_token_is_verified_again_when_the_keys_are_due(
    key_server: KeyServer,
    path: str,
    signer: Signer,
    next_signer: Signer,
    advance_clock: AdvanceClock,
) -> None:
    authenticate = tokens_of(key_server.publish(path, signer))
    token = bearer(signer)
    authenticate(token)
    key_server.publish(path, next_signer)
    advance_clock(KEYS_LIFESPAN_SECONDS + 1)
    with pytest.raises(Unauthenticated):
        authenticate(token)


def test_a_token_verified_while_the_keys_are_due_is_not_remembered(
    key_server: KeyServer,
    path: str,
    signer: Signer,
    next_signer: Signer,
    advance_clock: AdvanceClock,
) -> None:
    class Due(SigningKeys):
        @property
        def version(self) -> None:
            return None

    authenticate = UserTokens(PROJECT_ID, Due(key_server.publish(path, signer)))
    token = bearer(signer)
    assert authenticate(token).uid == "ann"
    key_server.publish(path, next_signer)
    advance_clock(KEYS_LIFESPAN_SECONDS + 1)
    with pytest.raises(Unauthenticated):
        authenticate(token)


def test_a_token_is_not_remembered_under_keys_fetched_during_its_verification(
    key_server: KeyServer,
    path: str,
    signer: Signer,
    next_signer: Signer,
    advance_clock: AdvanceClock,
) -> None:
    class Overtaken(SigningKeys):
        def get_signing_key(self, kid: str) -> Any:
            found = super().get_signing_key(kid)
            if self.publishing:
                self.publishing = False
                key_server.publish(path, next_signer)
                advance_clock(KEYS_LIFESPAN_SECONDS + 1)
                super().get_signing_key(next_signer.kid)
            return found

        publishing = True

    authenticate = UserTokens(PROJECT_ID, Overtaken(key_server.publish(path, signer)))
    token = bearer(signer)
    assert authenticate(token).uid == "ann"
    with pytest.raises(Unauthenticated):
        authenticate(token)


@pytest.mark.parametrize("is_signed", [True, False], ids=["signed", "unsigned"])
def test_a_verified_token_expires(
    key_server: KeyServer,
    path: str,
    signer: Signer,
    advance_date: AdvanceClock,
    is_signed: bool,
) -> None:
    keys = SigningKeys(key_server.publish(path, signer))
    authenticate = UserTokens(PROJECT_ID, keys, unsigned=not is_signed)
    claims = claims_of_user("ann", project_id=PROJECT_ID, exp=int(time.time()) + 60)
    token = signer.sign(claims) if is_signed else jwt.encode(claims, "", algorithm="none")
    assert authenticate(f"Bearer {token}").uid == "ann"
    advance_date(60)
    assert authenticate(f"Bearer {token}").uid == "ann"
    advance_date(LEEWAY_SECONDS)
    with pytest.raises(Unauthenticated, match="expired"):
        authenticate(f"Bearer {token}")


def test_the_last_valid_keys_outlive_an_outage_of_the_key_server(
    key_server: KeyServer, path: str, signer: Signer, advance_clock: AdvanceClock
) -> None:
    authenticate = tokens_of(key_server.publish(path, signer))
    authenticate(bearer(signer))
    del key_server.key_sets[path]
    for _ in range(3):
        advance_clock(KEYS_LIFESPAN_SECONDS + 1)
        assert authenticate(bearer(signer)).uid == "ann"
    assert key_server.fetches[path] == 4


@pytest.mark.parametrize("nonsense", [{"keys": []}, {}, [], "soon back", {"keys": [{"kty": "x"}]}])
def test_an_invalid_reply_of_the_key_server_does_not_replace_valid_keys(
    key_server: KeyServer, path: str, signer: Signer, advance_clock: AdvanceClock, nonsense: object
) -> None:
    authenticate = tokens_of(key_server.publish(path, signer))
    authenticate(bearer(signer))
    key_server.key_sets[path] = nonsense
    advance_clock(KEYS_LIFESPAN_SECONDS + 1)
    assert authenticate(bearer(signer)).uid == "ann"
    assert key_server.fetches[path] == 2


def test_a_flood_of_unknown_key_ids_causes_few_fetches(
    key_server: KeyServer, path: str, signer: Signer, advance_clock: AdvanceClock
) -> None:
    authenticate = tokens_of(key_server.publish(path, signer))
    for second in range(60):
        for n in range(5):
            with pytest.raises(Unauthenticated):
                authenticate(bearer(signer, kid=f"unknown-{second}-{n}"))
        advance_clock(1)
    assert key_server.fetches[path] <= 3
    assert authenticate(bearer(signer)).uid == "ann"


def test_missing_keys_are_an_outage_and_not_a_refusal_of_the_token(
    signer: Signer,
) -> None:
    authenticate = tokens_of(f"http://127.0.0.1:{free_port()}/keys")
    with pytest.raises(Unavailable):
        authenticate(bearer(signer))


def test_an_unreachable_key_server_is_not_called_on_every_request(
    key_server: KeyServer, path: str, signer: Signer, advance_clock: AdvanceClock
) -> None:
    authenticate = tokens_of(f"{key_server.url}{path}")

    def refused(_: int) -> bool:
        with pytest.raises(Unavailable):
            authenticate(bearer(signer))
        return True

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(refused, range(40)))
    assert key_server.fetches[path] == 1

    key_server.publish(path, signer)
    advance_clock(KEYS_FIRST_RETRY_SECONDS)
    assert authenticate(bearer(signer)).uid == "ann"


def test_a_forged_token_causes_no_fetch(key_server: KeyServer, path: str, signer: Signer) -> None:
    authenticate = tokens_of(key_server.publish(path, signer))
    for token in ("garbage", "a.b.c", "e30.e30.", "eyJhbGciOiJIUzI1NiJ9.e30.c2ln"):
        with pytest.raises(Unauthenticated):
            authenticate(f"Bearer {token}")
    assert key_server.fetches[path] == 0

"""A local key server with generated keys, in place of Google's."""

import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from testkit.http_server import QuietHandler, serving

SCHEDULER = {
    "iss": "https://accounts.google.com",
    "aud": "cleanup_stale_sessions",
    "sub": "1234567890",
    "email_verified": True,
}


class Signer:
    """An RSA key pair: publishes its public key, signs tokens with the private one."""

    def __init__(self, kid: str) -> None:
        self.kid = kid
        self._key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)

    @property
    def jwk(self) -> dict[str, Any]:
        public: dict[str, Any] = RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {**public, "kid": self.kid, "alg": "RS256", "use": "sig"}

    @property
    def public_pem(self) -> bytes:
        return self._key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    @property
    def private_pem(self) -> bytes:
        return self._key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    def sign(self, claims: Mapping[str, Any], **header: Any) -> str:
        return jwt.encode(
            dict(claims), self._key, algorithm="RS256", headers={"kid": self.kid, **header}
        )


class KeyServer:
    """Serves a key set per path and counts the requests. A path without a key set is a 500."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.key_sets: dict[str, object] = {}
        self.fetches: Counter[str] = Counter()

    def publish(self, path: str, *signers: Signer) -> str:
        """Returns the URL of the key set. A second publication at a path rotates its keys."""
        self.key_sets[path] = {"keys": [signer.jwk for signer in signers]}
        return f"{self.url}{path}"


@contextmanager
def serving_keys() -> Iterator[KeyServer]:
    class Handler(QuietHandler):
        def do_GET(self) -> None:
            keys.fetches[self.path] += 1
            found = self.path in keys.key_sets
            body = json.dumps(keys.key_sets.get(self.path)).encode()
            self.reply(200 if found else 500, body)

    with serving(Handler) as url:
        keys = KeyServer(url)
        yield keys


def claims_of_user(uid: str, /, *, project_id: str, **changes: object) -> dict[str, Any]:
    """The claims of a Firebase ID token, some of them changed; a change to None takes one out."""
    return _changed(
        {
            "iss": f"https://securetoken.google.com/{project_id}",
            "aud": project_id,
            "sub": uid,
            "user_id": uid,
            **_now(),
        },
        changes,
    )


def claims_of_scheduler(*, project_id: str, **changes: object) -> dict[str, Any]:
    """The claims of the scheduler's OIDC token, some of them changed or taken out."""
    email = f"scheduler@{project_id}.iam.gserviceaccount.com"
    return _changed({**SCHEDULER, "email": email, **_now()}, changes)


def _now() -> dict[str, int]:
    now = int(time.time())
    return {"iat": now, "exp": now + 3_600}


def _changed(claims: Mapping[str, Any], changes: Mapping[str, object]) -> dict[str, Any]:
    return {key: value for key, value in {**claims, **changes}.items() if value is not None}

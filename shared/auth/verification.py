"""Verifying a token's signature and claims, and remembering the result until it expires."""

import time
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

import jwt

from shared.auth.signing_keys import SigningKeys
from shared.contract.refusals import Unauthenticated
from shared.lru_cache import LruCache

# Several times the longest token in use. From 8 KiB on the web server refuses a header itself.
MAX_TOKEN_LENGTH = 4_096
LEEWAY_SECONDS = 30
# A few KB each; a client sends the same token for an hour.
CACHED_TOKENS = 1_000
REQUIRED_CLAIMS = ["aud", "exp", "iat", "iss", "sub"]
# Cloud Run replaces the signature with this once IAM has verified the token.
SIGNATURE_REMOVED = "SIGNATURE_REMOVED_BY_GOOGLE"

Claims = Mapping[str, Any]
T = TypeVar("T")


class VerifiedTokens(Generic[T]):
    """A cache of verified tokens, each valid until it expires or the keys may have changed."""

    def __init__(self, keys: SigningKeys) -> None:
        self._keys = keys
        self._recent: LruCache[tuple[T, float, float]] = LruCache(CACHED_TOKENS)

    def get(self, token: str) -> T | None:
        cached = self._recent.get(token)
        if cached is None:
            return None
        identity, expired_at, version = cached
        return identity if version == self._keys.version and time.time() < expired_at else None

    def put(self, token: str, identity: T, claims: Claims, *, version: float | None) -> None:
        """`version` is the keys' from before the verification: they may have changed since."""
        if version is not None:
            expired_at = int(claims["exp"]) + LEEWAY_SECONDS
            self._recent.put(token, (identity, expired_at, version))


def issuer_of(token: str) -> str:
    """The issuer that a token names, not verified; empty where it names none."""
    try:
        claims: Claims = jwt.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, RecursionError):
        return ""
    return str(claims.get("iss", ""))


def verified_claims(
    token: str,
    *,
    keys: SigningKeys,
    audience: str,
    issuers: list[str],
    unsigned: bool = False,
    signature_removed: bool = False,
    one_of_audiences: bool = False,
    typed: bool = False,
) -> Claims:
    """The claims of a valid token. With `typed` its header must declare a JWT.

    Raises Unauthenticated, or Unavailable when the keys can't be fetched.
    """
    try:
        header = jwt.get_unverified_header(token)
        signature = token.rpartition(".")[2]
        trusted = (unsigned and header.get("alg") == "none" and not signature) or (
            signature_removed and signature == SIGNATURE_REMOVED
        )
        if typed and header.get("typ") != "JWT":
            raise Unauthenticated("The token is of another type.")
        if not trusted and header.get("alg") != "RS256":
            raise Unauthenticated("The token is not signed with RS256.")
        claims: Claims = jwt.decode(
            token,
            "" if trusted else keys.get_signing_key(str(header.get("kid"))),
            algorithms=["RS256"],
            audience=audience,
            issuer=issuers,
            leeway=LEEWAY_SECONDS,
            options={
                "require": REQUIRED_CLAIMS,
                "verify_signature": not trusted,
                "verify_exp": True,
                "verify_iat": True,
                "verify_nbf": True,
                "verify_aud": True,
                "verify_iss": True,
                "verify_sub": True,
                "strict_aud": not one_of_audiences,
            },
        )
    except jwt.ExpiredSignatureError as error:
        raise Unauthenticated("The token has expired; get a fresh one.") from error
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise Unauthenticated("The token is not valid for this project.") from error
    return claims

"""Who is calling: Firebase ID tokens of users, Google OIDC tokens of the scheduler.

And from where: App Check tokens, which say that a genuine app sends the request.
"""

import logging
import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import jwt
from jwt import PyJWKClient
from pydantic import TypeAdapter, ValidationError

from shared.domain.common.errors import PermissionDenied, Unauthenticated, Unavailable
from shared.domain.common.fields import UserId
from shared.lru_cache import LruCache
from shared.ports.calls import Caller

# Several times what is ever issued. From 8 KiB on the web server refuses a header in its own way.
MAX_TOKEN_LENGTH = 4_096
LEEWAY_SECONDS = 30
KEYS_LIFESPAN_SECONDS = 3_600
KEYS_RETRY_SECONDS = 30
KEYS_FIRST_RETRY_SECONDS = 2
KEYS_TIMEOUT_SECONDS = 3
# Tokens known to be good, a few KB each; a client sends the same one for an hour.
TOKENS_KEPT = 1_000
REQUIRED_CLAIMS = ["aud", "exp", "iat", "iss", "sub"]
GOOGLE_ISSUERS = ["https://accounts.google.com", "accounts.google.com"]
APP_CHECK_ISSUER = "https://firebaseappcheck.googleapis.com"
USER_ID = TypeAdapter(UserId)

# What Cloud Run puts in place of the signature once IAM has verified the token.
SIGNATURE_REMOVED = "SIGNATURE_REMOVED_BY_GOOGLE"

logger = logging.getLogger("practice.auth")

Authenticate = Callable[[str | None], Caller]
CheckApp = Callable[[str | None], None]
Claims = Mapping[str, Any]
T = TypeVar("T")


class SigningKeys(PyJWKClient):
    """A key set fetched once an hour, at most twice a minute for unknown key ids.

    When a fetch fails the last good keys stay in use: an outage of the key server must not lock
    everybody out. Without any keys yet, those who waited for a fetch that failed fail with it, and
    the next is made after a pause.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url, lifespan=KEYS_LIFESPAN_SECONDS, timeout=KEYS_TIMEOUT_SECONDS)
        self._last_good: Any = None
        self._tried_at = -math.inf
        self._lock = threading.Lock()

    @property
    def version(self) -> float | None:
        """Of the keys in use: another one after each attempt to fetch them, None while one is due.

        As long as nobody has needed any, there is nothing to be fetched again.
        """
        tried_at = self._tried_at
        is_due = math.isfinite(tried_at) and time.monotonic() - tried_at >= KEYS_LIFESPAN_SECONDS
        return None if is_due else tried_at

    def fetch_data(self) -> Any:
        with self._lock:
            pause = KEYS_RETRY_SECONDS if self._last_good else KEYS_FIRST_RETRY_SECONDS
            if time.monotonic() - self._tried_at >= pause:
                self._refresh()
            if self._last_good is None:
                raise Unavailable("The keys that sign tokens can't be fetched.")
            return self._last_good

    def _refresh(self) -> None:
        try:
            self._last_good = super().fetch_data()
        except (jwt.PyJWTError, OSError, ValueError) as error:
            logger.warning("signing keys could not be fetched: %s", type(error).__name__)
        finally:
            self._tried_at = time.monotonic()


class _Known(Generic[T]):
    """What tokens were found to say, until they expire or other keys may be in use."""

    def __init__(self, keys: SigningKeys) -> None:
        self._keys = keys
        self._recent: LruCache[tuple[T, float, float]] = LruCache(TOKENS_KEPT)

    def get(self, token: str) -> T | None:
        found = self._recent.get(token)
        if found is None:
            return None
        said, expired, version = found
        return said if version == self._keys.version and time.time() < expired else None

    def put(self, token: str, said: T, claims: Claims, *, version: float | None) -> None:
        """`version` is that of the keys before the token was verified: they may be others now."""
        if version is not None:
            expired = int(claims["exp"]) + LEEWAY_SECONDS
            self._recent.put(token, (said, expired, version))


class UserTokens:
    """Verifies Firebase ID tokens of one project.

    https://firebase.google.com/docs/auth/admin/verify-id-tokens lists what is checked. Unsigned
    tokens, as the Auth emulator issues them, pass only when `unsigned` is set, and their claims are
    checked like any other's.
    """

    def __init__(self, project_id: str, keys: SigningKeys, *, unsigned: bool = False) -> None:
        self._project_id = project_id
        self._keys = keys
        self._unsigned = unsigned
        self._known: _Known[Caller] = _Known(keys)

    def __call__(self, authorization: str | None) -> Caller:
        token = _bearer(authorization)
        return self._known.get(token) or self._caller(token)

    def _caller(self, token: str) -> Caller:
        version = self._keys.version
        claims = _verified(
            token,
            keys=self._keys,
            audience=self._project_id,
            issuers=[f"https://securetoken.google.com/{self._project_id}"],
            unsigned=self._unsigned,
        )
        try:
            uid = USER_ID.validate_python(claims["sub"])
        except ValidationError as error:
            raise Unauthenticated("The token's sub can't be used as a user id.") from error
        caller = Caller(uid=uid, is_teacher=claims.get("role") == "teacher")
        self._known.put(token, caller, claims, version=version)
        return caller


class SchedulerTokens:
    """Verifies the scheduler's OIDC token: right audience, right service account.

    Where IAM guards the function, it has verified the token and removed its signature before we see
    it. Only `behind_iam` makes such a token pass: set on a public function it would let anyone in.
    """

    def __init__(
        self,
        keys: SigningKeys,
        *,
        audience: str,
        service_account: str,
        behind_iam: bool = False,
        unsigned: bool = False,
    ) -> None:
        self._keys = keys
        self._audience = audience
        self._service_account = service_account
        self._behind_iam = behind_iam
        self._unsigned = unsigned

    def __call__(self, authorization: str | None) -> Caller:
        claims = _verified(
            _bearer(authorization),
            keys=self._keys,
            audience=self._audience,
            issuers=GOOGLE_ISSUERS,
            unsigned=self._unsigned,
            signature_removed=self._behind_iam,
        )
        if claims.get("email") != self._service_account or claims.get("email_verified") is not True:
            raise PermissionDenied("Only the scheduler's service account may call this.")
        return Caller(uid=self._service_account)


class AppTokens:
    """Verifies App Check tokens of one project, by its number.

    https://firebase.google.com/docs/app-check/custom-resource-backend lists what is checked. Nobody
    emulates App Check, so there are no unsigned tokens. With `app_ids` no other app gets in.
    """

    def __init__(
        self, keys: SigningKeys, *, project_number: str, app_ids: Sequence[str] = ()
    ) -> None:
        self._keys = keys
        self._project_number = project_number
        self._app_ids = frozenset(app_ids)
        self._known: _Known[str] = _Known(keys)

    def __call__(self, token: str | None) -> None:
        """Raises Unauthenticated."""
        if not token or len(token) > MAX_TOKEN_LENGTH:
            raise Unauthenticated("An App Check token is needed: X-Firebase-AppCheck: <token>.")
        app_id = self._known.get(token) or self._app_id(token)
        if self._app_ids and app_id not in self._app_ids:
            raise Unauthenticated("X-Firebase-AppCheck: The token is another app's.")

    def _app_id(self, token: str) -> str:
        version = self._keys.version
        try:
            claims = _verified(
                token,
                keys=self._keys,
                audience=f"projects/{self._project_number}",
                issuers=[f"{APP_CHECK_ISSUER}/{self._project_number}"],
                one_of_audiences=True,
                typed=True,
            )
        except Unauthenticated as error:
            raise Unauthenticated(f"X-Firebase-AppCheck: {error.detail}") from error
        app_id = str(claims["sub"])
        self._known.put(token, app_id, claims, version=version)
        return app_id


def _bearer(authorization: str | None) -> str:
    """The token. Raises Unauthenticated."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip() or len(token) > MAX_TOKEN_LENGTH:
        raise Unauthenticated
    return token.strip()


def _verified(
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
    """What the token claims. `typed`: its header must say that it is a JWT.

    Raises Unauthenticated, or Unavailable for want of keys.
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
            raise Unauthenticated("The token is not signed the way such tokens are.")
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

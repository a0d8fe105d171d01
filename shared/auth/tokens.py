"""The callers of functions: users by Firebase ID token, the scheduler by Google's OIDC token.

App Check tokens prove besides that a genuine app sends the request.
"""

from collections.abc import Callable, Sequence

from pydantic import TypeAdapter, ValidationError

from shared.auth.signing_keys import SigningKeys
from shared.auth.verification import MAX_TOKEN_LENGTH, VerifiedTokens, issuer_of, verified_claims
from shared.contract.refusals import Unauthenticated
from shared.domain.common.errors import PermissionDenied
from shared.domain.common.fields import UserId
from shared.ports.calls import Caller

USER_ISSUER = "https://securetoken.google.com/"
ONLY_THE_SCHEDULER = "Only the scheduler's service account may call this."
GOOGLE_ISSUERS = ["https://accounts.google.com", "accounts.google.com"]
APP_CHECK_ISSUER = "https://firebaseappcheck.googleapis.com"
USER_ID = TypeAdapter(UserId)

CheckApp = Callable[[str | None], None]


class UserTokens:
    """Verifies Firebase ID tokens of one project.

    https://firebase.google.com/docs/auth/admin/verify-id-tokens lists the checks. Unsigned tokens,
    as the Auth emulator issues them, pass only when `unsigned` is set, and their claims are checked
    like any other's.
    """

    def __init__(self, project_id: str, keys: SigningKeys, *, unsigned: bool = False) -> None:
        self._project_id = project_id
        self._keys = keys
        self._unsigned = unsigned
        self._verified: VerifiedTokens[Caller] = VerifiedTokens(keys)

    def __call__(self, authorization: str | None) -> Caller:
        """The caller in an Authorization header. Raises Unauthenticated or Unavailable."""
        token = _bearer_token(authorization)
        return self._verified.get(token) or self._verify(token)

    def _verify(self, token: str) -> Caller:
        version = self._keys.version
        claims = verified_claims(
            token,
            keys=self._keys,
            audience=self._project_id,
            issuers=[f"{USER_ISSUER}{self._project_id}"],
            unsigned=self._unsigned,
        )
        try:
            uid = USER_ID.validate_python(claims["sub"])
        except ValidationError as error:
            raise Unauthenticated("The token's sub can't be used as a user id.") from error
        caller = Caller(uid=uid, is_teacher=claims.get("role") == "teacher")
        self._verified.put(token, caller, claims, version=version)
        return caller


class SchedulerTokens:
    """Verifies the scheduler's OIDC token: its audience and service account.

    Where IAM guards the function, it has verified the token and removed the signature before the
    request arrives. Only `behind_iam` lets such a token pass: set on a public function it would let
    every caller in.
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
        """Raises Unauthenticated, PermissionDenied for users and other accounts, Unavailable."""
        token = _bearer_token(authorization)
        if issuer_of(token).startswith(USER_ISSUER):
            raise PermissionDenied(ONLY_THE_SCHEDULER)
        claims = verified_claims(
            token,
            keys=self._keys,
            audience=self._audience,
            issuers=GOOGLE_ISSUERS,
            unsigned=self._unsigned,
            signature_removed=self._behind_iam,
        )
        if claims.get("email") != self._service_account or claims.get("email_verified") is not True:
            raise PermissionDenied(ONLY_THE_SCHEDULER)
        return Caller(uid=self._service_account)


class AppTokens:
    """Verifies App Check tokens of one project, by its number.

    https://firebase.google.com/docs/app-check/custom-resource-backend lists the checks. App Check
    has no emulator, so there are no unsigned tokens. With `app_ids` other apps are refused.
    """

    def __init__(
        self, keys: SigningKeys, *, project_number: str, app_ids: Sequence[str] = ()
    ) -> None:
        self._keys = keys
        self._project_number = project_number
        self._app_ids = frozenset(app_ids)
        self._verified: VerifiedTokens[str] = VerifiedTokens(keys)

    def __call__(self, token: str | None) -> None:
        """Raises Unauthenticated or Unavailable."""
        if not token or len(token) > MAX_TOKEN_LENGTH:
            raise Unauthenticated("An App Check token is needed: X-Firebase-AppCheck: <token>.")
        app_id = self._verified.get(token) or self._verify(token)
        if self._app_ids and app_id not in self._app_ids:
            raise Unauthenticated("X-Firebase-AppCheck: The token is another app's.")

    def _verify(self, token: str) -> str:
        version = self._keys.version
        try:
            claims = verified_claims(
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
        self._verified.put(token, app_id, claims, version=version)
        return app_id


def _bearer_token(authorization: str | None) -> str:
    """Raises Unauthenticated."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip() or len(token) > MAX_TOKEN_LENGTH:
        raise Unauthenticated
    return token.strip()

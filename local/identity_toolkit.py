"""The part of Firebase Authentication's REST API that its SDKs call, for the stack's accounts.

An SDK finds it by `connectAuthEmulator` with the address of the stack. ID tokens are unsigned, like
those of the Auth emulator: docs/adr/0004. Refresh tokens are no secrets either.
https://cloud.google.com/identity-platform/docs/reference/rest/v1/accounts
"""

import json
import re
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from secrets import token_urlsafe
from typing import Any, NamedTuple
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

import jwt
from flask import Flask, Request, Response, jsonify, request
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel
from werkzeug.exceptions import RequestEntityTooLarge

from local.accounts import Account, AccountOfTheStack, Accounts, EmailExists
from local.tokens import LIFETIME_SECONDS, id_token
from shared.auth.tokens import USER_ISSUER
from shared.domain.common.errors import Refusal
from shared.endpoint.request_body import read_json_body, reading_body
from shared.firestore.client import Client

ACCOUNTS_PATH = "/identitytoolkit.googleapis.com/"
TOKENS_PATH = "/securetoken.googleapis.com/"
EMULATOR_PATH = "/emulator/"
MAX_FORM_BYTES = 64 * 1024
MAX_EMAIL = 254
MIN_PASSWORD, MAX_PASSWORD = 6, 4_096
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
# Codes sent by e-mail that were not used yet. The oldest are forgotten beyond these.
MAX_CODES = 1_000
# The providers in ID tokens. A link by e-mail counts as a password there.
PASSWORD, GOOGLE = "password", "google.com"


class Refused(Exception):
    """The error code of Identity Toolkit, perhaps with a text behind a colon."""


class _Body(BaseModel):
    """The fields of all methods; each takes some."""

    model_config = ConfigDict(alias_generator=to_camel, strict=True, frozen=True)

    email: str = ""
    password: str | None = None
    id_token: str = ""
    display_name: str | None = None
    delete_attribute: list[str] = []
    oob_code: str = ""
    new_password: str | None = None
    request_type: str = ""
    continue_url: str = ""
    post_body: str = ""
    identifier: str = ""


class _Code(NamedTuple):
    """A code sent by e-mail, in a link."""

    email: str
    code: str
    request_type: str
    link: str


@dataclass(frozen=True)
class _Session:
    """What a refresh token stands for. `signed_in_at` is in seconds since 1970."""

    email: str
    uid: str
    provider: str
    signed_in_at: int

    @property
    def refresh_token(self) -> str:
        return urlsafe_b64encode(json.dumps(asdict(self)).encode()).decode()

    @classmethod
    def of(cls, refresh_token: str) -> "_Session":
        """Raises Refused."""
        try:
            session = cls(**json.loads(urlsafe_b64decode(refresh_token)))
        except (TypeError, ValueError) as error:
            raise Refused("INVALID_REFRESH_TOKEN") from error
        if session.provider not in (PASSWORD, GOOGLE) or not isinstance(session.email, str):
            raise Refused("INVALID_REFRESH_TOKEN")
        return session


class IdentityToolkit:
    """The methods of the API, by their names. Each returns its reply, or raises Refused."""

    def __init__(self, accounts: Accounts, project_id: str) -> None:
        self._accounts = accounts
        self._project_id = project_id
        self._codes: deque[_Code] = deque(maxlen=MAX_CODES)
        self.methods: Mapping[str, Callable[[_Body], dict[str, Any]]] = {
            "signUp": self._sign_up,
            "signInWithPassword": self._sign_in_with_password,
            "signInWithEmailLink": self._sign_in_with_email_link,
            "signInWithIdp": self._sign_in_with_google,
            "sendOobCode": self._send_code,
            "resetPassword": self._reset_password,
            "createAuthUri": self._sign_in_methods,
            "lookup": self._look_up,
            "update": self._update,
            "delete": self._delete,
        }

    @property
    def codes(self) -> list[_Code]:
        """Those that were not used yet, the oldest first."""
        return list(self._codes)

    def refresh(self, refresh_token: str) -> dict[str, Any]:
        """New tokens for a refresh token."""
        session = _Session.of(refresh_token)
        account = self._account(session.email, session.uid)
        token = self._id_token(account, session)
        return {
            "access_token": token,
            "id_token": token,
            "refresh_token": refresh_token,
            "expires_in": str(LIFETIME_SECONDS),
            "token_type": "Bearer",
            "user_id": account.uid,
            "project_id": self._project_id,
        }

    def _sign_up(self, body: _Body) -> dict[str, Any]:
        if body.password is None and not body.email:
            raise Refused("ADMIN_ONLY_OPERATION : The stack has no anonymous accounts.")
        email = _require_email(body.email)
        account = self._accounts.create(
            email, password=_require_password(body.password), name=body.display_name
        )
        # The SDK tells by the kind that the person is new.
        kind = "identitytoolkit#SignupNewUserResponse"
        return {**self._signed_in(account, PASSWORD), "kind": kind}

    def _sign_in_with_password(self, body: _Body) -> dict[str, Any]:
        email = _require_email(body.email)
        if not body.password:
            raise Refused("MISSING_PASSWORD")
        account = self._accounts.find(email)
        if account is None or not account.is_password(body.password):
            raise Refused("INVALID_LOGIN_CREDENTIALS")
        return {**self._signed_in(account, PASSWORD), "registered": True}

    def _sign_in_with_email_link(self, body: _Body) -> dict[str, Any]:
        email = _require_email(body.email)
        code = self._find_code(body.oob_code, "EMAIL_SIGNIN")
        if code.email != email:
            raise Refused("INVALID_EMAIL")
        self._use_up(code)
        return self._signed_in_by_proof(email, PASSWORD)

    def _sign_in_with_google(self, body: _Body) -> dict[str, Any]:
        """With a Google ID token, or its claims as JSON, as the Auth emulator takes them."""
        sent = {name: values[0] for name, values in parse_qs(body.post_body).items()}
        if sent.get("providerId") != GOOGLE:
            raise Refused("OPERATION_NOT_ALLOWED : The stack knows google.com alone.")
        claims = _google_claims(sent.get("id_token", ""))
        email = _require_email(claims.get("email"))
        name = claims.get("name")
        reply = self._signed_in_by_proof(email, GOOGLE, name if isinstance(name, str) else None)
        return {
            **reply,
            "providerId": GOOGLE,
            "federatedId": f"https://accounts.google.com/{claims.get('sub', email)}",
            "emailVerified": True,
            "rawUserInfo": json.dumps(claims),
        }

    def _send_code(self, body: _Body) -> dict[str, Any]:
        """Nothing is sent: the link is printed, and listed in the stack."""
        email = _require_email(body.email)
        if body.request_type not in ("EMAIL_SIGNIN", "PASSWORD_RESET"):
            raise Refused("OPERATION_NOT_ALLOWED : The stack sends EMAIL_SIGNIN, PASSWORD_RESET.")
        if body.request_type == "EMAIL_SIGNIN" and not body.continue_url:
            raise Refused("MISSING_CONTINUE_URI")
        if body.continue_url and not _is_web_page(body.continue_url):
            raise Refused("INVALID_CONTINUE_URI")
        # Whether somebody has an account is not told.
        if body.request_type == "EMAIL_SIGNIN" or self._accounts.find(email) is not None:
            code = token_urlsafe(30)
            link = _link(body, code)
            self._codes.append(_Code(email, code, body.request_type, link))
            print(f"To {email} ({body.request_type}): {link}", flush=True)
        return {"email": email}

    def _reset_password(self, body: _Body) -> dict[str, Any]:
        """Without a new password the code is checked, and can still be used."""
        code = self._find_code(body.oob_code, "PASSWORD_RESET")
        if body.new_password is not None:
            account = self._accounts.find(code.email)
            if account is None:
                raise Refused("EMAIL_NOT_FOUND")
            password = _require_password(body.new_password)
            self._use_up(code)
            self._accounts.verify_email(self._accounts.set_password(account, password))
        return {"email": code.email, "requestType": code.request_type}

    def _sign_in_methods(self, body: _Body) -> dict[str, Any]:
        account = self._accounts.find(_require_email(body.identifier))
        methods = [PASSWORD] if account and account.has_password else ["emailLink"]
        return {
            "registered": account is not None,
            "allProviders": [PASSWORD] if account else [],
            "signinMethods": methods if account else [],
        }

    def _look_up(self, body: _Body) -> dict[str, Any]:
        account, _ = self._signed_in_as(body.id_token)
        created_at = str(int(account.created_at.timestamp() * 1_000))
        provider = {
            "providerId": PASSWORD,
            "rawId": account.email,
            "federatedId": account.email,
            "email": account.email,
        }
        named = {"displayName": account.name} if account.name else {}
        user = {
            "localId": account.uid,
            "email": account.email,
            "emailVerified": account.email_verified,
            "providerUserInfo": [{**provider, **named}] if account.has_password else [],
            "createdAt": created_at,
            "lastLoginAt": created_at,
            **named,
        }
        return {"users": [user]}

    def _update(self, body: _Body) -> dict[str, Any]:
        """A new name or password. Another e-mail address is refused."""
        account, session = self._signed_in_as(body.id_token)
        if body.email and body.email.lower() != account.email:
            raise Refused("OPERATION_NOT_ALLOWED : The stack keeps e-mail addresses.")
        if body.display_name is not None or "DISPLAY_NAME" in body.delete_attribute:
            account = self._accounts.rename(account, body.display_name or None)
        if body.password is not None:
            account = self._accounts.set_password(account, _require_password(body.password))
        return {**self._tokens(account, session), "displayName": account.name}

    def _delete(self, body: _Body) -> dict[str, Any]:
        account, _ = self._signed_in_as(body.id_token)
        self._accounts.delete(account)
        return {}

    def _signed_in_by_proof(
        self, email: str, provider: str, name: str | None = None
    ) -> dict[str, Any]:
        """The account of a person who has shown that the address is theirs, made if need be."""
        account = self._accounts.find(email)
        if known := account is not None:
            account = self._accounts.verify_email(account)
        else:
            account = self._accounts.create(email, name=name, email_verified=True)
        return {**self._signed_in(account, provider), "isNewUser": not known}

    def _signed_in(self, account: Account, provider: str) -> dict[str, Any]:
        session = _Session(account.email, account.uid, provider, signed_in_at=int(time.time()))
        return {
            **self._tokens(account, session),
            "email": account.email,
            "displayName": account.name or "",
        }

    def _tokens(self, account: Account, session: _Session) -> dict[str, Any]:
        return {
            "localId": account.uid,
            "idToken": self._id_token(account, session),
            "refreshToken": session.refresh_token,
            "expiresIn": str(LIFETIME_SECONDS),
        }

    def _id_token(self, account: Account, session: _Session) -> str:
        claims = {
            **({"name": account.name} if account.name else {}),
            "email": account.email,
            "email_verified": account.email_verified,
            "auth_time": session.signed_in_at,
            "firebase": {
                "sign_in_provider": session.provider,
                "identities": {"email": [account.email]},
            },
        }
        return id_token(account.uid, claims, teacher=account.teacher, project_id=self._project_id)

    def _signed_in_as(self, token: str) -> tuple[Account, _Session]:
        """The account of an ID token."""
        try:
            claims = jwt.decode(
                token,
                algorithms=["none"],
                audience=self._project_id,
                issuer=f"{USER_ISSUER}{self._project_id}",
                options={
                    "verify_signature": False,  # the token has none
                    "verify_exp": True,
                    "verify_aud": True,
                    "verify_iss": True,
                    "require": ["exp", "sub"],
                },
            )
            session = _Session(
                email=str(claims["email"]),
                uid=claims["sub"],
                provider=str(claims["firebase"]["sign_in_provider"]),
                signed_in_at=int(claims["auth_time"]),
            )
        except jwt.ExpiredSignatureError as error:
            raise Refused("TOKEN_EXPIRED") from error
        except (jwt.InvalidTokenError, KeyError, TypeError, ValueError) as error:
            raise Refused("INVALID_ID_TOKEN") from error
        return self._account(session.email, session.uid), session

    def _account(self, email: str, uid: str) -> Account:
        account = self._accounts.find(email)
        if account is None or account.uid != uid:
            raise Refused("USER_NOT_FOUND")
        return account

    def _find_code(self, code: str, request_type: str) -> _Code:
        for sent in self.codes:
            if sent.code == code and sent.request_type == request_type:
                return sent
        raise Refused("INVALID_OOB_CODE")

    def _use_up(self, code: _Code) -> None:
        """Raises Refused where another request has used it in the meantime."""
        try:
            self._codes.remove(code)
        except ValueError as error:
            raise Refused("INVALID_OOB_CODE") from error


def _require_email(email: object) -> str:
    if not email:
        raise Refused("MISSING_EMAIL")
    if not isinstance(email, str) or len(email) > MAX_EMAIL or not email.isprintable():
        raise Refused("INVALID_EMAIL")
    if not EMAIL.fullmatch(email):
        raise Refused("INVALID_EMAIL")
    return email.lower()


def _require_password(password: str | None) -> str:
    if not password:
        raise Refused("MISSING_PASSWORD")
    if len(password) > MAX_PASSWORD:
        raise Refused("PASSWORD_DOES_NOT_MEET_REQUIREMENTS : It is too long")
    if len(password) < MIN_PASSWORD:
        raise Refused(f"WEAK_PASSWORD : Password should be at least {MIN_PASSWORD} characters")
    return password


def _google_claims(token: str) -> dict[str, Any]:
    try:
        claims: dict[str, Any] = (
            json.loads(token)
            if token.startswith("{")
            else jwt.decode(token, options={"verify_signature": False})
        )
    except (jwt.InvalidTokenError, RecursionError, ValueError) as error:
        raise Refused("INVALID_IDP_RESPONSE : The ID token can't be read.") from error
    return claims


def _is_web_page(url: str) -> bool:
    try:
        return urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return False


def _link(body: _Body, code: str) -> str:
    """The link of a message: the app's own page, with the code."""
    mode = {"EMAIL_SIGNIN": "signIn", "PASSWORD_RESET": "resetPassword"}[body.request_type]
    url = urlsplit(body.continue_url)
    query = {**dict(parse_qsl(url.query)), "mode": mode, "oobCode": code, "apiKey": "local"}
    return urlunsplit(url._replace(query=urlencode(query)))


def add_to(app: Flask, *, project_id: str) -> None:
    """The API's paths, as SDKs address an emulator."""
    toolkit = IdentityToolkit(Accounts(Client(project=project_id)), project_id)

    @app.post(f"{ACCOUNTS_PATH}v1/accounts:<method>")
    def accounts(method: str) -> Response:
        if method not in toolkit.methods:
            return _refusal(Refused(f"OPERATION_NOT_ALLOWED : {method}"), status=404)
        return _response(lambda: toolkit.methods[method](_body(request)))

    @app.post(f"{TOKENS_PATH}v1/token")
    def token() -> Response:
        return _response(lambda: toolkit.refresh(_refresh_token(request)))

    @app.get(f"{EMULATOR_PATH}v1/projects/{project_id}/oobCodes")
    def codes() -> Response:
        """The links that were sent, as the Auth emulator lists them."""
        listed = [
            {
                "email": code.email,
                "oobCode": code.code,
                "oobLink": code.link,
                "requestType": code.request_type,
            }
            for code in toolkit.codes
        ]
        return jsonify({"oobCodes": listed})


def preflight(request: Request) -> Response | None:
    """The answer to a preflight for one of the API's paths. SDKs send headers of their own."""
    if not request.path.startswith((ACCOUNTS_PATH, TOKENS_PATH, EMULATOR_PATH)):
        return None
    response = Response(status=204)
    response.headers["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
    response.headers["Access-Control-Allow-Headers"] = request.headers.get(
        "Access-Control-Request-Headers", "Content-Type"
    )
    return response


def _body(request: Request) -> _Body:
    """Raises Refused."""
    try:
        return _Body.model_validate_json(read_json_body(request))
    except ValidationError as error:
        places = ", ".join(".".join(map(str, e["loc"])) for e in error.errors() if e["loc"])
        raise Refused(f"INVALID_ARGUMENT : {places or 'The body'} is not valid.") from error


def _refresh_token(request: Request) -> str:
    """Raises Refused."""
    request.max_content_length = MAX_FORM_BYTES
    if request.form.get("grant_type") != "refresh_token":
        raise Refused("INVALID_GRANT_TYPE")
    return request.form.get("refresh_token", "")


def _response(reply: Callable[[], dict[str, Any]]) -> Response:
    """What `reply` returns, or its refusal, after the request's body is read whole."""
    try:
        with reading_body(request):
            return jsonify(reply())
    except Refused as refused:
        return _refusal(refused)
    except EmailExists:
        return _refusal(Refused("EMAIL_EXISTS"))
    except AccountOfTheStack:
        reason = "The accounts of the stack's people can't be changed: sign up for another."
        return _refusal(Refused(f"OPERATION_NOT_ALLOWED : {reason}"))
    except (Refusal, RequestEntityTooLarge) as error:
        reason = error.detail if isinstance(error, Refusal) else "The body is too large."
        return _refusal(Refused(f"INVALID_ARGUMENT : {reason}"))


def _refusal(refused: Refused, *, status: int = 400) -> Response:
    message = str(refused)
    error = {
        "code": status,
        "message": message,
        "errors": [{"message": message, "domain": "global", "reason": "invalid"}],
    }
    response = jsonify({"error": error})
    response.status_code = status
    return response

"""The methods of Firebase Authentication's REST API that its SDKs call, for the stack's accounts.

They answer as the Auth emulator does, except where its accounts and those of the stack differ: the
stack has no anonymous accounts, its people stay as they are, and an e-mail address can't change.
ID tokens are unsigned, like those of the Auth emulator: docs/adr/0004. Refresh tokens are no
secrets either. https://cloud.google.com/identity-platform/docs/reference/rest/v1/accounts
"""

import json
import re
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from local.accounts import Account, Accounts, EmailExists
from local.action_codes import (
    EMAIL_SIGNIN,
    MODES,
    PASSWORD_RESET,
    VERIFY_EMAIL,
    ActionCode,
    ActionCodes,
)
from local.google_credentials import GoogleAccount, NotReadable
from local.tokens import LIFETIME_SECONDS, id_token
from shared.auth.tokens import USER_ISSUER

MAX_EMAIL = 254
MIN_PASSWORD, MAX_PASSWORD = 6, 4_096
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
# The providers in ID tokens. A link by e-mail counts as a password there.
PASSWORD, GOOGLE = "password", "google.com"


class Refused(Exception):
    """The error code of Identity Toolkit, perhaps with a text behind a colon."""


class Body(BaseModel):
    """The fields of all methods; each takes some."""

    model_config = ConfigDict(alias_generator=to_camel, strict=True, frozen=True)

    email: str = ""
    password: str | None = None
    id_token: str = ""
    display_name: str | None = None
    photo_url: str | None = None
    delete_attribute: list[str] = []
    oob_code: str = ""
    new_password: str | None = None
    request_type: str = ""
    continue_url: str = ""
    post_body: str = ""
    identifier: str = ""
    continue_uri: str = ""


@dataclass(frozen=True)
class _Session:
    """What a refresh token stands for. Instants are in seconds since 1970.

    `issued_at` is that of the first token, or of the change of password that came with new ones.
    """

    email: str
    uid: str
    provider: str
    signed_in_at: int
    issued_at: int = 0

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
        if not all(isinstance(at, int) for at in (session.signed_in_at, session.issued_at)):
            raise Refused("INVALID_REFRESH_TOKEN")
        return session


class IdentityToolkit:
    """The methods of the API, by their names. Each returns its reply, or raises Refused."""

    def __init__(self, accounts: Accounts, project_id: str) -> None:
        self._accounts = accounts
        self._project_id = project_id
        self.codes = ActionCodes()
        self.methods: Mapping[str, Callable[[Body], dict[str, Any]]] = {
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

    def refresh(self, refresh_token: str) -> dict[str, Any]:
        """New tokens for a refresh token."""
        if not refresh_token:
            raise Refused("MISSING_REFRESH_TOKEN")
        session = _Session.of(refresh_token)
        account = self._account(session)
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

    def _sign_up(self, body: Body) -> dict[str, Any]:
        if body.password is None and not body.email:
            raise Refused("ADMIN_ONLY_OPERATION : The stack has no anonymous accounts.")
        email = _require_email(body.email)
        account = self._accounts.create(
            email, password=_require_password(body.password), name=body.display_name
        )
        # The SDK tells by the kind that the person is new.
        kind = "identitytoolkit#SignupNewUserResponse"
        return {**self._signed_in(account, PASSWORD), "kind": kind}

    def _sign_in_with_password(self, body: Body) -> dict[str, Any]:
        email = _require_email(body.email)
        if not body.password:
            raise Refused("MISSING_PASSWORD")
        account = self._accounts.find(email)
        if account is None or not account.is_password(body.password):
            raise Refused("INVALID_LOGIN_CREDENTIALS")
        return {**self._signed_in(account, PASSWORD), "registered": True}

    def _sign_in_with_email_link(self, body: Body) -> dict[str, Any]:
        email = _require_email(body.email)
        code = self._find_code(body.oob_code, EMAIL_SIGNIN)
        if code.email != email:
            raise Refused("INVALID_EMAIL")
        self._use_up(code)
        proven: dict[str, Any] = {"email_verified": True, "has_signed_in_by_link": True}
        account = self._accounts.find(email)
        if is_new := account is None:
            account = self._accounts.create(email, **proven)
        elif account.person is None:
            account = self._accounts.change(account, **proven)
        return {**self._signed_in(account, PASSWORD), "isNewUser": is_new}

    def _sign_in_with_google(self, body: Body) -> dict[str, Any]:
        """With a Google ID token, or its claims as JSON, as the Auth emulator takes them."""
        sent = {name: values[0] for name, values in parse_qs(body.post_body).items()}
        if sent.get("providerId") != GOOGLE:
            raise Refused("OPERATION_NOT_ALLOWED : The stack knows google.com alone.")
        token = sent.get("id_token", "")
        try:
            google = GoogleAccount.of(token)
        except NotReadable as error:
            raise Refused("INVALID_IDP_RESPONSE : The ID token can't be read.") from error
        email = _require_email(google.email)
        about = {
            "providerId": GOOGLE,
            "federatedId": f"https://accounts.google.com/{google.id}",
            "email": email,
            "emailVerified": google.email_verified,
            "displayName": google.name,
            "photoUrl": google.photo_url,
            "rawUserInfo": json.dumps(google.profile),
            "oauthIdToken": token,
        }
        try:
            account, is_new = self._google_account(google, email)
        except EmailExists:  # another request has made it in the meantime
            account, is_new = self._google_account(google, email)
        if account is None:
            return {**about, "needConfirmation": True, "verifiedProvider": []}
        return {**about, **self._signed_in(account, GOOGLE), "isNewUser": is_new}

    def _google_account(self, google: GoogleAccount, email: str) -> tuple[Account | None, bool]:
        """The account, made if need be, and whether it is new.

        None if one has this address, which Google does not vouch for. Raises EmailExists.
        """
        account = self._accounts.find_google(google.id) or self._accounts.find(email)
        if account is None:
            return self._create_google(google, email), True
        if account.google_id == google.id:
            return account, False
        return (self._link_google(account, google) if google.email_verified else None), False

    def _create_google(self, google: GoogleAccount, email: str) -> Account:
        return self._accounts.create(
            email,
            name=google.name,
            photo_url=google.photo_url,
            google_id=google.id,
            email_verified=google.email_verified,
        )

    def _link_google(self, account: Account, google: GoogleAccount) -> Account:
        """Google's account added to one with the same address. The stack's people stay as they are.

        Without proof of the address, whoever set the password may be somebody else: it is removed,
        and what was signed in by it is not any more.
        """
        if account.person is not None:
            return account
        fields: dict[str, Any] = {
            "google_id": google.id,
            "name": google.name,
            "photo_url": google.photo_url,
        }
        if not account.email_verified:
            fields |= {"password_hash": None, "valid_since": int(time.time())}
        return self._accounts.change(account, **fields, email_verified=True)

    def _send_code(self, body: Body) -> dict[str, Any]:
        """Nothing is sent: the link is printed, and listed in the stack."""
        if body.request_type not in MODES:
            raise Refused(f"OPERATION_NOT_ALLOWED : The stack sends {', '.join(MODES)}.")
        if body.request_type == VERIFY_EMAIL:
            email = self._signed_in_as(body.id_token)[0].email
        else:
            email = _require_email(body.email)
        if body.request_type == EMAIL_SIGNIN and not body.continue_url:
            raise Refused("MISSING_CONTINUE_URI")
        if body.continue_url and not _is_web_page(body.continue_url):
            raise Refused("INVALID_CONTINUE_URI")
        # Whether somebody has an account is not told.
        if body.request_type != PASSWORD_RESET or self._accounts.find(email) is not None:
            self.codes.send(email, body.request_type, body.continue_url)
        return {"email": email}

    def _reset_password(self, body: Body) -> dict[str, Any]:
        """Without a new password the code is checked, of whatever type, and can still be used."""
        if body.new_password is None:
            code = self._find_code(body.oob_code, *MODES)
            told = {} if code.request_type == EMAIL_SIGNIN else {"email": code.email}
            return {**told, "requestType": code.request_type}
        code = self._find_code(body.oob_code, PASSWORD_RESET)
        account = self._accounts.find(code.email)
        if account is None:
            raise Refused("INVALID_OOB_CODE")
        password = _require_password(body.new_password)
        self._use_up(code)
        account = self._accounts.set_password(account, password)
        self._accounts.change(account, email_verified=True)
        return {"email": code.email, "requestType": code.request_type}

    def _sign_in_methods(self, body: Body) -> dict[str, Any]:
        """None: whether somebody has an account is not told."""
        if not body.identifier:
            raise Refused("MISSING_IDENTIFIER")
        if not EMAIL.fullmatch(body.identifier):
            raise Refused("INVALID_IDENTIFIER")
        if not body.continue_uri:
            raise Refused("MISSING_CONTINUE_URI")
        return {"sessionId": token_urlsafe(20)}

    def _look_up(self, body: Body) -> dict[str, Any]:
        account, session = self._signed_in_as(body.id_token)
        user = {
            "localId": account.uid,
            "email": account.email,
            "emailVerified": account.email_verified,
            "providerUserInfo": _providers(account),
            "createdAt": str(int(account.created_at.timestamp() * 1_000)),
            "lastLoginAt": str(session.signed_in_at * 1_000),
            **_shown(account),
        }
        return {"users": [user]}

    def _update(self, body: Body) -> dict[str, Any]:
        """A new name, picture or password, or the use of a code that verifies the address.

        Another e-mail address is refused: an account is found by its own.
        """
        if body.oob_code:
            return self._verify_email(body.oob_code)
        account, session = self._signed_in_as(body.id_token)
        if body.email and body.email.lower() != account.email:
            raise Refused("OPERATION_NOT_ALLOWED : The stack keeps e-mail addresses.")
        if body.display_name is not None or "DISPLAY_NAME" in body.delete_attribute:
            account = self._accounts.change(account, name=body.display_name or None)
        if body.photo_url is not None or "PHOTO_URL" in body.delete_attribute:
            account = self._accounts.change(account, photo_url=body.photo_url or None)
        if body.password is not None:
            account = self._accounts.set_password(account, _require_password(body.password))
            session = replace(session, issued_at=account.valid_since)
        return {
            **self._tokens(account, session),
            "displayName": account.name,
            "photoUrl": account.photo_url,
            "providerUserInfo": _providers(account),
        }

    def _verify_email(self, oob_code: str) -> dict[str, Any]:
        code = self._find_code(oob_code, VERIFY_EMAIL)
        self._use_up(code)
        account = self._accounts.find(code.email)
        if account is None:
            raise Refused("INVALID_OOB_CODE")
        account = self._accounts.change(account, email_verified=True)
        return {"localId": account.uid, "email": account.email, "emailVerified": True}

    def _delete(self, body: Body) -> dict[str, Any]:
        account, _ = self._signed_in_as(body.id_token)
        self._accounts.delete(account)
        return {}

    def _signed_in(self, account: Account, provider: str) -> dict[str, Any]:
        now = int(time.time())
        session = _Session(account.email, account.uid, provider, signed_in_at=now, issued_at=now)
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
            **({"picture": account.photo_url} if account.photo_url else {}),
            "email": account.email,
            "email_verified": account.email_verified,
            "auth_time": session.signed_in_at,
            "firebase": {
                "sign_in_provider": session.provider,
                "identities": {
                    "email": [account.email],
                    **({GOOGLE: [account.google_id]} if account.google_id else {}),
                },
            },
        }
        return id_token(account.uid, claims, teacher=account.teacher, project_id=self._project_id)

    def _signed_in_as(self, token: str) -> tuple[Account, _Session]:
        """The account of an ID token."""
        if not token:
            raise Refused("MISSING_ID_TOKEN")
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
                issued_at=int(claims["iat"]),
            )
        except jwt.ExpiredSignatureError as error:
            raise Refused("TOKEN_EXPIRED") from error
        except (jwt.InvalidTokenError, KeyError, OverflowError, TypeError, ValueError) as error:
            raise Refused("INVALID_ID_TOKEN") from error
        return self._account(session), session

    def _account(self, session: _Session) -> Account:
        account = self._accounts.find(session.email)
        if account is None or account.uid != session.uid:
            raise Refused("USER_NOT_FOUND")
        if session.issued_at < account.valid_since:
            raise Refused("TOKEN_EXPIRED")
        return account

    def _find_code(self, code: str, *request_types: str) -> ActionCode:
        if not code:
            raise Refused("MISSING_OOB_CODE")
        sent = self.codes.find(code)
        if sent is None or sent.request_type not in request_types:
            raise Refused("INVALID_OOB_CODE")
        return sent

    def _use_up(self, code: ActionCode) -> None:
        if not self.codes.use(code):
            raise Refused("INVALID_OOB_CODE")


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


def _shown(account: Account) -> dict[str, str]:
    named = {"displayName": account.name, "photoUrl": account.photo_url}
    return {name: value for name, value in named.items() if value}


def _providers(account: Account) -> list[dict[str, str]]:
    """The ways in which the person can sign in. A link by e-mail counts as a password."""
    ids = {
        PASSWORD: account.email if account.has_password or account.has_signed_in_by_link else None,
        GOOGLE: account.google_id,
    }
    return [
        {
            "providerId": provider,
            "rawId": raw_id,
            "federatedId": raw_id,
            "email": account.email,
            **_shown(account),
        }
        for provider, raw_id in ids.items()
        if raw_id
    ]


def _is_web_page(url: str) -> bool:
    try:
        return urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return False

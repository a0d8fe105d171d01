"""Calls of an LMS: an access token, line items, scores.

A call is made again where the LMS is busy or does not answer. A token is asked for again with a new
assertion, because each may be used once.
"""

import re
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_random_exponential,
)
from urllib3.exceptions import InvalidHeader
from urllib3.util import Retry

from admin.lti.platform import Platform, is_service_address

Json = dict[str, Any]
T = TypeVar("T")

SCOPES = "https://purl.imsglobal.org/spec/lti-ags/scope"
SCORE_SCOPE = f"{SCOPES}/score"
LINE_ITEM_SCOPE = f"{SCOPES}/lineitem"
SCORE = "application/vnd.ims.lis.v1.score+json"
LINE_ITEM = "application/vnd.ims.lis.v2.lineitem+json"
LINE_ITEMS = "application/vnd.ims.lis.v2.lineitemcontainer+json"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_SECONDS = 60
# A token ends that much sooner for us, so that it is valid when a call arrives.
MARGIN_SECONDS = 30
DEFAULT_TOKEN_SECONDS = 300
TIMEOUTS_SECONDS = (5, 30)  # to connect, and until the next byte
ATTEMPTS = 6
MAX_WAIT_SECONDS = 60
SHOWN_CHARACTERS = 200
TRY_AGAIN = (408, 425, 429)
UNAUTHORIZED, CONFLICT = 401, 409


class LmsError(Exception):
    """The LMS did not do what was asked. The message has no secret."""


class LmsUnavailable(LmsError):
    """The LMS is busy or does not answer. `retry_after` is as it says, in seconds."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Refused(LmsError):
    """The LMS refused a call, and would again. `attempts` counts those before it too, to which it
    did not reply.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.attempts = 1


@dataclass(frozen=True)
class AccessToken:
    """`valid_until` is by time.monotonic."""

    value: str
    valid_until: float


class ScoreService:
    """One LMS, for the `scopes` that are needed."""

    def __init__(self, platform: Platform, key: RSAPrivateKey, scopes: Sequence[str]) -> None:
        self._platform = platform
        self._key = key
        self._scopes = scopes
        self._http = requests.Session()
        # Neither a password of the operator's .netrc nor a proxy that sees nothing but https.
        self._http.trust_env = False
        self._token: AccessToken | None = None
        self._secrets: set[str] = set()

    def post_score(self, line_item: str, score: Mapping[str, Any]) -> None:
        """Raises LmsUnavailable and Refused, with CONFLICT where the LMS has it or a later one."""
        url = _below(line_item, "scores")
        retrying = _retrying()
        try:
            retrying(self._authorized, "POST", url, {"Content-Type": SCORE}, json=score)
        except Refused as refused:
            refused.attempts = retrying.statistics["attempt_number"]
            raise

    def find_line_item(self, line_items: str, resource_id: str) -> str | None:
        """The address of the line item of our resource. Raises LmsUnavailable and Refused."""
        return _retrying()(self._found, line_items, resource_id)

    def provide_line_item(self, line_items: str, item: Mapping[str, Any]) -> str:
        """As find_line_item; creates it where there is none. A call whose reply was lost is not
        repeated before it is known that it created none.
        """
        return _retrying()(
            lambda: self._found(line_items, item["resourceId"]) or self._created(line_items, item)
        )

    def _found(self, line_items: str, resource_id: str) -> str | None:
        page: str | None = _with_query(line_items, resource_id=resource_id)
        while page is not None:
            response = self._authorized("GET", page, {"Accept": LINE_ITEMS})
            for item in _json(response, list):
                if isinstance(item, dict) and item.get("resourceId") == resource_id:
                    return _address(item)
            following = response.links.get("next", {}).get("url")
            page = _address({"id": following}) if following else None
        return None

    def _created(self, line_items: str, item: Mapping[str, Any]) -> str:
        headers = {"Content-Type": LINE_ITEM, "Accept": LINE_ITEM}
        return _address(_json(self._authorized("POST", line_items, headers, json=item), dict))

    def _authorized(
        self, method: str, url: str, headers: Mapping[str, str], **options: Any
    ) -> requests.Response:
        """A call with a token; with a new one where the LMS no longer takes it."""
        try:
            return self._call(method, url, {**headers, **self._authorization()}, **options)
        except Refused as refused:
            if refused.status != UNAUTHORIZED:
                raise
            self._token = None
            return self._call(method, url, {**headers, **self._authorization()}, **options)

    def _authorization(self) -> dict[str, str]:
        if self._token is None or time.monotonic() >= self._token.valid_until:
            self._token = self._new_token()
        return {"Authorization": f"Bearer {self._token.value}"}

    def _new_token(self) -> AccessToken:
        asked_at = time.monotonic()
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self._assertion(),
            "scope": " ".join(self._scopes),
        }
        headers = {"Accept": "application/json"}
        try:
            response = self._call("POST", self._platform.token_url, headers, data=form)
        except Refused as refused:  # no score is at fault
            raise LmsError(str(refused)) from None
        reply = _json(response, dict)
        value, kind = reply.get("access_token"), reply.get("token_type")
        if not (isinstance(value, str) and value and str(kind).lower() == "bearer"):
            raise LmsError("The LMS replied without a bearer token.")
        self._secrets.add(value)
        granted = reply.get("scope")
        if missing := set(self._scopes) - set(str(granted or " ".join(self._scopes)).split()):
            raise LmsError(f"The LMS does not grant {', '.join(sorted(missing))}.")
        seconds = reply.get("expires_in")
        lasts = seconds if isinstance(seconds, int | float) else DEFAULT_TOKEN_SECONDS
        return AccessToken(value, asked_at + lasts - min(MARGIN_SECONDS, lasts / 2))

    def _assertion(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self._platform.client_id,
            "sub": self._platform.client_id,
            "aud": self._platform.audience or self._platform.token_url,
            "iat": now,
            "exp": now + ASSERTION_SECONDS,
            "jti": str(uuid.uuid4()),
        }
        kid = {"kid": self._platform.key_id} if self._platform.key_id else None
        assertion = jwt.encode(claims, self._key, algorithm="RS256", headers=kid)
        self._secrets.add(assertion)
        return assertion

    def _call(
        self, method: str, url: str, headers: Mapping[str, str], **options: Any
    ) -> requests.Response:
        """Raises LmsUnavailable and Refused. A redirection is not followed: it could take the token
        elsewhere.
        """
        where = f"{method} {url}"
        try:
            response = self._http.request(
                method,
                url,
                headers=headers,
                timeout=TIMEOUTS_SECONDS,
                allow_redirects=False,
                **options,
            )
        except requests.RequestException as error:
            raise LmsUnavailable(f"{where}: {type(error).__name__}") from None
        status = response.status_code
        if 200 <= status < 300:
            return response
        message = f"{where}: {status} {self._shown(response.text)}".strip()
        if status >= 500 or status in TRY_AGAIN:
            raise LmsUnavailable(message, retry_after=_retry_after(response))
        raise Refused(status, message)

    def _shown(self, text: str) -> str:
        """The beginning of a reply in one line, without what we sent in confidence."""
        for secret in self._secrets:
            text = text.replace(secret, "…")
        return re.sub(r"\s+", " ", text)[:SHOWN_CHARACTERS]


def _retrying() -> Retrying:
    """Repeats a call while the LMS is unavailable."""
    return Retrying(
        retry=retry_if_exception_type(LmsUnavailable),
        stop=stop_after_attempt(ATTEMPTS),
        wait=_pause_seconds,
        reraise=True,
    )


_backoff = wait_random_exponential(multiplier=1, max=30)


def _pause_seconds(state: RetryCallState) -> float:
    """As the LMS says, else longer each time."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, LmsUnavailable) else None
    return _backoff(state) if asked is None else min(asked, MAX_WAIT_SECONDS)


def _retry_after(response: requests.Response) -> float | None:
    header = response.headers.get("Retry-After")
    try:
        return None if header is None else Retry().parse_retry_after(header)
    except InvalidHeader:
        return None


def _json(response: requests.Response, kind: type[T]) -> T:
    try:
        found = response.json()
    except requests.JSONDecodeError:
        found = None
    if not isinstance(found, kind):
        raise LmsError(f"{response.request.method} {response.url}: the reply is not as specified.")
    return found


def _address(item: Mapping[str, Any]) -> str:
    url = item.get("id")
    if not isinstance(url, str) or not is_service_address(url):
        raise LmsError("The LMS named a line item by something else than an address with https.")
    return url


def _below(url: str, step: str) -> str:
    """The address with one step more in its path. Its query stays behind the path."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{step}"))


def _with_query(url: str, **more: str) -> str:
    parts = urlsplit(url)
    query = [*parse_qsl(parts.query, keep_blank_values=True), *more.items()]
    return urlunsplit(parts._replace(query=urlencode(query)))

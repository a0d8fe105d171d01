"""An LMS with Assignment and Grade Services 2.0, which refuses whatever the specification does.

Each rule of the specification that a tool can break has its refusal here, by name.
"""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from re import fullmatch
from secrets import token_urlsafe
from threading import Lock
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import jwt

from testkit.http_server import QuietHandler, serving
from tests.support.key_server import Signer

Json = dict[str, Any]
AGS = "https://purl.imsglobal.org/spec/lti-ags/scope"
SCORES, LINE_ITEMS = f"{AGS}/score", f"{AGS}/lineitem"
SCORE = "application/vnd.ims.lis.v1.score+json"
LINE_ITEM = "application/vnd.ims.lis.v2.lineitem+json"
CONTAINER = "application/vnd.ims.lis.v2.lineitemcontainer+json"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ACTIVITY = ("Initialized", "Started", "InProgress", "Submitted", "Completed")
GRADING = ("FullyGraded", "Pending", "PendingManual", "Failed", "NotReady")
TIMESTAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,9}(Z|[+-]\d\d:\d\d)"
LONGEST_ASSERTION_SECONDS = 3_600
PAGE = 2


class Refusal(Exception):
    """An HTTP status and why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


@dataclass(frozen=True)
class HttpRequest:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass
class LineItem:
    url: str
    fields: Json
    scores: dict[str, Json] = field(default_factory=dict)  # the last of each user


@dataclass
class Lms:
    """`refusals` are all that were given, for rules of the specification. `faults` are replies to
    the next requests for a path, in order, in place of what it would do; with `reply_lost` the
    request takes effect all the same.
    """

    url: str
    signer: Signer
    client_id: str = "practice-tool"
    users: set[str] = field(default_factory=set)
    line_items: dict[str, LineItem] = field(default_factory=dict)
    tokens: dict[str, tuple[set[str], float]] = field(default_factory=dict)
    assertions: list[str] = field(default_factory=list)
    posted: list[tuple[str, Json]] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    faults: list[tuple[str, int, bool]] = field(default_factory=list)
    token_seconds: int = 3_600
    granted: str | None = None
    _jtis: set[str] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    @property
    def token_url(self) -> str:
        return f"{self.url}/token"

    @property
    def course(self) -> str:
        """The address of its line items; the query is part of it."""
        return f"{self.url}/course/7/lineitems?type_id=3"

    def add_line_item(self, name: str, **fields: Any) -> LineItem:
        url = f"{self.url}/course/7/lineitems/{name}/lineitem?type_id=3"
        item = LineItem(url, {"label": name, "scoreMaximum": 10, **fields, "id": url})
        self.line_items[urlsplit(url).path] = item
        return item

    def fail(self, path: str, status: int, *, times: int = 1, reply_lost: bool = False) -> None:
        """`path` is the end of the path of the requests that fail."""
        self.faults += [(path, status, reply_lost)] * times

    def answer(self, request: HttpRequest) -> tuple[int, Json | list[Json] | None, Json]:
        """Status, body and headers."""
        with self._lock:
            fault = next((f for f in self.faults if request.path.endswith(f[0])), None)
            if fault:
                self.faults.remove(fault)
                if fault[2]:
                    self._answer(request)
                # What a careless server says: it repeats what it was sent.
                said = {"error": "busy", "you sent": dict(request.headers)}
                return fault[1], said, {"Retry-After": "0"}
            try:
                return self._answer(request)
            except Refusal as refusal:
                self.refusals.append(str(refusal))
                said = {"error": str(refusal), "authorization": request.headers["Authorization"]}
                return refusal.status, said, {}

    def _answer(self, request: HttpRequest) -> tuple[int, Json | list[Json] | None, Json]:
        match request.method, request.path.split("/")[1:]:
            case "POST", ["token"]:
                return 200, self._token(request), {}
            case "GET", ["course", "7", "lineitems"]:
                return self._list(request)
            case "POST", ["course", "7", "lineitems"]:
                return 201, self._create(request), {}
            case "POST", [*above, "scores"]:
                return self._score(request, "/" + "/".join(above)), None, {}
        raise Refusal(404, f"no such service: {request.method} {request.path}")

    def _token(self, request: HttpRequest) -> Json:
        _require_type(request, "application/x-www-form-urlencoded")
        form = dict(parse_qsl(request.body.decode(), strict_parsing=True))
        _require(form.get("grant_type") == "client_credentials", "unsupported_grant_type")
        _require(form.get("client_assertion_type") == ASSERTION, "invalid assertion type")
        wanted = set(form.get("scope", "").split())
        _require(bool(wanted) and wanted <= {SCORES, LINE_ITEMS}, "invalid_scope")
        self._require_assertion(form.get("client_assertion", ""))
        token = token_urlsafe()
        self.tokens[token] = wanted, time.monotonic() + self.token_seconds
        granted = self.granted or " ".join(sorted(wanted))
        reply = {"access_token": token, "token_type": "Bearer", "scope": granted}
        return {**reply, "expires_in": self.token_seconds}

    def _require_assertion(self, assertion: str) -> None:
        try:
            header = jwt.get_unverified_header(assertion)
            claims = jwt.decode(
                assertion,
                self.signer.public_pem,
                algorithms=["RS256"],
                audience=self.token_url,
                issuer=self.client_id,
                options={"require": ["iss", "sub", "aud", "iat", "exp", "jti"]},
            )
        except jwt.InvalidTokenError as error:
            raise Refusal(400, f"invalid_client: {error}") from error
        _require(header.get("kid") == self.signer.kid, "invalid_client: kid")
        _require(claims["sub"] == self.client_id, "invalid_client: sub")
        lasts = claims["exp"] - claims["iat"]
        _require(0 < lasts <= LONGEST_ASSERTION_SECONDS, "invalid_client: exp")
        _require(claims["jti"] not in self._jtis, "invalid_client: jti was used")
        self._jtis.add(claims["jti"])
        self.assertions.append(assertion)

    def _require_scope(self, request: HttpRequest, scope: str) -> None:
        kind, _, token = request.headers["Authorization"].partition(" ")
        scopes, until = self.tokens.get(token, (set(), 0))
        if kind != "Bearer" or time.monotonic() >= until:
            raise Refusal(401, "invalid_token")
        if scope not in scopes:
            raise Refusal(403, "insufficient_scope")

    def _list(self, request: HttpRequest) -> tuple[int, list[Json], Json]:
        """A page at a time; a filter that is not known is none, as the specification says."""
        self._require_scope(request, LINE_ITEMS)
        _require(request.headers["Accept"] == CONTAINER, "not acceptable", 406)
        self._require_query(request)
        at = int(request.query.get("page", 0))
        found = [item.fields for item in self.line_items.values()]
        more = {"Link": f'<{self.course}&page={at + 1}>; rel="next"'}
        is_last = (at + 1) * PAGE >= len(found)
        return 200, found[at * PAGE : (at + 1) * PAGE], {} if is_last else more

    def _create(self, request: HttpRequest) -> Json:
        self._require_scope(request, LINE_ITEMS)
        self._require_query(request)
        _require_type(request, LINE_ITEM)
        fields = json.loads(request.body)
        _require("id" not in fields, "a line item gets its id from the LMS")
        _require(isinstance(fields.get("label"), str) and fields["label"], "label")
        _require(_is_number(fields.get("scoreMaximum")) and fields["scoreMaximum"] > 0, "maximum")
        return self.add_line_item(f"new-{len(self.line_items)}", **fields).fields

    def _score(self, request: HttpRequest, path: str) -> int:
        self._require_scope(request, SCORES)
        self._require_query(request)
        _require_type(request, SCORE)
        item = self.line_items.get(path)
        if item is None:
            raise Refusal(404, "no such line item")
        score = json.loads(request.body)
        _require_score(score)
        user = score["userId"]
        _require(user in self.users, "no such user", 404)
        last = item.scores.get(user)
        if last and _at(score) <= _at(last):
            raise Refusal(409, "timestamp is not later than that of the last score")
        item.scores[user] = score
        self.posted.append((item.url, score))
        return 204

    def _require_query(self, request: HttpRequest) -> None:
        _require(request.query.get("type_id") == "3", "the address has lost its query", 404)


def _require_score(score: Json) -> None:
    known = {"userId", "timestamp", "activityProgress", "gradingProgress", "comment"}
    numbers = {"scoreGiven", "scoreMaximum"}
    _require(score.keys() <= known | numbers, "unknown fields")
    _require(isinstance(score.get("userId"), str) and score["userId"], "userId")
    _require(score.get("activityProgress") in ACTIVITY, "activityProgress")
    _require(score.get("gradingProgress") in GRADING, "gradingProgress")
    _require(fullmatch(TIMESTAMP, str(score.get("timestamp"))), "timestamp")
    _require(isinstance(score.get("comment", ""), str), "comment")
    _require(
        all(_is_number(score[name]) and score[name] >= 0 for name in numbers & set(score)),
        "numbers",
    )
    if "scoreGiven" in score:
        _require(score.get("scoreMaximum", 0) > 0, "scoreGiven needs a positive scoreMaximum")


def _require(holds: object, why: str, status: int = 400) -> None:
    if not holds:
        raise Refusal(status, why)


def _require_type(request: HttpRequest, media_type: str) -> None:
    sent = request.headers["Content-Type"].partition(";")[0]
    _require(sent == media_type, f"{sent} is not {media_type}", 415)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _at(score: Json) -> datetime:
    return datetime.fromisoformat(score["timestamp"])


class _Headers(dict[str, str]):
    def __missing__(self, _name: str) -> str:
        return ""


@contextmanager
def serving_lms(signer: Signer) -> Iterator[Lms]:
    found: list[Lms] = []

    class Handler(QuietHandler):
        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def _serve(self) -> None:
            address = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(address.query).items()}
            request = HttpRequest(
                self.command, address.path, query, _Headers(self.headers), self.read_body()
            )
            status, body, headers = found[0].answer(request)
            content = b"" if body is None else json.dumps(body).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Type": "application/json"}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    with serving(Handler) as url:
        found.append(Lms(url, signer))
        yield found[0]

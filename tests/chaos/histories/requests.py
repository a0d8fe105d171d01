"""The requests of a history and their outcomes, independent of how often each was sent.

Requests with the same key and body count as one, because they may take effect only once. The
idempotency record, stored in the same commit as the effect, shows whether they did. Without a key
each request counts separately, and an unanswered one may or may not have taken effect.
"""

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum

from shared.firestore.documents import idempotency_path
from tests.chaos.histories.record import Exchange, History, Json

READ_ONLY_FUNCTION = "practice_turn"


class Outcome(StrEnum):
    DONE = "done"
    NOT_DONE = "not done"
    OPEN = "open"


@dataclass(frozen=True)
class Request:
    """`reply` is that of a request with the outcome DONE; {} otherwise."""

    number: int
    exchanges: tuple[Exchange, ...]
    outcome: Outcome
    reply: Json

    @property
    def first(self) -> Exchange:
        return self.exchanges[0]

    @property
    def function(self) -> str:
        return self.first.function

    @property
    def body(self) -> Json:
        return self.first.body

    @property
    def session(self) -> Json:
        """The session of its reply."""
        found: Json = self.reply["session"]
        return found

    def __str__(self) -> str:
        first = self.first
        key = f" key {first.key}" if first.key else ""
        return f"{first.function} of client {first.client}, step {first.step}{key} ({self.outcome})"


def requests_of(history: History) -> list[Request]:
    grouped: defaultdict[tuple[object, ...], list[Exchange]] = defaultdict(list)
    for number, exchange in enumerate(history.exchanges):
        if exchange.function == READ_ONLY_FUNCTION:
            continue
        if exchange.key is None:
            grouped[(number,)].append(exchange)
        else:
            body = body_hash(exchange.body)
            grouped[exchange.uid, exchange.function, exchange.key, body].append(exchange)
    return [
        _request(history, number, tuple(exchanges))
        for number, exchanges in enumerate(grouped.values())
    ]


def _request(history: History, number: int, exchanges: tuple[Exchange, ...]) -> Request:
    first = exchanges[0]
    success = next((exchange for exchange in exchanges if exchange.is_success), None)
    if first.key is None:
        if success:
            return Request(number, exchanges, Outcome.DONE, success.reply)
        return Request(number, exchanges, Outcome.OPEN if first.is_open else Outcome.NOT_DONE, {})
    record = history.documents.get(idempotency_path(first.uid, first.function, first.key))
    if record and record.fields["request_hash"] == body_hash(first.body):
        return Request(number, exchanges, Outcome.DONE, json.loads(record.fields["reply"]))
    # A success without a record is a separate fault, which the check of keys reports.
    return Request(number, exchanges, Outcome.NOT_DONE, {})


def body_hash(body: Json) -> str:
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def session_id_of(request: Request) -> str | None:
    """The id of its session; None for an unanswered start and for a sweep."""
    if request.function == "start_session":
        if request.outcome is Outcome.DONE:
            started: str = request.session["session_id"]
            return started
        return None
    session_id: str | None = request.body.get("session_id")
    return session_id

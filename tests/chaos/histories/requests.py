"""What was asked, apart from how often it was sent: the requests of a history and their outcomes.

Requests with one key and body are one request, for its effect may come once. A key's record, which
is stored in the same commit as the effect, tells whether it came. Without a key each request stands
for itself, and one that was never answered may have taken effect or not.
"""

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum

from shared.firestore.documents import idempotency_path
from tests.chaos.histories.record import Exchange, History, Json

READING = "practice_turn"


class Outcome(StrEnum):
    DONE = "done"
    NOT_DONE = "not done"
    OPEN = "open"


@dataclass(frozen=True)
class Request:
    """`reply` is what a done one was answered; {} otherwise."""

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
        if exchange.function == READING:
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
    good = next((exchange for exchange in exchanges if exchange.good), None)
    if first.key is None:
        if good:
            return Request(number, exchanges, Outcome.DONE, good.reply)
        return Request(number, exchanges, Outcome.OPEN if first.open else Outcome.NOT_DONE, {})
    record = history.documents.get(idempotency_path(first.uid, first.function, first.key))
    if record and record.fields["request_hash"] == body_hash(first.body):
        return Request(number, exchanges, Outcome.DONE, json.loads(record.fields["reply"]))
    # A good reply without a record is a fault of its own; the key's check tells of it.
    return Request(number, exchanges, Outcome.NOT_DONE, {})


def body_hash(body: Json) -> str:
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def session_id_of(request: Request) -> str | None:
    """The session it is about; None for a start that was not answered, and for a sweep."""
    if request.function == "start_session":
        if request.outcome is Outcome.DONE:
            started: str = request.session["session_id"]
            return started
        return None
    asked: str | None = request.body.get("session_id")
    return asked

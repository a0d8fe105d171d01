"""What every reply must be by itself: a good answer, a justified refusal, or a 503."""

import json
from collections import defaultdict
from collections.abc import Iterator

from shared.firestore.documents import idempotency_path
from tests.chaos.histories.record import Exchange, History
from tests.chaos.histories.requests import body_hash

REFUSED = {
    (404, "SESSION_NOT_FOUND"),
    (409, "SESSION_NOT_ACTIVE"),
    (409, "CONTEXT_FORKED"),
    (412, "REVISION_MISMATCH"),
    (422, "IDEMPOTENCY_KEY_REUSED"),
}
UNAVAILABLE = (503, "UNAVAILABLE")


def replies(history: History) -> Iterator[str]:
    """No status that nobody expects; no refusal without its reason."""
    bodies: defaultdict[tuple[str, str, str | None], set[str]] = defaultdict(set)
    for exchange in history.exchanges:
        bodies[_key(exchange)].add(body_hash(exchange.body))
    for exchange in history.exchanges:
        told = (exchange.status, exchange.reply.get("reason"))
        if exchange.good:
            continue
        if told == UNAVAILABLE:
            if history.calm:
                yield f"{_name(exchange)} got a 503 although nothing was harmed"
        elif told not in REFUSED:
            yield f"{_name(exchange)} got {exchange.status}: {exchange.reply}"
        elif not _justified(history, exchange, len(bodies[_key(exchange)])):
            yield f"{_name(exchange)} was refused without reason: {told[1]}"


def _justified(history: History, exchange: Exchange, bodies: int) -> bool:
    """Whether what is stored in the end allows for this refusal."""
    if exchange.reply["reason"] == "IDEMPOTENCY_KEY_REUSED":
        return exchange.key is not None and bodies > 1
    stored = exchange.body.get("stored_session", {})
    session_id = exchange.body.get("session_id") or stored.get("session_id")
    document = history.of_collection("practice_sessions").get(session_id)
    if exchange.reply["reason"] == "SESSION_NOT_FOUND":
        # Practice goes on before it is stored.
        return document is None or document.created_at > exchange.sent_at
    if document is None:
        return False
    match exchange.reply["reason"]:
        case "SESSION_NOT_ACTIVE":
            ended = document.fields["status"] != "active"
            return ended and document.updated_at < exchange.answered_at
        case "REVISION_MISMATCH":
            revision = exchange.body.get("revision")
            return revision is not None and revision < document.fields["revision"]
        case _:  # CONTEXT_FORKED
            return bool(stored)


def keys(history: History) -> Iterator[str]:
    """One key has one good answer, told again word by word, and its record says the same."""
    good: defaultdict[tuple[str, str, str | None], list[Exchange]] = defaultdict(list)
    for exchange in history.exchanges:
        if exchange.key is not None and exchange.good:
            good[_key(exchange)].append(exchange)
    for exchanges in good.values():
        first = exchanges[0]
        for other in exchanges[1:]:
            if (other.status, other.reply) != (first.status, first.reply):
                yield f"{_name(other)} was answered otherwise than before"
        if sum(not exchange.replayed for exchange in exchanges) > 1:
            yield f"{_name(first)} was done more than once, as its replies say"
        path = idempotency_path(first.uid, first.function, first.key or "")
        record = history.documents.get(path)
        if record is None:
            yield f"{_name(first)} left no record"
        elif record.fields["request_hash"] != body_hash(first.body):
            yield f"the record of {_name(first)} is another request's"


def records(history: History) -> Iterator[str]:
    """No record that no request explains, and each says what was replied."""
    keyed = [
        (idempotency_path(exchange.uid, exchange.function, exchange.key), exchange)
        for exchange in history.exchanges
        if exchange.key is not None
    ]
    answered = {path: exchange for path, exchange in keyed if exchange.good}
    asked = {path for path, _ in keyed}
    for name, record in history.of_collection("idempotency").items():
        path, fields = f"idempotency/{name}", record.fields
        if path not in asked:
            yield f"{path} is the record of no request"
        elif path in answered:
            exchange = answered[path]
            if (exchange.status, exchange.reply) != (fields["status"], json.loads(fields["reply"])):
                yield f"the record of {_name(exchange)} says otherwise than its reply"


def _key(exchange: Exchange) -> tuple[str, str, str | None]:
    return exchange.uid, exchange.function, exchange.key


def _name(exchange: Exchange) -> str:
    key = f" with key {exchange.key}" if exchange.key else ""
    return f"{exchange.function} of client {exchange.client}, step {exchange.step}{key}"

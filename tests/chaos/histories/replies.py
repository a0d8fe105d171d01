"""Checks of single replies and of idempotency keys."""

import json
from collections import defaultdict
from collections.abc import Iterator

from shared.firestore.documents import idempotency_path
from tests.chaos.histories.record import Exchange, History
from tests.chaos.histories.requests import body_hash

EXPECTED_REFUSALS = {
    (404, "SESSION_NOT_FOUND"),
    (409, "SESSION_NOT_ACTIVE"),
    (409, "CONTEXT_FORKED"),
    (412, "REVISION_MISMATCH"),
    (422, "IDEMPOTENCY_KEY_REUSED"),
}
UNAVAILABLE = (503, "UNAVAILABLE")


def statuses(history: History) -> Iterator[str]:
    """Every reply is a success, a refusal that the stored documents justify, or a 503."""
    bodies: defaultdict[tuple[str, str, str | None], set[str]] = defaultdict(set)
    for exchange in history.exchanges:
        bodies[_key(exchange)].add(body_hash(exchange.body))
    for exchange in history.exchanges:
        refusal = (exchange.status, exchange.reply.get("reason"))
        if exchange.is_success:
            continue
        if refusal == UNAVAILABLE:
            if history.calm:
                yield f"{_name(exchange)} got a 503 although no fault was injected"
        elif refusal not in EXPECTED_REFUSALS:
            yield f"{_name(exchange)} got {exchange.status}: {exchange.reply}"
        elif not _justified(history, exchange, len(bodies[_key(exchange)])):
            yield f"{_name(exchange)} was refused without reason: {refusal[1]}"


def _justified(history: History, exchange: Exchange, bodies: int) -> bool:
    """Whether the stored documents contain the reason for this refusal."""
    if exchange.reply["reason"] == "IDEMPOTENCY_KEY_REUSED":
        return exchange.key is not None and bodies > 1
    stored = exchange.body.get("stored_session", {})
    session_id = exchange.body.get("session_id") or stored.get("session_id")
    document = history.documents_in("practice_sessions").get(session_id)
    if exchange.reply["reason"] == "SESSION_NOT_FOUND":
        # Turns of infinite practice are possible before its session is stored.
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
    """One key has one successful reply, replayed identically, and a record of the same request."""
    successes: defaultdict[tuple[str, str, str | None], list[Exchange]] = defaultdict(list)
    for exchange in history.exchanges:
        if exchange.key is not None and exchange.is_success:
            successes[_key(exchange)].append(exchange)
    for exchanges in successes.values():
        first = exchanges[0]
        for other in exchanges[1:]:
            if (other.status, other.reply) != (first.status, first.reply):
                yield f"{_name(other)} has another reply than before"
        if sum(not exchange.replayed for exchange in exchanges) > 1:
            yield f"{_name(first)} has several replies that are not replays"
        path = idempotency_path(first.uid, first.function, first.key or "")
        record = history.documents.get(path)
        if record is None:
            yield f"{_name(first)} has no record"
        elif record.fields["request_hash"] != body_hash(first.body):
            yield f"the record of {_name(first)} is that of another request"


def records(history: History) -> Iterator[str]:
    """Every record belongs to a request and contains its reply."""
    keyed = [
        (idempotency_path(exchange.uid, exchange.function, exchange.key), exchange)
        for exchange in history.exchanges
        if exchange.key is not None
    ]
    answered = {path: exchange for path, exchange in keyed if exchange.is_success}
    requested = {path for path, _ in keyed}
    for name, record in history.documents_in("idempotency").items():
        path, fields = f"idempotency/{name}", record.fields
        if path not in requested:
            yield f"{path} belongs to no request"
        elif path in answered:
            exchange = answered[path]
            if (exchange.status, exchange.reply) != (fields["status"], json.loads(fields["reply"])):
                yield f"the record of {_name(exchange)} differs from its reply"


def _key(exchange: Exchange) -> tuple[str, str, str | None]:
    return exchange.uid, exchange.function, exchange.key


def _name(exchange: Exchange) -> str:
    key = f" with key {exchange.key}" if exchange.key else ""
    return f"{exchange.function} of client {exchange.client}, step {exchange.step}{key}"
